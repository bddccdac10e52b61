"""Faults of vehicles: their numbers, breaks, profiles and prices."""

from collections.abc import Iterator

from routing.errors import Issue
from routing.matrix import Matrix
from routing.problem import Problem, Vehicle
from routing.units import (
    DEFAULT_PER_HOUR,
    MAX_BREAKS,
    MAX_MATRIX,
    MAX_SPEED_FACTOR,
    MAX_TIME_S,
)
from routing.validate_values import (
    id_issue,
    is_id,
    load_issues,
    optional_issues,
    real_issues,
    text_issues,
    whole_issues,
    window_issues,
    windows_issues,
)

_BOUNDS = ("max_tasks", "max_travel_time_s", "max_distance_m", "max_duration_s")
_PRICES = ("fixed", "per_hour", "per_km", "per_task_hour")


def vehicle_issues(problem: Problem) -> Iterator[Issue]:
    """Every value of a vehicle that is out of its range."""
    if not problem.vehicles:
        yield Issue("no-vehicle", "/vehicles", "there is no vehicle", "give at least one")
    last_place = problem.place_count - 1
    for index, vehicle in enumerate(problem.vehicles):
        at = f"/vehicles/{index}"
        yield from _numbers(vehicle, at, last_place)
        yield from _names(vehicle, at)
        yield from _breaks(vehicle, f"{at}/breaks")
        yield from _overtime(vehicle, f"{at}/overtime")


def _numbers(vehicle: Vehicle, at: str, last_place: int) -> Iterator[Issue]:
    yield from optional_issues(vehicle.start, f"{at}/start", 0, last_place)
    yield from optional_issues(vehicle.end, f"{at}/end", 0, last_place)
    for name in _BOUNDS:
        yield from optional_issues(getattr(vehicle, name), f"{at}/{name}", 0, MAX_TIME_S)
    for name in _PRICES:
        yield from whole_issues(getattr(vehicle.costs, name), f"{at}/costs/{name}", 0, MAX_MATRIX)
    yield from load_issues(vehicle.capacity, f"{at}/capacity")
    yield from window_issues(vehicle.shift, f"{at}/shift")
    yield from real_issues(
        vehicle.speed_factor, f"{at}/speed_factor", MAX_SPEED_FACTOR, with_zero=False
    )


def _names(vehicle: Vehicle, at: str) -> Iterator[Issue]:
    for name in ("type", "source", "description"):
        yield from text_issues(getattr(vehicle, name), f"{at}/{name}")
    if vehicle.balance_group is not None and not is_id(vehicle.balance_group):
        yield id_issue(vehicle.balance_group, f"{at}/balance_group")
    for place, skill in enumerate(vehicle.skills):
        if not is_id(skill.id):
            yield id_issue(skill.id, f"{at}/skills/{place}/id")
        yield from whole_issues(skill.level, f"{at}/skills/{place}/level", 0, MAX_MATRIX)


def _breaks(vehicle: Vehicle, at: str) -> Iterator[Issue]:
    if len(vehicle.breaks) > MAX_BREAKS:
        yield Issue(
            "too-many-breaks",
            at,
            f"has {len(vehicle.breaks)} breaks",
            f"give at most {MAX_BREAKS}",
        )
    for place, rest in enumerate(vehicle.breaks):
        yield from windows_issues(rest.windows, f"{at}/{place}/windows")
        yield from whole_issues(rest.duration_s, f"{at}/{place}/duration_s", 0, MAX_MATRIX)
        yield from load_issues(rest.max_load or (), f"{at}/{place}/max_load")
        yield from text_issues(rest.description, f"{at}/{place}/description")


def _overtime(vehicle: Vehicle, at: str) -> Iterator[Issue]:
    if vehicle.overtime is not None:
        yield from whole_issues(vehicle.overtime.max_s, f"{at}/max_s", 1, MAX_TIME_S)
        yield from whole_issues(vehicle.overtime.per_hour, f"{at}/per_hour", 0, MAX_MATRIX)


def profile_issues(problem: Problem) -> Iterator[Issue]:
    """Vehicles whose matrix is missing, or does not hold what their bounds and prices ask for."""
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
        else:
            yield from _prices(vehicle, matrix, at)


def _prices(vehicle: Vehicle, matrix: Matrix, at: str) -> Iterator[Issue]:
    if matrix.distances is None and (vehicle.max_distance_m is not None or vehicle.costs.per_km):
        yield Issue(
            "no-distances",
            at,
            "bounds or prices kilometres, but its matrix has no distances",
            "give distances, or leave kilometres out",
        )
    priced = (vehicle.costs.per_hour, vehicle.costs.per_km) != (DEFAULT_PER_HOUR, 0)
    if matrix.costs is not None and priced:
        yield Issue(
            "two-costs",
            f"{at}/costs",
            "prices hours or kilometres beside a matrix of costs",
            "give one or the other",
        )


def slow_vehicles(problem: Problem) -> Iterator[Issue]:
    """Vehicles so slow that a way takes longer than can be counted."""
    longest = {
        name: max(
            int(table.max(initial=0))
            for table in (matrix.durations, *(part.durations for part in matrix.day_parts))
        )
        for name, matrix in problem.matrices.items()
    }
    for index, vehicle in enumerate(problem.vehicles):
        if longest[vehicle.profile] / vehicle.speed_factor + 1 > MAX_MATRIX:
            yield Issue(
                "too-slow",
                f"/vehicles/{index}/speed_factor",
                f"makes a way of {longest[vehicle.profile]} s longer than {MAX_MATRIX} s",
                "give a larger factor or shorter ways",
            )
