"""How hard a search tries, by the structure of the day."""

from dataclasses import dataclass

import numpy as np

from routing.problem import Objective
from routing.search import layout
from routing.search.layout import Day
from routing.tables import Tables

_NEAR = 5
"""Nearest options whose legs are typical ones."""
_HOT_LEGS, _HOT_WORTH, _MANY = 20.0, 0.3, 150
"""First temperature, in typical legs of a day of at most so many tasks, and in mean weights of
optional tasks. With more tasks fewer iterations fall to each, and fewer legs do better: 3 on Gehring
and Homberger's 1,000, where 20 end a twentieth worse after half a minute."""
_COOLING, _COLD_LEGS = 0.01, 0.08
"""Last temperature, as a part of the first and in typical legs."""
_WARM = 0.02
"""First temperature of a search that begins with a good plan, as a part of the usual one."""
_SMALL, _LARGE = 200, 30
"""Up to so many tasks single ones are scattered; from so many crews on threads share a plan."""
_WARM_SHARED, _WARM_POOL, _WARM_REACH = 8, 20.0, 30
"""A search that begins with a good plan has little time: threads share the plan from so many crews on,
and an iteration looks at so many unserved tasks and near options."""
_CYCLE_PER_TASK = 800
_REACH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Sizes of the ruin and temperatures.

    Parameters
    ----------
    hot, cold
        First and last temperature, in grains.
    mean_removed, longest
        Tasks taken out by an iteration on average; longest string of them.
    pool_share
        Unserved tasks offered by an iteration.
    reach
        Nearest options in whose routes an optional task is tried; 0 tries all routes.
    scattered
        Share of the ruins that take single tasks anywhere.
    cycle
        Iterations that one cooling needs; 0 for a single one, however long.
    is_shared
        Whether threads improve parts of one plan; else each improves a plan of its own.
    """

    hot: float
    cold: float
    mean_removed: float = 12.0
    longest: float = 8.0
    pool_share: float = 60.0
    reach: int = 0
    scattered: float = 0.0
    cycle: int = 0
    is_shared: bool = False


def effort_for(tables: Tables, day: Day, *, is_warm: bool = False) -> Effort:
    """The effort that suits a day.

    Parameters
    ----------
    tables, day
        The day.
    is_warm
        Whether the first plan is a good one already: then the search begins cool, and once.
    """
    tasks, crews = tables.task_count, len(day.crew)
    leg = _leg(day)
    legs = _HOT_LEGS * min(1.0, _MANY / tasks) * leg
    hot = max(1.0, legs, _HOT_WORTH * _worth(tables))
    cold = max(_COOLING * hot, min(hot, _COLD_LEGS * leg))
    if is_warm:
        return Effort(
            hot=hot * _WARM,
            cold=_COOLING * hot,
            pool_share=_WARM_POOL,
            reach=_WARM_REACH if crews >= _WARM_SHARED else 0,
            is_shared=crews >= _WARM_SHARED,
        )
    return Effort(
        hot=hot,
        cold=cold,
        reach=_REACH if crews >= _LARGE else 0,
        scattered=0.1 if tasks <= _SMALL else 0.0,
        cycle=0 if crews >= _LARGE else _CYCLE_PER_TASK * tasks,
        is_shared=crews >= _LARGE,
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
