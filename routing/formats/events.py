"""Read the EVENTS document of a repair."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from routing.errors import Issue
from routing.events import Events, Hold, VehicleState
from routing.formats.request import Request
from routing.formats.vroom.document import Fields, Report
from routing.formats.vroom.jobs import read_ids, read_jobs
from routing.formats.vroom.matrices import grown
from routing.formats.vroom.places import Places
from routing.formats.vroom.words import renamed
from routing.matrix import Matrix
from routing.problem import Id, Problem, Task
from routing.validate import validate


def read_events(document: Any, request: Request) -> tuple[Request, Events]:
    """Read a parsed EVENTS document.

    Parameters
    ----------
    document
        The JSON value.
    request
        The request whose plan is repaired.

    Returns
    -------
    request
        The same, its matrices and coordinates with the places that the events add.
    events
        What happened, its places being rows of these matrices.

    Raises
    ------
    InvalidProblem
        With every issue, each with its JSON pointer into the document.
    """
    report = Report()
    top = Fields(document, "", report)
    matrices = _matrices(top, request)
    places = Places.of(request.coordinates, not request.estimated, report)
    objective = request.problem.objective
    change, _ = read_jobs(
        top.items("change"), places, report, pointer="/change", objective=objective
    )
    add, _ = read_jobs(top.items("add"), places, report, pointer="/add", objective=objective)
    events = Events(
        now_s=top.whole("now"),
        vehicles=tuple(_state(inner, places) for inner in top.objects("vehicles")),
        cancel=read_ids(top, "cancel", "a job's id"),
        change=change,
        add=add,
        lock=_hold(top),
    )
    top.finish()
    if request.estimated and len(places.coordinates) > len(request.coordinates):
        matrices = places.estimated(set(matrices))
    widened = replace(
        request,
        problem=replace(request.problem, matrices=matrices),
        coordinates=places.coordinates,
    )
    report.issues += _sense(widened.problem, events)
    report.issues += _changed(widened.problem, events, report)
    report.raise_if_any()
    return widened, events


def _matrices(top: Fields, request: Request) -> dict[str, Matrix]:
    """The matrices with the rows and columns that the events bring."""
    matrices = dict(request.problem.matrices)
    if "rows" not in top:
        return matrices
    profiles = top.inner("rows")
    if request.estimated:
        top.report.add(
            "rows",
            profiles.pointer,
            "stand beside a request without matrices",
            "give places as [lon, lat]",
        )
        return matrices
    more = {name: grown(matrix, profiles.inner(name)) for name, matrix in matrices.items()}
    profiles.finish()
    return more


def _state(fields: Fields, places: Places) -> VehicleState:
    return VehicleState(
        id=fields.identity(),
        done=read_ids(fields, "done", "a job's id"),
        at=_at(fields, places),
        free_at_s=fields.whole("free_at", None),
        unavailable=fields.flag("unavailable"),
    )


def _at(fields: Fields, places: Places) -> int | None:
    """A place by its row, or by coordinates that are known or may be estimated."""
    value, pointer = fields.take("at"), fields.at("at")
    if value is None or type(value) is int:
        return value
    spot = places.spot(value, pointer)
    if spot is None:
        return None
    if places.has_matrices and spot not in places.coordinates.values():
        fields.report.add(
            "location",
            pointer,
            "is a place that the matrices do not know",
            "give its row, and `rows` for an added place",
        )
        return None
    return places.row(spot)


def _hold(top: Fields) -> Hold:
    value = top.take("lock", Hold.NEXT.value)
    known = [hold.value for hold in Hold]
    if isinstance(value, str) and value in known:
        return Hold(value)
    top.report.add("lock", top.at("lock"), "is no lock", f"give one of {', '.join(known)}")
    return Hold.NEXT


def _sense(problem: Problem, events: Events) -> Iterable[Issue]:
    """Ids that do not exist or stand where they cannot."""
    tasks = {task.id for task in problem.tasks}
    vehicles = {vehicle.id for vehicle in problem.vehicles}
    named = [(f"/vehicles/{rank}/id", state.id) for rank, state in enumerate(events.vehicles)]
    yield from _unknown(named, vehicles, "vehicle")
    yield from _twice(named)
    done = [
        (f"/vehicles/{rank}/done/{place}", name)
        for rank, state in enumerate(events.vehicles)
        for place, name in enumerate(state.done)
    ]
    cancelled = [(f"/cancel/{rank}", name) for rank, name in enumerate(events.cancel)]
    changed = [(f"/change/{rank}/id", task.id) for rank, task in enumerate(events.change)]
    yield from _unknown([*done, *cancelled, *changed], tasks, "job")
    yield from _twice([*done, *cancelled, *changed])
    added = [(f"/add/{rank}/id", task.id) for rank, task in enumerate(events.add)]
    yield from _twice(added)
    for pointer, name in added:
        if name in tasks:
            yield _issue(pointer, f"job {name} exists", "put it under `change`, or rename it")
    yield from _numbers(problem, events)


def _unknown(named: list[tuple[str, Id]], known: set[Id], what: str) -> Iterable[Issue]:
    for pointer, name in named:
        if name not in known:
            yield _issue(pointer, f"there is no {what} {name!r}", f"name a {what} of the request")


def _twice(named: list[tuple[str, Id]]) -> Iterable[Issue]:
    seen: set[Id] = set()
    for pointer, name in named:
        if name in seen:
            yield _issue(pointer, f"{name!r} stands twice", "say one thing about it")
        seen.add(name)


def _numbers(problem: Problem, events: Events) -> Iterable[Issue]:
    if events.now_s < 0:
        yield _issue("/now", "is before the plan's origin", "give seconds, 0 or more")
    for rank, state in enumerate(events.vehicles):
        if state.free_at_s is not None and state.free_at_s < 0:
            yield _issue(f"/vehicles/{rank}/free_at", "is negative", "give seconds, 0 or more")
        if state.at is not None and not 0 <= state.at < problem.place_count:
            cause = f"there is no place {state.at}"
            yield _issue(f"/vehicles/{rank}/at", cause, f"use 0 to {problem.place_count - 1}")


def _issue(pointer: str, cause: str, remedy: str) -> Issue:
    return Issue("events", pointer, cause, remedy)


def _changed(problem: Problem, events: Events, report: Report) -> list[Issue]:
    """Faults of the jobs that are changed or added, beside all others."""
    ranks = {task.id: rank for rank, task in enumerate(problem.tasks)}
    tasks: list[Task] = list(problem.tasks)
    homes: dict[int, str] = {}
    for place, task in enumerate(events.change):
        if task.id in ranks:
            tasks[ranks[task.id]] = task
            homes[ranks[task.id]] = f"/change/{place}"
    for place, task in enumerate(events.add):
        homes[len(tasks)] = f"/add/{place}"
        tasks.append(task)
    found = validate(replace(problem, tasks=tuple(tasks)))
    move = _moved(homes)
    return [issue for issue in map(move, map(renamed, found)) if not report.covers(issue.pointer)]


def _moved(homes: dict[int, str]) -> Callable[[Issue], Issue]:
    """Pointers into the changed problem as pointers into the document."""

    def move(issue: Issue) -> Issue:
        parts = issue.pointer.split("/")
        rank = parts[2] if len(parts) > 2 and parts[1] == "jobs" else ""  # noqa: PLR2004
        home = homes.get(int(rank)) if rank.isdigit() else None
        if home is None:
            return issue
        return replace(issue, pointer="/".join([home, *parts[3:]]))

    return move
