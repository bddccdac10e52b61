"""A branch-day as values: what goes to the solver, and what comes back."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.gateways.travel import Point
from dispatch.solver.presence import Chance

CUT_SHORT = "cut-short"
"""Flag of a plan whose solver died or overran: it is the last one that the solver had told of."""

UNPOLISHED = "unpolished"
"""Flag of a plan that OR-Tools refused, or had no time, to check and polish."""


STALE = "stale"
"""Flag of a plan without the visits that changed each time it was made."""

ASIDE = "set-aside"
"""Flag of a plan without visits of which something on record can't be read."""

FLAGS = frozenset({CUT_SHORT, UNPOLISHED, STALE, ASIDE})
"""The closed list; the manager's page has words for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewDay:
    """A crew that may be sent: its members, hours, rest and starting place."""

    crew_id: UUID
    version_id: UUID
    name: str
    members: tuple[UUID, ...]
    members_hash: str
    starts_at: datetime
    ends_at: datetime
    start: Point
    break_from_at: datetime | None = None
    break_until_at: datetime | None = None
    break_s: int = 0
    max_visits: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDay:
    """A visit that may be made on the day.

    `windows` bound the whole stay, both ends included. `crews` names the crews that may be sent;
    None means any. A required visit is one that was promised. `known_to` names the agents who
    called last time, `published_crew` the crew that the published plan of the day sends. `chances`
    say when the person is likely to be met, by when the stay begins; empty where nothing is said.
    `not_last` asks for another visit of the same crew after this one.
    """

    visit_id: UUID
    reference: str
    place: Point
    service_s: int
    value: int
    windows: tuple[tuple[datetime, datetime], ...]
    crews: tuple[UUID, ...] | None
    is_required: bool
    appointment_id: UUID | None = None
    source: str = ""
    known_to: tuple[UUID, ...] = ()
    published_crew: UUID | None = None
    chances: tuple[Chance, ...] = ()
    not_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One branch-day to be planned; routing's seconds count from `origin_at`.

    `most_window_s` is the widest window that the pack lets us announce.
    """

    branch_id: UUID
    on: date
    origin_at: datetime
    crews: tuple[CrewDay, ...]
    visits: tuple[VisitDay, ...]
    most_window_s: int = 90 * 60

    def at(self, second: int) -> datetime:
        """Return the instant of a second of the day."""
        return self.origin_at + timedelta(seconds=second)

    def second_until(self, at: datetime) -> int:
        """Return the last full second of the day that is not after an instant."""
        return int((at - self.origin_at) // timedelta(seconds=1))

    def second_from(self, at: datetime) -> int:
        """Return the first full second of the day that is not before an instant."""
        return -int((self.origin_at - at) // timedelta(seconds=1))

    def without(self, visit_ids: frozenset[UUID]) -> "Day":
        """Return the day without some visits."""
        kept = tuple(visit for visit in self.visits if visit.visit_id not in visit_ids)
        return replace(self, visits=kept)

    def as_json(self) -> dict[str, Any]:
        """Return the day as plain JSON values: for the sealed record of what a plan rested on."""
        return json.loads(json.dumps(asdict(self), default=str))  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """One stay on a route: arrival is when the crew rings, leaving when it goes.

    The window is the one that was announced, or is to be; `on_time` the part of drawn days on
    which the crew rings in time for it, None where nothing is known of how days stray.
    """

    visit: VisitDay
    arrive_at: datetime
    leave_at: datetime
    travel_s: int
    distance_m: int
    wait_s: int
    is_estimated: bool
    window_from_at: datetime
    window_until_at: datetime
    on_time: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoute:
    """One crew's day; `been` are the places where it was before, if it is under way."""

    crew: CrewDay
    starts_at: datetime
    ends_at: datetime
    stops: tuple[PlannedStop, ...]
    breaks: tuple[tuple[datetime, datetime], ...]
    travel_s: int
    distance_m: int
    been: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A visit that the solver left out, and why."""

    visit: VisitDay
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What the solver made of a day."""

    routes: tuple[PlannedRoute, ...]
    left_out: tuple[LeftOut, ...]
    objective: int
    engine: str
    is_estimated: bool
    roads: str
    notes: tuple[str, ...] = field(default=())
    flags: tuple[str, ...] = field(default=())

    @property
    def stops(self) -> tuple[PlannedStop, ...]:
        """Every stop of every route."""
        return tuple(stop for route in self.routes for stop in route.stops)
