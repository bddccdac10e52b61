"""A branch-day in routing's words: visits become tasks, crews become vehicles."""

from dataclasses import dataclass
from datetime import timedelta

from dispatch.gateways.travel import Matrix, Point
from dispatch.solver.day import CrewDay, Day, VisitDay
from routing import Alternative, Break, Preference, Problem, Task, Vehicle, Window
from routing import Matrix as Table
from routing.problem import Id, Stability, Tuning, Uncertainty

PRIZE_PER_VALUE = 100
"""Seconds of travel that one point of a visit's value is worth: a visit dearer than its value
isn't made. 100 is what the field benchmarks weigh a prize by."""

LEVEL = 0.1
"""By how much the chances of meeting somebody must differ to be told apart."""

PROFILE = "car"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftTerms:
    """What a good day is beside value and travel, priced in seconds of travel; 0 asks for nothing.

    Parameters
    ----------
    continuity_s
        What it is worth that somebody calls who called last time.
    change_s
        What it costs to take a visit from the crew that the published plan sends.
    balance_s
        Price of unevenness, as `routing.Tuning.balance_weight`: two crews with 8 and 4 visits
        instead of 6 each cost 8 times this.
    travel_cv, service_cv
        How far travel and stays stray, as standard deviation over mean.
    late_s
        What a surely missed window costs; only where something strays.
    width_s
        What a minute of an announced window costs; only where something strays.
    """

    continuity_s: int = 0
    change_s: int = 0
    balance_s: int = 0
    travel_cv: float = 0.0
    service_cv: float = 0.0
    late_s: int = 0
    width_s: float = 0.0


NO_SOFT_TERMS = SoftTerms()


def points_of(day: Day) -> list[Point]:
    """Return the places of a day, in the order of the matrix: crews' starts, then visits."""
    return [crew.start for crew in day.crews] + [visit.place for visit in day.visits]


def to_problem(day: Day, matrix: Matrix, soft: SoftTerms = NO_SOFT_TERMS) -> Problem:
    """Return the day as routing's problem over the travel matrix of `points_of(day)`.

    A visit has the one place that was approved and announced; shifts know no overtime. So neither
    alternatives nor overtime are stated.
    """
    first = len(day.crews)
    return Problem(
        tasks=tuple(_task(day, visit, first + row, soft) for row, visit in enumerate(day.visits)),
        vehicles=tuple(_vehicle(day, crew, row, soft) for row, crew in enumerate(day.crews)),
        matrices={PROFILE: Table(durations=matrix.durations_s, distances=matrix.distances_m)},
        tuning=_tuning(day, soft),
    )


def _tuning(day: Day, soft: SoftTerms) -> Tuning:
    crews = {crew.crew_id for crew in day.crews}
    published: dict[Id, Id] = {
        str(visit.visit_id): str(visit.published_crew)
        for visit in day.visits
        if visit.published_crew in crews
    }
    strays = soft.travel_cv > 0 or soft.service_cv > 0
    return Tuning(
        balance_weight=soft.balance_s,
        stability=Stability(plan=published, per_change=soft.change_s)
        if published and soft.change_s
        else None,
        uncertainty=Uncertainty(
            travel_cv=soft.travel_cv, service_cv=soft.service_cv, late_cost=soft.late_s
        )
        if strays
        else None,
    )


def _wishes(day: Day, visit: VisitDay, soft: SoftTerms) -> tuple[Preference, ...]:
    """Every crew with somebody who called last time, save those that may not be sent."""
    known = set(visit.known_to)
    if not (known and soft.continuity_s):
        return ()
    return tuple(
        Preference(str(crew.crew_id), soft.continuity_s)
        for crew in day.crews
        if known & set(crew.members) and (visit.crews is None or crew.crew_id in visit.crews)
    )


def _task(day: Day, visit: VisitDay, place: int, soft: SoftTerms) -> Task:
    service = timedelta(seconds=visit.service_s)
    windows = tuple(
        Window(day.second_from(from_at), day.second_until(until_at - service))
        for from_at, until_at in visit.windows
        if day.second_from(from_at) <= day.second_until(until_at - service)
    )
    best, *worse = _levels(day, visit, windows) or [((), 0)]
    # To the solver a task without windows is one for any time: here nobody may make it then.
    return Task(
        id=str(visit.visit_id),
        place=place,
        windows=best[0],
        alternatives=tuple(
            Alternative(place=place, windows=level, cost=cost) for level, cost in worse
        ),
        service_s=visit.service_s,
        required=visit.is_required,
        prize=0 if visit.is_required else visit.value * PRIZE_PER_VALUE,
        allowed_vehicles=_allowed(visit) if windows else (),
        preferred_vehicles=_wishes(day, visit, soft),
        not_last=visit.not_last,
        source=visit.source or None,
        description=visit.reference,
    )


def _levels(
    day: Day, visit: VisitDay, windows: tuple[Window, ...]
) -> list[tuple[tuple[Window, ...], int]]:
    """When a stay may begin, the likeliest times first, each with what its being unlikelier costs.

    Meeting somebody half as likely is half the value lost. Times that differ by less than
    `LEVEL` are one, for each more is one more way to serve the visit that is searched.
    """
    if visit.is_required or not visit.chances:
        return [(windows, 0)] if windows else []
    levels: dict[int, list[Window]] = {}
    for one in visit.chances:
        first, last = day.second_from(one.from_at), day.second_from(one.until_at) - 1
        parts = [
            Window(max(span.start_s, first), min(span.end_s, last))
            for span in windows
            if max(span.start_s, first) <= min(span.end_s, last)
        ]
        levels.setdefault(round(one.chance / LEVEL), []).extend(parts)
    ranked = sorted(((level, spans) for level, spans in levels.items() if spans), reverse=True)
    best = ranked[0][0] if ranked else 0
    worth = visit.value * PRIZE_PER_VALUE
    return [(tuple(spans), worth * (best - level) // max(best, 1)) for level, spans in ranked]


def _allowed(visit: VisitDay) -> tuple[str, ...] | None:
    return None if visit.crews is None else tuple(str(one) for one in visit.crews)


def _vehicle(day: Day, crew: CrewDay, place: int, soft: SoftTerms) -> Vehicle:
    return Vehicle(
        id=str(crew.crew_id),
        start=place,
        end=place,
        shift=Window(day.second_from(crew.starts_at), day.second_until(crew.ends_at)),
        breaks=_breaks(day, crew),
        profile=PROFILE,
        max_tasks=crew.max_visits,
        balance_group=str(day.branch_id) if soft.balance_s else None,
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
            windows=(Window(day.second_from(begin), day.second_until(last)),),
            duration_s=crew.break_s,
        ),
    )
