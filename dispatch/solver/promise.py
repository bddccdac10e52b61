"""Promise windows: each as wide as its keeping is worth, and how surely it will be kept.

A wide window is kept on more days and costs the person more of theirs; which width pays is
reckoned, not guessed. On drawn days (`routing.punctuality`) crews drive the planned routes and get
to each door earlier or later than planned: a minute of width, a missed window and the crew's
waiting at the door each have a price in seconds of travel, and the cheapest window is announced.
What was announced before stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.solver.day import Day, VisitDay
from dispatch.solver.to_problem import SoftTerms
from dispatch.solver.windows import STEP, span_of, window_around
from routing import Problem, Solution, Step, StepKind, punctuality

NARROWEST_S: Final = 30 * 60
"""Nobody is told a time narrower than this, however sure it is."""

_STEP_S: Final = int(STEP.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a visit's person is told, or was: the window, and the part of drawn days that keep it.

    `on_time` is None where nothing is known of how days stray.
    """

    from_at: datetime
    until_at: datetime
    on_time: float | None


def promises(
    day: Day, problem: Problem, solution: Solution, soft: SoftTerms
) -> Mapping[UUID, Promise]:
    """Return the promise of each visit that a plan serves.

    Parameters
    ----------
    problem, solution
        The day as `to_problem` states it, and its checked plan.
    soft
        How days stray, and what width and lateness cost.
    """
    visits = {str(visit.visit_id): visit for visit in day.visits}
    starts = {
        str(step.id): step.start_s
        for tour in solution.tours
        for step in tour.steps
        if step.kind is StepKind.TASK
    }
    chosen: dict[str, tuple[int, int]] = {}

    def choose(step: Step, arrivals: NDArray[np.int64]) -> tuple[int, int] | None:
        visit = visits[str(step.id)]
        if visit.appointment_id is not None:
            return None
        stay = _stay(day, visit, starts[str(step.id)])
        prices = Prices(width_s=soft.width_s, late_s=soft.late_s)
        begin, end = chosen[str(step.id)] = window_that_pays(
            arrivals, stay, prices, most_s=day.most_window_s
        )
        return begin, end - stay.service_s

    told = punctuality(problem, solution.tours, choose)
    return {
        visits[str(step.id)].visit_id: _promise(
            day, visits[str(step.id)], step, chosen.get(str(step.id)), on_time
        )
        for tour, own in zip(solution.tours, told, strict=True)
        for step, on_time in zip(tour.steps, own.on_time, strict=True)
        if step.kind is StepKind.TASK
    }


def _promise(
    day: Day,
    visit: VisitDay,
    step: Step,
    chosen: tuple[int, int] | None,
    on_time: float | None,
) -> Promise:
    if visit.appointment_id is not None:
        from_at, until_at = visit.windows[0][0], visit.windows[-1][1]
    elif chosen is not None:
        from_at, until_at = (day.at(one) for one in chosen)
    else:
        most = timedelta(seconds=day.most_window_s)
        from_at, until_at = window_around(
            day.at(step.start_s), day.at(step.end_s), visit.windows, most
        )
    return Promise(from_at=from_at, until_at=until_at, on_time=on_time)


def _stay(day: Day, visit: VisitDay, start_s: int) -> "Stay":
    begin = day.at(start_s)
    low, high = span_of(begin, begin + timedelta(seconds=visit.service_s), visit.windows)
    return Stay(
        start_s=start_s,
        service_s=visit.service_s,
        low_s=day.second_from(low),
        high_s=day.second_until(high),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a window is chosen by, in seconds of travel.

    Parameters
    ----------
    width_s
        What a minute of its width costs.
    late_s
        What it costs to miss it surely.
    """

    width_s: float
    late_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A planned stay in seconds of the day: its begin, its length, and the legal bounds of it all."""

    start_s: int
    service_s: int
    low_s: int
    high_s: int


def window_that_pays(
    arrivals: NDArray[np.int64], stay: Stay, prices: Prices, *, most_s: int
) -> tuple[int, int]:
    """Return the cheapest window around a stay, in seconds of the day.

    It begins and ends on a quarter of an hour, save where only the legal bound or the stay itself
    leaves room. Of windows that cost the same the narrowest is taken, then the earliest.

    Parameters
    ----------
    arrivals : int array
        Second at which the crew gets there, on each drawn day.
    stay
        What was planned; the window holds it.
    prices
        What width, lateness and waiting cost; a second of waiting costs 1.
    most_s
        The widest window that the pack permits.
    """
    floor = -(-stay.low_s // _STEP_S) * _STEP_S
    first = max(floor, (stay.start_s + stay.service_s - most_s) // _STEP_S * _STEP_S)
    begins = np.arange(first, stay.start_s + 1, _STEP_S)
    if not len(begins):
        begins = np.array([stay.low_s])
    narrowest = max(NARROWEST_S, -(-stay.service_s // _STEP_S) * _STEP_S)
    widths = np.arange(min(narrowest, most_s), most_s + 1, _STEP_S)
    last = stay.high_s // _STEP_S * _STEP_S
    last = last if last >= stay.start_s + stay.service_s else stay.high_s
    ends = np.minimum(begins[:, None] + widths, last)
    width = ends - begins[:, None]
    late = np.mean(arrivals > (ends - stay.service_s)[..., None], axis=-1)
    waits = np.mean(np.maximum(0, begins[:, None] - arrivals), axis=-1)
    cost = prices.width_s * width / 60 + prices.late_s * late + waits[:, None]
    cost = np.where(ends >= stay.start_s + stay.service_s, cost, np.inf)
    if np.isinf(cost).all():
        return stay.start_s, stay.start_s + stay.service_s
    row, column = min(
        np.argwhere(np.isclose(cost, cost.min())).tolist(),
        key=lambda at: (int(width[at[0], at[1]]), at[0]),
    )
    return int(begins[row]), int(ends[row, column])
