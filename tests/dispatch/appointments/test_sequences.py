"""Property: whatever a person answers, in whatever order, no appointment stands while a hold does."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import ask_again, confirm, refuse
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.move import move
from dispatch.appointments.slots import offer_slots
from dispatch.db import Database
from dispatch.errors import DispatchError
from dispatch.model import (
    Appointment,
    CapEntry,
    CapKind,
    CapState,
    Commitment,
    Hold,
    Visit,
    VisitState,
)
from dispatch.model.appointment import STANDING
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support.appointments import BASE, KEYS, LAW, Caller, announced, caller_of, send
from tests.support.planning import World, a_world

HELP = [Answer.HARDSHIP, Answer.COMPLAINT, Answer.STOP_VISITS, Answer.STOP_CONTACT, Answer.DISPUTE]
STEPS = ["open", "confirm", "refuse", "ask_again", "move", *HELP]


@pytest.fixture(scope="module")
def told(sqlite_template: Path, vault: Vault, solver: Solver, tmp_path_factory):
    """A day that has been announced and sent, as a file to copy, and one borrower of it."""
    path = tmp_path_factory.mktemp("told") / "told.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    world = a_world(database, vault, solver, visits=2)
    announced(world)
    send(world)
    caller = caller_of(world, world.visits[0])
    database.dispose()
    return path, world, caller


def does(world: World, caller: Caller, step: str) -> None:
    if step == "open":
        caller.open()
    elif step in {"confirm", "refuse"}:
        caller.does({"confirm": confirm, "refuse": refuse}[step])
    elif step == "ask_again":
        caller.does(ask_again, vault=world.vault, words="later")
    elif step == "move":
        with world.database.reading() as session:
            offered = offer_slots(
                session,
                vault=world.vault,
                visit=find(session, Visit, world.visits[0].id),
                branch=world.branch,
                law=LAW,
                roads=world.planner.roads,
                keys=KEYS,
                now=world.clock.now(),
            )
        if offered:
            slot = offered[-1].id
            caller.does(move, vault=world.vault, slot=slot, law=LAW, base_url=BASE)
            caller.open()
    else:
        caller.does(ask_for_help, vault=world.vault, kind=step, words="x", law=LAW)


def holds_true(world: World) -> None:
    with world.database.reading() as session:
        person_id = world.visits[0].person_id
        visit = find(session, Visit, world.visits[0].id)
        held = session.exec(select(Hold).where(Hold.person_id == person_id)).all()
        standing = session.exec(
            select(Appointment).where(
                Appointment.visit_id == visit.id, Appointment.state.in_(list(STANDING))
            )
        ).all()
        bound = session.exec(select(Commitment.appointment_id)).all()
        cap = session.exec(
            select(CapEntry).where(CapEntry.source_id == visit.id, CapEntry.kind == CapKind.VISIT)
        ).one()
    assert len(standing) <= 1
    if held:
        assert standing == []
        assert visit.state is VisitState.CANCELLED
    if not standing:
        assert visit.state in {VisitState.CANCELLED, VisitState.DRAFT}
    assert (cap.state is CapState.RESERVED) == bool(standing)
    assert {one.id for one in standing} <= set(bound)
    assert len(bound) == 2 + 2 * len(standing)  # the other visit's crew, and ours if it comes


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=6))
def test_no_sequence_of_answers_leaves_an_appointment_standing_under_a_hold(
    told, tmp_path: Path, steps: list[str]
) -> None:
    path, world, caller = told
    copy = tmp_path / "copy.db"
    copy.unlink(missing_ok=True)
    shutil.copy(path, copy)
    database = Database(f"sqlite:///{copy}")
    world.database, caller.world = database, world
    try:
        caller.open()
        for step in steps:
            with suppress(DispatchError):  # an answer that is not open any more
                does(world, caller, step)
            holds_true(world)
    finally:
        database.dispose()
