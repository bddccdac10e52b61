"""The hard rules, one module each, in the order in which they declare themselves."""

from types import ModuleType

from routing.constraints import (
    alternatives,
    breaks,
    capacity,
    clocks,
    latest_end,
    loads,
    locks,
    max_distance,
    max_duration,
    max_load,
    max_tasks,
    max_travel_time,
    order,
    overtime,
    permissions,
    places,
    presence,
    shift,
    skills,
    travel,
    windows,
    work,
)

DECLARED: tuple[ModuleType, ...] = (
    presence,
    clocks,
    shift,
    overtime,
    windows,
    latest_end,
    permissions,
    max_tasks,
    max_travel_time,
    max_distance,
    max_duration,
    capacity,
    order,
    locks,
    breaks,
)
"""Rules stated to OR-Tools; skills are part of what `permissions` declares."""

CHECKED: tuple[ModuleType, ...] = (
    clocks,
    places,
    alternatives,
    travel,
    work,
    shift,
    windows,
    latest_end,
    skills,
    permissions,
    max_tasks,
    max_travel_time,
    max_distance,
    max_duration,
    loads,
    capacity,
    max_load,
    order,
    locks,
    breaks,
)
"""Rules that judge one tour of sound `form`; `presence` and `totals` judge the whole solution."""

BLOCKING: tuple[ModuleType, ...] = (locks, permissions, skills)
"""Rules that can keep a vehicle from a task whatever else is planned."""
