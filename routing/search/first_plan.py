"""The first plan of a search: constructed greedily, or completed from given routes."""

import numpy as np

from routing.search import layout
from routing.search.acts import anneal, construct, drive
from routing.search.effort import Effort
from routing.search.layout import Day, Int32, State
from routing.tables import Tables
from routing.timing import time_route

_LAVISH = 30
"""How many times its worth a task may cost in a plan that is tried where routes stay unused."""
_SLICE = 16
"""Iterations that smooth a plan, before somebody looks at it."""
_SLICES, _MOST_SLICES = 10, 100
"""Of a new plan: always, and while required tasks are unserved."""
_CALM_SLICES, _STEERED_SLICES = 10, 40
"""For required tasks that a given plan leaves out: near it, then at any cost."""


class FirstPlan:
    """Makes first plans of a day.

    Parameters
    ----------
    tables, day
        The day.
    effort
        How hard to try where required tasks are unserved.
    """

    def __init__(self, tables: Tables, day: Day, effort: Effort) -> None:
        self._tables = tables
        self._day = day
        self._effort = effort
        self._order = _order(tables)
        self._times = 0

    def make(self, state: State) -> None:
        """Construct a plan of a thread, and smooth it."""
        if not self._times:
            self._times = self._tried(state)
        self._construct(self._day, state, self._order)
        self._settle(state, least=_SLICES)

    def anew(self, day: Day, state: State, random: np.random.Generator) -> None:
        """Construct another plan, with optional tasks in another order and worth what `day` says."""
        order = self._order.copy()
        must = int(self._tables.required.sum())
        order[must:] = random.permutation(order[must:])
        self._construct(day, state, order)

    def complete(self, state: State, given: Int32) -> Int32:
        """Complete given routes, laid out like `State.best`; the best plan found."""
        drive(self._day, state, given)
        construct(self._day, state, self._order, 1)
        state.tally[layout.IS_STEERED] = 0
        if self._is_hopeful(state):
            self._settle(state, most=_CALM_SLICES)
            state.tally[layout.IS_STEERED] = 1
            self._settle(state, most=_STEERED_SLICES)
            state.tally[layout.IS_STEERED] = 0
        return state.best.copy()

    def _tried(self, state: State) -> int:
        """How many times its worth a task may cost in a new plan.

        Where vehicles stay at home although tasks wait, none of these may pay the way there alone,
        and many of them together.
        """
        reached = {}
        for times in (1, _LAVISH):
            self._times = times
            self._construct(self._day, state, self._order)
            is_idle = bool((state.sums[0, :, layout.LENGTH] == 0).any())
            if times == 1 and not (is_idle and state.tally[layout.POOL]):
                return times
            self._settle(state, least=_SLICES)
            reached[times] = int(state.tally[layout.NOW])
        return min(reached, key=lambda times: reached[times])

    def _construct(self, day: Day, state: State, order: Int32) -> None:
        drive(day, state, np.zeros_like(state.best))
        construct(day, state, order, max(1, self._times))

    def _settle(self, state: State, *, least: int = 0, most: int = _MOST_SLICES) -> None:
        """Smooth the plan by so many slices, and find room for required tasks that it leaves out."""
        for number in range(most):
            if number >= least and state.tally[layout.MISSING] == 0:
                return
            anneal(self._day, state, _SLICE, self._effort.cold, self._effort)

    def _is_hopeful(self, state: State) -> bool:
        """Whether some missing required task could be served by a vehicle that had nothing else."""
        tables = self._tables
        missing = tables.required & (state.task[:, layout.ROUTE] < 0)
        return any(
            crew.max_tasks > 0
            and tables.allowed[crew.index, option]
            and time_route(tables, crew, [option]) is not None
            for task in np.flatnonzero(missing)
            for option in tables.options_of[task]
            for crew in tables.crews
        )


def _order(tables: Tables) -> Int32:
    """Required tasks by last start, promised positions first, then optional ones by worth."""
    closes = tables.closes.max(axis=1)[: tables.task_count]
    position = tables.position[: tables.task_count]
    must = np.flatnonzero(tables.required)
    other = np.flatnonzero(~tables.required)
    promised = np.where(position[must] > 0, position[must], layout.INF)
    must = must[np.lexsort((closes[must], promised))]
    other = other[np.argsort(-tables.weight[other], kind="stable")]
    return np.concatenate([must, other]).astype(np.int32)[:, None]
