"""Why tasks are left out: for each vehicle the rule that a real insertion runs into."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from routing.constraints import BLOCKING
from routing.crews import Crew, Ints, Move
from routing.insertion import Lane
from routing.problem import Problem, Task, Vehicle
from routing.record import routes_of
from routing.solution import Reason, ReasonCode, Solution, Unassigned
from routing.tables import Tables, tables_of
from routing.validate import ensure_valid

_DETAILS = {
    ReasonCode.OUTSIDE_SHIFT: "even alone it cannot be reached in its windows within the shift",
    ReasonCode.BREAK_IN_THE_WAY: "even alone it leaves no room for the vehicle's breaks",
    ReasonCode.BEYOND_MAX_TASKS: "the vehicle already serves as many tasks as it may",
    ReasonCode.BEYOND_MAX_TRAVEL_TIME: "it would take the vehicle beyond its travel time",
    ReasonCode.BEYOND_MAX_DISTANCE: "it would take the vehicle beyond its distance",
    ReasonCode.LOCK_POSITION: "every free place would move a task from its promised position",
    ReasonCode.NO_TIME_LEFT: "it fits no place between the tasks that the vehicle serves",
    ReasonCode.NOT_WORTH_ITS_COST: "the cheapest place costs more than leaving it out",
    ReasonCode.NOT_FOUND_IN_TIME: "a place exists; the plan was made without it",
}


def explain(problem: Problem, solution: Solution) -> tuple[Unassigned, ...]:
    """Give every unassigned task its reasons, one for each vehicle.

    Parameters
    ----------
    problem
        What was to be planned.
    solution
        A plan that `check` finds no fault with.

    Returns
    -------
    tuple of Unassigned
        In the order of the solution's own list. Each reason is the first rule that an insertion
        into that vehicle's tour runs into, tried for real.

    Raises
    ------
    InvalidProblem
        When the problem itself makes no sense.
    """
    ensure_valid(problem)
    tables = tables_of(problem)
    names = {task.id: index for index, task in enumerate(problem.tasks)}
    left = [entry for entry in solution.unassigned if entry.task in names]
    indexes = np.array([names[entry.task] for entry in left], dtype=np.int64)
    if not left:
        return ()
    told = [
        _of_vehicle(tables, crew, route, indexes)
        for crew, route in zip(tables.crews, routes_of(tables, solution), strict=True)
    ]
    return tuple(
        replace(entry, reasons=tuple(reasons[row] for reasons in told))
        for row, entry in enumerate(left)
    )


def _of_vehicle(tables: Tables, crew: Crew, route: list[int], tasks: Ints) -> list[Reason]:
    vehicle = tables.problem.vehicles[crew.index]
    barred = [_barred(vehicle, tables.problem.tasks[task]) for task in tasks]
    codes = _codes(tables, crew, route, tasks)
    return [
        reason
        or Reason(
            code=code,
            vehicle=vehicle.id,
            source=tables.problem.tasks[task].source,
            detail=_DETAILS[code],
        )
        for reason, code, task in zip(barred, codes, tasks, strict=True)
    ]


def _barred(vehicle: Vehicle, task: Task) -> Reason | None:
    for rule in BLOCKING:
        reason: Reason | None = rule.blocks(vehicle, task)
        if reason is not None:
            return reason
    return None


def _codes(tables: Tables, crew: Crew, route: list[int], tasks: Ints) -> Iterator[ReasonCode]:
    """The first rule in the way of each task: alone, then beside the tour."""
    alone, lane = Lane(tables, crew), Lane(tables, crew, route)
    restless = Lane(tables, replace(crew, rests=(), moves=_no_breaks(crew)))
    fits_restless = restless.fits(tasks).any(axis=1)
    fits_alone = alone.fits(tasks).any(axis=1)
    clock, positions = lane.fits(tasks), lane.keeps_positions(tasks)
    by_time = lane.within_travel_time(tasks)
    by_distance = lane.within_distance(tasks)
    pays = (lane.prices(tasks) < tables.weight[tasks][:, None]).any(axis=1)
    for row in range(len(tasks)):
        open_at = clock[row]
        steps = (
            (ReasonCode.OUTSIDE_SHIFT, fits_restless[row]),
            (ReasonCode.BREAK_IN_THE_WAY, fits_alone[row]),
            (ReasonCode.BEYOND_MAX_TASKS, len(route) < crew.max_tasks),
            (ReasonCode.NO_TIME_LEFT, open_at.any()),
            (ReasonCode.BEYOND_MAX_TRAVEL_TIME, (open_at & by_time[row]).any()),
            (ReasonCode.BEYOND_MAX_DISTANCE, (open_at & by_time[row] & by_distance[row]).any()),
            (
                ReasonCode.LOCK_POSITION,
                (open_at & by_time[row] & by_distance[row] & positions[row]).any(),
            ),
            (ReasonCode.NOT_WORTH_ITS_COST, pays[row]),
        )
        yield next((code for code, passed in steps if not passed), ReasonCode.NOT_FOUND_IN_TIME)


def _no_breaks(crew: Crew) -> tuple[Move, ...]:
    return tuple(move for move in crew.moves if move.origin == move.target == 0)
