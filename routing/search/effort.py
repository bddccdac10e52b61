"""How hard a search tries, by the structure of the day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.problem import Objective
from routing.search import layout
from routing.search.layout import Day
from routing.tables import Tables

_NEAR = 5
"""Nearest options whose legs are typical ones."""
_HOT_LEGS, _HOT_WORTH, _MANY, _FEW = 20.0, 0.3, 150, 12
"""First temperature, in typical legs of a day of at most so many tasks, or so many routes, and in
mean weights of optional tasks. With more of them fewer iterations fall to each, and fewer legs do
better. Where there is nothing to choose, the number of routes tells better: 3 for the hundred short ones
of Gehring and Homberger's R1 with 1,000 customers, 9 for the twenty-six long ones of RC2."""
_COOLING, _COLD_LEGS = 0.01, 0.08
"""Last temperature, as a part of the first and in typical legs."""
_WARM = 0.02
"""First temperature of a search that begins with a good plan, as a part of the usual one."""
_SMALL, _LARGE = 200, 30
"""Up to so many tasks single ones are scattered; a day of more tasks and so many crews is a large one."""
_WARM_SHARED, _WARM_OFFERED, _WARM_REACH = 8, 20.0, 30
"""A search that begins with a good plan has little time: threads share the plan from so many crews on,
and an iteration looks at so many unserved tasks and near options."""
_REMOVED, _OFFERED = 12.0, 25.0
_CYCLE_PER_TASK = 800
_REACH = 40
_EAGERNESS = 1.5
"""How many times their weight optional tasks are worth at first where vehicles stay at home although tasks wait."""
_LONG, _LONG_REMOVED = 500, 18.0
"""From so many tasks on, few crews have long routes: cooled once, only near routes tried, and more taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Sizes of the ruin and temperatures.

    Parameters
    ----------
    hot, cold
        First and last temperature, in grains.
    mean_removed, longest
        Tasks taken out by an iteration on average; longest string of them.
    offered
        Unserved tasks offered by an iteration, those nearest to its seed.
    reach
        Nearest options in whose routes a task is tried; 0 tries all routes.
    scattered
        Share of the ruins that take single tasks anywhere.
    tails
        Share of the iterations that first try to let tails of two routes change places.
    cycle
        Iterations that one cooling needs; 0 for a single one, however long.
    eagerness
        How many times their weight optional tasks are worth when a single cooling begins.
    is_shared
        Whether threads improve parts of one plan; else each improves a plan of its own. Parts pay where
        there is much to choose from; where all must be served, and routes lie across each other, they
        end worse than a whole plan with half the iterations.
    """

    hot: float
    cold: float
    mean_removed: float = _REMOVED
    longest: float = 8.0
    offered: float = _OFFERED
    reach: int = 0
    scattered: float = 0.0
    tails: float = 0.0
    cycle: int = 0
    eagerness: float = 1.0
    is_shared: bool = False


def effort_for(
    tables: Tables,
    day: Day,
    *,
    is_warm: bool = False,
    first: Sequence[Sequence[int]] | None = None,
) -> Effort:
    """The effort that suits a day.

    Parameters
    ----------
    tables, day
        The day.
    is_warm
        Whether the first plan is a good one already: then the search begins cool, and once.
    first
        Options by crew of the first plan, where there is one.
    """
    tasks, crews = tables.task_count, len(day.crew)
    has_choice = not tables.required.all()
    is_large = crews >= _LARGE and tasks > _SMALL
    is_long = not is_large and tasks >= _LONG
    routes = crews if first is None else sum(map(bool, first))
    is_waiting = first is not None and sum(map(len, first)) < tasks
    few = _MANY / tasks if has_choice else _FEW / max(1, routes)
    leg = _leg(day)
    hot = max(1.0, _HOT_LEGS * min(1.0, few) * leg, _HOT_WORTH * _worth(tables))
    cold = max(_COOLING * hot, min(hot, _COLD_LEGS * leg))
    if is_warm:
        return Effort(
            hot=hot * _WARM,
            cold=_COOLING * hot,
            offered=_WARM_OFFERED,
            reach=_WARM_REACH if crews >= _WARM_SHARED else 0,
            is_shared=crews >= _WARM_SHARED,
        )
    return Effort(
        hot=hot,
        cold=cold,
        mean_removed=_LONG_REMOVED if is_long else _REMOVED,
        reach=_REACH if is_large or is_long else 0,
        scattered=0.1 if tasks <= _SMALL else 0.0,
        tails=1.0 if is_long or not has_choice else 0.0,
        cycle=0 if is_large or is_long else _CYCLE_PER_TASK * tasks,
        eagerness=_EAGERNESS if is_waiting and routes < crews and not is_large else 1.0,
        is_shared=is_large and has_choice,
    )


def _leg(day: Day) -> float:
    """Mean grains of the legs to the nearest options."""
    first = int(day.misc[layout.NEAR_AT])
    near = day.option[:, first + 1 : first + 1 + min(_NEAR, int(day.misc[layout.NEAR]) - 1)]
    if near.shape[1] == 0:
        return 0.0
    here, there = day.option[:, layout.PLACE][:, None], day.option[near, layout.PLACE]
    row = day.crew[0]
    if row[layout.PRICED] >= 0:
        return float(day.priced[row[layout.PRICED], here, there].mean())
    seconds = day.table[row[layout.TABLE], here, there].astype(np.float64)
    price = row[layout.PER_SECOND] * seconds
    if row[layout.PER_METRE] > 0:
        price += row[layout.PER_METRE] * day.table[row[layout.METRES], here, there]
    return float(price.mean())


def _worth(tables: Tables) -> float:
    """Mean weight of the optional tasks; 0 where priorities come before any cost."""
    optional = tables.weight[~tables.required]
    if tables.problem.objective is Objective.PRIORITIES or not len(optional):
        return 0.0
    return float(optional.mean())
