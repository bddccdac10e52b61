"""Read a request: jobs, vehicles, matrices and options, as a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from routing.check import check
from routing.errors import InvalidProblem, Issue
from routing.formats.vroom.document import Fields, Report
from routing.formats.vroom.jobs import read_jobs
from routing.formats.vroom.places import ESTIMATED, LonLat, Places, read_matrices
from routing.formats.vroom.vehicles import read_vehicles
from routing.problem import Id, Problem
from routing.record import record
from routing.solution import Solution
from routing.tables import tables_of
from routing.validate import validate


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a request asks for.

    Parameters
    ----------
    problem
        The problem in routing's own words.
    coordinates
        `[lon, lat]` of the places that have some, by matrix row.
    start
        The plan that the vehicles' `steps` describe, None without any.
    with_geometry, seconds, threads
        vroom-express's `g`, `l` and `t`; None where not asked.
    notes
        What the reader of the answer should know, in plain sentences.
    """

    problem: Problem
    coordinates: Mapping[int, LonLat] = field(default_factory=dict)
    start: Solution | None = None
    with_geometry: bool = False
    seconds: float | None = None
    threads: int | None = None
    notes: tuple[str, ...] = ()


def read(document: Any) -> Request:
    """Read a parsed request.

    Parameters
    ----------
    document
        The JSON value.

    Raises
    ------
    InvalidProblem
        With every issue, each with its JSON pointer into the request.
    """
    report = Report()
    top = Fields(document, "", report)
    if top.take("shipments"):
        report.add(
            "shipments",
            "/shipments",
            "shipments are not taken",
            "give jobs only, one for each visit",
        )
    matrices = read_matrices(top)
    places = Places(has_matrices=bool(matrices), report=report)
    vehicles, starts = read_vehicles(top.items("vehicles"), places, report)
    tasks, objective = read_jobs(top.items("jobs"), places, report)
    options = _options(top.take("options", {}), report)
    top.refuse(["tuning"])
    top.finish()
    if not matrices:
        matrices = places.estimated({vehicle.profile for vehicle in vehicles})
        report.notes.append(ESTIMATED)
    problem = Problem(tasks=tasks, vehicles=vehicles, matrices=matrices, objective=objective)
    report.raise_if_any()
    report.issues += [_renamed(issue) for issue in validate(problem)]
    report.raise_if_any()
    return Request(
        problem=problem,
        coordinates=places.coordinates,
        start=_started(problem, starts, report),
        notes=tuple(report.notes),
        **options,
    )


def _options(value: Any, report: Report) -> dict[str, Any]:
    """vroom-express's options; `x` (exploration) has no counterpart and is accepted."""
    fields = Fields(value, "/options", report)
    fields.take("x")
    fields.refuse(["c"])
    options: dict[str, Any] = {"with_geometry": fields.flag("g")}
    for key, name in (("t", "threads"), ("l", "seconds")):
        if key in fields:
            options[name] = max(1, fields.whole(key))
    fields.finish()
    return options


def _started(
    problem: Problem, starts: dict[Id, tuple[str, list[Id]]], report: Report
) -> Solution | None:
    """The plan that `steps` describe, which must keep every rule."""
    if not starts:
        return None
    tables = tables_of(problem)
    index = {task.id: number for number, task in enumerate(problem.tasks)}
    routes: list[list[int]] = []
    seen: set[Id] = set()
    for vehicle in problem.vehicles:
        pointer, names = starts.get(vehicle.id, ("", []))
        wrong = [name for name in names if name not in index or name in seen]
        if wrong or len(set(names)) < len(names):
            told = f"names job {(wrong or names)[0]}, unknown or named twice"
            report.add("steps", pointer, told, "name each job of the request at most once")
        seen.update(names)
        routes.append([index[name] for name in names if name in index])
    report.raise_if_any()
    solution = record(tables, routes, "steps")
    faults = _faults(problem, solution)
    if solution is None or faults:
        raise InvalidProblem(
            faults
            or [
                Issue(
                    "steps", "/vehicles", "the steps cannot keep the windows", "repair the steps"
                )
            ]
        )
    return solution


def _faults(problem: Problem, solution: Solution | None) -> list[Issue]:
    if solution is None:
        return []
    return [
        Issue("steps", "/vehicles", f"the steps break a rule: {fault.detail}", "repair the steps")
        for fault in check(problem, solution)
    ]


_WORDS = {
    "tasks": "jobs",
    "place": "location_index",
    "service_s": "service",
    "setup_s": "setup",
    "latest_end_s": "latest_end",
    "windows": "time_windows",
    "shift": "time_window",
    "start_s": "0",
    "end_s": "1",
    "duration_s": "service",
    "tolerance_s": "tolerance",
    "start": "start_index",
    "end": "end_index",
    "max_travel_time_s": "max_travel_time",
    "max_distance_m": "max_distance",
}


def _renamed(issue: Issue) -> Issue:
    """An issue with its pointer in the dialect's words."""
    parts = issue.pointer.split("/")
    locked = "lock" in parts
    told = ["start" if locked and part == "start_s" else _WORDS.get(part, part) for part in parts]
    return Issue(issue.code, "/".join(told), issue.cause, issue.remedy)
