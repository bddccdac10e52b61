from math import ceil

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from routing.travel import DETOUR, estimate, great_circle_m

spots = st.tuples(st.floats(-85, 85), st.floats(-180, 180))


@given(one=spots, two=spots)
def test_distance_is_that_of_geopy(one, two):
    expected = great_circle(one, two).meters
    assert great_circle_m([one, two])[0, 1] == pytest.approx(expected, rel=1e-6, abs=0.01)


def test_estimate_is_a_detour_at_a_usual_speed():
    here, there = (39.90, 116.30), (39.95, 116.40)
    matrix = estimate([here, there])
    metres = ceil(great_circle(here, there).meters * DETOUR)
    assert matrix.distances[0, 1] == metres
    assert matrix.durations[0, 1] == ceil(metres * 3.6 / 30)
    assert matrix.durations[0, 0] == 0


def test_walkers_are_slower_than_cars():
    pair = [(39.90, 116.30), (39.95, 116.40)]
    assert estimate(pair, "foot").durations[0, 1] > estimate(pair, "car").durations[0, 1]
    assert estimate(pair, "boat").durations[0, 1] == estimate(pair, "car").durations[0, 1]


def test_same_place_is_no_travel_even_at_the_antimeridian():
    assert np.allclose(great_circle_m([(0.0, 180.0), (0.0, -180.0)]), 0, atol=1e-6)


def test_no_places_make_an_empty_matrix():
    assert len(estimate([])) == 0
