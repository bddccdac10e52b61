"""What a branch has seen shapes when unannounced visits are planned; of some nothing is inferred."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.appointments.answer import confirm
from dispatch.appointments.move import move
from dispatch.db import Database
from dispatch.model import Appointment, Case, Hold, HoldKind, HoldState, Place, RunKind, Visit
from dispatch.planning.homes import read_homes
from dispatch.reporting.presence import presence_report
from dispatch.solver.run import Solver
from dispatch.store import presence
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.dispatch.appointments.test_move import a_told_world, slots_for
from tests.support import builders as make
from tests.support.appointments import BASE, LAW, caller_of
from tests.support.planning import World


def homes_of(world: World, kind: RunKind = RunKind.ANNOUNCE):
    with world.database.reading() as session:
        visits = session.exec(select(Visit).order_by(Visit.created_at, Visit.id)).all()
        read = read_homes(session, world.branch, visits, kind, world.clock.now())
        return {
            visit.id: read.chances(
                make.SERVICE_DATE,
                visit,
                session.get(Place, visit.place_id),
                session.get(Case, visit.case_id),
            )
            for visit in visits
        }


@pytest.fixture
def answered(database: Database, vault: Vault, solver: Solver) -> World:
    """A world in which one said yes, one chose another time, and one keeps silent."""
    world = a_told_world(database, vault, solver)
    for number in (0, 1):
        caller = caller_of(world, world.visits[number])
        caller.open()
        if number == 0:
            caller.does(confirm)
        else:
            slot = slots_for(world, world.visits[number])[-1]
            caller.does(move, vault=vault, slot=slot.id, law=LAW, base_url=BASE)
    return world


def test_answers_say_when_people_are_at_home_and_silence_says_nothing(answered: World) -> None:
    with answered.database.reading() as session:
        found = presence.sights(
            session, answered.branch.id, answered.clock.now() - presence.LOOKS_BACK
        )
        none = presence.sights(
            session, answered.branch.id, answered.clock.now() + timedelta(days=1)
        )
        numbers = {one.id: one for one in session.exec(select(Appointment))}
    assert len(numbers) == 4
    assert sorted(one.is_met for one in found) == [False, True]  # the time chosen says nothing
    assert none == []


def test_nothing_is_inferred_of_the_vulnerable_but_what_they_said_counts(answered: World) -> None:
    before = homes_of(answered)
    assert all(before.values())
    held, other = answered.visits[2], answered.visits[0]
    with answered.database.writing("test") as session:
        session.add(
            Hold(
                person_id=held.person_id,
                branch_id=answered.branch.id,
                kind=HoldKind.VULNERABLE,
                state=HoldState.RELEASED,
                from_at=answered.clock.now(),
                requested_by="test",
            )
        )
    after = homes_of(answered)
    assert after[held.id] == ()
    assert after[other.id] == before[other.id]
    with answered.database.writing("test") as session:
        case = find(session, Case, held.case_id)
        case.preferred_times = "mon-sun 17:00-19:00"
        session.add(case)
    assert max(one.chance for one in homes_of(answered)[held.id]) == 0.9


def test_nothing_is_learnt_from_the_vulnerable_either(answered: World) -> None:
    since_at = answered.clock.now() - presence.LOOKS_BACK
    with answered.database.writing("test") as session:
        assert len(presence.sights(session, answered.branch.id, since_at)) == 2
        session.add(
            Hold(
                person_id=answered.visits[0].person_id,
                branch_id=answered.branch.id,
                kind=HoldKind.ILLNESS,
                state=HoldState.RELEASED,
                from_at=answered.clock.now(),
                requested_by="test",
            )
        )
        session.flush()
        (left,) = presence.sights(session, answered.branch.id, since_at)
        assert left.person_id != answered.visits[0].person_id


def test_where_nobody_is_to_be_told_all_times_stand(answered: World) -> None:
    assert set(homes_of(answered, RunKind.RELEASE).values()) == {()}


def test_the_report_holds_what_is_reckoned_against_what_was_seen(
    answered: World, vault: Vault
) -> None:
    with answered.database.reading() as session:
        found, groups = presence_report(
            session, vault=vault, branch=answered.branch, now=answered.clock.now()
        )
    assert sum(found.tried.values()) == 2
    names = {one.name for one in groups}
    assert {"language zh-CN", "place residence"} <= names
    assert not any(one.is_apart for one in groups)
    (place,) = [one for one in groups if one.name == "place residence"]
    assert (place.calls, place.seen) == (2, 0.5)
