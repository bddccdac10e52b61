import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.gateways.matrix_cache import CachedRoads
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.gateways.travel import Matrix, Point

PLACES = [Point(30 + at / 100, 110 - at / 150) for at in range(6)]
points = st.sampled_from(PLACES)


class CountedRoads:
    """The estimate, counting what it is asked."""

    def __init__(self) -> None:
        self.data_set = "first"
        self.sizes: list[int] = []
        self.lines = 0
        self.is_open = True
        self._inner = EstimateRoads(Estimate())

    def matrix(self, places) -> Matrix:
        self.sizes.append(len(places))
        return self._inner.matrix(places)

    def geometry(self, places):
        self.lines += 1
        return self._inner.geometry(places)

    def close(self) -> None:
        self.is_open = False


@given(st.lists(st.lists(points, max_size=8), min_size=1, max_size=6))
def test_whatever_is_asked_in_whatever_order_the_answer_is_the_service_s_own(questions) -> None:
    cached, plain = CachedRoads(CountedRoads()), EstimateRoads(Estimate())
    for places in questions:
        ours, theirs = cached.matrix(places), plain.matrix([each.place() for each in places])
        assert np.array_equal(ours.durations_s, theirs.durations_s)
        assert np.array_equal(ours.distances_m, theirs.distances_m)
        assert np.array_equal(ours.estimated, theirs.estimated)


def test_the_same_places_again_in_another_order_or_fewer_ask_nothing() -> None:
    inner = CountedRoads()
    cached = CachedRoads(inner)
    cached.matrix([*PLACES, PLACES[0]])
    cached.matrix(PLACES[::-1])
    cached.matrix(PLACES[2:4])
    cached.matrix([Point(PLACES[0].lat + 1e-8, PLACES[0].lon)])
    assert inner.sizes == [6]


def test_another_data_set_is_asked_anew() -> None:
    inner = CountedRoads()
    cached = CachedRoads(inner)
    cached.matrix(PLACES)
    inner.data_set = "second"
    cached.matrix(PLACES)
    assert inner.sizes == [6, 6]


def test_the_memory_is_bounded_and_forgets_the_longest_unused_first() -> None:
    inner = CountedRoads()
    cached = CachedRoads(inner, budget_bytes=2 * (4 * 9 + 2 * 150))
    pairs = [PLACES[0:2], PLACES[2:4], PLACES[4:6]]
    cached.matrix(pairs[0])
    cached.matrix(pairs[1])
    cached.matrix(pairs[0])
    cached.matrix(pairs[2])  # no room: the second is forgotten
    assert len(inner.sizes) == 3
    cached.matrix(pairs[0])
    assert len(inner.sizes) == 3
    cached.matrix(pairs[1])
    assert len(inner.sizes) == 4
    cached.matrix(PLACES)  # larger than all the memory: answered, not kept
    cached.matrix(pairs[1])
    assert len(inner.sizes) == 5


def test_a_failure_is_not_kept() -> None:
    inner = CountedRoads()
    cached = CachedRoads(inner)
    inner.matrix = lambda places: (_ for _ in ()).throw(OSError("down"))
    for _ in range(2):
        try:
            cached.matrix(PLACES)
        except OSError:
            continue
    del inner.matrix
    assert len(cached.matrix(PLACES)) == 6


def test_lines_are_kept_by_their_order_and_bounded() -> None:
    inner = CountedRoads()
    cached = CachedRoads(inner)
    for _ in range(2):
        assert cached.geometry(PLACES) == [(each.lat, each.lon) for each in PLACES]
    cached.geometry(PLACES[::-1])
    assert inner.lines == 2
    for at in range(600):
        cached.geometry([Point(at / 10, 0.0)])
    cached.geometry(PLACES)
    assert inner.lines == 603


def test_closing_forgets_and_closes_the_service() -> None:
    inner = CountedRoads()
    cached = CachedRoads(inner)
    cached.matrix(PLACES)
    cached.close()
    assert not inner.is_open
    cached.matrix(PLACES)
    assert inner.sizes == [6, 6]
