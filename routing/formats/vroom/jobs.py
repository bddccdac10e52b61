"""Read the jobs of a request as tasks."""

from typing import Any

from routing.formats.vroom.document import Fields, Report
from routing.formats.vroom.places import Places
from routing.problem import Id, Lock, Objective, Preference, Skill, Task, Window

_NOT_SERVED = (
    "alternatives",
    "not_first",
    "not_last",
    "setup_per_type",
    "service_per_type",
    "delivery",
    "pickup",
    "amount",
)


def read_jobs(
    values: list[Any], places: Places, report: Report
) -> tuple[tuple[Task, ...], Objective]:
    """Tasks of a request, and the objective that their keys ask for.

    With `required` or `prize` anywhere the objective is `PRIZES`, a job with neither counts as
    required, and `priority` is an error.
    """
    given = [value for value in values if isinstance(value, dict)]
    prized = any("required" in value or "prize" in value for value in given)
    objective = Objective.PRIZES if prized else Objective.PRIORITIES
    tasks = []
    for index, value in enumerate(values):
        fields = Fields(value, f"/jobs/{index}", report)
        tasks.append(_task(fields, places, objective))
        fields.finish()
    return tuple(tasks), objective


def _task(fields: Fields, places: Places, objective: Objective) -> Task:
    identity = fields.identity()
    place = places.take(fields, "location", "location_index")
    if place is None:
        fields.report.add(
            "location", fields.pointer, "has no place", "give location as [lon, lat]"
        )
    required, prize, priority = _worth(fields, objective)
    task = Task(
        id=identity,
        place=place or 0,
        windows=read_windows(fields, "time_windows"),
        service_s=fields.whole("service", 0),
        setup_s=fields.whole("setup", 0),
        latest_end_s=fields.whole("latest_end", None),
        required=required,
        prize=prize,
        priority=priority,
        skills=read_skills(fields),
        allowed_vehicles=_ids(fields, "allowed_vehicles"),
        forbidden_vehicles=_ids(fields, "forbidden_vehicles") or (),
        preferred_vehicles=_wishes(fields),
        lock=_lock(fields),
        source=fields.text("source"),
        description=fields.text("description"),
    )
    fields.refuse(_NOT_SERVED)
    return task


def _worth(fields: Fields, objective: Objective) -> tuple[bool, int, int]:
    if objective is Objective.PRIORITIES:
        return False, 0, fields.whole("priority", 0)
    if "priority" in fields:
        fields.take("priority")
        fields.report.add(
            "two-objectives",
            fields.at("priority"),
            "stands beside required or prize",
            "say what a job is worth in one way only",
        )
    required = fields.flag("required") if "required" in fields else "prize" not in fields
    return required, fields.whole("prize", 0), 0


def read_windows(fields: Fields, key: str) -> tuple[Window, ...]:
    """Windows as pairs of seconds."""
    windows = []
    for index, pair in enumerate(fields.items(key)):
        window = read_window(pair, f"{fields.at(key)}/{index}", fields.report)
        if window is not None:
            windows.append(window)
    return tuple(windows)


def read_window(pair: Any, pointer: str, report: Report) -> Window | None:
    """One window as a pair of seconds, None if it is not one."""
    is_pair = isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004
    if not is_pair or any(type(part) is not int for part in pair):
        report.add("window", pointer, "is not a pair of seconds", "give [start, end]")
        return None
    return Window(pair[0], pair[1])


def read_skills(fields: Fields) -> tuple[Skill, ...]:
    """Skills: plain numbers, or `{id, level}`."""
    skills = []
    for index, value in enumerate(fields.items("skills")):
        if type(value) is int:
            skills.append(Skill(value))
            continue
        inner = Fields(value, f"{fields.at('skills')}/{index}", fields.report)
        skills.append(Skill(inner.identity(), inner.whole("level", 1)))
        inner.finish()
    return tuple(skills)


def _ids(fields: Fields, key: str) -> tuple[Id, ...] | None:
    if key not in fields:
        return None
    names = fields.items(key)
    for index, name in enumerate(names):
        if type(name) not in (int, str):
            pointer = f"{fields.at(key)}/{index}"
            fields.report.add("id", pointer, "is not a vehicle's id", "give a number or a text")
    return tuple(name for name in names if type(name) in (int, str))


def _wishes(fields: Fields) -> tuple[Preference, ...]:
    wishes = []
    for index, value in enumerate(fields.items("preferred_vehicles")):
        pointer = f"{fields.at('preferred_vehicles')}/{index}"
        inner = Fields(value, pointer, fields.report)
        wishes.append(Preference(inner.identity(), inner.whole("bonus")))
        inner.finish()
    return tuple(wishes)


def _lock(fields: Fields) -> Lock | None:
    if "lock" not in fields:
        return None
    inner = Fields(fields.take("lock"), fields.at("lock"), fields.report)
    lock = Lock(
        vehicle=inner.identity("vehicle") if "vehicle" in inner else None,
        start_s=inner.whole("start", None),
        tolerance_s=inner.whole("tolerance", 0),
        position=inner.whole("position", None),
    )
    inner.finish()
    return lock
