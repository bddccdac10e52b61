"""Fields that hold something of another kind altogether; nothing else can be said of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from routing.errors import Issue
from routing.matrix import Matrix
from routing.problem import (
    Alternative,
    Break,
    Costs,
    Lock,
    Objective,
    Overtime,
    Preference,
    Problem,
    Skill,
    Stability,
    Task,
    Tuning,
    Uncertainty,
    Vehicle,
    Window,
)
from routing.validate_values import shown

type Kinds = dict[str, type | tuple[type, ...] | None]
"""What a list holds, by field; None where the values themselves are judged elsewhere."""

_TASK_LISTS: Kinds = {
    "windows": Window,
    "skills": Skill,
    "preferred_vehicles": Preference,
    "alternatives": Alternative,
    "forbidden_vehicles": None,
    "delivery": None,
    "pickup": None,
}
_VEHICLE_LISTS: Kinds = {"breaks": Break, "skills": Skill, "capacity": None}


def form_issues(problem: Problem) -> Iterator[Issue]:
    """Every field that is not even of its kind: a list, a window, a lock, ..."""
    kinds = (("tasks", Task), ("vehicles", Vehicle))
    for name, kind in kinds:
        yield from _list_issues(getattr(problem, name), f"/{name}", kind)
    yield from _matrices(problem.matrices)
    yield from _kind_issues(problem.objective, "/objective", Objective)
    yield from _tuning(problem.tuning)
    if isinstance(problem.tasks, (tuple, list)):
        for index, task in enumerate(problem.tasks):
            if isinstance(task, Task):
                yield from _task(task, f"/tasks/{index}")
    if isinstance(problem.vehicles, (tuple, list)):
        for index, vehicle in enumerate(problem.vehicles):
            if isinstance(vehicle, Vehicle):
                yield from _vehicle(vehicle, f"/vehicles/{index}")


def _matrices(matrices: Any) -> Iterator[Issue]:
    issues = list(_kind_issues(matrices, "/matrices", Mapping))
    yield from issues
    for name, matrix in () if issues else matrices.items():
        if not isinstance(matrix, Matrix):
            yield Issue("matrix-shape", f"/matrices/{name}", "is not a matrix", "give a `Matrix`")


def _task(task: Task, at: str) -> Iterator[Issue]:
    for name, kind in _TASK_LISTS.items():
        yield from _list_issues(getattr(task, name), f"{at}/{name}", kind)
    if task.allowed_vehicles is not None:
        yield from _list_issues(task.allowed_vehicles, f"{at}/allowed_vehicles", None)
    if task.lock is not None:
        yield from _kind_issues(task.lock, f"{at}/lock", Lock)
    for name in ("setup_per_type", "service_per_type"):
        yield from _kind_issues(getattr(task, name), f"{at}/{name}", Mapping)
    yield from _alternatives(task.alternatives, f"{at}/alternatives")


def _alternatives(alternatives: Any, at: str) -> Iterator[Issue]:
    if not isinstance(alternatives, (tuple, list)):
        return
    for index, other in enumerate(alternatives):
        for name, kind in (("windows", Window), ("allowed_vehicles", None)):
            value = getattr(other, name, None)
            if value is not None:
                yield from _list_issues(value, f"{at}/{index}/{name}", kind)


def _vehicle(vehicle: Vehicle, at: str) -> Iterator[Issue]:
    for name, kind in _VEHICLE_LISTS.items():
        yield from _list_issues(getattr(vehicle, name), f"{at}/{name}", kind)
    yield from _kind_issues(vehicle.shift, f"{at}/shift", Window)
    yield from _kind_issues(vehicle.costs, f"{at}/costs", Costs)
    yield from _kind_issues(vehicle.profile, f"{at}/profile", str)
    if vehicle.overtime is not None:
        yield from _kind_issues(vehicle.overtime, f"{at}/overtime", Overtime)
    if not isinstance(vehicle.breaks, (tuple, list)):
        return
    for index, rest in enumerate(vehicle.breaks):
        if isinstance(rest, Break):
            yield from _list_issues(rest.windows, f"{at}/breaks/{index}/windows", Window)
            if rest.max_load is not None:
                yield from _list_issues(rest.max_load, f"{at}/breaks/{index}/max_load", None)


def _tuning(tuning: Any) -> Iterator[Issue]:
    issues = list(_kind_issues(tuning, "/tuning", Tuning))
    yield from issues
    if issues:
        return
    if tuning.uncertainty is not None:
        yield from _kind_issues(tuning.uncertainty, "/tuning/uncertainty", Uncertainty)
    if tuning.stability is not None:
        yield from _kind_issues(tuning.stability, "/tuning/stability", Stability)
        plan = getattr(tuning.stability, "plan", {})
        yield from _kind_issues(plan, "/tuning/stability/plan", Mapping)


def _list_issues(value: Any, pointer: str, kind: Any) -> Iterator[Issue]:
    if not isinstance(value, (tuple, list)):
        yield Issue("form", pointer, f"is {shown(value)}, not a list", "give a list")
    elif kind is not None:
        for index, item in enumerate(value):
            yield from _kind_issues(item, f"{pointer}/{index}", kind)


def _kind_issues(value: Any, pointer: str, kind: type) -> Iterator[Issue]:
    if not isinstance(value, kind):
        name = kind.__name__.lower()
        yield Issue("form", pointer, f"is {shown(value)}, not a {name}", f"give a {name}")
