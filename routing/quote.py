"""What a further task would cost and when it could be: slots for a promise, in milliseconds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from routing.insertion import NO_FIT, Lane
from routing.problem import Id, Problem, Task
from routing.record import routes_of
from routing.solution import Solution
from routing.tables import Tables, tables_of
from routing.validate import ensure_valid


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in a plan where a task could go without moving another task to another vehicle.

    Parameters
    ----------
    vehicle
        Who would serve it.
    position
        Its place among the vehicle's tasks, counted from 1.
    earliest_s, latest_s
        Between which seconds its setup and service may start, if nothing else is added.
    added_cost
        What the plan would cost more, in units of cost, bonus of a granted wish taken off.
    added_travel_s
        Seconds of travel that it adds.
    """

    vehicle: Id
    position: int
    earliest_s: int
    latest_s: int
    added_cost: int
    added_travel_s: int


def quote(
    problem: Problem, solution: Solution, task: Task, *, limit: int | None = None
) -> tuple[Slot, ...]:
    """Rank the places where a task could be inserted, cheapest first.

    Parameters
    ----------
    problem, solution
        The plan as it stands; it should pass `check`.
    task
        The task to place. If it is in the plan already, it is taken out first.
    limit
        At most so many slots.

    Returns
    -------
    tuple of Slot
        By added cost, then earliest start; one for each vehicle and position that fits. Empty if
        nothing does.

    Raises
    ------
    InvalidProblem
        When the problem, with the task, makes no sense.
    """
    served = {step.id for tour in solution.tours for step in tour.tasks}
    others = tuple(other for other in problem.tasks if other.id in served and other.id != task.id)
    wider = replace(problem, tasks=(*others, task))
    ensure_valid(wider)
    tables = tables_of(wider)
    routes = routes_of(tables, solution)
    mine = len(others)
    slots = sorted(
        _slots(tables, [[one for one in route if one != mine] for route in routes], mine),
        key=lambda slot: (slot.added_cost, slot.earliest_s),
    )
    return tuple(slots[:limit])


def _slots(tables: Tables, routes: list[list[int]], task: int) -> Iterator[Slot]:
    one = np.array([task])
    for crew, route in zip(tables.crews, routes, strict=True):
        if not tables.allowed[crew.index, task]:
            continue
        lane = Lane(tables, crew, route)
        if route and not lane.is_feasible:
            continue
        prices, travel = lane.prices(one)[0], lane.added_travel(one)[0]
        for position in np.flatnonzero(prices < NO_FIT):
            earliest, latest = lane.span_at(task, int(position))
            yield Slot(
                vehicle=tables.problem.vehicles[crew.index].id,
                position=int(position) + 1,
                earliest_s=earliest,
                latest_s=latest,
                added_cost=int(prices[position]) // tables.grain,
                added_travel_s=int(travel[position]),
            )
