"""Faults of tasks: their numbers, names and places, and windows that no time can keep."""

from collections.abc import Iterator, Mapping
from typing import Any

from routing.errors import Issue
from routing.problem import Problem, Task, Window
from routing.units import MAX_MATRIX, MAX_PRIORITY, MAX_PRIZE, MAX_TIME_S
from routing.validate_values import (
    flag_issues,
    id_issue,
    is_id,
    load_issues,
    optional_issues,
    text_issues,
    whole_issues,
    windows_issues,
)


def task_issues(problem: Problem) -> Iterator[Issue]:
    """Every value of a task that is out of its range."""
    known = {vehicle.id for vehicle in problem.vehicles if is_id(vehicle.id)}
    last_place = problem.place_count - 1
    for index, task in enumerate(problem.tasks):
        at = f"/tasks/{index}"
        yield from _numbers(task, at, last_place)
        yield from _alternatives(task, at, last_place)
        yield from _per_type(task.setup_per_type, f"{at}/setup_per_type")
        yield from _per_type(task.service_per_type, f"{at}/service_per_type")
        yield from _wishes(task, at)
        for name, pointer in _named_vehicles(task, at):
            if not is_id(name) or name not in known:
                yield Issue(
                    "unknown-vehicle",
                    pointer,
                    f"there is no vehicle {name!r}",
                    "name a vehicle of this problem",
                )


def _numbers(task: Task, at: str, last_place: int) -> Iterator[Issue]:
    yield from whole_issues(task.place, f"{at}/place", 0, last_place)
    yield from whole_issues(task.service_s, f"{at}/service_s", 0, MAX_MATRIX)
    yield from whole_issues(task.setup_s, f"{at}/setup_s", 0, MAX_MATRIX)
    yield from whole_issues(task.prize, f"{at}/prize", 0, MAX_PRIZE)
    yield from whole_issues(task.priority, f"{at}/priority", 0, MAX_PRIORITY)
    yield from optional_issues(task.latest_end_s, f"{at}/latest_end_s", 0, MAX_TIME_S)
    for name in ("required", "not_first", "not_last"):
        yield from flag_issues(getattr(task, name), f"{at}/{name}")
    for name in ("source", "description"):
        yield from text_issues(getattr(task, name), f"{at}/{name}")
    yield from windows_issues(task.windows, f"{at}/windows")
    yield from load_issues(task.delivery, f"{at}/delivery")
    yield from load_issues(task.pickup, f"{at}/pickup")
    for place, skill in enumerate(task.skills):
        if not is_id(skill.id):
            yield id_issue(skill.id, f"{at}/skills/{place}/id")
        yield from whole_issues(skill.level, f"{at}/skills/{place}/level", 0, MAX_MATRIX)


def _alternatives(task: Task, at: str, last_place: int) -> Iterator[Issue]:
    for index, other in enumerate(task.alternatives):
        here = f"{at}/alternatives/{index}"
        yield from whole_issues(other.place, f"{here}/place", 0, last_place)
        yield from optional_issues(other.service_s, f"{here}/service_s", 0, MAX_MATRIX)
        yield from optional_issues(other.setup_s, f"{here}/setup_s", 0, MAX_MATRIX)
        yield from whole_issues(other.cost, f"{here}/cost", 0, MAX_PRIZE)
        yield from windows_issues(other.windows or (), f"{here}/windows")


def _per_type(seconds: Mapping[Any, Any], pointer: str) -> Iterator[Issue]:
    for kind, value in seconds.items():
        if not isinstance(kind, str):
            yield Issue("text", pointer, f"names the type {kind!r}", "name types by texts")
        yield from whole_issues(value, f"{pointer}/{kind}", 0, MAX_MATRIX)


def _wishes(task: Task, at: str) -> Iterator[Issue]:
    seen: list[object] = []
    for place, wish in enumerate(task.preferred_vehicles):
        here = f"{at}/preferred_vehicles/{place}"
        yield from whole_issues(wish.bonus, f"{here}/bonus", 0, MAX_PRIZE)
        if wish.vehicle in seen:
            yield Issue(
                "wish-twice",
                f"{here}/vehicle",
                f"vehicle {wish.vehicle!r} is wished twice",
                "wish each vehicle once",
            )
        seen.append(wish.vehicle)


def _named_vehicles(task: Task, at: str) -> Iterator[tuple[object, str]]:
    for place, name in enumerate(task.allowed_vehicles or ()):
        yield name, f"{at}/allowed_vehicles/{place}"
    for place, name in enumerate(task.forbidden_vehicles):
        yield name, f"{at}/forbidden_vehicles/{place}"
    for place, wish in enumerate(task.preferred_vehicles):
        yield wish.vehicle, f"{at}/preferred_vehicles/{place}/vehicle"
    for number, other in enumerate(task.alternatives):
        for place, name in enumerate(other.allowed_vehicles or ()):
            yield name, f"{at}/alternatives/{number}/allowed_vehicles/{place}"
    if task.lock is not None and task.lock.vehicle is not None:
        yield task.lock.vehicle, f"{at}/lock/vehicle"


def impossible_windows(problem: Problem) -> Iterator[Issue]:
    """Latest ends that come before the work can be over, at one of a task's places."""
    for index, task in enumerate(problem.tasks):
        if task.latest_end_s is None:
            continue
        at = f"/tasks/{index}"
        for number, (windows, service) in enumerate(places_of(task)):
            opens = min((window.start_s for window in windows), default=0)
            if opens + service > task.latest_end_s:
                yield Issue(
                    "window-impossible",
                    f"{at}/latest_end_s" if not number else f"{at}/alternatives/{number - 1}",
                    f"must be over by {task.latest_end_s} s, but may begin at {opens} s "
                    f"and takes {service} s",
                    "move the latest end or the windows",
                )


def places_of(task: Task) -> list[tuple[tuple[Window, ...], int]]:
    """Windows and least seconds of service at each of a task's places, its own first."""
    least = min(task.service_per_type.values(), default=MAX_MATRIX)
    places = [(task.windows, min(least, task.service_s))]
    for other in task.alternatives:
        windows = task.windows if other.windows is None else other.windows
        service = task.service_s if other.service_s is None else other.service_s
        places.append((windows, min(least, service)))
    return places
