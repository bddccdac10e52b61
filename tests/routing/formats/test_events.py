"""EVENTS of a repair: what is read, what is refused."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import InvalidProblem, Window
from routing.events import Hold
from routing.formats.events import read_events
from routing.formats.vroom import read
from tests.routing.formats.test_vroom import BASE, FULL, ON_EARTH, json_values
from tests.support.problems import HOUR

NEW = {"id": "new", "location_index": 3, "prize": 9}
EVENTS = {
    "now": 10 * HOUR,
    "vehicles": [
        {"id": 1, "done": [10], "at": 1, "free_at": 10 * HOUR + 60, "unavailable": False}
    ],
    "change": [{"id": "eleven", "location_index": 2, "prize": 7, "service": 60}],
    "add": [NEW],
    "rows": {
        "car": {
            "durations": {"rows": [[4, 5, 6, 0]], "columns": [[40, 50, 60]]},
            "distances": [[7, 8, 9, 0]],
        }
    },
    "lock": "promised",
}


def read_all(document, base=BASE):
    return read_events(document, read(base))


def pointers(document, base=BASE):
    with pytest.raises(InvalidProblem) as refused:
        read_all(document, base)
    return {issue.pointer for issue in refused.value.issues}


def test_every_key_is_read():
    request, events = read_all(EVENTS)
    (state,) = events.vehicles
    assert (events.now_s, events.lock) == (10 * HOUR, Hold.PROMISED)
    assert (state.id, state.done, state.at) == (1, (10,), 1)
    assert (state.free_at_s, state.unavailable) == (10 * HOUR + 60, False)
    assert (events.change[0].prize, events.change[0].service_s) == (7, 60)
    assert (events.add[0].id, events.add[0].place) == ("new", 3)
    assert request.problem.tasks == read(BASE).problem.tasks


def test_rows_grow_the_matrices():
    matrix = read_all(EVENTS)[0].problem.matrices["car"]
    assert matrix.durations.tolist() == [
        [0, 600, 900, 40],
        [600, 0, 300, 50],
        [900, 300, 0, 60],
        [4, 5, 6, 0],
    ]
    assert matrix.distances[:, 3].tolist() == [7, 8, 9, 0]


def test_day_parts_grow_too():
    document = {
        "now": 0,
        "rows": {
            "car": {
                "durations": [[1, 2, 3, 0]],
                "distances": [[1, 2, 3, 0]],
                "day_parts": [[[4, 5, 6, 0]]],
            }
        },
    }
    matrix = read_all(document, FULL)[0].problem.matrices["car"]
    assert matrix.day_parts[0].durations[:, 3].tolist() == [4, 5, 6, 0]


def test_what_is_left_out_has_a_default():
    _, events = read_all({"now": 5, "vehicles": [{"id": 1, "unavailable": True}]})
    assert events.lock is Hold.NEXT
    (state,) = events.vehicles
    assert (state.done, state.at, state.free_at_s) == ((), None, None)


def test_without_matrices_places_are_coordinates():
    add = {"id": 9, "location": [116.5, 39.9], "time_windows": [[0, HOUR]]}
    document = {"now": 0, "add": [add], "vehicles": [{"id": 1, "at": [116.6, 39.9]}]}
    request, events = read_all(document, ON_EARTH)
    assert request.problem.place_count == 5
    assert events.add[0].windows == (Window(0, HOUR),)
    assert request.coordinates[events.vehicles[0].at] == (116.6, 39.9)


WRONG = {
    "now missing": ({"now": None}, "/now"),
    "now negative": ({"now": -1}, "/now"),
    "vehicle unknown": ({"vehicles": [{"id": 7}]}, "/vehicles/0/id"),
    "vehicle twice": ({"vehicles": [{"id": 1}, {"id": 1}]}, "/vehicles/1/id"),
    "done unknown": ({"vehicles": [{"id": 1, "done": [99]}]}, "/vehicles/0/done/0"),
    "done twice": ({"vehicles": [{"id": 1, "done": [10, 10]}]}, "/vehicles/0/done/1"),
    "at beyond": ({"vehicles": [{"id": 1, "at": 9}]}, "/vehicles/0/at"),
    "at unknown": ({"vehicles": [{"id": 1, "at": [1.0, 2.0]}]}, "/vehicles/0/at"),
    "at a text": ({"vehicles": [{"id": 1, "at": "here"}]}, "/vehicles/0/at"),
    "free_at negative": ({"vehicles": [{"id": 1, "free_at": -5}]}, "/vehicles/0/free_at"),
    "unavailable text": ({"vehicles": [{"id": 1, "unavailable": "x"}]}, "/vehicles/0/unavailable"),
    "cancel unknown": ({"cancel": [99]}, "/cancel/0"),
    "change unknown": ({"change": [{"id": 99, "location_index": 1}]}, "/change/0/id"),
    "change nonsense": (
        {"change": [{"id": "eleven", "location_index": 1, "time_windows": [[2, 1]]}]},
        "/change/0/time_windows/0",
    ),
    "add known": ({"add": [{"id": 10, "location_index": 1}]}, "/add/0/id"),
    "add beyond": ({"add": [NEW | {"location_index": 4}]}, "/add/0/location_index"),
    "add priority": ({"add": [NEW | {"priority": 4}]}, "/add/0/priority"),
    "rows short": ({"rows": {"car": {"durations": [[1, 2]]}}}, "/rows/car/durations"),
    "rows half": (
        {"rows": {"car": {"durations": EVENTS["rows"]["car"]["durations"]}}},
        "/rows/car/distances",
    ),
    "rows negative": (
        {"rows": {"car": EVENTS["rows"]["car"] | {"distances": [[-7, 8, 9, 0]]}}},
        "/rows/car/distances",
    ),
    "lock": ({"lock": "all"}, "/lock"),
}


@pytest.mark.parametrize(("change", "pointer"), WRONG.values(), ids=WRONG.keys())
def test_wrong_value_is_refused_where_it_stands(change, pointer):
    told = pointers(deepcopy(EVENTS) | change)
    assert any(own.startswith(pointer) for own in told)


def test_rows_beside_coordinates_are_refused():
    assert pointers({"now": 0, "rows": {"car": {}}}, ON_EARTH) == {"/rows"}


@given(
    path=st.sampled_from([(key,) for key in EVENTS] + [("rows", "car"), ("vehicles", 0)]),
    value=json_values,
)
def test_no_json_value_anywhere_is_more_than_an_issue(path, value):
    document = deepcopy(EVENTS)
    spot = document
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    try:
        read_all(document)
    except InvalidProblem:
        return
