"""A visit of which something on record is damaged is set aside; everybody else's day is planned."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.eligibility.sweep import sweep_cases
from dispatch.model import (
    Case,
    Incident,
    Person,
    Place,
    Plan,
    RunKind,
    RunReason,
    RunState,
    Stage,
    Stop,
    Unserved,
    Visit,
)
from dispatch.planning.runner import run_next
from dispatch.solver.run import Solver
from dispatch.store.plan_runs import queue_run
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import LAW, announce
from tests.support.planning import World, a_world


def damage(world: World, what: str) -> Visit:
    """Damage what is on record of the first visit, as a bad import or a bad disk might."""
    visit = world.visits[0]
    with world.database.writing("test") as session:
        person = find(session, Person, visit.person_id)
        place = find(session, Place, visit.place_id)
        if what == "times of quiet":
            person.quiet_times = [["mon"]]
        elif what == "window of quiet":
            person.quiet_times = [["mon", "late"], ["fri", "late"]]
        else:
            place.point_sealed = b"not what was sealed"
        session.add_all([person, place])
    return visit


@pytest.mark.fault("A8")
@pytest.mark.parametrize("what", ["times of quiet", "window of quiet", "place"])
def test_a_damaged_row_is_set_aside_and_all_others_are_planned(
    database: Database, vault: Vault, solver: Solver, what: str
) -> None:
    world = a_world(database, vault, solver, visits=4)
    visit = damage(world, what)
    assert world.plan().state is RunState.DONE
    run = world.plan()
    assert run.state is RunState.DONE
    with database.reading() as session:
        plan = session.get(Plan, run.plan_id)
        stops = set(session.exec(select(Stop.visit_id).where(Stop.plan_id == plan.id)))
        (left,) = session.exec(select(Unserved).where(Unserved.plan_id == plan.id))
        (incident,) = session.exec(select(Incident))
    assert plan.flags == ["set-aside"]
    assert stops == {one.id for one in world.visits[1:]}
    assert (left.visit_id, left.reasons[0]["code"]) == (visit.id, "set-aside")
    assert (incident.kind, incident.visit_id) == ("row-set-aside", visit.id)
    assert set(incident.facts) == {"error"}
    assert announce(world, run).count == 3


@pytest.mark.fault("A8")
def test_the_night_spreads_the_others_over_its_dates(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=4)
    visit = damage(world, "window of quiet")
    with database.writing("test") as session:
        queue_run(
            session,
            world.branch,
            make.SERVICE_DATE,
            kind=RunKind.ANNOUNCE,
            reason=RunReason.NIGHTLY,
            requested_by="duty:night",
            now=world.clock.now(),
        )
    run = run_next(world.planner)
    assert run.state is RunState.DONE, run.failure
    with database.reading() as session:
        served = set(session.exec(select(Stop.visit_id).where(Stop.plan_id == run.plan_id)))
    assert served == {one.id for one in world.visits} - {visit.id}


@pytest.mark.fault("A8")
def test_other_cases_move_on_while_a_damaged_one_waits_to_be_mended(
    database: Database, vault: Vault
) -> None:
    with database.writing("test") as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        lately = (make.NOW - timedelta(days=3)).date()  # too early for a visit: back to remote
        cases = [
            make.a_case(session, vault, branch, lender, oldest_unpaid_due_on=lately)
            for _ in range(3)
        ]
        person = find(session, Person, cases[0].person_id)
        person.quiet_times = [["mon"]]
        session.add(person)
    for _ in range(2):
        with database.writing("test") as session:
            sweep_cases(session, branch=branch, law=LAW, actor="test", now=make.NOW)
    with database.reading() as session:
        stages = {one.id: one.stage for one in session.exec(select(Case))}
        (incident,) = session.exec(select(Incident))
    assert stages[cases[0].id] is Stage.ELIGIBLE
    assert {stages[one.id] for one in cases[1:]} == {Stage.REMOTE}
    assert (incident.kind, incident.case_id) == ("row-set-aside", cases[0].id)
    with database.writing("test") as session:
        person = find(session, Person, cases[0].person_id)
        person.quiet_times = None
        session.add(person)
    with database.writing("test") as session:
        sweep_cases(session, branch=branch, law=LAW, actor="test", now=make.NOW)
    with database.reading() as session:
        assert set(session.exec(select(Case.stage))) == {Stage.REMOTE}
