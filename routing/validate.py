"""Everything wrong with a problem, found before any solver sees it.

OR-Tools aborts the process on a bad index and answers "optimal, cost 0" to a NaN, so nothing
reaches it that has not passed here.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

from routing.errors import InvalidProblem, Issue
from routing.matrix import Matrix, matrix_issues
from routing.problem import Problem, Task, Vehicle, Window
from routing.units import (
    MAX_BREAKS,
    MAX_MATRIX,
    MAX_OBJECTIVE,
    MAX_PRIORITY,
    MAX_PRIZE,
    MAX_SPEED_FACTOR,
    MAX_TIME_S,
)
from routing.validate_locks import lock_issues
from routing.weights import cost_grain, weights

type Rule = Callable[[Problem], Iterator[Issue]]


def validate(problem: Problem) -> tuple[Issue, ...]:
    """List every fault of a problem.

    Parameters
    ----------
    problem
        Any problem, however broken.

    Returns
    -------
    tuple of Issue
        Empty if the problem can be solved. That nothing can be served is no fault.
    """
    issues = [issue for rule in _SHAPE for issue in rule(problem)]
    if not issues:
        issues = [issue for rule in _SENSE for issue in rule(problem)]
    return tuple(issues)


def ensure_valid(problem: Problem) -> None:
    """Refuse a problem that has any fault.

    Raises
    ------
    InvalidProblem
        With every issue.
    """
    issues = validate(problem)
    if issues:
        raise InvalidProblem(issues)


def whole_issues(value: Any, pointer: str, low: int, high: int) -> Iterator[Issue]:
    """The fault of a value that ought to be a whole number between two bounds."""
    if type(value) is not int:
        cause = f"is {_shown(value)}, not a whole number"
    elif not low <= value <= high:
        cause = f"is {value}"
    else:
        return
    yield Issue("number", pointer, cause, f"give a whole number from {low} to {high}")


def _shown(value: object) -> str:
    return {type(None): "missing", bool: "true or false"}.get(type(value), repr(value)[:40])


def _vehicles_given(problem: Problem) -> Iterator[Issue]:
    if not problem.vehicles:
        yield Issue("no-vehicle", "/vehicles", "there is no vehicle", "give at least one")


def _matrices(problem: Problem) -> Iterator[Issue]:
    sizes: dict[str, int] = {}
    for name, matrix in problem.matrices.items():
        pointer = f"/matrices/{name}"
        if not isinstance(matrix, Matrix):
            yield Issue("matrix-shape", pointer, "is not a matrix", "give a `Matrix`")
            continue
        yield from matrix_issues(matrix, pointer)
        sizes[name] = len(matrix)
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} has {size} places" for name, size in sizes.items())
        yield Issue("matrix-size", "/matrices", told, "give all profiles the same places")


def _ids(problem: Problem) -> Iterator[Issue]:
    for kind, items in (("tasks", problem.tasks), ("vehicles", problem.vehicles)):
        yield from _id_issues([item.id for item in items], f"/{kind}")
    for index, vehicle in enumerate(problem.vehicles):
        yield from _id_issues([rest.id for rest in vehicle.breaks], f"/vehicles/{index}/breaks")


def _id_issues(ids: list[Any], pointer: str) -> Iterator[Issue]:
    for index, name in enumerate(ids):
        if type(name) not in (int, str):
            yield Issue(
                "id", f"{pointer}/{index}/id", f"is {_shown(name)}", "give a number or a text"
            )
    counted = Counter(name for name in ids if type(name) in (int, str))
    for name, times in counted.items():
        if times > 1:
            places = [str(index) for index, other in enumerate(ids) if other == name]
            yield Issue(
                "duplicate-id",
                f"{pointer}/{places[1]}/id",
                f"{name} stands {times} times, at {', '.join(places)}",
                "give each its own id",
            )


def _task_numbers(problem: Problem) -> Iterator[Issue]:
    for index, task in enumerate(problem.tasks):
        at = f"/tasks/{index}"
        yield from whole_issues(task.place, f"{at}/place", 0, problem.place_count - 1)
        yield from whole_issues(task.service_s, f"{at}/service_s", 0, MAX_MATRIX)
        yield from whole_issues(task.setup_s, f"{at}/setup_s", 0, MAX_MATRIX)
        yield from whole_issues(task.prize, f"{at}/prize", 0, MAX_PRIZE)
        yield from whole_issues(task.priority, f"{at}/priority", 0, MAX_PRIORITY)
        if task.latest_end_s is not None:
            yield from whole_issues(task.latest_end_s, f"{at}/latest_end_s", 0, MAX_TIME_S)
        if type(task.required) is not bool:
            yield Issue(
                "flag", f"{at}/required", f"is {_shown(task.required)}", "give true or false"
            )
        yield from _windows(task.windows, f"{at}/windows")
        for place, skill in enumerate(task.skills):
            yield from whole_issues(skill.level, f"{at}/skills/{place}/level", 0, MAX_MATRIX)


def _windows(windows: tuple[Window, ...], pointer: str) -> Iterator[Issue]:
    for index, window in enumerate(windows):
        yield from _window(window, f"{pointer}/{index}")


def _window(window: Window, pointer: str) -> Iterator[Issue]:
    issues = [
        *whole_issues(window.start_s, f"{pointer}/start_s", 0, MAX_TIME_S),
        *whole_issues(window.end_s, f"{pointer}/end_s", 0, MAX_TIME_S),
    ]
    yield from issues
    if not issues and window.start_s > window.end_s:
        yield Issue(
            "window-order",
            pointer,
            f"starts at {window.start_s} s, after its end at {window.end_s} s",
            "let it start before it ends",
        )


def _vehicle_numbers(problem: Problem) -> Iterator[Issue]:
    for index, vehicle in enumerate(problem.vehicles):
        at = f"/vehicles/{index}"
        for name in ("start", "end"):
            place = getattr(vehicle, name)
            if place is not None:
                yield from whole_issues(place, f"{at}/{name}", 0, problem.place_count - 1)
        for name in ("max_tasks", "max_travel_time_s", "max_distance_m"):
            bound = getattr(vehicle, name)
            if bound is not None:
                yield from whole_issues(bound, f"{at}/{name}", 0, MAX_TIME_S)
        for name in ("fixed", "per_hour", "per_km"):
            yield from whole_issues(
                getattr(vehicle.costs, name), f"{at}/costs/{name}", 0, MAX_MATRIX
            )
        for place, skill in enumerate(vehicle.skills):
            yield from whole_issues(skill.level, f"{at}/skills/{place}/level", 0, MAX_MATRIX)
        yield from _window(vehicle.shift, f"{at}/shift")
        yield from _speed(vehicle, f"{at}/speed_factor")


def _speed(vehicle: Vehicle, pointer: str) -> Iterator[Issue]:
    speed: Any = vehicle.speed_factor
    sound = type(speed) in (int, float) and isfinite(speed) and 0 < speed <= MAX_SPEED_FACTOR
    if not sound:
        yield Issue(
            "number",
            pointer,
            f"is {_shown(speed)}",
            f"give a number above 0, at most {MAX_SPEED_FACTOR}",
        )


def _breaks(problem: Problem) -> Iterator[Issue]:
    for index, vehicle in enumerate(problem.vehicles):
        at = f"/vehicles/{index}/breaks"
        if len(vehicle.breaks) > MAX_BREAKS:
            yield Issue(
                "too-many-breaks",
                at,
                f"has {len(vehicle.breaks)} breaks",
                f"give at most {MAX_BREAKS}",
            )
        for place, rest in enumerate(vehicle.breaks):
            yield from _windows(rest.windows, f"{at}/{place}/windows")
            yield from whole_issues(rest.duration_s, f"{at}/{place}/duration_s", 0, MAX_MATRIX)


def _profiles(problem: Problem) -> Iterator[Issue]:
    for index, vehicle in enumerate(problem.vehicles):
        at = f"/vehicles/{index}"
        matrix = problem.matrices.get(vehicle.profile)
        if matrix is None:
            yield Issue(
                "unknown-profile",
                f"{at}/profile",
                f"there is no matrix for {vehicle.profile!r}",
                f"use one of {', '.join(problem.matrices) or 'no matrix given'}",
            )
            continue
        if matrix.distances is None and (
            vehicle.max_distance_m is not None or vehicle.costs.per_km
        ):
            yield Issue(
                "no-distances",
                at,
                "bounds or prices kilometres, but its matrix has no distances",
                "give distances, or leave kilometres out",
            )
        priced = (vehicle.costs.per_hour, vehicle.costs.per_km) != (3600, 0)
        if matrix.costs is not None and priced:
            yield Issue(
                "two-costs",
                f"{at}/costs",
                "prices hours or kilometres beside a matrix of costs",
                "give one or the other",
            )


def _references(problem: Problem) -> Iterator[Issue]:
    known = {vehicle.id for vehicle in problem.vehicles}
    for index, task in enumerate(problem.tasks):
        for name, pointer in _named_vehicles(task, f"/tasks/{index}"):
            if name not in known:
                yield Issue(
                    "unknown-vehicle",
                    pointer,
                    f"there is no vehicle {name!r}",
                    "name a vehicle of this problem",
                )
        for place, wish in enumerate(task.preferred_vehicles):
            at = f"/tasks/{index}/preferred_vehicles/{place}/bonus"
            yield from whole_issues(wish.bonus, at, 0, MAX_PRIZE)


def _named_vehicles(task: Task, at: str) -> Iterator[tuple[object, str]]:
    for place, name in enumerate(task.allowed_vehicles or ()):
        yield name, f"{at}/allowed_vehicles/{place}"
    for place, name in enumerate(task.forbidden_vehicles):
        yield name, f"{at}/forbidden_vehicles/{place}"
    for place, wish in enumerate(task.preferred_vehicles):
        yield wish.vehicle, f"{at}/preferred_vehicles/{place}/vehicle"
    if task.lock is not None and task.lock.vehicle is not None:
        yield task.lock.vehicle, f"{at}/lock/vehicle"


def _size_of_objective(problem: Problem) -> Iterator[Issue]:
    if sum(weights(problem, cost_grain(problem))) >= MAX_OBJECTIVE:
        yield Issue(
            "too-large",
            "/tasks",
            "prizes, costs and travel times add up to more than can be counted exactly",
            "give prizes and costs in a coarser unit",
        )


_SHAPE: tuple[Rule, ...] = (
    _vehicles_given,
    _matrices,
    _ids,
    _task_numbers,
    _vehicle_numbers,
    _breaks,
    _profiles,
    _references,
)
"""Each value by itself; a fault here makes the rules below meaningless."""

_SENSE: tuple[Rule, ...] = (lock_issues, _size_of_objective)
"""Values that contradict one another."""
