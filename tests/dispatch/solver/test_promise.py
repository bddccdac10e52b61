"""Windows that pay: inside every bound, around the stay, and as wide as their keeping is worth."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.solver.promise import NARROWEST_S, Prices, Stay, promises, window_that_pays
from dispatch.solver.to_problem import SoftTerms, to_problem
from routing import SolveParams, solve
from tests.support.days import a_day, hour, travel

HOUR = 3600
QUARTER = 900
MOST = 2 * HOUR
STAY = Stay(start_s=10 * HOUR, service_s=1500, low_s=9 * HOUR, high_s=17 * HOUR)
PRICES = Prices(width_s=1.0, late_s=1800)
STRAYS = SoftTerms(travel_cv=0.2, service_cv=0.2, late_s=1800, width_s=1.0)


def days_around(start_s: int, spread_s: float, number: int = 200) -> np.ndarray:
    """Arrivals that lie evenly around a planned one."""
    return start_s + np.linspace(-spread_s, spread_s, number).astype(np.int64)


def late(arrivals: np.ndarray, window: tuple[int, int], stay: Stay = STAY) -> float:
    return float(np.mean(arrivals > window[1] - stay.service_s))


stays = st.builds(
    lambda low, begin, service, end: Stay(
        start_s=low + begin,
        service_s=service,
        low_s=low,
        high_s=low + begin + service + end,
    ),
    low=st.integers(6 * HOUR, 12 * HOUR),
    begin=st.integers(0, 3 * HOUR),
    service=st.integers(60, 90 * 60),
    end=st.integers(0, 3 * HOUR),
)


@given(
    stay=stays, spread=st.integers(0, 2 * HOUR), width=st.floats(0, 20), late_s=st.floats(0, 5000)
)
def test_a_window_holds_the_stay_within_the_law_and_is_never_too_wide(
    stay: Stay, spread: int, width: float, late_s: float
) -> None:
    begin, end = window_that_pays(
        days_around(stay.start_s, spread),
        stay,
        Prices(width_s=width, late_s=late_s),
        most_s=MOST,
    )
    assert stay.low_s <= begin <= stay.start_s
    assert stay.start_s + stay.service_s <= end <= stay.high_s
    assert end - begin <= MOST
    assert begin % QUARTER == 0 or begin in {stay.low_s, stay.start_s}
    assert end % QUARTER == 0 or end in {stay.high_s, stay.start_s + stay.service_s} | {
        begin + width for width in range(0, MOST + 1, QUARTER)
    }


@given(spread=st.integers(0, HOUR), start=st.integers(9 * HOUR, 15 * HOUR))
def test_no_other_round_window_is_cheaper(spread: int, start: int) -> None:
    stay = Stay(start_s=start, service_s=1500, low_s=9 * HOUR, high_s=17 * HOUR)
    arrivals = days_around(start, spread)

    def cost(window: tuple[int, int]) -> float:
        waits = float(np.mean(np.maximum(0, window[0] - arrivals)))
        missed = late(arrivals, window, stay)
        return PRICES.width_s * (window[1] - window[0]) / 60 + PRICES.late_s * missed + waits

    found = window_that_pays(arrivals, stay, PRICES, most_s=MOST)
    others = (
        (begin, begin + width)
        for begin, width in product(
            range(9 * HOUR, start + 1, QUARTER), range(NARROWEST_S, MOST + 1, QUARTER)
        )
        if begin + width >= start + stay.service_s and begin + width <= 17 * HOUR
    )
    assert cost(found) <= min(map(cost, others)) + 1e-6


def test_the_more_a_day_strays_the_wider_the_window_and_the_dearer_width_the_narrower() -> None:
    def wide(spread_s: int, width_s: float) -> int:
        begin, end = window_that_pays(
            days_around(STAY.start_s, spread_s),
            STAY,
            Prices(width_s=width_s, late_s=1800),
            most_s=MOST,
        )
        return end - begin

    by_spread = [wide(spread, 1.0) for spread in (0, 10 * 60, 20 * 60, 40 * 60)]
    assert by_spread == sorted(by_spread)
    assert by_spread[0] == NARROWEST_S < by_spread[-1]
    by_price = [wide(30 * 60, price) for price in (0.1, 1.0, 10.0, 100.0)]
    assert by_price == sorted(by_price, reverse=True)
    assert by_price[0] > by_price[-1]


def test_promises_of_a_day_are_kept_and_what_was_announced_stays() -> None:
    day = a_day()
    told = day.visits[2]
    before = (hour(10), hour(11.5))
    bound = replace(told, windows=(before,), appointment_id=UUID(int=1), is_required=True)
    day = replace(day, visits=tuple(bound if one is told else one for one in day.visits))
    problem = to_problem(day, travel(day), STRAYS)
    solution = solve(problem, SolveParams(iterations=300))
    found = promises(day, problem, solution, STRAYS)
    assert found.keys() == {one.visit_id for one in day.visits}
    assert (found[told.visit_id].from_at, found[told.visit_id].until_at) == before
    widths = {one.until_at - one.from_at for one in found.values()}
    assert widths - {timedelta(minutes=90)}
    assert all(one.on_time is not None and one.on_time >= 0.9 for one in found.values())
    sure = [one.on_time for key, one in found.items() if key != told.visit_id]
    assert sum(sure) / len(sure) >= 0.97


@pytest.mark.parametrize("soft", [SoftTerms(), SoftTerms(late_s=1800, width_s=1.0)])
def test_where_nothing_is_known_of_straying_a_window_has_its_usual_width(soft: SoftTerms) -> None:
    day = a_day()
    problem = to_problem(day, travel(day), soft)
    found = promises(day, problem, solve(problem, SolveParams(iterations=100)), soft)
    assert {one.on_time for one in found.values()} == {None}
    assert {one.until_at - one.from_at for one in found.values()} == {timedelta(minutes=90)}
