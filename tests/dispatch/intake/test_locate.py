from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.coordinates import Datum, wgs84_to_gcj02
from dispatch.errors import Invalid, Refused
from dispatch.gateways.located import Confidence, Located
from dispatch.intake.locate import (
    Answer,
    addresses_to_locate,
    locate_by_hand,
    store_located,
    waiting,
)
from dispatch.model import Branch, Evidence, GeocodeEntry, LocationState, Person, Place
from dispatch.store.scope import Scope
from tests.dispatch.intake.conftest import a_row, csv_of
from tests.support.builders import NOW, a_branch


@pytest.fixture
def lane(any_desk):
    """A desk with one case whose place needs locating, and one that is located."""
    any_desk.take(
        csv_of(
            a_row(lat="", lon=""),
            a_row(case_number="LN-2", person_number="P-2", name="任修远", address="桂花巷3号"),
        )
    )
    return any_desk


def asked(desk, now=NOW, **given):
    scope = given.pop("scope", Scope.of([desk.branch.id]))
    with desk.database.writing() as session:
        return addresses_to_locate(
            session,
            vault=desk.vault,
            scope=scope,
            branch=session.get(Branch, desk.branch.id),
            provider="nominatim",
            now=now,
            **given,
        )


def answered(desk, *answers, now=NOW):
    with desk.database.writing() as session:
        return store_located(
            session,
            vault=desk.vault,
            scope=Scope.of([desk.branch.id]),
            branch=session.get(Branch, desk.branch.id),
            provider="nominatim",
            answers=answers,
            actor="duty",
            now=now,
        )


def place_of(desk, place_id):
    return next(one for one in desk.all(Place) if one.id == place_id)


def point_of(desk, place):
    person = next(one for one in desk.all(Person) if one.id == place.person_id)
    return desk.vault.read(person, place, "point")


def test_lane_shows_the_cases_of_the_branch_that_wait(lane):
    with lane.database.reading() as session:
        [one] = waiting(session, Scope.of([lane.branch.id]), lane.branch.id)
        assert (one.case.number, one.place.location) == ("LN-1", LocationState.NEEDS_LOCATING)
        assert waiting(session, Scope.of([]), lane.branch.id) == []


def test_place_is_located_by_hand_in_any_datum(lane):
    lat, lon = wgs84_to_gcj02(30.61, 119.91)
    with lane.database.writing() as session:
        [one] = waiting(session, Scope.of([lane.branch.id]), lane.branch.id)
        locate_by_hand(
            session,
            vault=lane.vault,
            place=one.place,
            lat=lat,
            lon=lon,
            datum=Datum.GCJ02,
            actor="account:1",
            now=NOW,
        )
    place = place_of(lane, one.place.id)
    assert (place.location, place.located_by) == (LocationState.LOCATED, "hand")
    assert point_of(lane, place) == pytest.approx([30.61, 119.91], abs=1e-6)
    assert "place.located" in {entry.kind for entry in lane.all(Evidence)}
    lane.take(csv_of(a_row(lat="30.5", lon="119.8")))
    assert point_of(lane, place_of(lane, place.id)) == pytest.approx([30.61, 119.91], abs=1e-6)


def pointed_at(desk, lat, lon):
    with desk.database.writing() as session:
        place = session.exec(select(Place)).first()
        locate_by_hand(
            session, vault=desk.vault, place=place, lat=lat, lon=lon, actor="account:1", now=NOW
        )


@pytest.mark.parametrize(
    "spot", [(999, 0), (0, 181), (0, 0), (float("nan"), 1), (1, float("inf"))]
)
def test_position_that_is_no_place_is_refused(lane, spot):
    with pytest.raises(Invalid):
        pointed_at(lane, *spot)


def test_place_of_an_erased_person_is_not_located(lane):
    with lane.database.writing() as session:
        for person in session.exec(select(Person)):
            person.erase(actor="command", now=NOW)
    assert asked(lane) == []
    with pytest.raises(Refused):
        pointed_at(lane, 30, 119)


def test_geocoder_is_asked_between_two_transactions(lane):
    [address] = asked(lane)
    assert (address.text, address.cached) == ("示范市青石区柳荫路8号2单元", None)
    assert answered(lane, (address.place_id, Answer((30.62, 119.92)))) == 1
    place = place_of(lane, address.place_id)
    assert (place.location, place.located_by) == (LocationState.LOCATED, "geocoder:nominatim")
    assert point_of(lane, place) == [30.62, 119.92]
    assert asked(lane) == []


def test_answer_is_kept_sealed(lane):
    [address] = asked(lane)
    answered(lane, (address.place_id, Answer((30.62, 119.92))))
    [entry] = lane.all(GeocodeEntry)
    assert b"30.62" not in entry.answer_sealed
    assert lane.vault.read(lane.branch, entry, "answer")["point"] == [30.62, 119.92]


def test_address_that_was_asked_before_is_answered_from_the_cache(lane):
    [address] = asked(lane)
    answered(lane, (address.place_id, Answer((30.62, 119.92), is_exact=False)))
    lane.take(
        csv_of(
            a_row(case_number="LN-3", person_number="P-3", name="Jonas Fernley", lat="", lon="")
        )
    )
    [again] = asked(lane)
    assert again.cached == Answer((30.62, 119.92), is_exact=False)
    assert answered(lane, (again.place_id, again.cached)) == 1


def test_find_that_is_not_the_house_leaves_the_place_doubtful(lane):
    [address] = asked(lane)
    answered(lane, (address.place_id, Answer((30.62, 119.92), is_exact=False)))
    assert place_of(lane, address.place_id).location is LocationState.DOUBTFUL


def test_look_up_in_vain_is_not_repeated_for_a_month(lane):
    [address] = asked(lane)
    assert answered(lane, (address.place_id, Answer(None))) == 0
    assert place_of(lane, address.place_id).location is LocationState.NEEDS_LOCATING
    assert asked(lane, now=NOW + timedelta(days=29)) == []
    [again] = asked(lane, now=NOW + timedelta(days=31))
    assert again.cached is None


def test_place_located_meanwhile_stays_as_it_is(lane):
    [address] = asked(lane)
    lane.take(csv_of(a_row(lat="30.60", lon="119.90")))
    assert answered(lane, (address.place_id, Answer((30.7, 119.7)))) == 0
    assert point_of(lane, place_of(lane, address.place_id)) == [30.6, 119.9]


def test_other_branches_addresses_are_out_of_sight(lane):
    with lane.database.writing() as session:
        other = a_branch(session, lane.vault)
    assert asked(lane, scope=Scope.of([other.id])) == []


@pytest.mark.parametrize(
    ("located", "answer"),
    [
        (None, Answer(None)),
        (Located(30.6, 119.9, Confidence.HIGH, "amap"), Answer((30.6, 119.9))),
        (Located(30.6, 119.9, Confidence.LOW, "amap"), Answer((30.6, 119.9), is_exact=False)),
    ],
)
def test_only_an_answer_that_is_sure_of_the_house_is_exact(located, answer):
    assert Answer.of(located) == answer
