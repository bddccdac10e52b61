"""A branch-day in routing's words: visits become tasks, crews become vehicles."""

from datetime import datetime, timedelta

from dispatch.gateways.travel import Matrix, Point
from dispatch.solver.day import CrewDay, Day, VisitDay
from routing import Break, Problem, Task, Vehicle, Window
from routing import Matrix as Table

PRIZE_PER_VALUE = 100
"""Seconds of travel that one point of a visit's value is worth: a visit dearer than its value
isn't made. 100 is what the field benchmarks weigh a prize by."""

PROFILE = "car"


def points_of(day: Day) -> list[Point]:
    """Return the places of a day, in the order of the matrix: crews' starts, then visits."""
    return [crew.start for crew in day.crews] + [visit.place for visit in day.visits]


def to_problem(day: Day, matrix: Matrix) -> Problem:
    """Return the day as routing's problem over the travel matrix of `points_of(day)`."""
    first = len(day.crews)
    return Problem(
        tasks=tuple(_task(day, visit, first + row) for row, visit in enumerate(day.visits)),
        vehicles=tuple(_vehicle(day, crew, row) for row, crew in enumerate(day.crews)),
        matrices={PROFILE: Table(durations=matrix.durations_s, distances=matrix.distances_m)},
    )


def _task(day: Day, visit: VisitDay, place: int) -> Task:
    service = timedelta(seconds=visit.service_s)
    windows = tuple(
        Window(_ceil(day, from_at), _floor(day, until_at - service))
        for from_at, until_at in visit.windows
        if _ceil(day, from_at) <= _floor(day, until_at - service)
    )
    return Task(
        id=str(visit.visit_id),
        place=place,
        windows=windows,
        service_s=visit.service_s,
        required=visit.is_required,
        prize=0 if visit.is_required else visit.value * PRIZE_PER_VALUE,
        allowed_vehicles=None if visit.crews is None else tuple(str(one) for one in visit.crews),
        source=visit.source or None,
        description=visit.reference,
    )


def _vehicle(day: Day, crew: CrewDay, place: int) -> Vehicle:
    return Vehicle(
        id=str(crew.crew_id),
        start=place,
        end=place,
        shift=Window(_ceil(day, crew.starts_at), _floor(day, crew.ends_at)),
        breaks=_breaks(day, crew),
        profile=PROFILE,
        max_tasks=crew.max_visits,
        description=crew.name,
    )


def _breaks(day: Day, crew: CrewDay) -> tuple[Break, ...]:
    if crew.break_from_at is None or crew.break_until_at is None or crew.break_s <= 0:
        return ()
    last = crew.break_until_at - timedelta(seconds=crew.break_s)
    begin = max(crew.break_from_at, crew.starts_at)
    if last < begin:
        return ()
    return (
        Break(
            id="rest",
            windows=(Window(_ceil(day, begin), _floor(day, last)),),
            duration_s=crew.break_s,
        ),
    )


def _floor(day: Day, at: datetime) -> int:
    return int((at - day.origin_at) // timedelta(seconds=1))


def _ceil(day: Day, at: datetime) -> int:
    return -int((day.origin_at - at) // timedelta(seconds=1))
