"""Read the vehicles of a request, and the routes that their `steps` start from."""

from typing import Any

from routing.formats.vroom.document import Fields, Report, number
from routing.formats.vroom.jobs import read_skills, read_window, read_windows
from routing.formats.vroom.places import Places
from routing.problem import Break, Costs, Id, Vehicle, Window
from routing.units import DEFAULT_PER_HOUR, MAX_TIME_S

_NOT_SERVED = ("max_duration", "overtime", "balance_group")
_NOT_SERVED_STEP = ("service_at", "service_after", "service_before")
_WITHOUT_EFFECT = ("capacity", "type")
"""They matter only beside job keys that are refused."""

type Starts = dict[Id, tuple[str, list[Id]]]
"""By vehicle: pointer to its steps, and the ids of the jobs in them."""


def read_vehicles(
    values: list[Any], places: Places, report: Report
) -> tuple[tuple[Vehicle, ...], Starts]:
    """Vehicles of a request, and their starting routes."""
    vehicles: list[Vehicle] = []
    starts: Starts = {}
    for index, value in enumerate(values):
        fields = Fields(value, f"/vehicles/{index}", report)
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
    for key in _WITHOUT_EFFECT:
        fields.take(key)
    vehicle = Vehicle(
        id=identity,
        start=start,
        end=end,
        shift=_shift(fields),
        breaks=_breaks(fields),
        profile=fields.text("profile") or "car",
        skills=read_skills(fields),
        speed_factor=_speed(fields),
        max_tasks=fields.whole("max_tasks", None),
        max_travel_time_s=fields.whole("max_travel_time", None),
        max_distance_m=fields.whole("max_distance", None),
        costs=_costs(fields),
        source=fields.text("source"),
        description=fields.text("description"),
    )
    fields.refuse(_NOT_SERVED)
    return vehicle


def _shift(fields: Fields) -> Window:
    if "time_window" not in fields:
        return Window(0, MAX_TIME_S)
    pointer = fields.at("time_window")
    return read_window(fields.take("time_window"), pointer, fields.report) or Window(0, MAX_TIME_S)


def _breaks(fields: Fields) -> tuple[Break, ...]:
    breaks = []
    for index, value in enumerate(fields.items("breaks")):
        inner = Fields(value, f"{fields.at('breaks')}/{index}", fields.report)
        breaks.append(
            Break(
                id=inner.identity(),
                windows=read_windows(inner, "time_windows"),
                duration_s=inner.whole("service", 0),
                description=inner.text("description"),
            )
        )
        inner.refuse(["max_load"])
        inner.finish()
    return tuple(breaks)


def _speed(fields: Fields) -> float:
    value = fields.take("speed_factor", 1.0)
    speed = number(value)
    if speed is None:
        pointer = fields.at("speed_factor")
        fields.report.add("number", pointer, "is not a number", "give a number above 0, at most 5")
        return 1.0
    return speed


def _costs(fields: Fields) -> Costs:
    if "costs" not in fields:
        return Costs()
    inner = Fields(fields.take("costs"), fields.at("costs"), fields.report)
    costs = Costs(
        fixed=inner.whole("fixed", 0),
        per_hour=inner.whole("per_hour", DEFAULT_PER_HOUR),
        per_km=inner.whole("per_km", 0),
    )
    inner.refuse(["per_task_hour"])
    inner.finish()
    return costs


def _steps(fields: Fields) -> list[Id]:
    jobs: list[Id] = []
    for index, value in enumerate(fields.items("steps")):
        inner = Fields(value, f"{fields.at('steps')}/{index}", fields.report)
        kind = inner.take("type")
        if kind in ("job", "break") and "id" in inner:
            name = inner.identity()
            if kind == "job":
                jobs.append(name)
        elif kind not in ("start", "end"):
            inner.report.add("steps", inner.pointer, "is no step", "give start, job, break or end")
        inner.refuse(_NOT_SERVED_STEP)
    return jobs
