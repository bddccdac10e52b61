"""Itineraries: which published routes an agent goes by, and who may report on a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import (
    Appointment,
    CrewMember,
    Plan,
    PlanState,
    Route,
    Stop,
)


@dataclass(frozen=True, slots=True)
class OwnRoute:
    """A published route of a crew that the agent belongs to, with its stops in order."""

    plan: Plan
    route: Route
    stops: tuple[Stop, ...]


def routes_of_agent(session: Session, agent_id: UUID, on: date) -> list[OwnRoute]:
    """Return the agent's published routes of a day, the earliest first."""
    rows = session.exec(
        select(Plan, Route)
        .join(Route, col(Route.plan_id) == col(Plan.id))
        .join(CrewMember, col(CrewMember.crew_version_id) == col(Route.crew_version_id))
        .where(
            Plan.state == PlanState.PUBLISHED,
            Plan.service_date == on,
            CrewMember.agent_id == agent_id,
        )
        .order_by(col(Route.starts_at), col(Route.id))
    ).all()
    return [OwnRoute(plan, route, tuple(_stops(session, route.id))) for plan, route in rows]


def next_date_of_agent(session: Session, agent_id: UUID, *, after: date) -> date | None:
    """Return the agent's next date with a published route; None if none is."""
    return session.exec(
        select(col(Plan.service_date))
        .join(Route, col(Route.plan_id) == col(Plan.id))
        .join(CrewMember, col(CrewMember.crew_version_id) == col(Route.crew_version_id))
        .where(
            Plan.state == PlanState.PUBLISHED,
            Plan.service_date > after,
            CrewMember.agent_id == agent_id,
        )
        .order_by(col(Plan.service_date))
        .limit(1)
    ).first()


def _stops(session: Session, route_id: UUID) -> Sequence[Stop]:
    return session.exec(
        select(Stop).where(Stop.route_id == route_id).order_by(col(Stop.position))
    ).all()


@dataclass(frozen=True, slots=True)
class Reporters:
    """Who was ever sent to a visit, and who is sent now."""

    ever: frozenset[UUID]
    now: frozenset[UUID]


def reporters_of(session: Session, visit_id: UUID) -> Reporters:
    """Return the agents of every crew that a visit was told for or published with."""
    told = session.exec(
        select(Appointment.number, CrewMember.agent_id)
        .join(CrewMember, col(CrewMember.crew_version_id) == col(Appointment.crew_version_id))
        .where(Appointment.visit_id == visit_id)
    ).all()
    went = session.exec(
        select(Plan.state, CrewMember.agent_id)
        .join(Stop, col(Stop.plan_id) == col(Plan.id))
        .join(Route, col(Route.id) == col(Stop.route_id))
        .join(CrewMember, col(CrewMember.crew_version_id) == col(Route.crew_version_id))
        .where(Stop.visit_id == visit_id, col(Plan.published_at).is_not(None))
    ).all()
    newest = max((number for number, _ in told), default=0)
    current = {agent_id for state, agent_id in went if state is PlanState.PUBLISHED}
    current = current or {agent_id for number, agent_id in told if number == newest}
    ever = {agent_id for _, agent_id in told} | {agent_id for _, agent_id in went}
    return Reporters(ever=frozenset(ever), now=frozenset(current))
