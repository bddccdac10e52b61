"""Promises that are impossible on their face."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from routing.errors import Issue
from routing.problem import Id, Lock, Problem, Task, Vehicle
from routing.units import MAX_TIME_S, UNREACHED
from routing.validate_tasks import places_of
from routing.validate_values import optional_issues, whole_issues


def lock_numbers(problem: Problem) -> Iterator[Issue]:
    """Numbers of locks that are out of their range."""
    for pointer, _, lock in _locked(problem):
        yield from optional_issues(lock.start_s, f"{pointer}/start_s", 0, MAX_TIME_S)
        yield from whole_issues(lock.tolerance_s, f"{pointer}/tolerance_s", 0, MAX_TIME_S)
        yield from optional_issues(lock.position, f"{pointer}/position", 1, MAX_TIME_S)


def lock_issues(problem: Problem) -> Iterator[Issue]:
    """Every lock that contradicts its task, its vehicle or another lock."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    most = max((_most_tasks(vehicle) for vehicle in problem.vehicles), default=0)
    for pointer, task, lock in _locked(problem):
        yield from _start(task, lock, pointer)
        if lock.vehicle is None:
            yield from _position(task, lock, most, "any vehicle", pointer)
            continue
        vehicle = vehicles[lock.vehicle]
        yield from _vehicle(task, lock, vehicle, pointer)
        told = f"vehicle {vehicle.id}"
        yield from _position(task, lock, _most_tasks(vehicle), told, pointer)
    yield from _positions(problem)


def _locked(problem: Problem) -> Iterator[tuple[str, Task, Lock]]:
    for index, task in enumerate(problem.tasks):
        if task.lock is not None:
            yield f"/tasks/{index}/lock", task, task.lock


def _most_tasks(vehicle: Vehicle) -> int:
    return UNREACHED if vehicle.max_tasks is None else vehicle.max_tasks


def _bounds(lock: Lock) -> tuple[int, int]:
    """Earliest and latest start of a lock that has one."""
    start = lock.start_s or 0
    return start - lock.tolerance_s, start + lock.tolerance_s


def _start(task: Task, lock: Lock, pointer: str) -> Iterator[Issue]:
    """A start that no place of the task allows."""
    if lock.start_s is None:
        return
    low, high = _bounds(lock)
    starts = []
    for windows, service in places_of(task):
        opens = [max(w.start_s, low) for w in windows if w.start_s <= high and w.end_s >= low]
        if opens or not windows:
            starts.append(min(opens, default=low) + service)
    if not starts:
        yield _impossible(
            pointer, f"starts at {lock.start_s} s, outside the task's windows", "move one of them"
        )
    elif task.latest_end_s is not None and min(starts) > task.latest_end_s:
        yield _impossible(pointer, "starts too late for the task's latest end", "move one of them")


def _vehicle(task: Task, lock: Lock, vehicle: Vehicle, pointer: str) -> Iterator[Issue]:
    """A vehicle that the task bars, that lacks a skill, or that is off at the time."""
    places = [None, *(other.allowed_vehicles for other in task.alternatives)]
    barred = (
        (task.allowed_vehicles is not None and vehicle.id not in task.allowed_vehicles)
        or vehicle.id in task.forbidden_vehicles
        or not any(allowed is None or vehicle.id in allowed for allowed in places)
    )
    if barred:
        yield _impossible(pointer, f"names vehicle {vehicle.id}, which the task bars", "allow it")
    for need in task.skills:
        if not any(own.id == need.id and own.level >= need.level for own in vehicle.skills):
            yield _impossible(
                pointer,
                f"names vehicle {vehicle.id}, which lacks skill {need.id} at level {need.level}",
                "name a vehicle with the skill",
            )
    if lock.start_s is not None:
        low, high = _bounds(lock)
        latest = vehicle.shift.end_s + (vehicle.overtime.max_s if vehicle.overtime else 0)
        service = min(seconds for _, seconds in places_of(task))
        if high < vehicle.shift.start_s or low + service > latest:
            yield _impossible(
                pointer, f"lies outside the shift of vehicle {vehicle.id}", "move it"
            )


def _position(task: Task, lock: Lock, most: int, whose: str, pointer: str) -> Iterator[Issue]:
    """A position beyond what the vehicle may serve, or at an end that the task must not have."""
    if (lock.position or 1) > most:
        yield _impossible(
            pointer,
            f"is beyond the {most} tasks that {whose} may serve",
            "raise the bound or drop the lock",
        )
    if lock.position == 1 and task.not_first:
        yield _impossible(
            pointer, "is the first position, which the task must not have", "drop one of them"
        )
    if lock.position == most and task.not_last:
        yield _impossible(
            pointer, "is the last position there is, which the task must not have", "drop one"
        )


def _positions(problem: Problem) -> Iterator[Issue]:
    """Positions of one vehicle that are promised twice, or in another order than the starts."""
    by_vehicle: dict[Id, list[tuple[int, str, Task, Lock]]] = defaultdict(list)
    for pointer, task, lock in _locked(problem):
        if lock.vehicle is not None and lock.position is not None:
            by_vehicle[lock.vehicle].append((lock.position, pointer, task, lock))
    for name, entries in by_vehicle.items():
        ordered = sorted(entries, key=lambda entry: entry[0])
        for (before, _, _, _), (position, pointer, _, _) in pairwise(ordered):
            if before == position:
                yield Issue(
                    "lock-twice",
                    pointer,
                    f"position {position} of vehicle {name} is promised twice",
                    "promise each position once",
                )
        timed = [entry for entry in ordered if entry[3].start_s is not None]
        for (before, _, _, first), (position, pointer, _, second) in pairwise(timed):
            if before < position and _bounds(first)[0] > _bounds(second)[1]:
                yield _impossible(
                    pointer,
                    f"starts before position {before} of vehicle {name} is promised to start",
                    "swap the positions or the starts",
                )


def _impossible(pointer: str, cause: str, remedy: str) -> Issue:
    return Issue("lock-impossible", pointer, cause, remedy)
