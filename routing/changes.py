"""The changes of a vehicle, or of an optional task's windows, that may let a task in.

Each knows the rule it lifts, how to write it into the problem, and how far it has to go.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from routing.gaps import Rule
from routing.problem import Break, Skill, Task, Vehicle, Window
from routing.solution import Tour
from routing.units import MAX_TIME_S

MOST_S: Final = 4 * 3600
"""Nobody is asked to work longer, or to rest or open at other hours, by more than this."""

_MOST: Final = 10**9
"""More metres, or units of load, than anybody has to add."""

type Written = Callable[[Vehicle, Task, int], tuple[Vehicle, Task]]
type Measure = Callable[[Vehicle, Task, Tour], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One kind of change.

    Parameters
    ----------
    slug
        As `Relaxation.change` tells it.
    rule
        The rule that it lifts; None for the shift, which is none of its own.
    written
        Vehicle and task after a change by so much.
    most
        By how much at most.
    measure
        By how much at least, from a tour with the task in it and the change at its most; None
        where that is found by halving.
    per_unit
        What one unit of the change counts for in units of cost when changes are compared.
    """

    slug: str
    rule: Rule | None
    written: Written
    most: int = MOST_S
    measure: Measure | None = None
    per_unit: float = 1.0


def _raised(name: str) -> Written:
    def written(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
        own = getattr(vehicle, name)
        raised: dict[str, Any] = {name: None if own is None else own + by}
        return replace(vehicle, **raised), task

    return written


def _later_end(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
    end = min(vehicle.shift.end_s + by, MAX_TIME_S)
    return replace(vehicle, shift=Window(vehicle.shift.start_s, end)), task


def _earlier_start(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
    start = max(0, vehicle.shift.start_s - by)
    return replace(vehicle, shift=Window(start, vehicle.shift.end_s)), task


def _more_room(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
    return replace(vehicle, capacity=tuple(own + by for own in vehicle.capacity)), task


def _levels(vehicle: Vehicle) -> dict[object, int]:
    levels: dict[object, int] = {}
    for skill in vehicle.skills:
        levels[skill.id] = max(skill.level, levels.get(skill.id, 0))
    return levels


def lacking(vehicle: Vehicle, task: Task) -> list[Skill]:
    """The skills that a vehicle does not have at the level that a task needs."""
    levels = _levels(vehicle)
    return [need for need in task.skills if levels.get(need.id, need.level - 1) < need.level]


def _skilled(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
    own = _levels(vehicle)
    more = (Skill(need.id, own.get(need.id, 0) + by) for need in lacking(vehicle, task)[:1])
    return replace(vehicle, skills=(*vehicle.skills, *more)), task


def _levels_missing(vehicle: Vehicle, task: Task, _tour: Tour) -> int:
    return max(need.level - _levels(vehicle).get(need.id, 0) for need in lacking(vehicle, task))


def _wider_breaks(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
    return replace(vehicle, breaks=tuple(_wider_break(rest, by) for rest in vehicle.breaks)), task


def _wider_break(rest: Break, by: int) -> Break:
    return replace(rest, windows=tuple(_wider(window, by) for window in rest.windows))


def _wider_windows(vehicle: Vehicle, task: Task, by: int) -> tuple[Vehicle, Task]:
    return vehicle, replace(task, windows=tuple(_wider(window, by) for window in task.windows))


def _wider(window: Window, by: int) -> Window:
    return Window(max(0, window.start_s - by), min(window.end_s + by, MAX_TIME_S))


def _overload(vehicle: Vehicle, _task: Task, tour: Tour) -> int:
    return max(
        (
            load - most
            for step in tour.steps
            for load, most in zip(step.load, vehicle.capacity, strict=False)
        ),
        default=0,
    )


def _over_end(vehicle: Vehicle, _task: Task, tour: Tour) -> int:
    late = vehicle.overtime.max_s if vehicle.overtime else 0
    return tour.steps[-1].end_s - vehicle.shift.end_s - late


SHIFT_END: Final = Change(slug="shift_end", rule=None, written=_later_end, measure=_over_end)
SHIFT_START: Final = Change(slug="shift_start", rule=None, written=_earlier_start)
SKILL: Final = Change(
    slug="skill_level",
    rule=Rule.PERMISSION,
    written=_skilled,
    most=2**31 - 1,
    measure=_levels_missing,
    per_unit=900.0,
)
WINDOW_WIDTH: Final = Change(slug="window_width", rule=Rule.WINDOWS, written=_wider_windows)
BREAK_WIDTH: Final = Change(slug="break_width", rule=Rule.BREAKS, written=_wider_breaks)

CHANGES: Final = (
    SHIFT_END,
    SHIFT_START,
    Change(
        slug="max_tasks",
        rule=Rule.MAX_TASKS,
        written=_raised("max_tasks"),
        most=1,
        measure=lambda *_: 1,
        per_unit=900.0,
    ),
    Change(
        slug="max_travel_time",
        rule=Rule.MAX_TRAVEL_TIME,
        written=_raised("max_travel_time_s"),
        measure=lambda vehicle, _, tour: tour.travel_s - (vehicle.max_travel_time_s or 0),
    ),
    Change(
        slug="max_distance",
        rule=Rule.MAX_DISTANCE,
        written=_raised("max_distance_m"),
        most=_MOST,
        measure=lambda vehicle, _, tour: tour.distance_m - (vehicle.max_distance_m or 0),
        per_unit=0.1,
    ),
    Change(
        slug="max_duration",
        rule=Rule.MAX_DURATION,
        written=_raised("max_duration_s"),
        measure=lambda vehicle, _, tour: (
            tour.steps[-1].end_s - tour.steps[0].arrival_s - (vehicle.max_duration_s or 0)
        ),
    ),
    Change(
        slug="capacity",
        rule=Rule.LOAD,
        written=_more_room,
        most=_MOST,
        measure=_overload,
        per_unit=900.0,
    ),
    SKILL,
    BREAK_WIDTH,
    WINDOW_WIDTH,
)
"""All of them: the closed list of `Relaxation.change`."""
