"""Everything wrong with what happened on a day, found before anything is planned."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from routing.errors import Issue
from routing.events import Events, VehicleState
from routing.problem import Id, Problem
from routing.units import MAX_TIME_S
from routing.validate import validate
from routing.validate_values import whole_issues


def event_issues(day: Problem, events: Events) -> tuple[Issue, ...]:
    """List every fault of the events of a day.

    Parameters
    ----------
    day
        The day as it was planned. Its own tasks are not looked at again: `validate` accepted them
        when it was planned, and that takes a tenth of a repair.
    events
        What happened since.

    Returns
    -------
    tuple of Issue
        Faults of events and of new and changed tasks have pointers of the EVENTS document, such
        as ``/vehicles/0/done/2``; others those of `validate`.
    """
    found = [*whole_issues(events.now_s, "/now", 0, MAX_TIME_S)]
    found += _state_issues(day, events)
    found += _name_issues(day, events)
    return tuple(found or _changed_issues(day, events))


def _state_issues(day: Problem, events: Events) -> Iterator[Issue]:
    vehicles = {vehicle.id for vehicle in day.vehicles}
    names = Counter(state.id for state in events.vehicles)
    for index, state in enumerate(events.vehicles):
        at = f"/vehicles/{index}"
        if state.id not in vehicles:
            yield _unknown("vehicle", state.id, f"{at}/id")
        if names[state.id] > 1:
            yield _twice(state.id, f"{at}/id")
        if state.at is not None:
            yield from whole_issues(state.at, f"{at}/at", 0, day.place_count - 1)
        if state.free_at_s is not None:
            yield from whole_issues(state.free_at_s, f"{at}/free_at", 0, MAX_TIME_S)
    yield from _done_issues(day, events.vehicles)


def _done_issues(day: Problem, states: tuple[VehicleState, ...]) -> Iterator[Issue]:
    known = {task.id for task in day.tasks}
    times = Counter(name for state in states for name in state.done)
    for index, state in enumerate(states):
        for place, name in enumerate(state.done):
            at = f"/vehicles/{index}/done/{place}"
            if name not in known:
                yield _unknown("task", name, at)
            elif times[name] > 1:
                yield _twice(name, at)


def _name_issues(day: Problem, events: Events) -> Iterator[Issue]:
    known = {task.id for task in day.tasks}
    added = Counter(task.id for task in events.add)
    changed = Counter(task.id for task in events.change)
    for index, name in enumerate(events.cancel):
        if name not in known and name not in added:
            yield _unknown("task", name, f"/cancel/{index}")
    for index, task in enumerate(events.change):
        if task.id not in known:
            yield _unknown("task", task.id, f"/change/{index}/id")
        if changed[task.id] > 1:
            yield _twice(task.id, f"/change/{index}/id")
    for index, task in enumerate(events.add):
        if task.id in known or added[task.id] > 1:
            yield _twice(task.id, f"/add/{index}/id")


def _changed_issues(day: Problem, events: Events) -> Iterator[Issue]:
    """Faults of new and changed tasks, beside the vehicles and matrices of the day."""
    tasks = (*events.change, *events.add)
    homes = [f"/change/{index}" for index in range(len(events.change))]
    homes += [f"/add/{index}" for index in range(len(events.add))]
    for issue in validate(replace(day, tasks=tasks, tuning=replace(day.tuning, stability=None))):
        _, kind, number, *rest = [*issue.pointer.split("/"), "", ""]
        if kind == "tasks" and number.isdigit():
            yield replace(issue, pointer="/".join([homes[int(number)], *filter(None, rest)]))
        else:
            yield issue


def _unknown(kind: str, name: Id, pointer: str) -> Issue:
    return Issue(f"unknown-{kind}", pointer, f"there is no {kind} {name!r}", "name one of the day")


def _twice(name: Id, pointer: str) -> Issue:
    return Issue("duplicate-id", pointer, f"{name} stands twice", "name each once")
