"""A part of a day as a day of its own.

It holds nothing of what lies outside: travel between 500 places is two megabytes, which a core's own
cache keeps, where 4,000 places' is 130. An iteration then costs what it costs on a day of that size.
"""

from dataclasses import dataclass

import numpy as np

from routing.search import layout
from routing.search.acts import drive, driven
from routing.search.empty_plan import fresh_state
from routing.search.layout import Day, Int32, Int64, State


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """Some crews and tasks of a day, numbered anew from 0.

    Attributes
    ----------
    day, state
        The part as a day, and a plan of it.
    crews, options
        The numbers in the whole day, by number in the part.
    """

    day: Day
    state: State
    crews: Int64
    options: Int64

    def write(self, whole: Int32, *, is_best: bool) -> None:
        """Put this part's best, or current, routes into a plan laid out like `State.best`."""
        own = self.state.best if is_best else driven(self.state)
        whole[self.crews, 0] = own[:, 0]
        whole[self.crews, 1:] = self.options[np.clip(own[:, 1:], 0, len(self.options) - 1)]


def territory(day: Day, plan: Int32, crews: Int64, tasks: Int64, seed: int) -> Territory:
    """Cut a part out of a day, with the routes that its crews drive.

    Parameters
    ----------
    day
        The whole.
    plan
        Its routes, laid out like `State.best`.
    crews, tasks
        What belongs to the part: ascending; every task that the crews serve is among them.
    seed
        Seed of the random choices within.
    """
    is_own = np.zeros(int(day.option[:, layout.TASK].max()) + 1, dtype=np.bool_)
    is_own[tasks] = True
    options = np.flatnonzero(is_own[day.option[:, layout.TASK]])
    part = _part(day, crews, options, tasks)
    state = fresh_state(part, len(tasks), plan.shape[1] - 1, seed)
    given = np.zeros_like(state.best)
    given[:, 0] = plan[crews, 0]
    given[:, 1:] = _renumbered(options, len(day.option))[plan[crews, 1:]]
    drive(part, state, given)
    return Territory(part, state, crews, options)


def _part(day: Day, crews: Int64, options: Int64, tasks: Int64) -> Day:
    option, places = _options(day, crews, options, tasks)
    crew, groups = _crews(day, crews, places)
    pairs = np.ix_(places, places)
    misc = day.misc[: layout.MISC].copy()
    begins = day.misc[int(misc[layout.PART_AT]) :]
    misc[layout.GROUPS] = len(groups)
    misc[layout.PART_AT] = layout.MISC + len(groups)
    misc[layout.TWINS] = crew[:, layout.TWIN].max(initial=-1) + 1
    is_priced = day.priced.shape[1] > 1
    return day._replace(
        table=np.stack([table[pairs] for table in day.table]),
        priced=np.stack([table[pairs] for table in day.priced]) if is_priced else day.priced,
        crew=crew,
        option=option,
        load=day.load[options],
        bonus=day.bonus[np.ix_(crews, options)],
        allowed=day.allowed[np.ix_(crews, options)],
        misc=np.concatenate([misc, groups, begins]),
        factor=day.factor[:, :, np.append(options, -1)] if len(day.factor) else day.factor,
    )


def _options(day: Day, crews: Int64, options: Int64, tasks: Int64) -> tuple[Int32, Int64]:
    """Rows of the options, and the places that they and the crews use, the open one last."""
    rows = day.option[options]
    here = day.crew[np.ix_(crews, [layout.START, layout.END])]
    places = np.unique(np.concatenate([rows[:, layout.PLACE], here.ravel()]))
    places = np.unique(np.append(places, day.table.shape[1] - 1))
    rows[:, layout.PLACE] = np.searchsorted(places, rows[:, layout.PLACE])
    rows[:, layout.TASK] = np.searchsorted(tasks, rows[:, layout.TASK])
    number = _renumbered(options, len(day.option))
    following = rows[:, layout.NEXT]
    rows[:, layout.NEXT] = np.where(following < 0, -1, number[following])
    first, count = int(day.misc[layout.NEAR_AT]), int(day.misc[layout.NEAR])
    near = number[rows[:, first : first + count]]
    # What lies outside goes behind what lies inside, and is written over by the option itself.
    order = np.argsort(near < 0, axis=1, kind="stable")
    near = np.take_along_axis(near, order, axis=1)
    own = np.arange(len(options))[:, None]
    rows[:, first : first + count] = np.where(near < 0, own, near)
    return rows, places.astype(np.int64)


def _crews(day: Day, crews: Int64, places: Int64) -> tuple[Int64, Int64]:
    """Rows of the crews, and how many crews of the part each balance group has."""
    rows = day.crew[crews]
    for column in (layout.START, layout.END):
        rows[:, column] = np.searchsorted(places, rows[:, column])
    rows[:, layout.TWIN] = np.unique(rows[:, layout.TWIN], return_inverse=True)[1]
    grouped = rows[:, layout.GROUP] >= 0
    names, number = np.unique(rows[grouped, layout.GROUP], return_inverse=True)
    rows[grouped, layout.GROUP] = number
    return rows, np.bincount(number, minlength=len(names)).astype(np.int64)


def _renumbered(numbers: Int64, count: int) -> Int64:
    """By number in the whole, the number in the part; -1 for what is not in it."""
    new = np.full(count, -1, dtype=np.int64)
    new[numbers] = np.arange(len(numbers))
    return new
