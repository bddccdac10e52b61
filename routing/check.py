"""An independent second opinion: whether a solution keeps every hard rule and adds up.

Reads the problem and the solution only. Nothing here knows how the solution was found, and no
clock, table or total of the solver is used.
"""

from collections.abc import Iterator
from itertools import pairwise

from routing.constraints import CHECKED, presence
from routing.constraints.base import Drive
from routing.problem import Id, Problem, Task, Vehicle
from routing.solution import Solution, StepKind, Tour, Violation
from routing.units import (
    COST_GRAIN,
    GRAINS_PER_HOUR_SECOND,
    GRAINS_PER_KM_METRE,
    scaled_travel,
)
from routing.validate import ensure_valid


def check(problem: Problem, solution: Solution) -> tuple[Violation, ...]:
    """Find every rule that a solution breaks.

    Parameters
    ----------
    problem
        What was to be planned.
    solution
        What was planned. Unserved required tasks are data, not violations.

    Returns
    -------
    tuple of Violation
        Empty if the solution keeps every rule.

    Raises
    ------
    InvalidProblem
        When the problem itself makes no sense.
    """
    ensure_valid(problem)
    return tuple(_violations(problem, solution))


def _violations(problem: Problem, solution: Solution) -> Iterator[Violation]:
    yield from presence.violations(problem, solution)
    tasks: dict[object, Task] = {task.id: task for task in problem.tasks}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    for tour in solution.tours:
        if tour.vehicle in vehicles:
            yield from _tour_violations(Drive(problem, vehicles[tour.vehicle], tour, tasks))
    yield from _totals(problem, solution, tasks, vehicles)


def _tour_violations(drive: Drive) -> Iterator[Violation]:
    size = drive.problem.place_count
    if any(step.place is not None and not 0 <= step.place < size for step in drive.tour.steps):
        yield drive.violation("place", "names a place that the matrices do not know")
        return
    for rule in CHECKED:
        yield from rule.violations(drive)


def _totals(
    problem: Problem,
    solution: Solution,
    tasks: dict[object, Task],
    vehicles: dict[Id, Vehicle],
) -> Iterator[Violation]:
    served = [tasks[step.id] for tour in solution.tours for step in tour.tasks if step.id in tasks]
    names = {task.id for task in served}
    unserved = [task for task in problem.tasks if task.id not in names]
    steps = [step for tour in solution.tours for step in tour.steps]
    known = [(tour, vehicles[tour.vehicle]) for tour in solution.tours if tour.vehicle in vehicles]
    costs = [_rounded(_grains(problem, tour, vehicle)) for tour, vehicle in known]
    for (tour, _), cost in zip(known, costs, strict=True):
        if tour.cost != cost:
            detail = f"cost is told as {tour.cost} but adds up to {cost}"
            yield Violation(code="totals", detail=detail, vehicle=tour.vehicle)
    bonus = sum(_bonus(tour, tasks) for tour in solution.tours)
    expected = {
        "cost": sum(costs),
        "objective": sum(costs) - bonus + sum(task.prize for task in unserved),
        "travel_s": sum(tour.travel_s for tour in solution.tours),
        "distance_m": sum(tour.distance_m for tour in solution.tours),
        "service_s": sum(step.service_s for step in steps),
        "setup_s": sum(step.setup_s for step in steps),
        "waiting_s": sum(step.waiting_s for step in steps),
        "assigned": len(served),
        "priority": sum(task.priority for task in served),
        "prize_collected": sum(task.prize for task in served),
        "required_unserved": sum(task.is_required for task in unserved),
        "soft_cost": _unevenness(problem, solution) + _changes(problem, solution),
    }
    for name, value in expected.items():
        told = getattr(solution.summary, name)
        if told != value:
            yield Violation(
                code="totals", detail=f"{name} is told as {told} but adds up to {value}"
            )


def _unevenness(problem: Problem, solution: Solution) -> int:
    """Price of uneven task counts within each balance group, rounded up."""
    counts = {tour.vehicle: len(tour.tasks) for tour in solution.tours}
    groups: dict[Id, list[int]] = {}
    for vehicle in problem.vehicles:
        if vehicle.balance_group is not None:
            groups.setdefault(vehicle.balance_group, []).append(counts.get(vehicle.id, 0))
    return sum(
        -(
            -problem.tuning.balance_weight
            * (len(own) * sum(n * n for n in own) - sum(own) ** 2)
            // len(own)
        )
        for own in groups.values()
    )


def _changes(problem: Problem, solution: Solution) -> int:
    """Tax on tasks that the published plan gave to another vehicle than this one."""
    stability = problem.tuning.stability
    if stability is None:
        return 0
    serves = {step.id: tour.vehicle for tour in solution.tours for step in tour.tasks}
    changed = sum(
        serves.get(task.id) != stability.plan[task.id]
        for task in problem.tasks
        if task.id in stability.plan
    )
    return stability.per_change * changed


def _grains(problem: Problem, tour: Tour, vehicle: Vehicle) -> int:
    """Cost of one tour, recomputed from the matrices, in 1/18,000 of a unit."""
    matrix = problem.matrices[vehicle.profile]
    size = len(matrix)
    places = [step.place for step in tour.steps if step.kind is not StepKind.BREAK]
    grains = vehicle.costs.fixed * COST_GRAIN
    for here, there in pairwise(places):
        if here is None or there is None or not (0 <= here < size and 0 <= there < size):
            continue
        if matrix.costs is not None:
            grains += int(matrix.costs[here, there]) * COST_GRAIN
            continue
        seconds = scaled_travel(int(matrix.durations[here, there]), vehicle.speed_factor)
        grains += GRAINS_PER_HOUR_SECOND * vehicle.costs.per_hour * seconds
        if matrix.distances is not None:
            metres = int(matrix.distances[here, there])
            grains += GRAINS_PER_KM_METRE * vehicle.costs.per_km * metres
    return grains


def _bonus(tour: Tour, tasks: dict[object, Task]) -> int:
    return sum(
        wish.bonus
        for step in tour.tasks
        if step.id in tasks
        for wish in tasks[step.id].preferred_vehicles
        if wish.vehicle == tour.vehicle
    )


def _rounded(grains: int) -> int:
    return (grains + COST_GRAIN // 2) // COST_GRAIN
