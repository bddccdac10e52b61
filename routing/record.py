"""Routes of task indexes as a solution with times and totals."""

from collections.abc import Sequence

from routing.solution import Solution, Summary, Tour, Unassigned
from routing.tables import Tables
from routing.timing import lay_out


def record(
    tables: Tables, routes: Sequence[Sequence[int]], engine: str, notes: Sequence[str] = ()
) -> Solution | None:
    """Time routes and add them up.

    Parameters
    ----------
    tables
        The problem.
    routes
        Task indexes by vehicle.
    engine, notes
        Who found them, and what to know about it.

    Returns
    -------
    Solution or None
        None when the clock cannot keep one of the routes.
    """
    tours = []
    for crew, route in zip(tables.crews, routes, strict=True):
        if not route:
            continue
        tour = lay_out(tables, crew, route)
        if tour is None:
            return None
        tours.append(tour)
    served = {task for route in routes for task in route}
    tasks = tables.problem.tasks
    return Solution(
        tours=tuple(tours),
        unassigned=tuple(
            Unassigned(task=task.id, required=task.is_required)
            for index, task in enumerate(tasks)
            if index not in served
        ),
        summary=_summary(tables, routes, tours),
        engine=engine,
        notes=tuple(notes),
    )


def routes_of(tables: Tables, solution: Solution) -> list[list[int]]:
    """Task indexes by vehicle of a solution; tasks and vehicles it does not know are dropped."""
    index = {task.id: number for number, task in enumerate(tables.problem.tasks)}
    by_vehicle = {tour.vehicle: tour for tour in solution.tours}
    routes, seen = [], set()
    for vehicle in tables.problem.vehicles:
        route: list[int] = []
        tour = by_vehicle.get(vehicle.id)
        for step in tour.tasks if tour else ():
            if step.id in index and step.id not in seen:
                seen.add(step.id)
                route.append(index[step.id])
        routes.append(route)
    return routes


def _summary(tables: Tables, routes: Sequence[Sequence[int]], tours: Sequence[Tour]) -> Summary:
    tasks = tables.problem.tasks
    served = {task for route in routes for task in route}
    left = [task for index, task in enumerate(tasks) if index not in served]
    steps = [step for tour in tours for step in tour.steps]
    bonus = sum(
        int(tables.bonus[crew.index, list(route)].sum()) // tables.grain
        for crew, route in zip(tables.crews, routes, strict=True)
        if route
    )
    cost = sum(tour.cost for tour in tours)
    return Summary(
        cost=cost,
        objective=cost - bonus + sum(task.prize for task in left),
        travel_s=sum(tour.travel_s for tour in tours),
        distance_m=sum(tour.distance_m for tour in tours),
        service_s=sum(step.service_s for step in steps),
        setup_s=sum(step.setup_s for step in steps),
        waiting_s=sum(step.waiting_s for step in steps),
        assigned=len(served),
        priority=sum(tasks[task].priority for task in served),
        prize_collected=sum(tasks[task].prize for task in served),
        required_unserved=sum(task.is_required for task in left),
    )
