"""When a search begins again, and how eager its cycles are."""

from itertools import pairwise

from routing.search.cooling import Begin, Cooling
from routing.search.effort import Effort

_EFFORT = Effort(hot=1000.0, cold=10.0, cycle=100)
_PARTS = [number / 1000 for number in range(1001)]


def _driven(
    cooling: Cooling, *, eager_total: float, plain_total: float
) -> list[tuple[Begin, float]]:
    """What each cycle begins from and how eager it is then, with such totals reached by each kind."""
    begun = []
    is_eager = False
    for part in _PARTS:
        begin = cooling.begins(part)
        if begin is not Begin.NOTHING:
            cooling.ended(eager_total if is_eager else plain_total)
            is_eager = cooling.eagerness(part) > 1
            begun.append((begin, cooling.eagerness(part)))
    return begun


def test_without_a_cycle_there_is_one_cooling() -> None:
    cooling = Cooling(Effort(hot=1000.0, cold=10.0), 10_000)
    assert {cooling.begins(part) for part in _PARTS} == {Begin.NOTHING}
    heats = [cooling.heat(part) for part in _PARTS]
    assert heats[0] == 1000.0
    assert abs(heats[-1] - 10.0) < 1e-6
    assert all(one >= other for one, other in pairwise(heats))
    assert {cooling.eagerness(part) for part in _PARTS} == {1.0}


def test_a_single_cooling_comes_down_from_the_eagerness_of_its_effort() -> None:
    cooling = Cooling(Effort(hot=1000.0, cold=10.0, eagerness=1.5), 10_000)
    eagerness = [cooling.eagerness(part) for part in _PARTS]
    assert eagerness[0] == 1.5
    assert set(eagerness[900:]) == {1.0}
    assert all(one >= other for one, other in pairwise(eagerness))


def test_cycles_begin_anew_and_then_from_the_best() -> None:
    kinds = [begin for begin, _ in _driven(Cooling(_EFFORT, 1000), eager_total=1, plain_total=2)]
    assert Begin.ANEW in kinds
    assert kinds == sorted(kinds, key=lambda begin: begin is Begin.BEST)


def test_an_eager_cycle_comes_down_to_the_truth() -> None:
    cooling = Cooling(_EFFORT, 1000)
    while cooling.begins(0.1) is Begin.NOTHING:
        pass
    cooling.ended(1.0)
    eagerness = [cooling.eagerness(0.1 + number / 1000) for number in range(99)]
    assert eagerness[0] > 9
    assert eagerness[-1] == 1.0
    assert all(one >= other for one, other in pairwise(eagerness))


def test_the_kind_that_did_better_has_most_turns() -> None:
    good = _driven(Cooling(_EFFORT, 2000), eager_total=1, plain_total=2)
    bad = _driven(Cooling(_EFFORT, 2000), eager_total=2, plain_total=1)
    eager = [sum(times > 1 for _, times in begun) for begun in (good, bad)]
    assert eager[0] > eager[1] >= 1


def test_the_last_cycles_tell_the_truth() -> None:
    begun = _driven(Cooling(_EFFORT, 2000), eager_total=1, plain_total=2)
    assert all(times == 1.0 for begin, times in begun if begin is Begin.BEST)
