"""Read the EVENTS document of a repair."""

from dataclasses import replace
from typing import Any

from routing.event_issues import event_issues
from routing.events import Events, Hold, VehicleState
from routing.formats.request import Request
from routing.formats.vroom.document import Fields, Report
from routing.formats.vroom.jobs import read_ids, read_jobs
from routing.formats.vroom.matrices import grown
from routing.formats.vroom.places import Places
from routing.formats.vroom.words import renamed
from routing.matrix import Matrix


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
    found = map(renamed, event_issues(widened.problem, events))
    report.issues += [issue for issue in found if not report.covers(issue.pointer)]
    report.raise_if_any()
    return widened, events


def changed_day(request: Request, events: Events) -> Request:
    """The request with its jobs changed and added, as the answer to a repair tells of them."""
    changed = {task.id: task for task in events.change}
    tasks = (*(changed.get(task.id, task) for task in request.problem.tasks), *events.add)
    return replace(request, problem=replace(request.problem, tasks=tasks))


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
