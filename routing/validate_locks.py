"""Promises that are impossible on their face."""

from collections.abc import Iterator
from itertools import combinations

from routing.errors import Issue
from routing.problem import Lock, Problem, Task, Vehicle
from routing.units import MAX_TIME_S


def lock_issues(problem: Problem) -> Iterator[Issue]:
    """Every lock that contradicts its task, its vehicle or another lock."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    locked = [
        (f"/tasks/{index}/lock", task, task.lock)
        for index, task in enumerate(problem.tasks)
        if task.lock is not None
    ]
    for pointer, task, lock in locked:
        numbers = list(_numbers(lock, pointer))
        yield from numbers
        if numbers:
            continue
        yield from _own_windows(task, lock, pointer)
        if lock.vehicle is not None:
            yield from _vehicle(task, lock, vehicles[lock.vehicle], pointer)
    for (_, _, first), (pointer, _, second) in combinations(locked, 2):
        if first.position is not None and first.vehicle is not None:
            same = (first.vehicle, first.position) == (second.vehicle, second.position)
            if same:
                yield Issue(
                    "lock-twice",
                    pointer,
                    f"position {first.position} of vehicle {first.vehicle} is promised twice",
                    "promise each position once",
                )


def _numbers(lock: Lock, pointer: str) -> Iterator[Issue]:
    bounds = (("start_s", 0), ("tolerance_s", 0), ("position", 1))
    for name, low in bounds:
        value = getattr(lock, name)
        if value is None and name != "tolerance_s":
            continue
        if type(value) is not int or not low <= value <= MAX_TIME_S:
            yield Issue(
                "number",
                f"{pointer}/{name}",
                f"is {value!r}",
                f"give a whole number, at least {low}",
            )


def _own_windows(task: Task, lock: Lock, pointer: str) -> Iterator[Issue]:
    if lock.start_s is None:
        return
    low, high = lock.start_s - lock.tolerance_s, lock.start_s + lock.tolerance_s
    if task.windows and not any(w.start_s <= high and w.end_s >= low for w in task.windows):
        yield _impossible(
            pointer, f"starts at {lock.start_s} s, outside the task's windows", "move one of them"
        )
    if task.latest_end_s is not None and low + task.service_s > task.latest_end_s:
        yield _impossible(pointer, "starts too late for the task's latest end", "move one of them")


def _vehicle(task: Task, lock: Lock, vehicle: Vehicle, pointer: str) -> Iterator[Issue]:
    barred = (
        task.allowed_vehicles is not None and vehicle.id not in task.allowed_vehicles
    ) or vehicle.id in task.forbidden_vehicles
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
        low, high = lock.start_s - lock.tolerance_s, lock.start_s + lock.tolerance_s
        if high < vehicle.shift.start_s or low + task.service_s > vehicle.shift.end_s:
            yield _impossible(
                pointer, f"lies outside the shift of vehicle {vehicle.id}", "move it"
            )
    if vehicle.max_tasks is not None and (lock.position or 1) > vehicle.max_tasks:
        yield _impossible(
            pointer,
            f"is beyond the {vehicle.max_tasks} tasks that vehicle {vehicle.id} may serve",
            "raise the bound or drop the lock",
        )


def _impossible(pointer: str, cause: str, remedy: str) -> Issue:
    return Issue("lock-impossible", pointer, cause, remedy)
