"""The night spreads visits over its open dates before it plans each of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from dispatch.clock import local_instant
from dispatch.db import Database
from dispatch.model import (
    Appointment,
    Branch,
    Case,
    Incident,
    Person,
    Plan,
    PlanRun,
    RunKind,
    RunState,
    Stop,
    Unserved,
    Visit,
)
from dispatch.planning import night
from dispatch.planning.horizon import apart_days, read_horizon, spreads
from dispatch.planning.runner import run_next
from dispatch.policy.pack import effective, load_pack
from dispatch.settings import Settings
from dispatch.solver.horizon import (
    TRAVEL_S,
    Horizon,
    OpenDate,
    OpenVisit,
    spread_aside,
    spread_dates,
)
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.planning import World, a_world

TONIGHT = date(2026, 3, 2)
EVENING = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
TOMORROW = date(2026, 3, 3)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)


def a_night(
    database: Database,
    vault: Vault,
    solver: Solver,
    *,
    dates: tuple[date, ...] = (MONDAY, TUESDAY),
    visits: int = 4,
    room: int = 2,
) -> World:
    """Return a branch with one crew a day that has room for so many visits, and its night queued."""
    world = a_world(database, vault, solver, visits=visits, agents=2, now=EVENING, on=TOMORROW)
    with database.writing() as session:
        for agent in world.agents:
            for on in dates:
                make.a_shift(session, agent, on, max_visits=room)
    world.planner = replace(
        world.planner,
        settings=Settings(
            _env_file=None, plan_balance_s=0, plan_night_seconds=1, plan_polish_share=0
        ),
    )
    return world


def change(world: World, number: int, **given: object) -> None:
    with world.database.writing() as session:
        visit = find(session, Visit, world.visits[number].id)
        for name, value in given.items():
            setattr(visit, name, value)
        session.add(visit)


def queue(world: World) -> None:
    with world.database.writing() as session:
        branch = find(session, Branch, world.branch.id)
        night.queue_night(session, branch=branch, on=TONIGHT, now=world.clock.now())


def sleep_over(world: World) -> list[PlanRun]:
    """Let the queue run empty."""
    done = []
    while (run := run_next(world.planner)) is not None:
        done.append(run)
    return done


def planned(world: World) -> dict[date, set[int]]:
    """Return the numbers of the visits on each date's draft."""
    number = {visit.id: row for row, visit in enumerate(world.visits)}
    with world.database.reading() as session:
        rows = session.exec(
            select(Plan.service_date, Stop.visit_id)
            .join(Stop, Stop.plan_id == Plan.id)
            .where(Plan.state == "draft")
        ).all()
    found: dict[date, set[int]] = {}
    for on, visit_id in rows:
        found.setdefault(on, set()).add(number[visit_id])
    return found


def horizon_of(world: World, on: date) -> Horizon:
    """Return the horizon as the night's run of a date reads it."""
    with world.database.reading() as session:
        run = session.exec(select(PlanRun).where(PlanRun.from_on == on)).one()
        assert run.kind is RunKind.ANNOUNCE
        return read_horizon(
            session,
            branch=world.branch,
            run=run,
            law=effective(load_pack(world.branch.pack_id)),
            now=world.clock.now(),
        )


def test_a_day_is_left_to_those_who_have_no_other(
    database: Database, vault: Vault, solver: Solver
) -> None:
    """Filling the nearest day first would take the two at the depot's door, and lose the others."""
    world = a_night(database, vault, solver)
    for number in (2, 3):
        change(world, number, latest_on=MONDAY)
    queue(world)
    runs = sleep_over(world)
    assert [(run.from_on, run.state) for run in runs] == [
        (TOMORROW, RunState.DONE),
        (MONDAY, RunState.DONE),
        (TUESDAY, RunState.DONE),
    ]
    assert planned(world) == {MONDAY: {2, 3}, TUESDAY: {0, 1}}
    with database.reading() as session:
        assert session.exec(select(Unserved)).all() == []


def test_a_run_that_is_not_the_nights_takes_whatever_is_free(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_night(sqlite_database, vault, solver)
    for number in (2, 3):
        change(world, number, latest_on=MONDAY)
    run = world.plan(MONDAY)
    assert not spreads(run)
    assert planned(world) == {MONDAY: {0, 1}}


def test_two_visits_of_one_person_are_not_planned_within_a_cooling_off(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_night(database, vault, solver, visits=2)
    with database.writing() as session:
        known = find(session, Case, world.visits[0].case_id)
        other = make.a_case(
            session,
            vault,
            world.branch,
            world.lender,
            person=find(session, Person, known.person_id),
        )
        world.visits.append(make.a_visit(session, other, world.manager))
    queue(world)
    sleep_over(world)
    made = [number for numbers in planned(world).values() for number in numbers]
    assert sorted(made) in ([0, 1], [1, 2])
    with database.reading() as session:
        # Nobody had to be left out by the auditor for it.
        assert session.exec(select(Incident)).all() == []


def test_what_a_date_left_out_goes_to_another(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_night(sqlite_database, vault, solver, visits=1)
    change(world, 0, skills=["sign-language"])
    with sqlite_database.writing() as session:
        signing = make.an_agent(
            session, vault, world.branch, world.lender, skills=["sign-language"]
        )
        partner = make.an_agent(session, vault, world.branch, world.lender)
        for agent in (signing, partner):
            make.a_shift(session, agent, TUESDAY)
    queue(world)
    sleep_over(world)
    assert planned(world) == {TUESDAY: {0}}
    with sqlite_database.reading() as session:
        left = session.exec(
            select(Plan.service_date, Unserved.reasons).join(Plan, Plan.id == Unserved.plan_id)
        ).all()
    assert [on for on, _ in left] in ([MONDAY], [])


def test_a_night_that_is_run_again_plans_the_same(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_night(sqlite_database, vault, solver, dates=(MONDAY, TUESDAY, WEDNESDAY), visits=6)
    queue(world)
    sleep_over(world)
    first = planned(world)
    assert {on: len(numbers) for on, numbers in first.items()} == {
        MONDAY: 2,
        TUESDAY: 2,
        WEDNESDAY: 2,
    }
    world.clock.advance(timedelta(minutes=5))
    asked, moved = world.planner.roads.matrix, []

    def matrix(points):
        if not moved:  # the ground of the first run moves under it once
            moved.append(True)
            change(world, min(first[MONDAY]), version=99)
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    with sqlite_database.writing() as session:
        branch = find(session, Branch, world.branch.id)
        night.queue_night(session, branch=branch, on=TONIGHT, now=world.clock.now(), attempt=2)
    states = [run.state for run in sleep_over(world)]
    assert states.count(RunState.STALE) == 1
    assert planned(world) == first


def test_two_runs_of_one_night_read_the_same_horizon_and_divide_it(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_night(database, vault, solver, dates=(MONDAY, TUESDAY, WEDNESDAY), visits=6)
    queue(world)
    shares = []
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        horizon = horizon_of(world, on)
        assert [(one.on, one.visits) for one in horizon.dates] == [
            (MONDAY, 2),
            (TUESDAY, 2),
            (WEDNESDAY, 2),
        ]
        elsewhere = spread_aside(horizon, solver=solver).not_on(on)
        shares.append({visit.id for visit in world.visits} - elsewhere)
    assert [len(share) for share in shares] == [2, 2, 2]
    assert set().union(*shares) == {visit.id for visit in world.visits}


def test_a_promised_visit_takes_its_room_from_the_date(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_night(sqlite_database, vault, solver)
    with sqlite_database.writing() as session:
        _, version = make.a_crew(session, world.agents, MONDAY)
        promised, begin = world.visits[0], local_instant("Asia/Shanghai", MONDAY, time(10))
        make.add(
            session,
            Appointment(
                branch_id=world.branch.id,
                visit_id=promised.id,
                case_id=promised.case_id,
                number=1,
                service_date=MONDAY,
                window_from_at=begin,
                window_until_at=begin + timedelta(hours=1),
                stay_from_at=begin,
                stay_until_at=begin + timedelta(minutes=25),
                place_id=promised.place_id,
                crew_id=version.crew_id,
                crew_version_id=version.id,
                offered_at=make.NOW,
            ),
        )
    queue(world)
    horizon = horizon_of(world, MONDAY)
    assert [one.visits for one in horizon.dates] == [1, 2]
    assert horizon.dates[0].work_s == horizon.dates[1].work_s - promised.service_s - TRAVEL_S


def test_two_visits_of_one_person_lie_as_far_apart_as_is_asked() -> None:
    one, two, other = (
        OpenVisit(
            visit_id=UUID(int=number),
            person_id=UUID(int=100 + (number == 3)),
            dates=dict.fromkeys((MONDAY, TUESDAY, WEDNESDAY), value),
            service_s=1500,
            latest_on=None,
        )
        for number, value in ((1, 50), (2, 50), (3, 1))
    )
    dates = tuple(OpenDate(on=on, work_s=30_000, visits=2) for on in (MONDAY, TUESDAY, WEDNESDAY))
    found = spread_dates(Horizon(dates=dates, visits=(one, two, other), apart_days=2), talk=None)
    assert {found.given[one.visit_id], found.given[two.visit_id]} == {MONDAY, WEDNESDAY}
    near = spread_dates(Horizon(dates=dates, visits=(one, two, other), apart_days=3), talk=None)
    assert len(near.too_near) == 1
    assert near.too_near < {one.visit_id, two.visit_id}
    assert near.too_near <= near.not_on(MONDAY)


def test_the_baseline_keeps_a_persons_visits_a_month_apart() -> None:
    assert apart_days(effective(load_pack("baseline"))) == 30
