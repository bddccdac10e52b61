"""A place that nobody located is put on the map by a person."""

from dispatch.model import LocationState, Person, Place, Role
from dispatch.store.rows import get_any
from tests.support.builders import a_case


def test_a_manager_places_a_case_read_off_a_chinese_map(world) -> None:
    with world.database.writing() as session:
        case = a_case(session, world.vault, world.own, world.lender)
        get_any(session, Place, case.place_id).location = LocationState.NEEDS_LOCATING
    body = {"lat": 30.6, "lon": 119.9, "datum": "gcj-02"}
    answer = world.client.put(
        f"/v1/cases/{case.id}/location", json=body, headers=world.bearer(Role.MANAGER)
    )
    assert answer.status_code == 204
    with world.database.reading() as session:
        place = get_any(session, Place, case.place_id)
        lat, lon = world.vault.read(get_any(session, Person, case.person_id), place, "point")
    assert place.location is LocationState.LOCATED
    assert 0.001 < abs(lat - 30.6) + abs(lon - 119.9) < 0.02


def test_nowhere_is_refused_and_nothing_changes(lite) -> None:
    with lite.database.writing() as session:
        case = a_case(session, lite.vault, lite.own, lite.lender)
    for body in ({"lat": 0, "lon": 0}, {"lat": 999, "lon": 0}, {"lat": "north", "lon": 1}, {}):
        answer = lite.client.put(
            f"/v1/cases/{case.id}/location", json=body, headers=lite.bearer(Role.MANAGER)
        )
        assert answer.status_code == 422, body
    with lite.database.reading() as session:
        assert get_any(session, Place, case.place_id).located_by == "file"
