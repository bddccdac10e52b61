"""Risk flags bind plans: flagged places by daylight, by two, never last; later flags stop the plan."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from dispatch.care.risks import lift_flag, set_flag
from dispatch.clock import local_time
from dispatch.db import Database
from dispatch.errors import PlanNotLawful
from dispatch.model import (
    Appointment,
    Branch,
    Case,
    CrewMember,
    Plan,
    PlanRun,
    RiskKind,
    RiskLifted,
    Route,
    RunKind,
    RunReason,
    RunState,
    Stop,
    Unserved,
    Visit,
    VisitState,
)
from dispatch.planning.recheck import recheck_published
from dispatch.solver.run import Solver
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.dispatch.appointments.test_move import slots_for
from tests.support import builders as make
from tests.support.appointments import LAW, announced, send
from tests.support.field import at
from tests.support.planning import World, a_world
from tests.support.told import a_told_day, published

STAY = timedelta(minutes=25)


def flag(world: World, visit: Visit, kind: RiskKind = RiskKind.NO_LIGHT):
    with world.database.writing() as session:
        case = get_any(session, Case, visit.case_id)
        return set_flag(
            session, case=case, kind=kind, law=LAW, actor="test", now=world.clock.now()
        )


def routes(world: World, run: PlanRun) -> list[list[Stop]]:
    with world.database.reading() as session:
        found = session.exec(select(Route).where(Route.plan_id == run.plan_id)).all()
        stops = session.exec(select(Stop).where(Stop.plan_id == run.plan_id)).all()
    return [
        sorted((s for s in stops if s.route_id == route.id), key=lambda s: s.position)
        for route in found
    ]


def wall(at: datetime) -> tuple[int, int]:
    hands = local_time("Asia/Shanghai", at)
    return hands.hour, hands.minute


def last_of(world: World, run: PlanRun) -> Visit:
    """Return the visit that a plan makes last."""
    visits = {one.id: one for one in world.visits}
    return visits[max((way for way in routes(world, run) if way), key=len)[-1].visit_id]


def test_a_flagged_place_is_planned_by_daylight_for_two_and_never_last(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=6)
    before = world.plan()
    flagged = {last_of(world, before).id}
    for way in routes(world, before):
        flagged |= {stop.visit_id for stop in way[-1:]}
    for visit in world.visits:
        if visit.id in flagged:
            flag(world, visit)

    run = world.plan()

    assert run.state is RunState.DONE
    ways = routes(world, run)
    planned = {stop.visit_id: stop for way in ways for stop in way}
    assert flagged <= planned.keys()
    assert not flagged & {way[-1].visit_id for way in ways if way}
    assert all(wall(planned[one].leave_at) < (15, 45) for one in flagged)
    with database.reading() as session:
        for one in flagged:
            version = get_any(session, Route, planned[one].route_id).crew_version_id
            members = session.exec(
                select(CrewMember).where(CrewMember.crew_version_id == version)
            ).all()
            assert len(members) >= 2


def test_where_nothing_could_follow_it_is_left_out_and_the_reason_told(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    flag(world, world.visits[0], RiskKind.LOOSE_DOG)

    run = world.plan()

    assert [way for way in routes(world, run) if way] == []
    with sqlite_database.reading() as session:
        (left,) = session.exec(select(Unserved).where(Unserved.plan_id == run.plan_id))
    assert {one["code"] for one in left.reasons} == {"must_not_be_last"}


def test_a_flag_set_after_the_plan_keeps_it_from_being_published(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver)
    last = last_of(world, run)
    flag(world, last)

    with pytest.raises(PlanNotLawful) as caught:
        published(world, run)

    assert {one["code"] for one in caught.value.extra["violations"]} >= {"risk-last"}
    with database.reading() as session:
        (queued,) = session.exec(select(PlanRun).where(PlanRun.state == RunState.QUEUED))
        assert (queued.from_on, queued.kind, queued.reason) == (
            make.SERVICE_DATE,
            RunKind.ANNOUNCE,
            RunReason.HOLD,
        )


def test_a_flag_set_after_publishing_takes_the_visit_back_until_it_is_lifted(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver)
    published(world, run)
    last = last_of(world, run)

    def recheck() -> int:
        with database.writing() as session:
            branch = get_any(session, Branch, world.branch.id)
            return recheck_published(session, branch=branch, now=world.clock.now())

    raised = flag(world, last)
    with database.writing() as session:
        kept = session.merge(raised)
        lift_flag(
            session, flag=kept, because=RiskLifted.MISTAKE, actor="test", now=world.clock.now()
        )
    assert recheck() == 0
    flag(world, last)
    assert recheck() == 1
    with database.reading() as session:
        assert get_any(session, Visit, last.id).state is VisitState.CONFIRMED
        assert get_any(session, Plan, run.plan_id).published_at is not None


def test_times_that_are_offered_for_a_flagged_place_are_light_and_not_the_last(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    announced(world)
    send(world)
    with sqlite_database.writing() as session:
        # Everybody else is told of the early afternoon; of two crews one has nothing at all.
        others = select(Appointment).where(Appointment.visit_id != world.visits[0].id)
        for hour, one in zip((13, 14), session.exec(others), strict=True):
            one.stay_from_at, one.stay_until_at = at(hour), at(hour) + STAY
            session.add(one)
    before = slots_for(world, world.visits[0], limit=50)
    flag(world, world.visits[0])

    found = slots_for(world, world.visits[0], limit=50)

    assert max(wall(one.until_at) for one in before) > (15, 45)
    assert found
    assert all(wall(one.until_at) <= (15, 45) and wall(one.from_at) < (14, 0) for one in found)
