"""How good a plan is, as one whole number: what a search other than our own is judged by."""

from collections.abc import Sequence

import numpy as np

from routing.crews import Crew
from routing.evaluate import evaluate
from routing.soft import unevenness
from routing.tables import Tables

type Routes = list[list[int]]
"""Option indexes by vehicle."""


class Merit:
    """Judges plans of one problem; routes that it has met before cost nothing.

    Parameters
    ----------
    tables
        The problem.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[int, ...], int | None] = {}

    def total(self, routes: Sequence[Sequence[int]]) -> int | None:
        """Grains of a plan, unserved tasks and balance included; None where a rule is broken."""
        tables = self._tables
        total, out = 0, np.ones(tables.task_count, dtype=np.bool_)
        for crew, route in zip(tables.crews, routes, strict=True):
            if not route:
                continue
            own = self._route(crew, route)
            if own is None:
                return None
            total += own
            out[tables.task_of[list(route)]] = False
        uneven = unevenness(tables, [len(route) for route in routes])
        return total + int(tables.weight[out].sum()) + uneven * tables.grain

    def mended(self, routes: Sequence[Sequence[int]]) -> Routes:
        """The same routes without the options that the clock cannot keep, in order."""
        held = []
        for crew, route in zip(self._tables.crews, routes, strict=True):
            kept = list(route)
            if kept and self._route(crew, kept) is None:
                kept = []
                for option in route:
                    if self._route(crew, [*kept, option]) is not None:
                        kept.append(option)
            held.append(kept)
        return held

    def _route(self, crew: Crew, route: Sequence[int]) -> int | None:
        key = (crew.index, *route)
        if key not in self._known:
            grains = evaluate(self._tables, crew, route)
            bonus = int(self._tables.bonus[crew.index, list(route)].sum())
            self._known[key] = None if grains is None else grains - bonus
        return self._known[key]
