"""Draws by name: the same each time, of the shares and spreads that were asked for."""

from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.twin.chance import Chance
from dispatch.twin.people import ZONE, at
from dispatch.twin.run import FIRST
from dispatch.twin.world import RHYTHMS, World, part_of

CHANCE = Chance(1)


@given(seed=st.integers(0, 2**31), what=st.text(max_size=20), nth=st.integers())
def test_a_draw_depends_on_seed_and_name_alone(seed: int, what: str, nth: int) -> None:
    first = Chance(seed).uniform(what, nth)
    Chance(seed).uniform("something else")
    assert 0 < first < 1
    assert Chance(seed).uniform(what, nth) == first
    assert Chance(seed + 1).uniform(what, nth) != first
    assert Chance(seed).uniform(what, nth + 1) != first


def test_draws_have_the_shares_and_the_spread_asked_for() -> None:
    drawn = [CHANCE.pick({"a": 1, "b": 3}, number) for number in range(4000)]
    assert drawn.count("b") / 4000 == pytest.approx(0.75, abs=0.03)
    factors = [CHANCE.factor(0.2, "way", number) for number in range(4000)]
    assert min(factors) > 0
    assert fmean(factors) == pytest.approx(1, abs=0.01)
    assert stdev(factors) == pytest.approx(0.2, abs=0.01)


def test_people_are_at_home_as_their_rhythm_has_it_and_the_same_each_time() -> None:
    world = World(seed=3)
    people = [f"P-{number:05d}" for number in range(400)]
    by_hour = {}
    for hour in (10, 13, 15, 18):
        moment = at(FIRST, hour)
        free = [world.is_free(one, moment, ZONE) for one in people]
        assert free == [World(seed=3).is_free(one, moment, ZONE) for one in people]
        by_hour[hour] = sum(free) / len(free)
    assert by_hour[18] > max(by_hour[10], by_hour[13], by_hour[15])
    usual = sum(home * share for home, share in RHYTHMS.values())
    assert by_hour[10] == pytest.approx(usual, abs=0.08)
    assert [part_of(hour) for hour in (8, 11, 12, 13, 14, 16, 17, 21)] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_who_said_yes_is_seldom_out_whatever_their_rhythm() -> None:
    world = World(seed=3, no_shows=0.1)
    moment = at(FIRST, 10)
    people = [f"P-{number:05d}" for number in range(2000)]
    there = [world.is_there(one, moment, ZONE, said_yes=True) for one in people]
    assert there.count(False) / len(people) == pytest.approx(0.1, abs=0.02)
    assert there == [world.is_there(one, moment, ZONE, said_yes=True) for one in people]
    unasked = [world.is_there(one, moment, ZONE, said_yes=False) for one in people]
    assert unasked == [world.is_free(one, moment, ZONE) for one in people]
