"""Steps at the door are facts: stored whatever the state; nearness is a signal."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from dispatch.area import great_circle_m
from dispatch.db import Database
from dispatch.errors import NotFound
from dispatch.fieldwork.payloads import Replay
from dispatch.model import CheckIn, CheckInKind, Incident, OutcomeCode, Person, Visit, VisitState
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import at

K, V = CheckInKind, VisitState


def rows(database: Database, kind):
    with database.reading() as session:
        return session.exec(select(kind)).all()


def visit_of(field) -> Visit:
    with field.database.reading() as session:
        return get_any(session, Visit, field.visits[0].id)


def test_a_whole_visit_step_by_step(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=1)
    for minute, kind in enumerate((K.EN_ROUTE, K.ARRIVED, K.IDENTITY, K.TALK, K.LEFT)):
        field.check_in(kind, occurred_at=at(10, minute))
        assert visit_of(field).state is V(kind.value)
    visit = visit_of(field)
    assert (visit.arrived_at, visit.left_at) == (at(10, 1), at(10, 4))
    field.report(OutcomeCode.NO_ANSWER)
    assert visit_of(field).state is V.REPORTED
    assert rows(database, Incident) == []


def test_a_replay_is_one_and_other_bytes_are_kept_beside(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=1)
    check_in_id = uuid4()
    answers = [
        field.check_in(K.ARRIVED, check_in_id=check_in_id)[1],
        field.check_in(K.ARRIVED, check_in_id=check_in_id)[1],
        field.check_in(K.LEFT, check_in_id=check_in_id, raw=b"other")[1],
        field.check_in(K.LEFT, check_in_id=check_in_id, raw=b"other")[1],
    ]
    assert answers == [Replay.CREATED, Replay.SAME, Replay.DIFFERS, Replay.DIFFERS]
    assert visit_of(field).state is V.ARRIVED
    kept = rows(database, CheckIn)
    assert sorted(one.is_incident for one in kept) == [False, True]
    assert [one.kind for one in rows(database, Incident)] == ["check-in-differs"]


def test_both_of_a_crew_may_mark_a_step(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    for kind in (K.ARRIVED, K.NO_ONE, K.LEFT):
        for by in (0, 1):
            field.check_in(kind, by=by)
    assert len(rows(sqlite_database, CheckIn)) == 6
    assert rows(sqlite_database, Incident) == []


def test_steps_that_come_late_or_were_left_out_are_nothing_strange(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.check_in(K.LEFT, occurred_at=at(10, 30))
    assert visit_of(field).state is V.LEFT
    field.check_in(K.ARRIVED, occurred_at=at(10, 5))
    field.check_in(K.EN_ROUTE, occurred_at=at(9, 50))
    assert visit_of(field).state is V.LEFT
    assert visit_of(field).arrived_at == at(10, 5)
    assert rows(sqlite_database, Incident) == []


@pytest.mark.parametrize("state", [V.CANCELLED, V.CONFIRMED, V.DRAFT])
def test_a_step_no_state_permits_is_stored_and_looked_at(
    sqlite_database: Database, vault: Vault, state: VisitState
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        get_any(session, Visit, field.visits[0].id).state = state
    stored, how = field.check_in(K.ARRIVED)
    assert (how, stored.is_incident) == (Replay.CREATED, True)
    assert visit_of(field).state is state
    assert [one.kind for one in rows(sqlite_database, Incident)] == ["check-in-against-state"]


@pytest.mark.parametrize("state", list(V), ids=str)
def test_duress_is_heard_from_every_state(
    sqlite_database: Database, vault: Vault, state: VisitState
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        get_any(session, Visit, field.visits[0].id).state = state
    field.check_in(K.DURESS)
    field.check_in(K.SAFE)
    incident = rows(sqlite_database, Incident)[0]
    assert (incident.kind, incident.facts["is_urgent"]) == ("duress", True)
    assert visit_of(field).state is state


@pytest.mark.parametrize(
    ("lat", "accuracy_m", "is_near"),
    [(30.6101, 10, True), (30.613, 10, False), (30.613, 300, True), (30.63, 10_000, False)],
)
def test_nearness_is_told_and_stops_nothing(
    sqlite_database: Database, vault: Vault, lat: float, accuracy_m: int, is_near: bool
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    stored, _ = field.check_in(K.ARRIVED, lat=lat, lon=119.91, accuracy_m=accuracy_m)
    assert stored.is_near is is_near
    assert visit_of(field).state is V.ARRIVED


def test_without_a_position_nothing_is_said_of_nearness(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    stored, _ = field.check_in(K.ARRIVED)
    assert (stored.is_near, stored.distance_m) == (None, None)


def test_a_crew_that_stays_after_being_asked_to_leave_is_looked_at(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    for visit, minutes in ((0, 4), (1, 6)):
        asked_at = at(10 + visit, 10)
        field.check_in(K.ARRIVED, visit=visit, occurred_at=asked_at - timedelta(minutes=5))
        field.check_in(K.ASKED_TO_LEAVE, visit=visit, occurred_at=asked_at)
        field.check_in(K.LEFT, visit=visit, occurred_at=asked_at + timedelta(minutes=minutes))
    found = rows(sqlite_database, Incident)
    assert [(one.kind, one.visit_id) for one in found] == [("slow-to-leave", field.visits[1].id)]
    assert found[0].facts["seconds"] == 360


def test_nothing_is_kept_of_an_erased_person(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        get_any(session, Person, field.visits[0].person_id).erase(actor="test", now=at(9))
    stored, how = field.check_in(K.ARRIVED, lat=30.61, lon=119.91)
    assert (how, stored.raw_sealed, stored.distance_m) == (Replay.CREATED, None, None)


def test_a_stranger_marks_nothing(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.accounts.append(field.manager)
    with pytest.raises(NotFound):
        field.check_in(K.ARRIVED, by=2)


DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(DEGREES, DEGREES)
def test_distances_are_symmetric_and_never_longer_than_half_the_globe(a, b) -> None:
    assert great_circle_m(a, b) == great_circle_m(b, a)
    assert 0 <= great_circle_m(a, b) <= 20_015_200
    assert great_circle_m(a, a) == 0


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert great_circle_m((30.0, 120.0), (31.0, 120.0)) == pytest.approx(111_195, abs=5)
