"""The manager's day as a read model: one plan with crews, visits and where each stands, in bulk.

Each kind of row is asked for once, however long the day is. No name, no address and no amount of
a borrower is opened here; places are, by who shows them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from dispatch.model import (
    Agent,
    Appointment,
    Branch,
    Case,
    Crew,
    Notice,
    Person,
    Place,
    Plan,
    Route,
    Stop,
    Visit,
)
from dispatch.store import days, facts, plans
from dispatch.store.plans import PlanParts
from dispatch.store.rows import get_any, get_many
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySeen:
    """A branch's day: the plan on show, and every row that telling of it needs."""

    branch: Branch
    parts: PlanParts
    crews: Mapping[UUID, Crew]
    members: Mapping[UUID, tuple[Agent, ...]]
    visits: Mapping[UUID, Visit]
    cases: Mapping[UUID, Case]
    appointments: Mapping[UUID, Appointment]
    notices: Mapping[UUID, Notice]

    def crew_name(self, route: Route) -> str:
        """Return what a route's crew is called."""
        return self.crews[route.crew_id].name

    def members_of(self, route: Route) -> tuple[Agent, ...]:
        """Return who goes on a route, the lead first."""
        return self.members.get(route.crew_version_id, ())

    def stops_of(self, route: Route) -> tuple[Stop, ...]:
        """Return a route's stops, in order."""
        return self.parts.stops_of(route.id)

    def served_cases(self) -> list[Case]:
        """Return the cases whose visits are on a route."""
        ids = {self.visits[stop.visit_id].case_id for stop in self.parts.stops}
        return [self.cases[one] for one in ids]


def plan_seen(session: Session, plan: Plan) -> DaySeen:
    """Return a plan with its crews and visits (the plan's branch was checked already)."""
    parts = plans.parts_of(session, plan)
    visits = get_many(
        session,
        Visit,
        {one.visit_id for one in parts.stops} | {one.visit_id for one in parts.unserved},
    )
    appointments = facts.newest_appointments(session, set(visits))
    return DaySeen(
        branch=get_any(session, Branch, plan.branch_id),
        parts=parts,
        crews=get_many(session, Crew, {route.crew_id for route in parts.routes}),
        members=days.members_of(session, {route.crew_version_id for route in parts.routes}),
        visits=visits,
        cases=get_many(session, Case, {visit.case_id for visit in visits.values()}),
        appointments=appointments,
        notices=facts.newest_notices(session, {one.id for one in appointments.values()}),
    )


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a visit is to be made: its address and position, opened; None where unknown."""

    address: str | None
    point: tuple[float, float] | None
    """(lat, lon), WGS-84."""


def whereabouts(
    session: Session, vault: Vault, wanted: Iterable[Visit | Case]
) -> dict[UUID, Whereabouts]:
    """Return where each visit or case lies, by its id."""
    rows = [row for row in wanted if row.place_id is not None]
    places = get_many(session, Place, {row.place_id for row in rows if row.place_id})
    people = get_many(session, Person, {row.person_id for row in rows})
    return {
        row.id: _opened(vault, people[row.person_id], places[row.place_id])
        for row in rows
        if row.place_id
    }


def _opened(vault: Vault, person: Person, place: Place) -> Whereabouts:
    point = vault.read(person, place, "point")
    return Whereabouts(
        address=vault.read(person, place, "address"),
        point=(point[0], point[1]) if point else None,
    )
