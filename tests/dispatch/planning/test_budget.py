"""What a plan run asks of the solver: much at night, little by day; and what it says when that failed."""

from dataclasses import replace

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.model import Branch, Incident, Plan, RunKind, RunReason, RunState, Visit
from dispatch.planning import night
from dispatch.planning.runner import run_next
from dispatch.settings import Settings
from dispatch.store import plan_runs
from dispatch.store.rows import find
from dispatch.vault import Vault
from routing import SolveParams
from tests.support import builders as make
from tests.support.planning import InProcessSolver, World, a_world

SETTINGS = Settings(
    _env_file=None,
    plan_seconds=7,
    plan_night_seconds=90,
    plan_polish_share=0.3,
    plan_threads=3,
)


def world_with(database: Database, vault: Vault, solver: InProcessSolver) -> World:
    world = a_world(database, vault, solver, visits=3)
    world.planner = replace(world.planner, settings=SETTINGS)
    return world


def at_night(world: World) -> None:
    with world.database.writing() as session:
        branch = find(session, Branch, world.branch.id)
        plan_runs.queue_run(
            session,
            branch,
            make.SERVICE_DATE,
            kind=RunKind.ANNOUNCE,
            reason=RunReason.NIGHTLY,
            requested_by=night.ACTOR,
            now=world.clock.now(),
        )


def test_the_night_searches_long_and_has_the_plan_polished(
    sqlite_database: Database, vault: Vault
) -> None:
    solver = InProcessSolver(engine="search+ortools")
    world = world_with(sqlite_database, vault, solver)
    at_night(world)
    done = run_next(world.planner)
    assert done is not None
    assert done.state is RunState.DONE
    assert solver.asked == [SolveParams(seconds=90, threads=3, polish=0.3)]
    with sqlite_database.reading() as session:
        assert session.exec(select(Plan)).one().flags == []
        assert session.exec(select(Incident)).all() == []


def test_a_stale_run_of_the_night_is_queued_again_as_the_night(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = InProcessSolver(engine="search+ortools")
    world = world_with(sqlite_database, vault, solver)
    at_night(world)
    asked = world.planner.roads.matrix

    def matrix(points):
        if not solver.asked:
            with sqlite_database.writing() as session:
                visit = find(session, Visit, world.visits[0].id)
                visit.version += 1
                session.add(visit)
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    states = [run.state for run in iter(lambda: run_next(world.planner), None)]
    assert states == [RunState.STALE, RunState.DONE]
    assert {(one.seconds, one.polish) for one in solver.asked} == {(90, 0.3)}


def test_who_waits_gets_a_short_search_without_polish(
    sqlite_database: Database, vault: Vault
) -> None:
    solver = InProcessSolver()
    world = world_with(sqlite_database, vault, solver)
    world.plan()
    assert solver.asked == [SolveParams(seconds=0, threads=3)]  # seconds as asked for


@pytest.mark.parametrize(
    ("solver", "flag"),
    [
        (InProcessSolver(notes=("OR-Tools refuses the plan.",)), "unpolished"),
        (InProcessSolver(dies="The process ended (-9)."), "cut-short"),
    ],
    ids=["refused", "died"],
)
def test_what_was_not_done_is_flagged_and_told(
    sqlite_database: Database, vault: Vault, solver: InProcessSolver, flag: str
) -> None:
    world = world_with(sqlite_database, vault, solver)
    at_night(world)
    done = run_next(world.planner)
    assert done is not None
    assert (done.state, done.failure) == (RunState.DONE, None)
    with sqlite_database.reading() as session:
        plan = session.exec(select(Plan)).one()
        incident = session.exec(select(Incident)).one()
    assert plan.flags == [flag]
    assert (incident.kind, incident.source_id) == (f"plan-{flag}", plan.id)
    assert incident.facts["detail"]


def test_a_solver_that_died_without_a_plan_fails_the_run(
    sqlite_database: Database, vault: Vault
) -> None:
    solver = InProcessSolver(dies="The process ended (-9).", has_last=False)
    world = world_with(sqlite_database, vault, solver)
    run = world.plan()
    assert run.state is RunState.FAILED
    assert run.failure == "The process ended (-9)."
    with sqlite_database.reading() as session:
        assert session.exec(select(Plan)).all() == []
