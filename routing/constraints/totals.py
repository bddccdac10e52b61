"""Totals add up: what each tour costs, and what the plan as a whole comes to."""

from collections.abc import Iterable, Iterator, Sequence

from routing.constraints.base import Drive
from routing.problem import Id, Problem
from routing.solution import Solution, Violation
from routing.units import COST_GRAIN, GRAINS_PER_HOUR_SECOND, GRAINS_PER_KM_METRE


def violations(
    problem: Problem, solution: Solution, drives: Sequence[Drive], late_cost: int
) -> Iterator[Violation]:
    """Costs of tours and totals of the summary that are told wrong.

    Parameters
    ----------
    problem, solution
        What was to be planned, and what was.
    drives
        The tours of known vehicles.
    late_cost
        What lateness is expected to cost.
    """
    costs = [_rounded(cost_grains(drive)) for drive in drives]
    for drive, cost in zip(drives, costs, strict=True):
        if drive.tour.cost != cost:
            yield drive.violation(
                "totals", f"cost is told as {drive.tour.cost} but adds up to {cost}"
            )
    for name, value in _expected(problem, solution, drives, sum(costs), late_cost).items():
        told = getattr(solution.summary, name)
        if told != value:
            yield Violation(
                code="totals", detail=f"{name} is told as {told} but adds up to {value}"
            )


def cost_grains(drive: Drive) -> int:
    """Cost of one tour, recomputed from the problem, in 1/18,000 of a unit."""
    vehicle, matrix = drive.vehicle, drive.problem.matrices[drive.vehicle.profile]
    grains = vehicle.costs.fixed * COST_GRAIN
    for leg in drive.legs:
        here, there = leg.origin.place, leg.step.place
        if matrix.costs is None:
            grains += GRAINS_PER_HOUR_SECOND * vehicle.costs.per_hour * leg.seconds
            grains += GRAINS_PER_KM_METRE * vehicle.costs.per_km * leg.metres
        elif all(place is not None and 0 <= place < len(matrix) for place in (here, there)):
            grains += int(matrix.costs[here, there]) * COST_GRAIN
    work = sum(step.setup_s + step.service_s for step in drive.tour.tasks)
    grains += GRAINS_PER_HOUR_SECOND * vehicle.costs.per_task_hour * work
    if vehicle.overtime is not None and drive.tour.steps:
        late = max(0, drive.tour.steps[-1].end_s - vehicle.shift.end_s)
        grains += GRAINS_PER_HOUR_SECOND * vehicle.overtime.per_hour * late
    return grains


def _rounded(grains: int) -> int:
    return (grains + COST_GRAIN // 2) // COST_GRAIN


def _expected(
    problem: Problem, solution: Solution, drives: Sequence[Drive], cost: int, late_cost: int
) -> dict[str, int]:
    tasks = {task.id: task for task in problem.tasks}
    served = [tasks[step.id] for tour in solution.tours for step in tour.tasks if step.id in tasks]
    names = {task.id for task in served}
    unserved = [task for task in problem.tasks if task.id not in names]
    steps = [step for tour in solution.tours for step in tour.steps]
    return {
        "cost": cost,
        "objective": cost - _wishes(drives) + sum(task.prize for task in unserved),
        "travel_s": sum(tour.travel_s for tour in solution.tours),
        "distance_m": sum(tour.distance_m for tour in solution.tours),
        "service_s": sum(step.service_s for step in steps),
        "setup_s": sum(step.setup_s for step in steps),
        "waiting_s": sum(step.waiting_s for step in steps),
        "assigned": len(served),
        "priority": sum(task.priority for task in served),
        "prize_collected": sum(task.prize for task in served),
        "required_unserved": sum(task.is_required for task in unserved),
        "soft_cost": _unevenness(problem, solution) + _changes(problem, solution) + late_cost,
    }


def _wishes(drives: Iterable[Drive]) -> int:
    """What granted wishes take off, less what is added by tasks served on worse terms."""
    found = 0
    for drive in drives:
        for step, task in drive.visits():
            found += sum(
                wish.bonus for wish in task.preferred_vehicles if wish.vehicle == drive.vehicle.id
            )
            if 0 < step.alternative <= len(task.alternatives):
                found -= task.alternatives[step.alternative - 1].cost
    return found


def _unevenness(problem: Problem, solution: Solution) -> int:
    """Price of uneven task counts within each balance group, rounded up."""
    counts = {tour.vehicle: len(tour.tasks) for tour in solution.tours}
    groups: dict[Id, list[int]] = {}
    for vehicle in problem.vehicles:
        if vehicle.balance_group is not None:
            groups.setdefault(vehicle.balance_group, []).append(counts.get(vehicle.id, 0))
    price = 0
    for own in groups.values():
        spread = len(own) * sum(count * count for count in own) - sum(own) ** 2
        price += -(-problem.tuning.balance_weight * spread // len(own))
    return price


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
