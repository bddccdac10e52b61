"""Withdrawn by us, or lapsed: nobody comes, the person is told so, the visit waits for another day."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.appointments.answer import confirm
from dispatch.appointments.lapse import expire_unanswered, lapse_untold
from dispatch.appointments.withdraw import withdraw
from dispatch.db import Database
from dispatch.errors import WrongState
from dispatch.model import (
    Branch,
    Case,
    Commitment,
    Notice,
    NoticeKind,
    NoticeState,
    PlanRun,
    RunReason,
    RunState,
    Stage,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.planning.runner import run_next
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support.appointments import BASE, LAW, announced, caller_of, send
from tests.support.planning import World, a_world


def a_day(database: Database, vault: Vault, solver: Solver, *, told: bool = True) -> World:
    world = a_world(database, vault, solver, visits=3)
    announced(world)
    if told:
        send(world)
    return world


def rows(world: World, kind):
    with world.database.reading() as session:
        return session.exec(select(kind)).all()


def takes_back(world: World, number: int = 0):
    with world.database.writing() as session:
        return withdraw(
            session,
            vault=world.vault,
            visit=find(session, Visit, world.visits[number].id),
            reason=TakenBack.CREW_AWAY,
            law=LAW,
            base_url=BASE,
            actor="test",
            now=world.clock.now(),
        )


def test_a_person_who_was_told_gets_an_apology_and_the_visit_waits_for_another_day(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_day(database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    caller.does(confirm)
    apology = takes_back(world)
    visit = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    assert (visit.state, visit.times_declined_by_us) == (VisitState.DRAFT, 1)
    assert (apology.kind, apology.state) == (NoticeKind.APOLOGY, NoticeState.CHECKED)
    assert len(rows(world, Commitment)) == 4
    messenger = send(world)
    assert [one.text for one in messenger.sent if "抱歉" in one.text]
    again = run_next(world.planner)  # withdrawing left it
    assert (again.reason, again.state) == (RunReason.ABSENCE, RunState.DONE)
    visit = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    assert visit.state is VisitState.AUDITED  # and may be announced anew, with a new notice
    with pytest.raises(WrongState):
        takes_back(world)


def test_nobody_is_told_of_the_end_of_what_they_were_not_told_of(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_day(sqlite_database, vault, solver, told=False)
    assert takes_back(world) is None
    assert send(world).sent
    states = {one.visit_id: one.state for one in rows(world, Notice)}
    assert states[world.visits[0].id] is NoticeState.SUPPRESSED


def test_what_is_not_proven_in_time_lapses_and_the_person_is_told_that_nobody_comes(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_day(database, vault, solver)
    opened = caller_of(world, world.visits[0])
    opened.open()
    world.clock.advance(timedelta(days=4, hours=9))  # Friday evening, before a Monday
    with database.writing() as session:
        lapsed = lapse_untold(
            session,
            vault=vault,
            branch=find(session, Branch, world.branch.id),
            law=LAW,
            base_url=BASE,
            now=world.clock.now(),
        )
    assert lapsed == 2
    states = {one.id: one.state for one in rows(world, Visit)}
    assert states.pop(world.visits[0].id) is VisitState.NOTICED
    assert set(states.values()) == {VisitState.DRAFT}
    told = [one for one in rows(world, Notice) if one.kind is NoticeKind.CANCELLATION]
    assert len(told) == 2
    assert len(send(world).sent) == 2
    assert {one.reason for one in rows(world, PlanRun)} >= {RunReason.DELAY}


def test_no_answer_by_the_day_before_leaves_one_visit_as_announced_and_a_late_yes_still_counts(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_day(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    world.clock.advance(timedelta(days=6, hours=20))
    with sqlite_database.writing() as session:
        branch = find(session, Branch, world.branch.id)
        ended = expire_unanswered(session, branch=branch, law=LAW, now=world.clock.now())
    assert ended == 1
    mine = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    assert mine.state is VisitState.UNANSWERED
    caller.open()
    caller.does(confirm)
    mine = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    assert mine.state is VisitState.CONFIRMED


def test_where_the_pack_asks_for_an_answer_silence_means_no_visit(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    from dataclasses import replace

    value = replace(LAW.values["notice.no_reply"], raw="no_visit")
    law = replace(LAW, values={**LAW.values, "notice.no_reply": value})
    world = a_day(sqlite_database, vault, solver)
    caller_of(world, world.visits[0]).open()
    world.clock.advance(timedelta(days=6, hours=20))
    with sqlite_database.writing() as session:
        branch = find(session, Branch, world.branch.id)
        assert expire_unanswered(session, branch=branch, law=law, now=world.clock.now()) == 1
    mine = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    case = next(one for one in rows(world, Case) if one.id == mine.case_id)
    assert (mine.state, case.stage) == (VisitState.CANCELLED, Stage.FOLLOW_UP)
