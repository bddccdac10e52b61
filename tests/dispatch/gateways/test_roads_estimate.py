import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.gateways.roads_estimate import Estimate, EstimateRoads, great_circles_m
from dispatch.gateways.travel import Point

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
ROADS = EstimateRoads(Estimate(24.0, 1.35))


def test_a_degree_of_the_meridian_is_111_km() -> None:
    metres = great_circles_m([Point(30.0, 110.0), Point(31.0, 110.0)])
    assert metres[0, 1] == pytest.approx(111_195, abs=1)


def test_time_is_the_straight_line_times_detour_over_speed() -> None:
    matrix = ROADS.matrix([Point(30.0, 110.0), Point(30.1, 110.0)])
    assert matrix.distances_m[0, 1] == pytest.approx(11_119.5 * 1.35, abs=1)
    assert matrix.durations_s[0, 1] == pytest.approx(11_119.5 * 1.35 / (24 / 3.6), abs=1)


@given(st.lists(points, max_size=8))
def test_every_pair_is_whole_symmetric_flagged_and_never_zero_between_places(places) -> None:
    matrix = ROADS.matrix(places)
    pairs = [a.place() == b.place() for a in places for b in places]
    same = np.array(pairs, bool).reshape(len(places), len(places))
    for table in (matrix.durations_s, matrix.distances_m):
        assert table.dtype == np.int32
        assert ((table == 0) == same).all()
        assert (table >= 0).all()
        assert (table == table.T).all()
    assert (matrix.estimated == ~same).all()


def test_what_a_service_leaves_out_is_estimated_and_the_rest_is_kept() -> None:
    places = [Point(30.0, 110.0), Point(30.01, 110.0), Point(30.02, 110.0)]
    seconds = np.array([[0, 200, np.nan], [210, 0, np.inf], [-1, 220, 0]], float)
    metres = np.array([[0, 1500, 9], [1600, 0, 9], [9, 1700, 0]], float)
    matrix = Estimate().complete(places, seconds, metres, "test")
    guessed = [[False, False, True], [False, False, True], [True, False, False]]
    assert matrix.estimated.tolist() == guessed
    assert matrix.durations_s[0, 1] == 200
    assert matrix.durations_s[1, 0] == 210
    assert matrix.durations_s[0, 2] == ROADS.matrix(places).durations_s[0, 2]


def test_a_point_off_the_map_is_estimated_though_the_service_gives_a_time() -> None:
    places = [Point(30.0, 110.0), Point(35.0, 110.0)]
    matrix = Estimate().complete(
        places, np.zeros((2, 2)), np.zeros((2, 2)), "test", np.array([False, True])
    )
    assert matrix.estimated.tolist() == [[False, True], [True, False]]
    assert matrix.durations_s[0, 1] > 3600


def test_two_places_snapped_to_one_junction_are_as_far_apart_as_the_crow_flies() -> None:
    places = [Point(30.0, 110.0), Point(30.001, 110.0)]
    matrix = Estimate().complete(places, np.zeros((2, 2)), np.zeros((2, 2)), "test")
    assert matrix.distances_m[0, 1] == 111
    assert matrix.durations_s[0, 1] == 3
    assert not matrix.estimated.any()


def test_the_line_on_the_map_is_straight() -> None:
    assert ROADS.geometry([Point(1, 2), Point(3, 4)]) == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("lat", "lon"), [(math.nan, 0), (0, math.inf), (90.1, 0), (0, -180.5), (116.4, 39.9)]
)
def test_no_point_is_nowhere(lat, lon) -> None:
    with pytest.raises(ValueError, match=r"degrees|place"):
        Point(lat, lon)
