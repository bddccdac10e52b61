"""A branch-day as values: what goes to the solver, and what comes back."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dispatch.gateways.travel import Point

CUT_SHORT = "cut-short"
"""Flag of a plan whose solver died or overran: it is the last one that the solver had told of."""

UNPOLISHED = "unpolished"
"""Flag of a plan that OR-Tools refused, or had no time, to check and polish."""


STALE = "stale"
"""Flag of a plan without the visits that changed each time it was made."""

FLAGS = frozenset({CUT_SHORT, UNPOLISHED, STALE})
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
    called last time, `published_crew` the crew that the published plan of the day sends.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One branch-day to be planned; routing's seconds count from `origin_at`."""

    branch_id: UUID
    on: date
    origin_at: datetime
    crews: tuple[CrewDay, ...]
    visits: tuple[VisitDay, ...]

    def without(self, visit_ids: frozenset[UUID]) -> "Day":
        """Return the day without some visits."""
        kept = tuple(visit for visit in self.visits if visit.visit_id not in visit_ids)
        return Day(
            branch_id=self.branch_id,
            on=self.on,
            origin_at=self.origin_at,
            crews=self.crews,
            visits=kept,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the day as plain JSON values: for the sealed record of what a plan rested on."""
        return json.loads(json.dumps(asdict(self), default=str))  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """One stay on a route: arrival is when the crew rings, leaving when it goes."""

    visit: VisitDay
    arrive_at: datetime
    leave_at: datetime
    travel_s: int
    distance_m: int
    wait_s: int
    is_estimated: bool


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
