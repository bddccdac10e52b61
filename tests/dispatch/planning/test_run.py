"""A plan run: from the queue to an audited draft."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import select, text

from dispatch.db import Database
from dispatch.model import (
    Absence,
    AbsenceReason,
    CrewMember,
    Evidence,
    Hold,
    HoldKind,
    Plan,
    PlanRun,
    PlanState,
    Route,
    RunKind,
    RunReason,
    RunState,
    Shift,
    Stop,
    Unserved,
    Visit,
    VisitState,
)
from dispatch.planning import runner
from dispatch.planning.request import request_plan
from dispatch.planning.runner import run_next
from dispatch.solver.run import Solver
from dispatch.store import plan_runs
from dispatch.store.days import on_shift
from dispatch.store.holds import apply_hold
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.planning import a_world


def test_approved_visits_become_an_audited_draft(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver)
    run = world.plan()
    assert (run.state, run.failure) == (RunState.DONE, None)
    with database.reading() as session:
        plan = session.exec(select(Plan)).one()
        stops = session.exec(select(Stop)).all()
        visits = session.exec(select(Visit)).all()
        kinds = set(session.exec(select(Evidence.kind)))
    assert plan.state is PlanState.DRAFT
    assert {stop.visit_id for stop in stops} == {visit.id for visit in world.visits}
    assert {visit.state for visit in visits} == {VisitState.AUDITED}
    assert {
        "plan_run.queued",
        "plan_run.running",
        "plan_run.done",
        "plan.drafted",
        "crew.formed",
    } <= kinds
    for stop in stops:
        assert stop.window_from_at <= stop.arrive_at < stop.leave_at <= stop.window_until_at
        assert stop.window_until_at - stop.window_from_at <= timedelta(hours=2)


@pytest.mark.fault("V4")
def test_a_person_on_hold_is_left_out_with_the_reason(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    held = world.visits[0]
    with sqlite_database.writing() as session:
        session.add(
            Hold(
                branch_id=world.branch.id,
                person_id=held.person_id,
                kind=HoldKind.HARDSHIP,
                from_at=make.NOW,
                requested_by="borrower",
            )
        )
    world.plan()
    with sqlite_database.reading() as session:
        left_out = session.exec(select(Unserved)).all()
    assert [one.visit_id for one in left_out] == [held.id]
    assert "hold" in left_out[0].reasons[0]["code"]


@pytest.mark.fault("B5")
def test_asking_twice_gives_the_run_that_waits(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    with sqlite_database.writing() as session:
        runs = [
            request_plan(
                session,
                branch=world.branch,
                on=make.SERVICE_DATE,
                kind=RunKind.ANNOUNCE,
                reason=RunReason.MANUAL,
                requested_by="test",
                now=make.NOW,
            ).id
            for _ in range(2)
        ]
    assert runs[0] == runs[1]


def test_a_day_that_changes_while_it_is_planned_is_planned_again(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    asked = world.planner.roads.matrix
    changed = world.visits[0]

    def matrix(points):
        with sqlite_database.writing() as session:
            visit = find(session, Visit, changed.id)
            visit.version += 1
            session.add(visit)
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    states = [world.plan().state]
    while (run := run_next(world.planner)) is not None:
        states.append(run.state)
    assert states == [RunState.STALE, RunState.STALE, RunState.DONE]
    with sqlite_database.reading() as session:
        stops = {stop.visit_id for stop in session.exec(select(Stop))}
        plan = session.exec(select(Plan)).one()
    assert changed.id not in stops
    assert plan.flags == ["stale"]


@pytest.mark.fault("R2")
def test_a_run_whose_worker_went_silent_is_taken_over_and_the_late_result_dropped(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    asked = world.planner.roads.matrix
    taken = []

    def matrix(points):
        if not taken:
            taken.append(True)
            with sqlite_database.writing() as session:
                session.exec(text("UPDATE plan_run SET lease_until = '2020-01-01 00:00:00'"))
            taken.append(run_next(world.planner))
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    world.plan()
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Plan)).all()) == 1
        assert session.exec(select(PlanRun)).one().fence == 2


@pytest.mark.fault("B2", "R2")
def test_a_worker_that_was_taken_over_stores_no_plan_while_the_other_is_at_work(
    database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(database, vault, solver, visits=2)
    asked = world.planner.roads.matrix

    def matrix(points):
        with database.writing() as session:
            session.exec(text("UPDATE plan_run SET lease_until = '2020-01-01 00:00:00'"))
            assert plan_runs.claim(session, worker="two", now=world.clock.now()) is not None
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    world.plan()
    with database.reading() as session:
        assert session.exec(select(Plan)).all() == []
        run = session.exec(select(PlanRun)).one()
        assert (run.state, run.claimed_by, run.fence) == (RunState.RUNNING, "two", 2)


@pytest.mark.fault("B2")
def test_a_worker_that_waits_long_for_the_roads_keeps_its_run(
    database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(database, vault, solver, visits=2)
    asked = world.planner.roads.matrix
    monkeypatch.setattr(runner, "BEAT_S", 0.01)

    def lease() -> datetime:
        with database.reading() as session:
            return session.exec(select(PlanRun)).one().lease_until

    def matrix(points):
        before = lease()
        while lease() == before:
            pass
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    assert world.plan().state is RunState.DONE


@pytest.mark.fault("B4")
def test_a_worker_whose_clock_is_ahead_takes_no_run_over(
    database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(database, vault, solver, visits=2)
    asked = world.planner.roads.matrix
    taken = []

    def matrix(points):
        world.clock.advance(timedelta(minutes=10))
        taken.append(run_next(world.planner))
        world.clock.advance(-timedelta(minutes=10))
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    assert world.plan().state is RunState.DONE
    assert taken == [None]


def test_a_hold_that_comes_while_the_draft_is_stored_drops_its_visit(
    database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(database, vault, solver, visits=2)
    held = world.visits[0]
    stored = runner.store_draft

    def help_is_asked() -> None:
        with database.writing() as session:
            hold = Hold(
                branch_id=world.branch.id,
                person_id=held.person_id,
                kind=HoldKind.HARDSHIP,
                from_at=make.NOW,
                requested_by="borrower",
            )
            apply_hold(session, hold, actor="borrower", now=make.NOW)

    with ThreadPoolExecutor(1) as pool:
        asked = []

        def store(*args, **given):
            asked.append(pool.submit(help_is_asked))
            with pytest.raises(TimeoutError):  # it waits until the draft is stored
                asked[0].result(timeout=0.5)
            return stored(*args, **given)

        monkeypatch.setattr(runner, "store_draft", store)
        assert world.plan().state is RunState.DONE
        asked[0].result()
    with database.reading() as session:
        assert find(session, Visit, held.id).state is VisitState.CANCELLED
        again = session.exec(select(PlanRun).where(PlanRun.state == RunState.QUEUED)).one()
    assert again.reason is RunReason.HOLD


def test_a_crew_that_keeps_changing_while_a_day_is_planned_serves_nobody(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=6)
    with sqlite_database.writing() as session:
        for shift in session.exec(select(Shift)):
            shift.max_visits = 3  # both crews are needed
    asked = world.planner.roads.matrix
    away = []

    def matrix(points):
        with sqlite_database.writing() as session:
            if away:
                session.delete(find(session, Absence, away.pop()))
            else:
                absence = Absence(
                    branch_id=world.branch.id,
                    agent_id=world.agents[0].id,
                    from_at=make.NOW,
                    until_at=make.NOW + timedelta(days=20),
                    reason=AbsenceReason.SICK,
                    recorded_by="test",
                )
                session.add(absence)
                away.append(absence.id)
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    states = [world.plan().state]
    while (run := run_next(world.planner)) is not None:
        states.append(run.state)
    with sqlite_database.reading() as session:
        present = {one.agent.id for one in on_shift(session, world.branch.id, make.SERVICE_DATE)}
        served = set(
            session.exec(
                select(CrewMember.agent_id)
                .join(Route, Route.crew_version_id == CrewMember.crew_version_id)
                .join(Stop, Stop.route_id == Route.id)
            )
        )
    assert states[-1] is RunState.DONE
    assert served <= present


def test_a_visit_planned_for_a_past_day_of_which_nobody_was_told_is_planned_again(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    world.plan()
    later = make.SERVICE_DATE + timedelta(days=7)
    with sqlite_database.writing() as session:
        for agent in world.agents:
            make.a_shift(session, agent, later)
    world.plan(later)  # the visit still is the earlier day's
    world.clock.advance(timedelta(days=8))
    run = world.plan(later)
    with sqlite_database.reading() as session:
        served = session.exec(select(Stop.visit_id).where(Stop.plan_id == run.plan_id)).all()
        assert served == [world.visits[0].id]
        assert find(session, Visit, served[0]).service_date == later


@pytest.mark.fault("V4")
def test_without_a_crew_every_visit_is_left_out_and_says_so(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2, agents=1)
    world.plan()
    with sqlite_database.reading() as session:
        reasons = [one.reasons[0]["code"] for one in session.exec(select(Unserved))]
    assert reasons == ["no-crew-formed", "no-crew-formed"]
