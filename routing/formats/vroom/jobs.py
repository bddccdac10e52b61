"""Read the jobs of a request as tasks."""

from collections.abc import Mapping
from typing import Any

from routing.formats.vroom.document import Fields, Report, is_text, joined, shown
from routing.formats.vroom.places import Places
from routing.problem import Alternative, Id, Lock, Objective, Preference, Skill, Task, Window


def read_jobs(
    values: list[Any],
    places: Places,
    report: Report,
    *,
    pointer: str = "/jobs",
    objective: Objective | None = None,
) -> tuple[tuple[Task, ...], Objective]:
    """Tasks of a request, and the objective that their keys ask for.

    With `required` or `prize` anywhere the objective is `PRIZES`, a job with neither counts as
    required, and `priority` is an error. Where an objective is given the jobs join a request
    that has it.
    """
    given = [value for value in values if isinstance(value, dict)]
    if objective is None:
        prized = any("required" in value or "prize" in value for value in given)
        objective = Objective.PRIZES if prized else Objective.PRIORITIES
    tasks = []
    for index, value in enumerate(values):
        fields = Fields(value, joined(pointer, index), report)
        tasks.append(_task(fields, places, objective))
        fields.finish()
    return tuple(tasks), objective


def _task(fields: Fields, places: Places, objective: Objective) -> Task:
    identity = fields.identity()
    place = _place(fields, places)
    required, prize, priority = _worth(fields, objective)
    return Task(
        id=identity,
        place=place,
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
        alternatives=_alternatives(fields, places),
        not_first=fields.flag("not_first"),
        not_last=fields.flag("not_last"),
        delivery=_delivery(fields),
        pickup=fields.wholes("pickup"),
        setup_per_type=_per_type(fields, "setup_per_type"),
        service_per_type=_per_type(fields, "service_per_type"),
        source=fields.text("source"),
        description=fields.text("description"),
    )


def _place(fields: Fields, places: Places) -> int:
    place = places.take(fields, "location", "location_index")
    if place is None:
        fields.report.add(
            "location", fields.pointer, "has no place", "give location as [lon, lat]"
        )
    return place or 0


def _worth(fields: Fields, objective: Objective) -> tuple[bool, int, int]:
    if objective is Objective.PRIORITIES:
        for key in ("required", "prize"):
            if key in fields:  # only of a job that is added to a request
                fields.take(key)
                fields.report.add(
                    "two-objectives",
                    fields.at(key),
                    "joins a request whose jobs have priorities",
                    "give it a priority",
                )
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


def _alternatives(fields: Fields, places: Places) -> tuple[Alternative, ...]:
    return tuple(
        Alternative(
            place=_place(inner, places),
            windows=read_windows(inner, "time_windows") if "time_windows" in inner else None,
            service_s=inner.whole("service", None),
            setup_s=inner.whole("setup", None),
            allowed_vehicles=_ids(inner, "allowed_vehicles"),
            cost=inner.whole("cost", 0),
        )
        for inner in fields.objects("alternatives")
    )


def _delivery(fields: Fields) -> tuple[int, ...]:
    """What is delivered; VROOM's old `amount` is that."""
    if "amount" in fields and "delivery" in fields:
        fields.take("amount")
        fields.report.add(
            "two-amounts", fields.at("amount"), "stands beside delivery", "give delivery only"
        )
    return fields.wholes("amount" if "amount" in fields else "delivery")


def _per_type(fields: Fields, key: str) -> Mapping[str, int]:
    if key not in fields:
        return {}
    inner = fields.inner(key)
    return {name: inner.whole(name) for name in inner.rest()}


def read_windows(fields: Fields, key: str) -> tuple[Window, ...]:
    """Windows as pairs of seconds."""
    pointer = fields.at(key)
    return tuple(
        read_window(pair, joined(pointer, index), fields.report) or Window(0, 0)
        for index, pair in enumerate(fields.items(key))
    )


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
    pointer = fields.at("skills")
    for index, value in enumerate(fields.items("skills")):
        if type(value) is int:
            skills.append(Skill(value))
            continue
        inner = Fields(value, joined(pointer, index), fields.report)
        skills.append(Skill(inner.identity(), inner.whole("level", 1)))
        inner.finish()
    return tuple(skills)


def read_ids(fields: Fields, key: str, whose: str) -> tuple[Id, ...]:
    """A list of ids, empty where absent."""
    names = fields.items(key)
    for index, name in enumerate(names):
        if not _is_id(name):
            fields.report.add(
                "id",
                joined(fields.at(key), index),
                f"is {shown(name)}, not {whose}",
                "give a number or a text",
            )
    return tuple(filter(_is_id, names))


def _is_id(name: Any) -> bool:
    return type(name) is int or is_text(name)


def _ids(fields: Fields, key: str) -> tuple[Id, ...] | None:
    return read_ids(fields, key, "a vehicle's id") if key in fields else None


def _wishes(fields: Fields) -> tuple[Preference, ...]:
    return tuple(
        Preference(inner.identity(), inner.whole("bonus"))
        for inner in fields.objects("preferred_vehicles")
    )


def _lock(fields: Fields) -> Lock | None:
    if "lock" not in fields:
        return None
    inner = fields.inner("lock")
    lock = Lock(
        vehicle=inner.identity("vehicle") if "vehicle" in inner else None,
        start_s=inner.whole("start", None),
        tolerance_s=inner.whole("tolerance", 0),
        position=inner.whole("position", None),
    )
    inner.finish()
    return lock
