"""A damaged row stops nobody else's reminder or withdrawal, and comes before a person."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from dispatch.appointments.lapse import expire_unanswered, lapse_untold
from dispatch.appointments.one_by_one import one_by_one
from dispatch.appointments.remind import remind
from dispatch.appointments.unkept import withdraw_unpublished
from dispatch.model import (
    Appointment,
    AppointmentState,
    Branch,
    Incident,
    Notice,
    NoticeKind,
    Place,
)
from dispatch.store.rows import find
from tests.support.appointments import BASE, LAW, announced, caller_of, send
from tests.support.planning import a_world

WITHDRAWN = {AppointmentState.WITHDRAWN}


@pytest.fixture
def world(database, vault, solver):
    world = a_world(database, vault, solver, visits=3)
    assert announced(world).count == 3
    return world


def rows(world, kind, *where):
    with world.database.reading() as session:
        return list(session.exec(select(kind).where(*where)))


def before(world, hours):
    """Go to so many hours before the first window."""
    first = min(one.window_from_at for one in rows(world, Appointment))
    world.clock.advance(first - timedelta(hours=hours) - world.clock.now())


def with_zone(world, name):
    """Let the first visit's place lie in a zone of that name; the name before."""
    with world.database.writing() as session:
        place = find(session, Place, world.visits[0].place_id)
        before, place.time_zone = place.time_zone, name
        session.add(place)
    return before


def sweep(world, what):
    with world.database.writing() as session:
        return what(
            session,
            vault=world.vault,
            branch=find(session, Branch, world.branch.id),
            law=LAW,
            base_url=BASE,
            now=world.clock.now(),
        )


def withdrawn(world):
    chosen = col(Appointment.state).in_(WITHDRAWN)
    return {one.visit_id for one in rows(world, Appointment, chosen)}


@pytest.mark.fault("A8")
@pytest.mark.parametrize(
    ("duty", "is_proven", "hours"),
    [(lapse_untold, False, 10), (withdraw_unpublished, True, -8)],
    ids=["unproven", "unpublished"],
)
def test_others_are_withdrawn_and_the_damaged_one_once_it_is_mended(world, duty, is_proven, hours):
    send(world)
    if is_proven:
        for visit in world.visits:
            caller_of(world, visit).open()
    zone = with_zone(world, "Nowhere/Damaged")
    before(world, hours)
    first, *others = (one.id for one in world.visits)
    for _ in range(2):  # what can't be done now is tried again and told once
        sweep(world, duty)
        assert withdrawn(world) == set(others)
    (incident,) = rows(world, Incident)
    assert (incident.kind, incident.visit_id) == ("row-set-aside", first)
    assert set(incident.facts) == {"error"}
    with_zone(world, zone)
    assert sweep(world, duty) == 1
    assert withdrawn(world) == {first, *others}


@pytest.mark.fault("A8")
def test_others_are_reminded(world):
    send(world)
    for visit in world.visits:
        caller_of(world, visit).open()
    with world.database.writing() as session:
        for one in session.exec(select(Appointment)):
            one.offered_at -= timedelta(days=9)
            session.add(one)
    with_zone(world, "Nowhere/Damaged")
    before(world, 40)
    assert sweep(world, remind) == 2
    told = rows(world, Notice, Notice.kind == NoticeKind.REMINDER)
    assert {one.visit_id for one in told} == {one.id for one in world.visits[1:]}
    (incident,) = rows(world, Incident)
    assert incident.visit_id == world.visits[0].id


def test_what_failed_leaves_nothing_behind(world):
    def half(appointment):
        appointment.answered_by = "half"
        world_session.add(appointment)
        world_session.flush()
        if appointment.visit_id == world.visits[0].id:
            raise ValueError
        return True

    with world.database.writing() as world_session:
        due = list(world_session.exec(select(Appointment)))
        done = one_by_one(world_session, due, half, actor="test", now=world.clock.now())
    assert done == 2
    said = {one.visit_id: one.answered_by for one in rows(world, Appointment)}
    assert said == {one.id: None if one is world.visits[0] else "half" for one in world.visits}


def test_what_the_database_reports_is_no_row_s_fault(world):
    def broken(_appointment):
        raise OperationalError("select", {}, Exception("disk full"))

    with world.database.writing() as session:
        due = list(session.exec(select(Appointment)))
        with pytest.raises(OperationalError):
            one_by_one(session, due, broken, actor="test", now=world.clock.now())
    assert rows(world, Incident) == []


def test_nobody_s_time_to_answer_ends_twice(world):
    send(world)
    for visit in world.visits:
        caller_of(world, visit).open()
    before(world, 10)
    law = LAW
    for expected in (3, 0):
        with world.database.writing() as session:
            branch = find(session, Branch, world.branch.id)
            now = world.clock.now()
            assert expire_unanswered(session, branch=branch, law=law, now=now) == expected
