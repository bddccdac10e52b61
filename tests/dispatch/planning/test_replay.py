"""A plan can be made again months later from what its run kept, or it is said why not."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from dispatch.db import Database
from dispatch.errors import NotFound, Refused
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.model import Branch, Evidence, Plan, PlanRun, RunKind, Visit
from dispatch.planning.replay import Kept, kept_of, replay
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.planning import World, a_world


def kept(world: World, session: Session, number: int | None = None) -> Kept:
    return kept_of(
        session,
        vault=world.vault,
        branch=find(session, Branch, world.branch.id),
        on=make.SERVICE_DATE,
        number=number,
        actor="test",
        now=world.clock.now() + timedelta(days=90),
    )


def planned(database: Database, vault: Vault, solver: Solver, **settings) -> World:
    world = a_world(database, vault, solver, visits=6, **settings)
    world.plan()
    with database.writing("test") as session:  # the world goes on, the record of the day does not
        for visit in session.exec(select(Visit)):
            visit.service_s += 600
            session.add(visit)
    return world


def test_a_plan_that_was_limited_by_iterations_comes_out_the_same(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = planned(database, vault, solver, plan_iterations=500)
    with database.writing("test") as session:
        found = replay(kept(world, session), roads=world.planner.roads, solver=solver)
    assert found.is_same
    assert found.moved == found.why == ()
    assert found.visits == (6, 6)
    assert found.travel_s[0] == found.travel_s[1] > 0


def test_other_roads_are_told_and_what_they_move(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = planned(sqlite_database, vault, solver, plan_iterations=500)
    with sqlite_database.writing("test") as session:
        own = kept(world, session)
    found = replay(own, roads=EstimateRoads(Estimate(2.0, 1.35)), solver=solver)
    assert found.travel_s[0] < found.travel_s[1]
    assert found.is_same is not bool(found.moved)


def test_other_programs_and_limits_of_time_are_told(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = planned(sqlite_database, vault, solver, plan_iterations=None)
    with sqlite_database.writing("test") as session:
        run = session.exec(select(PlanRun)).one()
        programs = {**run.versions["programs"], "ortools": "9.0"}
        budget = {**run.versions["budget"], "seconds": 2.0}
        run.versions = {**run.versions, "programs": programs, "budget": budget}
        session.add(run)
        session.flush()
        own = kept(world, session)
    seconds, ortools = replay(own, roads=world.planner.roads, solver=solver).why
    assert "limited to 2 seconds" in seconds
    assert ortools.startswith("ortools was 9.0 and is ")


def test_who_looks_is_on_record(sqlite_database: Database, vault: Vault, solver: Solver) -> None:
    world = planned(sqlite_database, vault, solver)
    with sqlite_database.writing("test") as session:
        kept(world, session)
    with sqlite_database.reading() as session:
        assert "plan.replayed" in [one.kind for one in session.exec(select(Evidence))]


def test_what_is_not_kept_is_refused_in_plain_words(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = planned(sqlite_database, vault, solver)
    with sqlite_database.writing("test") as session:
        with pytest.raises(NotFound, match="its versions are 1"):
            kept(world, session, number=7)
        run = session.exec(select(PlanRun)).one()
        sealed, run.snapshot_sealed = run.snapshot_sealed, None
        with pytest.raises(Refused, match="not kept any more"):
            kept(world, session)
        run.snapshot_sealed, run.kind = sealed, RunKind.REPAIR
        with pytest.raises(Refused, match="A repair begins with"):
            kept(world, session)
        run.kind = RunKind.ANNOUNCE
        assert sealed is not None
        run.snapshot_sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        with pytest.raises(Refused, match="does not open"):
            kept(world, session)
        assert session.exec(select(Plan)).one().number == 1
        run.snapshot_sealed = sealed
