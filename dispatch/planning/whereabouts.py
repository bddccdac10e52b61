"""How far a crew has come on its published route: by what it reported, else by the plan.

Phones are often offline, so silence is no sign of trouble: a crew that said neither that it is on
its way to a visit nor that it is at one is taken to keep to its plan, as late as it last was. What
it is taken to have made is over; whether it was is asked when its report is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from dispatch.model import Route, Stop, Visit, VisitState
from dispatch.model.visit import UNDER_WAY

BEGUN: Final = (UNDER_WAY - {VisitState.EN_ROUTE}) | {
    VisitState.REPORTED,
    VisitState.REVIEWED,
    VisitState.CLOSED,
    VisitState.ABORTED,
}
"""At the door or beyond it."""

AHEAD: Final = frozenset({VisitState.RELEASED, VisitState.EN_ROUTE})
"""Still to be made by its published stop."""

_THERE: Final = UNDER_WAY - {VisitState.LEFT}
"""Where the crew is, or whereto it goes, was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A stop that is over or in progress, and when it was; as far as is known, as planned else."""

    stop: Stop
    arrive_at: datetime
    leave_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """A crew in the middle of its day.

    `free_at` is when it can go on from the last of `over`, or from the depot; `has_left` whether
    it has gone anywhere; `rests` are the breaks that are over or being taken.
    """

    route: Route
    over: tuple[Past, ...]
    ahead: tuple[Stop, ...]
    rests: tuple[tuple[datetime, datetime], ...]
    late: timedelta
    free_at: datetime
    has_left: bool


def underway(
    route: Route,
    stops: Sequence[Stop],
    visits: Mapping[UUID, Visit],
    *,
    now: datetime,
    told: Mapping[UUID, timedelta] = MappingProxyType({}),
) -> Underway:
    """Return how far the crew of a route has come.

    `stops` in their order; `told` is how late the crew said it will be at a visit on its way to it.
    """
    begun = [stop for stop in stops if visits[stop.visit_id].state in BEGUN]
    is_known = any(visits[stop.visit_id].state in _THERE for stop in stops)
    late = _lateness(begun, visits)
    over = [
        _past(stop, visits[stop.visit_id], late, now=now)
        for stop in stops
        if stop in begun or (not is_known and _is_due(stop, visits[stop.visit_id], late, now=now))
    ]
    over.sort(key=lambda one: (one.arrive_at, one.stop.position))
    made = {one.stop.visit_id for one in over}
    ahead = [
        stop
        for stop in stops
        if stop.visit_id not in made and visits[stop.visit_id].state in AHEAD
    ]
    ahead.sort(key=lambda stop: visits[stop.visit_id].state is not VisitState.EN_ROUTE)
    free_at = over[-1].leave_at if over else route.starts_at + late
    goal = ahead[0] if ahead else None
    if goal is not None and goal.visit_id in told:
        late = told[goal.visit_id]
        free_at = goal.arrive_at + late - timedelta(seconds=goal.travel_s)
    rests = [(begin + late, end + late) for begin, end in _breaks(route) if begin + late <= now]
    return Underway(
        route=route,
        over=tuple(over),
        ahead=tuple(ahead),
        rests=tuple(rests),
        late=late,
        free_at=max([free_at, *(end for _, end in rests if end > now)]),
        has_left=bool(over) or free_at <= now,
    )


def _breaks(route: Route) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(one["from_at"]), datetime.fromisoformat(one["until_at"]))
        for one in route.breaks
    ]


def _lateness(begun: Sequence[Stop], visits: Mapping[UUID, Visit]) -> timedelta:
    """Return how late a crew was when last heard of; never early, since it waits for the window."""
    told = [
        (at, stop.position, at - (stop.leave_at if visit.left_at else stop.arrive_at))
        for stop in begun
        if (at := (visit := visits[stop.visit_id]).left_at or visit.arrived_at) is not None
    ]
    return max(timedelta(), max(told)[2]) if told else timedelta()


def _is_due(stop: Stop, visit: Visit, late: timedelta, *, now: datetime) -> bool:
    return visit.state is VisitState.RELEASED and stop.arrive_at + late <= now


def _past(stop: Stop, visit: Visit, late: timedelta, *, now: datetime) -> Past:
    arrive_at = visit.arrived_at or stop.arrive_at + late
    leave_at = visit.left_at or arrive_at + (stop.leave_at - stop.arrive_at)
    if visit.left_at is None and visit.state in UNDER_WAY:
        leave_at = max(leave_at, now)  # it takes longer than was planned
    elif visit.state in BEGUN:
        leave_at = min(leave_at, now)
    return Past(stop=stop, arrive_at=min(arrive_at, leave_at), leave_at=leave_at)
