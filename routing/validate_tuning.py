"""Faults of what stands beside tasks and vehicles: soft terms, and loads that do not match."""

from collections.abc import Iterator, Sequence

from routing.errors import Issue
from routing.problem import Problem, Stability, Uncertainty
from routing.units import MAX_PRIZE, MAX_SAMPLES, MAX_VARIATION
from routing.validate_values import is_id, real_issues, whole_issues


def tuning_issues(problem: Problem) -> Iterator[Issue]:
    """Every soft term that is out of its range or names what is not there."""
    tuning = problem.tuning
    yield from whole_issues(tuning.balance_weight, "/tuning/balance_weight", 0, MAX_PRIZE)
    if tuning.uncertainty is not None:
        yield from _uncertainty(tuning.uncertainty, "/tuning/uncertainty")
    if tuning.stability is not None:
        yield from _stability(problem, tuning.stability, "/tuning/stability")


def _uncertainty(uncertainty: Uncertainty, at: str) -> Iterator[Issue]:
    for name in ("travel_cv", "service_cv"):
        value = getattr(uncertainty, name)
        yield from real_issues(value, f"{at}/{name}", MAX_VARIATION, with_zero=True)
    yield from whole_issues(uncertainty.samples, f"{at}/samples", 1, MAX_SAMPLES)
    yield from whole_issues(uncertainty.late_cost, f"{at}/late_cost", 0, MAX_PRIZE)


def _stability(problem: Problem, stability: Stability, at: str) -> Iterator[Issue]:
    yield from whole_issues(stability.per_change, f"{at}/per_change", 0, MAX_PRIZE)
    tasks = {task.id for task in problem.tasks if is_id(task.id)}
    vehicles = {vehicle.id for vehicle in problem.vehicles if is_id(vehicle.id)}
    for task, vehicle in stability.plan.items():
        if not is_id(task) or task not in tasks:
            yield Issue(
                "unknown-task",
                f"{at}/plan/{task}",
                f"there is no task {task!r}",
                "leave it out of the plan",
            )
        if not is_id(vehicle) or vehicle not in vehicles:
            yield Issue(
                "unknown-vehicle",
                f"{at}/plan/{task}",
                f"there is no vehicle {vehicle!r}",
                "name a vehicle of this problem, or leave the task out of the plan",
            )


def dimension_issues(problem: Problem) -> Iterator[Issue]:
    """Loads that have another number of dimensions than the first one."""
    size = 0
    for load, pointer in _loads(problem):
        size = size or len(load)
        if load and len(load) != size:
            yield Issue(
                "dimensions",
                pointer,
                f"has {len(load)} dimensions where others have {size}",
                "give every load and capacity the same dimensions, or none",
            )


def _loads(problem: Problem) -> Iterator[tuple[Sequence[object], str]]:
    for index, vehicle in enumerate(problem.vehicles):
        yield vehicle.capacity, f"/vehicles/{index}/capacity"
        for place, rest in enumerate(vehicle.breaks):
            yield rest.max_load or (), f"/vehicles/{index}/breaks/{place}/max_load"
    for index, task in enumerate(problem.tasks):
        yield task.delivery, f"/tasks/{index}/delivery"
        yield task.pickup, f"/tasks/{index}/pickup"
