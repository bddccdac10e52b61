"""Read an answer back: for `check`, `explain` and `--initial`."""

from dataclasses import replace
from typing import Any

from routing.formats.request import Request
from routing.formats.vroom.document import Fields, Report, number
from routing.formats.vroom.vehicles import STEP_KINDS
from routing.problem import Vehicle
from routing.record import record, routes_of
from routing.solution import Solution, Step, StepKind, Summary, Tour, Unassigned
from routing.tables import tables_of

_TOTALS = {
    "cost": "cost",
    "objective": "objective",
    "duration": "travel_s",
    "distance": "distance_m",
    "service": "service_s",
    "setup": "setup_s",
    "waiting_time": "waiting_s",
    "priority": "priority",
    "prize_collected": "prize_collected",
    "required_unserved": "required_unserved",
    "soft_cost": "soft_cost",
}


def read_solution(document: Any, request: Request) -> Solution:
    """Read a parsed answer to a request.

    Parameters
    ----------
    document
        The JSON value: ours, or VROOM's own. Totals that it does not tell are added up.
    request
        What was asked.

    Raises
    ------
    InvalidProblem
        When the document is no answer; a wrong answer is for `check` to judge.
    """
    report = Report()
    top = Fields(document, "", report)
    told = Fields(top.take("summary", {}), "/summary", report)
    tours = [
        _tour(Fields(value, f"/routes/{index}", report))
        for index, value in enumerate(top.items("routes"))
    ]
    required = {task.id: task.is_required for task in request.problem.tasks}
    left = [
        Fields(value, f"/unassigned/{index}", report).identity()
        for index, value in enumerate(top.items("unassigned"))
    ]
    totals = {name: told.whole(key, None) for key, name in _TOTALS.items()}
    report.raise_if_any()
    solution = Solution(
        tours=tuple(_placed(tour, request) for tour in tours),
        unassigned=tuple(
            Unassigned(task=name, required=required.get(name, False)) for name in left
        ),
        engine="file",
    )
    return _with_totals(solution, totals, request)


def _tour(fields: Fields) -> Tour:
    vehicle = fields.identity("vehicle")
    cost = fields.whole("cost", 0)
    steps = [
        _step(Fields(value, f"{fields.at('steps')}/{index}", fields.report))
        for index, value in enumerate(fields.items("steps"))
    ]
    return Tour(vehicle=vehicle, steps=tuple(steps), cost=cost)


def _step(fields: Fields) -> Step:
    name = fields.take("type")
    kind = STEP_KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        fields.report.add(
            "steps", fields.at("type"), "is no step", "give start, job, break or end"
        )
        kind = StepKind.START
    named = kind in (StepKind.TASK, StepKind.BREAK)
    return Step(
        kind=kind,
        id=fields.identity() if named else None,
        place=fields.whole("location_index", None),
        arrival_s=fields.whole("arrival"),
        waiting_s=fields.whole("waiting_time", 0),
        setup_s=fields.whole("setup", 0),
        service_s=fields.whole("service", 0),
        travel_s=fields.whole("duration", 0),
        distance_m=fields.whole("distance", 0),
        alternative=fields.whole("alternative", 0),
        load=fields.wholes("load"),
        on_time_probability=number(fields.take("on_time_probability")),
    )


def _placed(tour: Tour, request: Request) -> Tour:
    """Steps without `location_index` stand where their job or vehicle does."""
    places = {
        (task.id, rank): place
        for task in request.problem.tasks
        for rank, place in enumerate([task.place, *(one.place for one in task.alternatives)])
    }
    vehicle = next((one for one in request.problem.vehicles if one.id == tour.vehicle), None)
    steps = list(tour.steps)
    for rank, step in enumerate(steps):
        place = step.place
        if step.kind is StepKind.TASK and place is None and step.id is not None:
            place = places.get((step.id, step.alternative))
        elif vehicle is not None and step.kind in (StepKind.START, StepKind.END):
            own = vehicle.start if step.kind is StepKind.START else vehicle.end
            place = own if place is None or own is None else place
        steps[rank] = replace(step, place=place)
    return replace(tour, steps=_measured(steps, vehicle, request))


def _measured(steps: list[Step], vehicle: Vehicle | None, request: Request) -> tuple[Step, ...]:
    """The steps with metres from the matrix where they tell none, as VROOM's own do."""
    matrix = request.problem.matrices.get(vehicle.profile) if vehicle else None
    if matrix is None or matrix.distances is None or any(step.distance_m for step in steps):
        return tuple(steps)
    size, total, here = len(matrix), 0, None
    for rank, step in enumerate(steps):
        if step.place is not None and 0 <= step.place < size:
            total += 0 if here is None else int(matrix.distances[here, step.place])
            here = step.place
        steps[rank] = replace(step, distance_m=total)
    return tuple(steps)


def _with_totals(solution: Solution, totals: dict[str, int | None], request: Request) -> Solution:
    tables = tables_of(request.problem)
    routes = routes_of(tables, solution)
    timed = record(tables, routes, "file")
    own = timed.summary if timed is not None else Summary()
    given = {name: value for name, value in totals.items() if value is not None}
    served = sum(len(tour.tasks) for tour in solution.tours)
    return replace(solution, summary=replace(own, **given, assigned=served))
