"""Why each vehicle does not serve a task: the first rule that a real insertion runs into."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from routing.constraints import BLOCKING
from routing.crews import Ints
from routing.gaps import NO_FIT, Gaps, Rule
from routing.problem import Task, Vehicle
from routing.solution import Reason, ReasonCode
from routing.tables import Bools, Tables

type Codes = NDArray[np.object_]

DETAILS = {
    ReasonCode.OUT_OF_REACH: "even alone, at any hour, the way there and back takes longer than the shift",
    ReasonCode.OUTSIDE_SHIFT: "even alone it cannot be reached in its windows within the shift",
    ReasonCode.BEYOND_LATEST_END: "even alone it would be over later than it may",
    ReasonCode.BREAK_IN_THE_WAY: "even alone it leaves no room for the vehicle's breaks",
    ReasonCode.BEYOND_CAPACITY: "its load and what else is on board exceed the capacity",
    ReasonCode.BEYOND_MAX_TASKS: "the vehicle already serves as many tasks as it may",
    ReasonCode.BEYOND_MAX_TRAVEL_TIME: "it would take the vehicle beyond its travel time",
    ReasonCode.BEYOND_MAX_DISTANCE: "it would take the vehicle beyond its distance",
    ReasonCode.BEYOND_MAX_DURATION: "it would make the vehicle's tour longer than it may be",
    ReasonCode.NO_TIME_LEFT: "it fits no place between the tasks that the vehicle serves",
    ReasonCode.LOCK_POSITION: "every free place would move a task from its promised position",
    ReasonCode.MUST_NOT_BE_FIRST: "the only free place is the first, which a task must not have",
    ReasonCode.MUST_NOT_BE_LAST: "the only free place is the last, which a task must not have",
    ReasonCode.NOT_WORTH_ITS_COST: "the cheapest place costs more than leaving it out",
    ReasonCode.NOT_FOUND_IN_TIME: "a place exists; the plan was made without it",
}

type Chain = tuple[tuple[ReasonCode, Rule | None], ...]

_ALONE: Chain = (
    (ReasonCode.OUT_OF_REACH, Rule.WINDOWS),
    (ReasonCode.OUTSIDE_SHIFT, Rule.LATEST_END),
    (ReasonCode.BEYOND_LATEST_END, Rule.BREAKS),
    (ReasonCode.BREAK_IN_THE_WAY, Rule.LOAD),
    (ReasonCode.BEYOND_CAPACITY, Rule.MAX_TRAVEL_TIME),
    (ReasonCode.BEYOND_MAX_TRAVEL_TIME, Rule.MAX_DISTANCE),
    (ReasonCode.BEYOND_MAX_DISTANCE, Rule.MAX_DURATION),
    (ReasonCode.BEYOND_MAX_DURATION, None),
)
"""Told where a task does not fit even with the rule beside it and all later ones left out."""

_NOT_ALONE = (Rule.MAX_TASKS, Rule.POSITION, Rule.NOT_FIRST, Rule.NOT_LAST)
"""Rules about the company of a task, not looked at while it is alone."""

_BESIDE: Chain = (
    (ReasonCode.NO_TIME_LEFT, Rule.LOAD),
    (ReasonCode.BEYOND_CAPACITY, Rule.MAX_TRAVEL_TIME),
    (ReasonCode.BEYOND_MAX_TRAVEL_TIME, Rule.MAX_DISTANCE),
    (ReasonCode.BEYOND_MAX_DISTANCE, Rule.MAX_DURATION),
    (ReasonCode.BEYOND_MAX_DURATION, Rule.POSITION),
    (ReasonCode.LOCK_POSITION, Rule.NOT_FIRST),
    (ReasonCode.MUST_NOT_BE_FIRST, Rule.NOT_LAST),
    (ReasonCode.MUST_NOT_BE_LAST, None),
)
"""The same beside what the vehicle serves."""


def reasons_of(tables: Tables, gaps: Gaps, tasks: Sequence[int]) -> list[tuple[Reason, ...]]:
    """For each task its reasons, one for each vehicle.

    Parameters
    ----------
    tables
        The problem.
    gaps
        The gaps of the plan.
    tasks
        Indexes of tasks that the plan leaves out.
    """
    codes = _codes(tables, gaps, tasks)
    vehicles = tables.problem.vehicles
    told = []
    for row, index in enumerate(tasks):
        task = tables.problem.tasks[index]
        told.append(
            tuple(
                _barred(vehicle, task) or _reason(vehicle, task, codes[row, column])
                for column, vehicle in enumerate(vehicles)
            )
        )
    return told


def _barred(vehicle: Vehicle, task: Task) -> Reason | None:
    for rule in BLOCKING:
        reason: Reason | None = rule.blocks(vehicle, task)
        if reason is not None:
            return reason
    return None


def _reason(vehicle: Vehicle, task: Task, code: ReasonCode) -> Reason:
    return Reason(code=code, vehicle=vehicle.id, source=task.source, detail=DETAILS[code])


def _codes(tables: Tables, gaps: Gaps, tasks: Sequence[int]) -> Codes:
    """Task by vehicle."""
    best = best_prices(tables, gaps, tasks)
    codes: Codes = np.full(best.shape, None, dtype=np.object_)
    codes[best < NO_FIT] = ReasonCode.NOT_FOUND_IN_TIME
    worth = tables.weight[list(tasks)][:, None]
    codes[(best < NO_FIT) & (best >= worth)] = ReasonCode.NOT_WORTH_ITS_COST
    for code, fits in _levels(tables, gaps, tasks):
        undecided = np.equal(codes, None)  # type: ignore[call-overload]
        if not undecided.any():
            break
        codes[undecided & ~fits()] = code
    return codes


def _levels(
    tables: Tables, gaps: Gaps, tasks: Sequence[int]
) -> Iterator[tuple[ReasonCode, Callable[[], Bools]]]:
    """Reasons in the order in which they count, with where their rules and all before are kept."""
    alone = gaps.alone()
    for code, out in _left_out(_ALONE):
        yield code, partial(_fits, tables, alone, tasks, (*out, *_NOT_ALONE))
    yield ReasonCode.BEYOND_MAX_TASKS, partial(_has_room, tables, gaps, len(tasks))
    for code, out in _left_out(_BESIDE):
        yield code, partial(_fits, tables, gaps, tasks, out)


def _left_out(chain: Chain) -> Iterator[tuple[ReasonCode, tuple[Rule, ...]]]:
    for number, (code, _) in enumerate(chain):
        yield code, tuple(rule for _, rule in chain[number:] if rule is not None)


def _fits(tables: Tables, gaps: Gaps, tasks: Sequence[int], out: tuple[Rule, ...]) -> Bools:
    fits: Bools = best_prices(tables, gaps.without(*out), tasks) < NO_FIT
    return fits


def _has_room(tables: Tables, gaps: Gaps, count: int) -> Bools:
    most = np.array([crew.max_tasks for crew in tables.crews])
    return np.tile(gaps.lengths < most, (count, 1))


def best_prices(tables: Tables, gaps: Gaps, tasks: Sequence[int]) -> Ints:
    """Task by vehicle: the least that an insertion adds, at any of the task's places."""
    options = [option for task in tasks for option in tables.options_of[task]]
    prices = gaps.prices(options).min(axis=2)
    starts = np.cumsum([0, *(len(tables.options_of[task]) for task in tasks[:-1])])
    best: Ints = np.minimum.reduceat(prices, starts, axis=0)
    return best
