"""The night at a glance says what happened, from nothing to a published day, and what went wrong."""

from datetime import date, datetime, timedelta

import pytest

from dispatch.appointments.answer import confirm
from dispatch.db import Database
from dispatch.model import Case, DutyRun, DutyState, PlanState, RunKind, RunReason, Stage
from dispatch.planning.night import ACTOR
from dispatch.planning.publish import publish
from dispatch.planning.runner import run_next
from dispatch.reporting.night import NIGHT, Night, Standing, night_of
from dispatch.solver.run import Solver
from dispatch.store import plans
from dispatch.store.plan_runs import queue_run
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import announce, caller_of, send
from tests.support.planning import InProcessSolver, World, a_world

EVENING = make.NOW + timedelta(hours=10, minutes=5)  # 19:06 in Shanghai


def night(world: World, on: date | None = None) -> Night:
    with world.database.reading() as session:
        return night_of(
            session,
            branch=world.branch,
            on=on or make.NOW.date(),
            plan_seconds=60,
            now=world.clock.now(),
        )


def told(world: World, on: date | None = None) -> dict[str, tuple[Standing, int, int, int]]:
    return {
        one.name: (one.standing, one.done, one.total, one.errors)
        for one in night(world, on).stages
    }


def queue(world: World, kind: RunKind = RunKind.ANNOUNCE, at: datetime = EVENING) -> None:
    world.clock.at = at
    with world.database.writing("test") as session:
        queue_run(
            session,
            world.branch,
            make.SERVICE_DATE,
            kind=kind,
            reason=RunReason.NIGHTLY,
            requested_by=ACTOR,
            now=at,
        )


def test_a_night_from_its_beginning_to_the_answers(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=3)
    assert ACTOR == NIGHT
    before = told(world)
    assert before["plan"] == (Standing.WAITS, 0, 0, 0)
    assert before["locate"] == (Standing.DONE, 3, 3, 0)
    assert before["send"][0] is Standing.WAITS
    queue(world)
    assert told(world)["plan"] == told(world)["matrix"] == (Standing.GOES_ON, 0, 1, 0)
    assert night(world).ready_at == EVENING + timedelta(seconds=60)
    run = run_next(world.planner)
    assert told(world)["plan"] == (Standing.DONE, 1, 1, 0)
    assert told(world)["matrix"] == (Standing.DONE, 1, 1, 0)
    assert told(world)["verify"] == (Standing.DONE, 1, 1, 0)
    assert told(world)["verify_release"] == (Standing.DONE, 0, 0, 0)
    assert told(world)["announce"] == (Standing.GOES_ON, 0, 1, 0)
    assert night(world).ready_at is None
    announce(world, run)
    assert told(world)["announce"] == (Standing.DONE, 1, 1, 0)
    assert told(world)["send"] == (Standing.GOES_ON, 0, 3, 0)
    assert told(world)["collect"] == (Standing.GOES_ON, 0, 3, 0)
    world.clock.at = make.NOW + timedelta(days=1)
    send(world)
    assert told(world)["send"] == (Standing.DONE, 3, 3, 0)
    caller = caller_of(world, world.visits[0])
    caller.open()
    caller.does(confirm)
    assert told(world)["collect"] == (Standing.GOES_ON, 1, 3, 0)
    assert told(world)["publish"] == (Standing.WAITS, 0, 1, 0)


@pytest.mark.parametrize("has_plan", [True, False])
def test_what_went_wrong_is_counted(
    sqlite_database: Database, vault: Vault, has_plan: bool
) -> None:
    world = a_world(
        sqlite_database, vault, InProcessSolver(dies="it died", has_last=has_plan), visits=2
    )
    queue(world)
    run_next(world.planner)
    if has_plan:  # the last plan that it had found stands, with a flag
        assert told(world)["plan"] == (Standing.DONE, 1, 1, 0)
        assert told(world)["verify"] == (Standing.WITH_ERRORS, 0, 1, 1)
    else:
        assert told(world)["plan"] == (Standing.FAILED, 0, 1, 1)
        assert told(world)["verify"] == (Standing.GOES_ON, 0, 1, 0)
        assert told(world)["matrix"] == (Standing.WITH_ERRORS, 0, 1, 1)


@pytest.mark.parametrize(
    ("duty", "standing"),
    [
        (None, Standing.WAITS),
        (DutyState.DUE, Standing.WAITS),
        (DutyState.FAILED, Standing.FAILED),
        (DutyState.DONE, Standing.DONE),
        (DutyState.SKIPPED, Standing.DONE),
    ],
)
def test_a_night_that_did_not_take_place_is_not_called_done(
    sqlite_database: Database, vault: Vault, duty: DutyState | None, standing: Standing
) -> None:
    world = a_world(sqlite_database, vault, InProcessSolver(), visits=2)
    world.clock.at = EVENING + timedelta(hours=3)
    if duty is not None:
        with world.database.writing("test") as session:
            session.add(
                DutyRun(
                    duty="plan_tonight",
                    branch_id=world.branch.id,
                    business_date=make.NOW.date(),
                    state=duty,
                    due_at=EVENING,
                )
            )
    stages = told(world)
    for name in ("plan", "verify", "announce", "send"):
        assert stages[name] == (standing, 0, 0, 0), name


def test_cases_that_nobody_has_looked_at_are_still_to_be_judged(
    sqlite_database: Database, vault: Vault
) -> None:
    world = a_world(sqlite_database, vault, InProcessSolver(), visits=3)
    assert told(world)["eligibility"] == (Standing.DONE, 3, 3, 0)
    with world.database.writing("test") as session:
        case = session.get(Case, world.visits[0].case_id)
        assert case is not None
        case.stage = Stage.INTAKE
        session.add(case)
    assert told(world)["eligibility"] == (Standing.GOES_ON, 2, 3, 0)


def test_a_published_day_is_frozen_once_its_crews_set_out(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    announce(world, world.plan())
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    world.clock.at = EVENING + timedelta(days=6)
    eve = make.SERVICE_DATE - timedelta(days=1)

    def stages() -> dict[str, tuple[Standing, int, int, int]]:
        return told(world, on=eve)

    queue(world, kind=RunKind.RELEASE, at=world.clock.at)
    run_next(world.planner)
    assert stages()["verify_release"] == (Standing.DONE, 1, 1, 0)
    assert stages()["verify"] == (Standing.DONE, 0, 0, 0)
    assert stages()["freeze"] == (Standing.WAITS, 0, 1, 0)
    with world.database.writing("test") as session:
        plan = plans.newest(session, world.branch.id, make.SERVICE_DATE, [PlanState.DRAFT])
        assert plan is not None
        publish(session, plan=plan, version=plan.version, actor="test", now=world.clock.at)
    assert stages()["publish"] == (Standing.DONE, 1, 1, 0)
    assert stages()["freeze"] == (Standing.WAITS, 0, 1, 0)
    world.clock.at = make.NOW + timedelta(days=7, hours=3)
    assert stages()["freeze"] == (Standing.DONE, 1, 1, 0)
