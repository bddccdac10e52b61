"""Spread visits over the open dates: CP-SAT settles which date each is for, in the solver's process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dispatch.solver.child import Talk
from dispatch.solver.run import OnProgress, Solver
from routing.horizon import Call, Later, Room, spread

SPREADING_S = 30.0
"""Seconds that spreading may take before its process is stopped; 5,000 visits take one."""

PER_VALUE = 100
"""Parts of a point of a visit's value by which dates are told apart."""

TRAVEL_S = 15 * 60
"""Seconds of travel that a visit is reckoned to cost before anyone knows its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit:
    """A visit that has no date yet, or one that nobody was told of.

    `dates` are those on which the law and the file permit it, each with what the visit is worth
    then, in parts of a point (`PER_VALUE`); `latest_on` is the last of use.
    """

    visit_id: UUID
    person_id: UUID
    dates: Mapping[date, int]
    service_s: int
    latest_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDate:
    """A date to be planned: what its crews have room for beside what was promised."""

    on: date
    work_s: int
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The open dates, and the visits to be spread over them; two of one person lie days apart."""

    dates: tuple[OpenDate, ...]
    visits: tuple[OpenVisit, ...]
    apart_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The date of each visit that was given one, and those too near another of their person.

    A visit that is in neither found no room; any date that has some left may take it.
    """

    given: Mapping[UUID, date]
    too_near: frozenset[UUID]

    def not_on(self, on: date) -> frozenset[UUID]:
        """Return the visits that are not for a date."""
        return self.too_near | {visit_id for visit_id, day in self.given.items() if day != on}


def spread_aside(
    horizon: Horizon, *, solver: Solver, on_progress: OnProgress | None = None
) -> Dates:
    """Return the dates of visits; the same horizon gives the same dates.

    Where there is nothing to spread the process is not asked.

    Raises
    ------
    SolverFailed
        If the process died or overran `SPREADING_S`.
    """
    if not horizon.visits:
        return Dates(given={}, too_near=frozenset())
    found: Dates = solver.run(
        (spread_dates, (horizon,)), seconds=SPREADING_S, on_progress=on_progress
    )
    return found


def spread_dates(horizon: Horizon, *, talk: Talk) -> Dates:
    """Spread in the child, which has nothing to tell meanwhile."""
    del talk
    first = min(one.on for one in horizon.dates)
    rooms = {
        (one.on - first).days: Room(work_s=one.work_s, calls=one.visits) for one in horizon.dates
    }
    closed = Room(work_s=0, calls=0)
    found = spread(
        [_call(visit, first) for visit in horizon.visits],
        [rooms.get(day, closed) for day in range(max(rooms) + 1)],
        apart_days=horizon.apart_days,
    )
    dates = {(one.on - first).days: one.on for one in horizon.dates}
    return Dates(
        given={UUID(str(name)): dates[day] for name, day in found.day_of.items()},
        too_near=frozenset(
            UUID(str(name)) for name, why in found.left.items() if why is Later.TOO_SOON
        ),
    )


def _call(visit: OpenVisit, first: date) -> Call:
    return Call(
        id=str(visit.visit_id),
        days=tuple((on - first).days for on in visit.dates),
        work_s=visit.service_s + TRAVEL_S,
        value={(on - first).days: worth for on, worth in visit.dates.items()},
        deadline=None if visit.latest_on is None else (visit.latest_on - first).days,
        person=str(visit.person_id),
    )
