"""The hard rules, one module each, in the order in which they declare themselves."""

from types import ModuleType

from routing.constraints import (
    breaks,
    clocks,
    locks,
    max_distance,
    max_tasks,
    max_travel_time,
    permissions,
    presence,
    shift,
    skills,
    windows,
)

DECLARED: tuple[ModuleType, ...] = (
    presence,
    clocks,
    shift,
    windows,
    permissions,
    max_tasks,
    max_travel_time,
    max_distance,
    locks,
    breaks,
)
"""Rules stated to OR-Tools; skills are part of what `permissions` declares."""

CHECKED: tuple[ModuleType, ...] = (
    clocks,
    shift,
    windows,
    skills,
    permissions,
    max_tasks,
    max_travel_time,
    max_distance,
    locks,
    breaks,
)
"""Rules that judge one tour; `presence` judges the whole solution."""

BLOCKING: tuple[ModuleType, ...] = (locks, permissions, skills)
"""Rules that can keep a vehicle from a task whatever else is planned."""
