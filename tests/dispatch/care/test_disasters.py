"""Disasters: everybody in an area is held once, in chunks, whatever is cut off; and let go again."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.area import Area
from dispatch.care.disasters import AGAIN, count_reach, declare, lift, step
from dispatch.db import Database
from dispatch.errors import Invalid, WrongState
from dispatch.failpoint import arm
from dispatch.followup.holds import lapse_holds, release_hold
from dispatch.model import (
    Branch,
    Case,
    Disaster,
    DisasterState,
    Evidence,
    Hold,
    HoldKind,
    HoldState,
    Notice,
    NoticeKind,
    NoticeState,
    Person,
    Place,
    Role,
    Stage,
    Visit,
    VisitState,
)
from dispatch.solver.run import Solver
from dispatch.store.holds import apply_hold
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from scheduler.disasters import spread_disasters
from tests.support import builders as make
from tests.support.appointments import announced, send
from tests.support.planning import World, a_world
from tests.support.scheduling import a_context

NEAR = Area(center=(30.60, 119.91), radius_m=1_600)
"""The first four of six people; the others live further north."""
ALL = Area(center=(30.60, 119.91), radius_m=9_000)
DAYS = timedelta(days=9)
S = DisasterState


@pytest.fixture
def world(database: Database, vault: Vault, solver: Solver) -> World:
    return a_world(database, vault, solver)


def put(world: World, area: Area = NEAR, **given) -> Disaster:
    now = world.clock.now()
    with world.database.writing() as session:
        return declare(
            session,
            branch=get_any(session, Branch, world.branch.id),
            area=area,
            from_at=given.get("from_at", now),
            until_at=given.get("until_at", now + DAYS),
            actor="account:manager",
            now=now,
        )


def work(world: World, disaster: Disaster, *, limit: int = 2) -> int:
    """Do it to the end; return how many chunks it took."""
    for number in range(1, 50):
        with world.database.writing() as session:
            now = world.clock.now()
            if not step(session, vault=world.vault, disaster_id=disaster.id, now=now, limit=limit):
                return number
    raise AssertionError("it never ends")


def rows(world: World, kind: type) -> list:
    with world.database.reading() as session:
        return list(session.exec(select(kind)))


def inside(world: World, area: Area = NEAR) -> set:
    """Return the people of the world who live in an area, as the builders put them."""
    return {
        visit.person_id
        for number, visit in enumerate(world.visits)
        if area.holds((30.60 + number * 0.004, 119.90 + (number % 3) * 0.01), None)
    }


def now_is(world: World, disaster: Disaster) -> DisasterState:
    with world.database.reading() as session:
        return get_any(session, Disaster, disaster.id).state


def test_everybody_with_a_place_inside_is_held_with_one_entry_each(world: World) -> None:
    assert 0 < len(inside(world)) < 6
    disaster = put(world)
    assert work(world, disaster) > 1

    held = rows(world, Hold)
    assert {one.person_id for one in held} == inside(world)
    assert {(one.kind, one.until_at, one.source_id, one.requested_by) for one in held} == {
        (HoldKind.DISASTER_AREA, disaster.until_at, disaster.id, "account:manager")
    }
    kinds = [one.kind for one in rows(world, Evidence)]
    assert kinds.count("hold.active") == len(held)
    assert (kinds.count("disaster.declared"), kinds.count("disaster.in_force")) == (1, 1)
    stages = {one.person_id: one.stage for one in rows(world, Case)}
    assert {one for one, stage in stages.items() if stage is Stage.ON_HOLD} == inside(world)
    assert now_is(world, disaster) is S.IN_FORCE


def test_it_is_counted_first_and_counting_changes_nothing(world: World) -> None:
    announced(world)
    with world.database.reading() as session:
        branch = get_any(session, Branch, world.branch.id)
        reach = count_reach(session, vault=world.vault, branch=branch, area=NEAR)
        none = count_reach(
            session, vault=world.vault, branch=branch, area=Area(center=(50.0, 8.0), radius_m=9)
        )
    assert (reach.people, reach.visits) == (len(inside(world)),) * 2
    assert (none.people, none.visits) == (0, 0)
    assert rows(world, Hold) == rows(world, Disaster) == []

    work(world, put(world))
    gone = [one for one in rows(world, Visit) if one.state is VisitState.CANCELLED]
    assert len(gone) == reach.visits


def test_announced_visits_end_and_their_notices_are_void(world: World) -> None:
    announced(world)
    send(world)
    work(world, put(world))

    states = {one.person_id: one.state for one in rows(world, Visit)}
    cancelled = {one for one, state in states.items() if state is VisitState.CANCELLED}
    assert cancelled == inside(world)
    told = [one for one in rows(world, Notice) if one.kind is NoticeKind.ANNOUNCEMENT]
    assert {one.person_id for one in told if one.state is NoticeState.SUPERSEDED} == cancelled


def test_who_was_told_of_a_visit_is_told_once_that_nobody_comes(
    world: World, solver: Solver
) -> None:
    announced(world)
    send(world)
    with world.database.writing() as session:  # one asked for help before: they know
        asked = get_any(session, Visit, world.visits[0].id)
        hold = Hold(
            branch_id=world.branch.id,
            person_id=asked.person_id,
            kind=HoldKind.HARDSHIP,
            from_at=world.clock.now(),
            requested_by="borrower",
        )
        apply_hold(session, hold, actor="borrower", now=world.clock.now())
    put(world)
    context = a_context(world.database, world.vault, solver, now=world.clock.now())
    told = [spread_disasters(context)["told"] for _ in range(2)]

    cancelled = [one for one in rows(world, Notice) if one.kind is NoticeKind.CANCELLATION]
    assert asked.person_id in inside(world)
    assert {one.person_id for one in cancelled} == inside(world) - {asked.person_id}
    assert told == [len(cancelled), 0]
    assert {one.state for one in cancelled} == {NoticeState.CHECKED}
    send(world)
    gone = [one for one in rows(world, Notice) if one.kind is NoticeKind.CANCELLATION]
    assert all(one.sent_at for one in gone)


def test_who_was_told_nothing_yet_is_told_nothing(world: World, solver: Solver) -> None:
    announced(world)
    put(world)
    context = a_context(world.database, world.vault, solver, now=world.clock.now())

    assert spread_disasters(context)["told"] == 0
    assert NoticeKind.CANCELLATION not in {one.kind for one in rows(world, Notice)}


def test_names_and_rings_reach_as_circles_do(world: World) -> None:
    with world.database.reading() as session:
        visit = world.visits[0]
        person = get_any(session, Person, visit.person_id)
        case = get_any(session, Case, visit.case_id)

        address = world.vault.read(person, get_any(session, Place, case.place_id), "address")
    ring = Area(ring=((30.59, 119.89), (30.59, 119.905), (30.601, 119.905), (30.601, 119.89)))
    for area in (Area(names=(address,)), ring):
        with world.database.reading() as session:
            branch = get_any(session, Branch, world.branch.id)
            reach = count_reach(session, vault=world.vault, branch=branch, area=area)
        assert reach.people == 1


def test_the_same_event_twice_holds_nobody_twice(world: World) -> None:
    first, second = put(world), put(world)
    assert first.id == second.id
    for _ in range(2):
        work(world, first)

    assert len(rows(world, Hold)) == len(inside(world))


def test_who_was_let_go_alone_is_not_held_again_by_the_same_event(world: World) -> None:
    disaster = put(world)
    work(world, disaster)
    with world.database.writing() as session:
        one = session.exec(select(Hold)).first()
        release_hold(
            session,
            hold=one,
            reason="Lives elsewhere by now.",
            role=Role.MANAGER,
            actor="test",
            now=world.clock.now(),
        )
    world.clock.advance(AGAIN)
    work(world, disaster)

    assert len(rows(world, Hold)) == len(inside(world))
    assert [one.state for one in rows(world, Hold)].count(HoldState.RELEASED) == 1


def test_who_comes_to_live_there_is_held_at_the_next_look(world: World) -> None:
    disaster = put(world)
    work(world, disaster)
    with world.database.writing() as session:
        late = make.a_case(
            session, world.vault, world.branch, world.lender, lat=30.60, lon=119.91
        ).person_id
    work(world, disaster)
    assert late not in {one.person_id for one in rows(world, Hold)}

    world.clock.advance(AGAIN)
    work(world, disaster)
    assert late in {one.person_id for one in rows(world, Hold)}


@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_off_between_two_chunks_it_goes_on_where_it_was(
    sqlite_database: Database, vault: Vault, solver: Solver, when: str
) -> None:
    world = a_world(sqlite_database, vault, solver)
    disaster = put(world, ALL)
    passed: list[str] = []

    class Killed(BaseException):
        """The process ends here."""

    def end(name: str) -> None:
        passed.append(name)
        if passed.count(f"{when} disaster.step") == 2:
            raise Killed

    def by_two() -> None:
        has_more = True
        while has_more:
            with world.database.writing("disaster.step") as session:
                now = world.clock.now()
                has_more = step(session, vault=vault, disaster_id=disaster.id, now=now, limit=2)

    arm(end)
    try:
        with pytest.raises(Killed):
            by_two()
    finally:
        arm(None)
    half = rows(world, Hold)
    assert len(half) == {"before": 2, "after": 4}[when]
    assert now_is(world, disaster) is S.SPREADING

    work(world, disaster)
    held = [one.person_id for one in rows(world, Hold)]
    assert sorted(held, key=str) == sorted({one.person_id for one in world.visits}, key=str)


def test_lifted_everybody_is_let_go_and_cases_go_on(world: World) -> None:
    disaster = put(world)
    work(world, disaster)
    with world.database.writing() as session:
        lift(
            session,
            disaster=get_any(session, Disaster, disaster.id),
            actor="account:other",
            now=world.clock.now(),
        )
    assert work(world, disaster) > 1

    assert {(one.state, one.released_by) for one in rows(world, Hold)} == {
        (HoldState.RELEASED, "account:other")
    }
    assert Stage.ON_HOLD not in {one.stage for one in rows(world, Case)}
    assert now_is(world, disaster) is S.OVER
    with world.database.writing() as session:
        over = get_any(session, Disaster, disaster.id)
        with pytest.raises(WrongState, match="already"):
            lift(session, disaster=over, actor="x", now=world.clock.now())


def test_when_its_time_is_over_the_holds_lapse_with_it(world: World) -> None:
    disaster = put(world)
    work(world, disaster)
    world.clock.at = disaster.until_at
    work(world, disaster)
    with world.database.writing() as session:
        lapse_holds(session, now=world.clock.now())

    assert now_is(world, disaster) is S.OVER
    assert {one.state for one in rows(world, Hold)} == {HoldState.LAPSED}


def test_a_damaged_record_keeps_nobody_else_from_being_held(world: World) -> None:
    with world.database.writing() as session:
        broken = next(iter(inside(world)))
        place = session.exec(select(Place).where(Place.person_id == broken)).one()
        place.point_sealed = b"\0" * 40
    work(world, put(world), limit=50)

    assert {one.person_id for one in rows(world, Hold)} == inside(world) - {broken}


@pytest.mark.parametrize("end", [timedelta(), timedelta(days=-1), timedelta(days=400)])
def test_a_period_that_can_t_be_meant_is_refused(world: World, end: timedelta) -> None:
    with pytest.raises(Invalid, match="period"):
        put(world, until_at=world.clock.now() + end)


def test_the_duty_does_it_for_every_branch(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver)
    disaster = put(world)
    context = a_context(sqlite_database, vault, solver)

    assert spread_disasters(context) == {"chunks": 1, "told": 0}
    assert now_is(world, disaster) is S.IN_FORCE
    assert len(rows(world, Hold)) == len(inside(world))
    assert spread_disasters(context) == {"chunks": 1, "told": 0}  # looked at, nothing to do


def test_the_command_counts_declares_lists_and_lifts(
    tmp_path: Path, monkeypatch, vault: Vault, solver: Solver
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'fairvisit.db'}"
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", url)

    def run(*words: str, status: int = 0, answer: str | None = None) -> str:
        done = CliRunner().invoke(app, ["disaster", *words], input=answer)
        assert done.exit_code == status, (done.output, done.exception)
        return done.output

    done = CliRunner().invoke(app, ["migrate"])
    assert done.exit_code == 0
    from dispatch.console import Desk

    desk = Desk()
    world = a_world(desk.database, desk.vault, solver, now=desk.now)
    branch = ["--branch", world.branch.name]
    where = ["--circle", "30.60,119.91,1.6"]
    until = str((desk.now + DAYS).date())
    file = tmp_path / "area.json"
    file.write_text(
        json.dumps(
            {
                "type": "Feature",
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [[119.8, 30.5], [120.0, 30.5], [120.0, 30.7], [119.8, 30.7], [119.8, 30.5]]
                    ],
                },
            }
        )
    )

    people = len(inside(world))
    assert json.loads(run("count", *branch, *where, "--json"))["people"] == people
    assert json.loads(run("count", *branch, "--polygon", str(file), "--json"))["people"] == 6
    assert "Go on?" in run("declare", *branch, *where, "--until", until, status=1, answer="n\n")
    assert rows(world, Disaster) == []

    put_down = json.loads(run("declare", *branch, *where, "--until", until, "--yes", "--json"))
    assert (put_down["state"], put_down["held"]) == ("in_force", people)
    again = json.loads(run("declare", *branch, *where, "--until", until, "--yes", "--json"))
    assert again["id"] == put_down["id"]
    assert put_down["id"] in run("list", *branch)

    assert json.loads(run("lift", put_down["id"], "--json"))["state"] == "over"
    assert {one.state for one in rows(world, Hold)} == {HoldState.RELEASED}
    assert "no area" in run("count", *branch, "--circle", "here", status=2)
    assert "Name the area once" in run("count", *branch, status=2)
    desk.database.dispose()
