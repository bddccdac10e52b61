"""Every place in a plan where one more task could go, priced by the compiled clock.

Rules can be left out, to see which one is in the way.
"""

from collections.abc import Sequence
from copy import copy
from enum import Enum, auto

import numpy as np

from routing.crews import Ints
from routing.search import layout
from routing.search.acts import drive
from routing.search.build import build_day
from routing.search.empty_plan import new_state
from routing.search.layout import Day
from routing.search.offer import PRICES, SPANS, offer
from routing.tables import Bools, Tables
from routing.units import UNREACHED

NO_FIT = layout.NEVER
"""The price of an insertion that breaks a rule."""

_BEYOND = layout.INF - 1
"""More tasks, seconds or metres than any bound."""


class Rule(Enum):
    """Rules that can be left out."""

    PERMISSION = auto()
    MAX_TASKS = auto()
    LOAD = auto()
    MAX_TRAVEL_TIME = auto()
    MAX_DISTANCE = auto()
    MAX_DURATION = auto()
    BREAKS = auto()
    WINDOWS = auto()
    LATEST_END = auto()
    POSITION = auto()
    NOT_FIRST = auto()
    NOT_LAST = auto()


class Gaps:
    """The gaps of a plan.

    Parameters
    ----------
    tables
        A valid problem with at least one task.
    routes
        Options by vehicle. One that breaks a rule counts as empty; see `kept`.
    """

    def __init__(self, tables: Tables, routes: Sequence[Sequence[int]]) -> None:
        self.tables = tables
        self._routes = routes
        self._origin_s = min(crew.shift_start_s for crew in tables.crews)
        self._adopt(build_day(tables, neighbours=1))

    def _adopt(self, day: Day) -> None:
        self._day = day
        self._state = new_state(self.tables, day, 0)
        given = np.zeros_like(self._state.best)
        for crew, route in enumerate(self._routes):
            if len(route) < given.shape[1]:
                given[crew, 0] = len(route)
                given[crew, 1 : 1 + len(route)] = route
        drive(day, self._state, given)
        self._longest = int(given[:, 0].max(initial=0))

    @property
    def kept(self) -> Bools:
        """By vehicle: whether its route keeps every rule."""
        kept: Bools = self.lengths == [len(route) for route in self._routes]
        return kept

    @property
    def lengths(self) -> Ints:
        """By vehicle: number of tasks."""
        lengths: Ints = self._state.sums[0, :, layout.LENGTH].copy()
        return lengths

    def alone(self) -> "Gaps":
        """The gaps of vehicles that serve nothing."""
        return self._like([()] * len(self._routes), self._day)

    def without(self, *rules: Rule, options: Sequence[int] | None = None) -> "Gaps":
        """The same gaps where some rules do not hold.

        Rules of tasks are left out for the given options only; None is all of them.
        """
        rows = slice(None) if options is None else list(options)
        day = _without(self.tables, self._day, frozenset(rules), rows)
        return self._like(self._routes, day)

    def _like(self, routes: Sequence[Sequence[int]], day: Day) -> "Gaps":
        other = copy(self)
        other._routes = routes  # noqa: SLF001
        other._adopt(day)  # noqa: SLF001
        return other

    def prices(self, options: Sequence[int]) -> Ints:
        """What inserting each option adds to the cost, in grains.

        Returns
        -------
        int64 array of shape (options, vehicles, gaps)
            `NO_FIT` where a rule would be broken or the route has no such gap; gap 0 is before the
            first task. Bonuses are taken off, weights are not.
        """
        asked = np.array(options, dtype=np.int64).reshape(-1, 1)
        shape = (len(asked), len(self.tables.crews), self._longest + 1)
        price = np.empty(shape, dtype=np.int64)
        offer(self._day, self._state, PRICES, asked, price)
        return price

    def spans(self, option: int, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """First and last second at which an option can begin, by vehicle and gap that fit it."""
        day = _open_ended(self.tables, self._day, self._origin_s)
        row = day.option[option]
        windows = row[layout.WINDOW : layout.WINDOW + 2 * int(row[layout.WINDOWS])]
        asked = np.array([[option, *place, *windows] for place in places], dtype=np.int64)
        found = np.empty((len(places), 1, 2), dtype=np.int64)
        if len(places):
            offer(day, self._state, SPANS, asked, found)
        return [(int(a) + self._origin_s, int(b) + self._origin_s) for a, b in found[:, 0]]


def _open_ended(tables: Tables, day: Day, origin_s: int) -> Day:
    """A copy of a day whose shifts and windows go on to their own ends.

    The search cuts them where every route is over that does not wait without need; who asks how
    late a task may begin does.
    """
    last = origin_s + (layout.INF >> 1)
    crew, misc = day.crew.copy(), day.misc.copy()
    crew[:, layout.TO] = [min(own.shift_end_s, last) - origin_s for own in tables.crews]
    crew[:, layout.NORMAL_TO] = [min(own.normal_end_s, last) - origin_s for own in tables.crews]
    bounds = np.stack([tables.opens, np.minimum(tables.closes, last)], axis=2) - origin_s
    windows = np.clip(bounds, -layout.INF, layout.INF).astype(np.int32)
    behind = int(day.misc[layout.SERVICE_AT])
    misc[[layout.SERVICE_AT, layout.SETUP_AT, layout.NEAR_AT]] += (
        layout.WINDOW + 2 * windows.shape[1] - behind
    )
    option = np.concatenate(
        [
            day.option[:, : layout.WINDOW],
            windows.reshape(len(windows), -1),
            day.option[:, behind:],
        ],
        axis=1,
    )
    option[:, layout.WINDOWS] = (tables.opens <= tables.closes).sum(axis=1)
    option[:, layout.OPENS] = windows[:, :, 0].min(axis=1)
    option[:, layout.CLOSES] = windows[:, :, 1].max(axis=1)
    return day._replace(crew=crew, option=np.ascontiguousarray(option), misc=misc)


_BOUNDS = {
    Rule.MAX_TASKS: layout.MAX_TASKS,
    Rule.MAX_TRAVEL_TIME: layout.MAX_TRAVEL,
    Rule.MAX_DISTANCE: layout.MAX_METRES,
    Rule.MAX_DURATION: layout.MAX_DURATION,
}
"""Columns of a vehicle that bound it."""

_TERMS = {
    Rule.POSITION: {layout.POSITION: 0},
    Rule.NOT_FIRST: {layout.NOT_FIRST: 0},
    Rule.NOT_LAST: {layout.NOT_LAST: 0},
    Rule.LATEST_END: {layout.LATEST_END: _BEYOND},
    Rule.WINDOWS: {
        layout.WINDOWS: 1,
        layout.OPENS: 0,
        layout.WINDOW: 0,
        layout.CLOSES: _BEYOND,
        layout.WINDOW + 1: _BEYOND,
    },
}
"""Columns of an option, and what they hold where a rule is left out."""


def _without(tables: Tables, day: Day, rules: frozenset[Rule], rows: slice | list[int]) -> Day:
    """A day in which some rules do not hold."""
    option = day.option.copy()
    for rule in rules:
        for column, value in _TERMS.get(rule, {}).items():
            option[rows, column] = value
    allowed = np.ones_like(day.allowed) if Rule.PERMISSION in rules else day.allowed
    return day._replace(crew=_free_crews(tables, day, rules), option=option, allowed=allowed)


def _free_crews(tables: Tables, day: Day, rules: frozenset[Rule]) -> Ints:
    """Vehicles for which some rules do not hold."""
    crew = day.crew.copy()
    for rule in rules & _BOUNDS.keys():
        crew[:, _BOUNDS[rule]] = UNREACHED
    if Rule.BREAKS in rules:
        crew[:, [layout.BREAK, layout.RESTS]] = 0
    for own in tables.crews:  # a break that cannot be taken leaves room for no task
        if any(not rest.spans for rest in own.rests):
            most = UNREACHED if Rule.MAX_TASKS in rules else own.max_tasks
            crew[own.index, layout.MAX_TASKS] = most if Rule.BREAKS in rules else 0
    if Rule.LOAD in rules:
        _lift_loads(day, crew)
    return crew


def _lift_loads(day: Day, crew: Ints) -> None:
    dimensions = int(day.misc[layout.DIMENSIONS])
    crew[:, layout.CAPACITY : layout.CAPACITY + dimensions] = UNREACHED
    first, width = int(day.misc[layout.REST_AT]), int(day.misc[layout.REST_WIDTH])
    for begin in range(first, crew.shape[1], width):
        crew[:, begin + int(day.misc[layout.REST_LOAD]) : begin + width] = UNREACHED
