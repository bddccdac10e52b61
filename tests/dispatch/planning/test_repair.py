"""A published day that is under way is repaired: re-timed from where crews are, promises unmoved."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from dispatch.appointments.unkept import withdraw_unpublished
from dispatch.db import Database
from dispatch.errors import PlanIncomplete, WrongState
from dispatch.fieldwork.check_in import record_check_in
from dispatch.fieldwork.itinerary import itinerary
from dispatch.fieldwork.payloads import CheckInPayload
from dispatch.model import (
    Absence,
    AbsenceReason,
    Account,
    CheckInKind,
    CrewMember,
    Hold,
    HoldKind,
    Incident,
    Notice,
    NoticeKind,
    Plan,
    PlanRun,
    PlanState,
    Role,
    Route,
    RunKind,
    RunReason,
    RunState,
    Stop,
    Unserved,
    Visit,
    VisitState,
)
from dispatch.planning.runner import run_next
from dispatch.solver.run import Solver
from dispatch.store.holds import apply_hold
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import BASE, LAW
from tests.support.planning import World
from tests.support.told import a_told_day, published

SECOND = timedelta(seconds=1)


def stops_of(world: World, plan_id) -> list[Stop]:
    with world.database.reading() as session:
        return list(
            session.exec(select(Stop).where(Stop.plan_id == plan_id).order_by(Stop.arrive_at))
        )


def the_day(world: World, run: PlanRun) -> list[Stop]:
    """Publish the day; return its stops, all of one crew, at a quarter past nine the first."""
    published(world, run)
    stops = stops_of(world, run.plan_id)
    assert len({stop.route_id for stop in stops}) == 1
    return stops


def agent_of(world: World, route_id) -> Account:
    with world.database.writing() as session:
        route = get_any(session, Route, route_id)
        member = session.exec(
            select(CrewMember).where(CrewMember.crew_version_id == route.crew_version_id)
        ).first()
        return make.an_account(session, world.branch, role=Role.AGENT, agent_id=member.agent_id)


def mark(
    world: World, account: Account, stop: Stop, kind: CheckInKind, at: datetime, **given: object
) -> None:
    world.clock.advance(at - world.clock.now())
    with world.database.writing() as session:
        record_check_in(
            session,
            vault=world.vault,
            check_in_id=uuid4(),
            raw=b"{}",
            payload=CheckInPayload(visit_id=stop.visit_id, kind=kind, occurred_at=at, **given),
            account=get_any(session, Account, account.id),
            now=at,
        )


def ask_for_help(world: World, stop: Stop) -> None:
    with world.database.writing() as session:
        visit = get_any(session, Visit, stop.visit_id)
        apply_hold(
            session,
            Hold(
                branch_id=world.branch.id,
                person_id=visit.person_id,
                kind=HoldKind.HARDSHIP,
                from_at=world.clock.now(),
                requested_by="borrower",
            ),
            actor="borrower",
            now=world.clock.now(),
        )


def drain(world: World) -> list[PlanRun]:
    done = []
    while (run := run_next(world.planner)) is not None:
        done.append(run)
    return done


def plan_of(world: World, plan_id) -> Plan:
    with world.database.reading() as session:
        return get_any(session, Plan, plan_id)


def test_a_late_crew_keeps_every_promise_once_a_visit_falls_away(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver, visits=6)
    before = the_day(world, run)
    account = agent_of(world, before[0].route_id)
    late = timedelta(minutes=20)
    mark(world, account, before[0], CheckInKind.ARRIVED, before[0].arrive_at + late)
    mark(world, account, before[0], CheckInKind.LEFT, before[0].leave_at + late)
    ask_for_help(world, before[2])
    drain(world)
    repaired = world.plan(kind=RunKind.REPAIR)
    assert (repaired.state, repaired.failure) == (RunState.DONE, None)
    assert plan_of(world, repaired.plan_id).state is PlanState.PUBLISHED
    assert plan_of(world, run.plan_id).state is PlanState.SUPERSEDED

    after = {stop.visit_id: stop for stop in stops_of(world, repaired.plan_id)}
    assert set(after) == {stop.visit_id for stop in before} - {before[2].visit_id}
    first = after[before[0].visit_id]
    assert (first.position, first.arrive_at, first.leave_at) == (
        1,
        before[0].arrive_at + late,
        before[0].leave_at + late,
    )
    for stop in before[1:2] + before[3:]:
        new = after[stop.visit_id]
        assert (new.window_from_at, new.window_until_at) == (
            stop.window_from_at,
            stop.window_until_at,
        )
        assert new.window_from_at <= new.arrive_at < new.leave_at <= new.window_until_at
        assert new.arrive_at > world.clock.now()
    assert after[before[1].visit_id].position == 2
    with database.reading() as session:
        shown = itinerary(
            session,
            vault=vault,
            agent_id=account.agent_id,
            on=make.SERVICE_DATE,
            now=world.clock.now(),
        )
        assert session.exec(select(Incident)).all() == []
    assert shown.plan_number == plan_of(world, repaired.plan_id).number
    assert [stop.visit_id for stop in shown.stops][:2] == [
        before[0].visit_id,
        before[1].visit_id,
    ]


def test_a_promise_that_cannot_be_kept_is_told_and_a_person_decides(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver, visits=6)
    before = the_day(world, run)
    account = agent_of(world, before[0].route_id)
    late = timedelta(minutes=40)
    mark(world, account, before[0], CheckInKind.ARRIVED, before[0].arrive_at + late)
    mark(world, account, before[0], CheckInKind.LEFT, before[0].leave_at + late)
    repaired = world.plan(kind=RunKind.REPAIR)
    draft = plan_of(world, repaired.plan_id)
    # Crews go by what they have until somebody has decided.
    assert (draft.state, draft.is_incomplete) == (PlanState.DRAFT, True)
    assert plan_of(world, run.plan_id).state is PlanState.PUBLISHED
    with database.reading() as session:
        left = session.exec(select(Unserved).where(Unserved.plan_id == draft.id)).all()
        incident = session.exec(select(Incident)).one()
    assert [one.visit_id for one in left] == [before[1].visit_id]
    assert left[0].is_required
    assert left[0].reasons[0]["code"] == "window_missed"
    assert (incident.kind, incident.facts["code"]) == ("repair-to-decide", PlanIncomplete.code)
    after = {stop.visit_id: stop for stop in stops_of(world, draft.id)}
    assert set(after) == {stop.visit_id for stop in before} - {before[1].visit_id}
    for stop in before[2:]:
        new = after[stop.visit_id]
        assert stop.window_from_at <= new.arrive_at < new.leave_at <= stop.window_until_at

    with pytest.raises(PlanIncomplete):
        published(world, repaired)
    published(world, repaired, explanation="The first talk took long; we call the person.")
    with database.writing() as session:
        told = withdraw_unpublished(
            session,
            vault=vault,
            branch=world.branch,
            law=LAW,
            base_url=BASE,
            now=world.clock.now() + SECOND,
        )
    assert told == 1
    with database.reading() as session:
        assert find(session, Visit, before[1].visit_id).state is VisitState.DRAFT
        notice = session.exec(
            select(Notice)
            .where(Notice.visit_id == before[1].visit_id)
            .order_by(Notice.drafted_at.desc())
        ).first()
    assert notice.kind in {NoticeKind.CANCELLATION, NoticeKind.APOLOGY}


def test_an_agent_says_that_it_runs_late_and_the_rest_of_the_day_is_repaired(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver, visits=6)
    before = the_day(world, run)
    account = agent_of(world, before[0].route_id)
    at, late = before[0].arrive_at - timedelta(minutes=5), 20
    mark(world, account, before[0], CheckInKind.EN_ROUTE, at, late_minutes=late)
    ask_for_help(world, before[3])
    (repaired,) = drain(world)
    assert (repaired.kind, repaired.reason) == (RunKind.REPAIR, RunReason.DELAY)
    assert plan_of(world, repaired.plan_id).state is PlanState.PUBLISHED
    after = {stop.visit_id: stop for stop in stops_of(world, repaired.plan_id)}
    assert set(after) == {stop.visit_id for stop in before} - {before[3].visit_id}
    first = after[before[0].visit_id]
    assert abs(first.arrive_at - before[0].arrive_at - timedelta(minutes=late)) <= SECOND
    for stop in after.values():
        assert stop.window_from_at <= stop.arrive_at < stop.leave_at <= stop.window_until_at
    # What was said of the old plan is in the new one's times, and is not counted twice.
    again = world.plan(kind=RunKind.REPAIR)
    same = {stop.visit_id: stop for stop in stops_of(world, again.plan_id)}
    assert abs(same[first.visit_id].arrive_at - first.arrive_at) <= timedelta(minutes=1)


def test_what_changes_while_a_day_is_repaired_makes_the_repair_begin_anew(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver, visits=3)
    before = the_day(world, run)
    account = agent_of(world, before[0].route_id)
    asked, moved = world.planner.roads.matrix, []

    def matrix(points):
        if not moved:
            moved.append(True)
            mark(world, account, before[0], CheckInKind.ARRIVED, before[0].arrive_at)
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    world.clock.advance(before[0].arrive_at - SECOND - world.clock.now())
    assert world.plan(kind=RunKind.REPAIR).state is RunState.STALE
    again = run_next(world.planner)
    assert (again.state, again.kind) == (RunState.DONE, RunKind.REPAIR)
    assert plan_of(world, again.plan_id).state is PlanState.PUBLISHED


def test_a_day_that_was_recalled_while_it_was_repaired_stays_recalled(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver, visits=2)
    before = the_day(world, run)
    asked = world.planner.roads.matrix

    def matrix(points):
        with sqlite_database.writing() as session:
            get_any(session, Plan, run.plan_id).state = PlanState.RECALLED
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    world.clock.advance(before[0].arrive_at - world.clock.now())
    done = world.plan(kind=RunKind.REPAIR)
    assert done.state is RunState.FAILED
    assert "none to repair" in done.failure


def test_only_a_published_day_can_be_repaired(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, _ = a_told_day(sqlite_database, vault, solver, visits=1)
    with pytest.raises(WrongState):
        world.plan(kind=RunKind.REPAIR)


def test_a_day_of_which_nothing_is_left_is_repaired_to_nothing(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver, visits=1)
    (stop,) = the_day(world, run)
    world.clock.advance(stop.arrive_at - timedelta(hours=2) - world.clock.now())
    ask_for_help(world, stop)
    drain(world)
    again = world.plan(kind=RunKind.REPAIR)
    assert (again.state, again.failure) == (RunState.DONE, None)
    assert stops_of(world, again.plan_id) == []


def test_a_day_on_which_no_crew_is_left_waits_for_a_person(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver, visits=2)
    before = the_day(world, run)
    now = before[0].arrive_at - timedelta(hours=2)
    world.clock.advance(now - world.clock.now())
    with sqlite_database.writing() as session:
        for agent in world.agents:
            session.add(
                Absence(
                    branch_id=world.branch.id,
                    agent_id=agent.id,
                    from_at=now - timedelta(hours=1),
                    until_at=now + timedelta(hours=12),
                    reason=AbsenceReason.SICK,
                    recorded_by="test",
                )
            )
    done = world.plan(kind=RunKind.REPAIR)
    assert (done.state, done.failure) == (RunState.DONE, None)
    assert stops_of(world, done.plan_id) == []
    assert plan_of(world, done.plan_id).state is PlanState.DRAFT
    assert plan_of(world, run.plan_id).state is PlanState.PUBLISHED
