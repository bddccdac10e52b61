"""Read a request: jobs, vehicles, matrices and options, as a problem."""

from collections.abc import Callable, Sequence
from typing import Any

from routing.check import check
from routing.errors import InvalidProblem, Issue
from routing.formats.request import Request
from routing.formats.vroom.document import Fields, Report
from routing.formats.vroom.jobs import read_jobs
from routing.formats.vroom.matrices import read_matrices
from routing.formats.vroom.places import ESTIMATED, LonLat, Places
from routing.formats.vroom.tuning import read_tuning
from routing.formats.vroom.vehicles import Starts, read_vehicles
from routing.formats.vroom.words import refuse, renamed
from routing.matrix import Matrix
from routing.plan_mode import given_issues
from routing.problem import Problem
from routing.record import record, routes_of
from routing.solution import Solution, Step, StepKind, Tour
from routing.tables import tables_of
from routing.units import MAX_PLACES, MAX_TASKS, MAX_VEHICLES

_WITHOUT_PLAN_MODE = (
    "service_at, service_after and service_before fix times in plan mode only; they were not used."
)

type Travel = Callable[[Sequence[LonLat], set[str]], tuple[dict[str, Matrix], str]]
"""Fills matrices for places and profiles, and says in a sentence where they come from."""


def read(document: Any, *, plan_mode: bool = False, travel: Travel | None = None) -> Request:
    """Read a parsed request.

    Parameters
    ----------
    document
        The JSON value.
    plan_mode
        Whether the vehicles' steps are to be timed as given, as the option `c` asks.
    travel
        Who fills the matrices where the request has none; by default they are estimated.

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
    vehicles, starts = read_vehicles(_bounded(top, "vehicles", MAX_VEHICLES), places, report)
    tasks, objective = read_jobs(_bounded(top, "jobs", MAX_TASKS), places, report)
    options = _options(top.inner("options"))
    options["plan_mode"] |= plan_mode
    tuning = read_tuning(top)
    top.finish()
    estimated = not matrices
    if estimated:
        profiles = {vehicle.profile for vehicle in vehicles}
        matrices = _estimated(places, profiles, report, travel)
    problem = Problem(
        tasks=tasks,
        vehicles=vehicles,
        matrices=matrices,
        objective=objective,
        tuning=tuning,
    )
    refuse(problem, report)
    given = {name: steps for name, (_, steps) in starts.items()}
    return Request(
        problem=problem,
        coordinates=places.coordinates,
        estimated=estimated,
        given=given,
        start=None if options["plan_mode"] else _started(problem, starts, report),
        notes=tuple(report.notes),
        **options,
    )


def _bounded(top: Fields, key: str, most: int) -> list[Any]:
    values = top.items(key)
    if len(values) <= most:
        return values
    cause, remedy = f"has {len(values)} entries", f"give at most {most}, or split the request"
    top.report.add("too-large", top.at(key), cause, remedy)
    return []


def _estimated(
    places: Places, profiles: set[str], report: Report, travel: Travel | None
) -> dict[str, Matrix]:
    if len(places.coordinates) > MAX_PLACES:
        report.add(
            "too-large",
            "/jobs",
            f"names {len(places.coordinates)} places",
            f"give at most {MAX_PLACES}, or split the request",
        )
        report.raise_if_any()
    if travel is None or report.issues:  # roads are not asked about a request to be refused
        report.notes.append(ESTIMATED)
        return places.estimated(profiles)
    spots = [spot for _, spot in sorted(places.coordinates.items(), key=lambda item: item[0])]
    matrices, told = travel(spots, profiles)
    report.notes.append(told)
    return matrices


def _options(fields: Fields) -> dict[str, Any]:
    """vroom-express's options; `x` (exploration) has no counterpart and is accepted."""
    fields.take("x")
    options: dict[str, Any] = {
        "with_geometry": fields.flag("g"),
        "plan_mode": fields.flag("c"),
    }
    if "t" in fields:
        options["threads"] = max(1, fields.whole("t"))
    if "l" in fields:
        options["seconds"] = max(0.0, fields.real("l", 0.0))
    fields.finish()
    return options


def _started(problem: Problem, starts: Starts, report: Report) -> Solution | None:
    """The plan that `steps` describe, which must keep every rule."""
    if not starts:
        return None
    given = {name: steps for name, (_, steps) in starts.items()}
    report.issues += [renamed(issue) for issue in given_issues(problem, given)]
    report.raise_if_any()
    fixed = any(step.is_fixed for steps in given.values() for step in steps)
    if fixed:
        report.notes.append(_WITHOUT_PLAN_MODE)
    skeleton = Solution(
        tours=tuple(
            Tour(
                vehicle=name,
                steps=tuple(
                    Step(kind=step.kind, id=step.id, alternative=step.alternative, arrival_s=0)
                    for step in steps
                    if step.kind is StepKind.TASK
                ),
            )
            for name, steps in given.items()
        )
    )
    tables = tables_of(problem)
    solution = record(tables, routes_of(tables, skeleton), "steps")
    if solution is None:
        cause, remedy = "the steps cannot keep every rule", "repair the steps, or use plan mode"
        raise InvalidProblem([Issue("steps", "/vehicles", cause, remedy)])
    faults = [
        Issue("steps", "/vehicles", f"the steps break a rule: {fault.detail}", "repair the steps")
        for fault in check(problem, solution)
    ]
    if faults:
        raise InvalidProblem(faults)
    return solution
