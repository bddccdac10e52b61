"""Read the vehicles of a request, and the routes that their `steps` describe."""

from typing import Any

from routing.formats.vroom.document import Fields, Report, joined
from routing.formats.vroom.jobs import read_skills, read_window, read_windows
from routing.formats.vroom.places import Places
from routing.plan_mode import Given
from routing.problem import Break, Costs, Id, Overtime, Vehicle, Window
from routing.solution import StepKind
from routing.units import DEFAULT_PER_HOUR, MAX_TIME_S

STEP_KINDS = {
    "start": StepKind.START,
    "job": StepKind.TASK,
    "break": StepKind.BREAK,
    "end": StepKind.END,
}
"""VROOM's words for what happens at a step."""

type Starts = dict[Id, tuple[str, tuple[Given, ...]]]
"""By vehicle: pointer to its steps, and the steps."""


def read_vehicles(
    values: list[Any], places: Places, report: Report
) -> tuple[tuple[Vehicle, ...], Starts]:
    """Vehicles of a request, and their given routes."""
    vehicles: list[Vehicle] = []
    starts: Starts = {}
    for index, value in enumerate(values):
        fields = Fields(value, joined("/vehicles", index), report)
        vehicle = _vehicle(fields, places)
        if "steps" in fields:
            starts[vehicle.id] = fields.at("steps"), _steps(fields)
        fields.finish()
        vehicles.append(vehicle)
    return tuple(vehicles), starts


def _vehicle(fields: Fields, places: Places) -> Vehicle:
    identity = fields.identity()
    start = places.take(fields, "start", "start_index")
    end = places.take(fields, "end", "end_index")
    if start is None and end is None:
        fields.report.add(
            "location", fields.pointer, "has neither start nor end", "give at least one of them"
        )
    return Vehicle(
        id=identity,
        start=start,
        end=end,
        shift=_shift(fields),
        breaks=_breaks(fields),
        profile=fields.text("profile") or "car",
        skills=read_skills(fields),
        speed_factor=fields.real("speed_factor", 1.0),
        max_tasks=fields.whole("max_tasks", None),
        max_travel_time_s=fields.whole("max_travel_time", None),
        max_distance_m=fields.whole("max_distance", None),
        max_duration_s=fields.whole("max_duration", None),
        overtime=_overtime(fields),
        capacity=fields.wholes("capacity"),
        type=fields.text("type"),
        balance_group=fields.identity("balance_group") if "balance_group" in fields else None,
        costs=_costs(fields),
        source=fields.text("source"),
        description=fields.text("description"),
    )


def _shift(fields: Fields) -> Window:
    if "time_window" not in fields:
        return Window(0, MAX_TIME_S)
    pointer = fields.at("time_window")
    return read_window(fields.take("time_window"), pointer, fields.report) or Window(0, MAX_TIME_S)


def _breaks(fields: Fields) -> tuple[Break, ...]:
    return tuple(
        Break(
            id=inner.identity(),
            windows=read_windows(inner, "time_windows"),
            duration_s=inner.whole("service", 0),
            max_load=inner.wholes("max_load") if "max_load" in inner else None,
            description=inner.text("description"),
        )
        for inner in fields.objects("breaks")
    )


def _overtime(fields: Fields) -> Overtime | None:
    if "overtime" not in fields:
        return None
    inner = fields.inner("overtime")
    overtime = Overtime(max_s=inner.whole("max"), per_hour=inner.whole("per_hour"))
    inner.finish()
    return overtime


def _costs(fields: Fields) -> Costs:
    if "costs" not in fields:
        return Costs()
    inner = fields.inner("costs")
    costs = Costs(
        fixed=inner.whole("fixed", 0),
        per_hour=inner.whole("per_hour", DEFAULT_PER_HOUR),
        per_km=inner.whole("per_km", 0),
        per_task_hour=inner.whole("per_task_hour", 0),
    )
    inner.finish()
    return costs


def _steps(fields: Fields) -> tuple[Given, ...]:
    steps: list[Given] = []
    for inner in fields.objects("steps"):
        name = inner.take("type")
        kind = STEP_KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            inner.report.add(
                "steps", inner.at("type"), "is no step", "give start, job, break or end"
            )
            kind = StepKind.START
        named = kind in (StepKind.TASK, StepKind.BREAK)
        steps.append(
            Given(
                kind=kind,
                id=inner.identity() if named else None,
                alternative=inner.whole("alternative", 0),
                at_s=inner.whole("service_at", None),
                after_s=inner.whole("service_after", None),
                before_s=inner.whole("service_before", None),
            )
        )
        for key in _ANSWERED:
            inner.take(key)
    return tuple(steps)


_ANSWERED = (
    "location",
    "location_index",
    "description",
    "arrival",
    "duration",
    "distance",
    "setup",
    "service",
    "waiting_time",
    "load",
    "violations",
    "on_time_probability",
    "job",
)
"""Keys of a step in an answer: a route of one plan may be given as it stands to the next."""
