"""What was promised keeps its hour on the clock when the rules of its zone change."""

import shutil
import zoneinfo
from datetime import datetime, timedelta
from importlib import resources

import pytest
from sqlmodel import col, select

from dispatch.appointments.wall_time import CLASH, drift, keep_wall_times, note_wall_time
from dispatch.clock import local_time
from dispatch.model import (
    Appointment,
    AppointmentState,
    CapEntry,
    Commitment,
    Evidence,
    Incident,
    PlanRun,
    Route,
    Stop,
)
from dispatch.store import appointments
from dispatch.store.rows import get_any
from tests.support.field import ON, ZONE, a_field, at

HOUR = timedelta(hours=1)
NOW = at(18, on=ON - timedelta(days=1))


@pytest.fixture
def field(database, vault):
    field = a_field(database, vault, visits=3)
    with database.writing() as session:
        members = {agent.id for agent in field.agents}
        for one in session.exec(select(Appointment)):
            note_wall_time(one, ZONE)
            assert appointments.bind(session, one, sorted(members, key=str))
            session.add(one)
    return field


@pytest.fixture
def new_rules(tmp_path):
    """From now on the zone of the branch has the offset of Tokyo: its clocks went an hour ahead."""
    new = tmp_path / ZONE
    new.parent.mkdir()
    tokyo = resources.files("tzdata.zoneinfo.Asia") / "Tokyo"
    with resources.as_file(tokyo) as path:
        shutil.copyfile(path, new)
    before = zoneinfo.TZPATH

    def put():
        zoneinfo.reset_tzpath(to=[str(tmp_path), *before])
        zoneinfo.ZoneInfo.clear_cache()

    yield put
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()


def follow(field, now=NOW):
    with field.database.writing() as session:
        branch = get_any(session, type(field.branch), field.branch.id)
        return keep_wall_times(session, branch=branch, now=now)


def rows(field, kind, *where):
    with field.database.reading() as session:
        return list(session.exec(select(kind).where(*where)))


def walls(field):
    told = rows(field, Appointment)
    return sorted(f"{local_time(ZONE, one.window_from_at):%H:%M}" for one in told)


@pytest.mark.fault("E5")
def test_promises_keep_their_hour_and_all_that_hangs_on_them_moves_along(field, new_rules):
    before = {one.visit_id: one.arrive_at for one in rows(field, Stop)}
    (route,) = rows(field, Route)
    assert walls(field) == ["10:00", "11:00", "12:00"]
    new_rules()
    assert walls(field) == ["11:00", "12:00", "13:00"]
    assert follow(field) == 3
    assert walls(field) == ["10:00", "11:00", "12:00"]
    assert {one.visit_id: one.arrive_at + HOUR for one in rows(field, Stop)} == before
    (moved,) = rows(field, Route)
    assert (moved.starts_at, moved.ends_at) == (route.starts_at - HOUR, route.ends_at - HOUR)
    (rest,) = moved.breaks
    assert local_time(ZONE, datetime.fromisoformat(rest["from_at"])).hour == 12
    stays = {one.id: one.stay_from_at for one in rows(field, Appointment)}
    bound = rows(field, Commitment)
    assert len(bound) == 6
    assert all(one.from_at == stays[one.appointment_id] for one in bound)
    assert sorted(one.at for one in rows(field, CapEntry)) == sorted(stays.values())
    assert rows(field, Incident) == []
    (run,) = rows(field, PlanRun, col(PlanRun.requested_by) == "duty:wall-time")
    assert run.from_on == ON


@pytest.mark.fault("E5")
def test_it_is_done_once_and_taken_down(field, new_rules):
    assert follow(field) == 0
    new_rules()
    assert follow(field) == 3
    assert follow(field) == 0
    kept = rows(field, Evidence, Evidence.kind == "appointment.wall_time_kept")
    assert len(kept) == 3


def test_rules_that_go_back_bring_the_instants_back(field, new_rules):
    before = sorted(one.window_from_at for one in rows(field, Appointment))
    new_rules()
    follow(field)
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()
    assert follow(field) == 3
    assert sorted(one.window_from_at for one in rows(field, Appointment)) == before


def test_crew_that_is_bound_elsewhere_at_that_hour_is_brought_before_a_person(field, new_rules):
    with field.database.writing() as session:
        other = session.exec(select(Appointment).order_by(col(Appointment.window_from_at))).first()
        # Told in another country, where nothing has changed.
        note_wall_time(other, "Asia/Manila")
        session.add(other)
    new_rules()
    assert follow(field) == 2
    (alert,) = rows(field, Incident)
    assert alert.kind == CLASH
    assert alert.visit_id == field.visits[1].id


def test_what_has_begun_or_was_taken_back_stays(field, new_rules):
    with field.database.writing() as session:
        first = get_any(session, type(field.visits[0]), field.visits[0].id)
        one = appointments.standing_of(session, first.id)
        one.state = AppointmentState.WITHDRAWN
        session.add(one)
    begun = at(11, 30)
    new_rules()
    assert follow(field, now=begun) == 1


def test_older_rows_take_the_hour_that_the_clock_shows_now(field):
    with field.database.writing() as session:
        for one in session.exec(select(Appointment)):
            one.wall_from = one.wall_zone = None
            session.add(one)
    assert follow(field) == 0
    told = {(one.wall_from, one.wall_zone) for one in rows(field, Appointment)}
    assert (f"{ON}T10:00:00", ZONE) in told


def test_hour_that_happens_twice_is_no_drift():
    later = datetime.fromisoformat("2026-10-25T01:30:00+00:00")  # the second 02:30 in Copenhagen
    one = Appointment(window_from_at=later)
    note_wall_time(one, "Europe/Copenhagen")
    assert drift(one) == timedelta()
