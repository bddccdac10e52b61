"""A crew comes inside the window; an arrival outside it is stored, and looked at."""

import pytest

from dispatch.model import CheckInKind
from dispatch.store.incidents import incidents_of_visits
from tests.support import field as in_field
from tests.support.field import at


@pytest.fixture
def field(database, vault):
    return in_field.a_field(database, vault, visits=1)


@pytest.mark.parametrize(
    ("arrived_at", "kind", "seconds"),
    [
        (at(9, 40), "arrived-early", 1200),
        (at(10), None, 0),
        (at(11), None, 0),
        (at(11, 5), "arrived-late", 300),
    ],
)
def test_an_arrival_outside_the_window_opens_an_incident(field, arrived_at, kind, seconds):
    row, _ = field.check_in(CheckInKind.ARRIVED, occurred_at=arrived_at)
    with field.database.reading() as session:
        found = incidents_of_visits(session, [field.visits[0].id]).get(field.visits[0].id, [])
    assert [one.kind for one in found] == ([kind] if kind else [])
    assert row.is_incident is (kind is not None)
    assert all(one.facts["seconds"] == seconds for one in found)
