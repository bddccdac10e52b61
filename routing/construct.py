"""First plans: insertion by regret, which keeps every hard rule at every step.

Required tasks go in by regret (Potvin and Rousseau 1993): first the one that would lose most by
waiting. Optional ones follow by what they are worth, in three orders.
A required task that finds no room takes the place of optional ones.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.crews import Ints
from routing.draft import Draft
from routing.insertion import NO_FIT, Lane
from routing.tables import Tables

type Appeal = Callable[[Draft, Ints, Ints, Ints], NDArray[Any]]
"""Which optional task first: from the draft, tasks, best and second-best price; most wins."""

_RESCUE_ROUNDS = 8
"""Rebuilds with the stuck required tasks first, before they are given up."""


def construct(tables: Tables, is_over: Callable[[], bool] = lambda: False) -> list[Draft]:
    """Build plans that keep every hard rule.

    Parameters
    ----------
    tables
        The problem.
    is_over
        Asked between orders; the first one is always finished.

    Returns
    -------
    list of Draft
        One for each order, best first.
    """
    base = _with_required(tables, is_over)
    drafts: list[Draft] = []
    for appeal in (_by_worth_a_second, _by_worth, _by_regret):
        draft = Draft(tables, base.routes)
        fill(draft, appeal)
        _make_room(draft)
        drafts.append(draft)
        if is_over():
            break
    return sorted(drafts, key=lambda draft: draft.total)


def complete(tables: Tables, routes: Sequence[Sequence[int]]) -> Draft:
    """Take over feasible routes and add whatever still pays.

    Parameters
    ----------
    tables
        The problem.
    routes
        Task indexes by vehicle. Infeasible routes are emptied and filled anew.
    """
    draft = Draft(tables)
    for vehicle, route in enumerate(routes):
        draft.lanes[vehicle].replace(route)
        if not draft.lanes[vehicle].is_feasible or not tables.allowed[vehicle, list(route)].all():
            draft.lanes[vehicle].replace([])
    draft = Draft(tables, draft.routes)
    fill(draft, _by_worth)
    _make_room(draft)
    return draft


def fill(draft: Draft, appeal: Appeal | None = None) -> None:
    """Insert tasks until none fits or pays: required first, then optional ones by appeal."""
    while True:
        chosen = _next_required(draft)
        if chosen is None and appeal is not None:
            chosen = _next_optional(draft, appeal)
        if chosen is None:
            return
        draft.insert(*chosen)


def _with_required(tables: Tables, is_over: Callable[[], bool]) -> Draft:
    """The required tasks placed; the stuck ones of one round go first in the next."""
    first: list[int] = []
    best: Draft | None = None
    for _ in range(_RESCUE_ROUNDS):
        draft = Draft(tables)
        for task in first:
            vehicle = int(draft.price[:, task].argmin())
            if draft.price[vehicle, task] < NO_FIT:
                draft.insert(task, vehicle)
        fill(draft)
        if best is None or draft.total < best.total:
            best = draft
        stuck = [int(task) for task in np.flatnonzero(draft.out & tables.required)]
        if not stuck or set(stuck) <= set(first) or is_over():
            break
        first = stuck + [task for task in first if task not in stuck]
    assert best is not None  # noqa: S101
    return best


def _next_required(draft: Draft) -> tuple[int, int] | None:
    tasks = np.flatnonzero(draft.out & draft.tables.required)
    tasks = tasks[(draft.price[:, tasks] < NO_FIT).any(axis=0)] if len(tasks) else tasks
    if not len(tasks):
        return None
    best, second = _two_best(draft, tasks)
    positions = draft.tables.position[tasks]
    order = np.lexsort((best, best - second, np.where(positions, positions, NO_FIT)))
    task = int(tasks[order[0]])
    return task, int(draft.price[:, task].argmin())


def _next_optional(draft: Draft, appeal: Appeal) -> tuple[int, int] | None:
    tasks = np.flatnonzero(draft.out & ~draft.tables.required)
    if not len(tasks) or not len(draft.lanes):
        return None
    best, second = _two_best(draft, tasks)
    pays = best < draft.tables.weight[tasks]
    if not pays.any():
        return None
    tasks, best, second = tasks[pays], best[pays], second[pays]
    task = int(tasks[appeal(draft, tasks, best, second).argmax()])
    return task, int(draft.price[:, task].argmin())


def _two_best(draft: Draft, tasks: Ints) -> tuple[Ints, Ints]:
    prices = draft.price[:, tasks]
    if len(prices) == 1:
        return prices[0], np.full(len(tasks), NO_FIT, dtype=np.int64)
    two = np.partition(prices, 1, axis=0)[:2]
    return two[0], two[1]


def _by_worth(draft: Draft, tasks: Ints, best: Ints, _second: Ints) -> Ints:
    return draft.tables.weight[tasks] - best


def _by_worth_a_second(draft: Draft, tasks: Ints, best: Ints, _second: Ints) -> NDArray[Any]:
    tables = draft.tables
    seconds = np.maximum(best, 0) / tables.grain + tables.service[0, tasks] + 60
    worth: NDArray[Any] = (tables.weight[tasks] - best) / seconds
    return worth


def _by_regret(draft: Draft, tasks: Ints, best: Ints, second: Ints) -> Ints:
    weight = draft.tables.weight[tasks]
    return np.minimum(second, weight) - best + (weight - best) // 2


def _make_room(draft: Draft) -> None:
    """Let each stuck required task push optional ones out of the route where that costs least."""
    for task in np.flatnonzero(draft.out & draft.tables.required):
        offers = [
            (offer, int(vehicle))
            for vehicle in np.flatnonzero(draft.tables.allowed[:, task])
            if (offer := _push_out(draft, int(task), int(vehicle))) is not None
        ]
        if not offers:
            continue
        (_, removed), vehicle = min(offers)
        draft.remove(removed, vehicle)
        if draft.price[vehicle, task] < NO_FIT:
            draft.insert(int(task), vehicle)
        fill(draft, _by_worth)


def _push_out(draft: Draft, task: int, vehicle: int) -> tuple[int, list[int]] | None:
    """The least worthy optional tasks to remove so that a required one fits, and their weight."""
    tables = draft.tables
    lane = Lane(tables, tables.crews[vehicle], draft.lanes[vehicle].route)
    optional = [other for other in lane.route if not tables.required[other]]
    removed: list[int] = []
    for other in sorted(optional, key=lambda index: int(tables.weight[index])):
        removed.append(other)
        lane.replace([kept for kept in lane.route if kept != other])
        if not lane.is_feasible:
            return None
        if int(lane.prices(np.array([task])).min()) < NO_FIT:
            return int(tables.weight[removed].sum()), removed
    return None
