"""A yes, a call for help, a withdrawal and the sender at once: never a promise beside a hold."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlmodel import select

from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import confirm
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.withdraw import withdraw
from dispatch.db import Database
from dispatch.errors import DispatchError
from dispatch.model import (
    Appointment,
    Branch,
    Hold,
    Notice,
    NoticeState,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.model.appointment import STANDING
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support.appointments import BASE, LAW, announce, announced, caller_of, send
from tests.support.planning import a_world


@pytest.mark.fault("V3")
def test_answers_help_and_withdrawal_at_once_leave_nothing_standing_under_a_hold(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=4)
    announced(world)
    send(world)
    callers = [caller_of(world, visit) for visit in world.visits]
    for caller in callers:
        caller.open()

    def says_yes(number: int) -> None:
        with suppress(DispatchError):
            callers[number].does(confirm)

    def asks(number: int) -> None:
        kind = Answer.HARDSHIP if number % 2 else Answer.STOP_CONTACT
        callers[number].does(ask_for_help, vault=vault, kind=kind, words="", law=LAW)

    def takes_back(number: int) -> None:
        with suppress(DispatchError), database.writing() as session:
            withdraw(
                session,
                vault=vault,
                visit=find(session, Visit, world.visits[number].id),
                reason=TakenBack.CREW_AWAY,
                law=LAW,
                base_url=BASE,
                actor="test",
                now=world.clock.now(),
            )

    with ThreadPoolExecutor(12) as pool:
        waiting = [
            pool.submit(step, number)
            for number in range(4)
            for step in (says_yes, asks, takes_back, says_yes)
        ]
        for one in waiting:
            one.result()
    with database.reading() as session:
        standing = session.exec(
            select(Appointment).where(Appointment.state.in_(list(STANDING)))
        ).all()
        assert standing == []
        assert len(session.exec(select(Hold)).all()) == 4
        assert set(session.exec(select(Visit.state))) == {VisitState.CANCELLED}


@pytest.mark.fault("V7")
def test_the_same_plan_announced_by_five_at_once_is_announced_once(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=3)
    run = world.plan()
    with ThreadPoolExecutor(5) as pool:
        done = [
            one.result().count for one in [pool.submit(announce, world, run) for _ in range(5)]
        ]
    assert sorted(done) == [0, 0, 0, 0, 3]
    with database.reading() as session:
        assert [one.state for one in session.exec(select(Notice))] == [NoticeState.CHECKED] * 3


def test_an_answer_does_not_wait_for_an_import_into_its_branch(
    postgres_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(postgres_database, vault, solver, visits=1)
    announced(world)
    send(world)
    caller = caller_of(world, world.visits[0])
    caller.open()
    with ThreadPoolExecutor(1) as pool, postgres_database.writing() as session:
        find(session, Branch, world.branch.id, lock=True)  # as an import keeps it to its end
        asked = pool.submit(
            caller.does, ask_for_help, vault=vault, kind=Answer.HARDSHIP, words="", law=LAW
        )
        assert asked.result(timeout=10).cancelled == (world.visits[0].id,)
