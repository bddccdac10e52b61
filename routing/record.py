"""Routes of options as a solution with times and totals."""

from collections.abc import Sequence
from dataclasses import replace

from routing.problem import Problem, Task
from routing.soft import soft_cost
from routing.solution import Solution, Summary, Tour, Unassigned
from routing.tables import Tables, cost_of
from routing.timing import lay_out
from routing.uncertainty import punctuality


def record(
    tables: Tables, routes: Sequence[Sequence[int]], engine: str, notes: Sequence[str] = ()
) -> Solution | None:
    """Time routes and add them up.

    Parameters
    ----------
    tables
        The problem.
    routes
        Options by vehicle.
    engine, notes
        Who found them, and what to know about it.

    Returns
    -------
    Solution or None
        None when the clock cannot keep one of the routes. Rules without a clock are for `check`.
    """
    tours = []
    for crew, route in zip(tables.crews, routes, strict=True):
        if not len(route):
            continue
        tour = lay_out(tables, crew, route)
        if tour is None:
            return None
        tours.append(tour)
    tours, late_cost = _driven(tables.problem, tours)
    served = {int(tables.task_of[option]) for route in routes for option in route}
    tasks = tables.problem.tasks
    left = [task for index, task in enumerate(tasks) if index not in served]
    return Solution(
        tours=tuple(tours),
        unassigned=tuple(Unassigned(task=task.id, required=task.is_required) for task in left),
        summary=_summary(tables, routes, tours, left, late_cost),
        engine=engine,
        notes=tuple(notes),
    )


def routes_of(tables: Tables, solution: Solution) -> list[list[int]]:
    """Options by vehicle of a solution; tasks, places and vehicles it does not know are dropped."""
    index = {task.id: number for number, task in enumerate(tables.problem.tasks)}
    by_vehicle = {tour.vehicle: tour for tour in solution.tours}
    routes, seen = [], set()
    for vehicle in tables.problem.vehicles:
        route: list[int] = []
        tour = by_vehicle.get(vehicle.id)
        for step in tour.tasks if tour else ():
            if step.id not in index or step.id in seen:
                continue
            options = tables.options_of[index[step.id]]
            if 0 <= step.alternative < len(options):
                seen.add(step.id)
                route.append(options[step.alternative])
        routes.append(route)
    return routes


def _driven(problem: Problem, tours: list[Tour]) -> tuple[list[Tour], int]:
    """Tours with the probability that each promise is kept, and what lateness is expected to cost."""
    if problem.tuning.uncertainty is None:
        return tours, 0
    told = punctuality(problem, tours)
    driven = [
        replace(
            tour,
            steps=tuple(
                replace(step, on_time_probability=part)
                for step, part in zip(tour.steps, own.on_time, strict=True)
            ),
        )
        for tour, own in zip(tours, told, strict=True)
    ]
    return driven, sum(own.late_cost for own in told)


def _summary(
    tables: Tables,
    routes: Sequence[Sequence[int]],
    tours: Sequence[Tour],
    left: Sequence[Task],
    late_cost: int,
) -> Summary:
    tasks = tables.problem.tasks
    served = [tasks[int(tables.task_of[option])] for route in routes for option in route]
    steps = [step for tour in tours for step in tour.steps]
    cost = sum(tour.cost for tour in tours)
    return Summary(
        cost=cost,
        objective=cost - _wishes(tables, routes) + sum(task.prize for task in left),
        travel_s=sum(tour.travel_s for tour in tours),
        distance_m=sum(tour.distance_m for tour in tours),
        service_s=sum(step.service_s for step in steps),
        setup_s=sum(step.setup_s for step in steps),
        waiting_s=sum(step.waiting_s for step in steps),
        assigned=len(served),
        priority=sum(task.priority for task in served),
        prize_collected=sum(task.prize for task in served),
        required_unserved=sum(task.is_required for task in left),
        soft_cost=soft_cost(tables, routes) + late_cost,
    )


def _wishes(tables: Tables, routes: Sequence[Sequence[int]]) -> int:
    """Bonuses of granted wishes less what worse terms cost; `Tables.bonus` holds more than these."""
    tasks, vehicles = tables.problem.tasks, tables.problem.vehicles
    granted = sum(
        wish.bonus
        for vehicle, route in zip(vehicles, routes, strict=True)
        for option in route
        for wish in tasks[int(tables.task_of[option])].preferred_vehicles
        if wish.vehicle == vehicle.id
    )
    return granted - sum(
        cost_of(tasks[int(tables.task_of[option])], int(tables.alternative_of[option]))
        for route in routes
        for option in route
    )
