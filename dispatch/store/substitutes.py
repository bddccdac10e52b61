"""Substitutes: who may come for a member who falls ill, and the crews that they would make."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import (
    Appointment,
    Crew,
    CrewMember,
    CrewVersion,
    Plan,
    PlanState,
    Route,
    members_hash,
    record,
)
from dispatch.store import days
from dispatch.store.days import OnShift

_STANDING = (PlanState.DRAFT, PlanState.PUBLISHED)


def swapped(members: Sequence[UUID], absent: UUID, substitute: UUID) -> tuple[UUID, ...]:
    """Return a crew with a substitute in the place of one member; the lead stays first if present."""
    return tuple(substitute if one == absent else one for one in members)


def hashes_named(session: Session, appointment: Appointment) -> list[str]:
    """Return the hashes of the crews with the substitute that an appointment names; none: nobody."""
    if appointment.substitute_id is None:
        return []
    version_id = appointment.crew_version_id
    members = [agent.id for agent in days.members_of(session, {version_id})[version_id]]
    if appointment.substitute_id in members:
        return []
    return sorted(
        members_hash(swapped(members, one, appointment.substitute_id)) for one in members
    )


def spare_agents(
    session: Session, branch_id: UUID, on: date, *, from_at: datetime, until_at: datetime
) -> list[OnShift]:
    """Return agents in no crew of a day whose shift holds a span of it, in order of their numbers."""
    taken = {one for formed in days.crews_of(session, branch_id, on) for one in formed.members}
    return [
        one
        for one in days.on_shift(session, branch_id, on)
        if one.agent.id not in taken
        and one.shift.starts_at <= from_at
        and until_at <= one.shift.ends_at
    ]


def new_version(
    session: Session, crew: Crew, members: Sequence[UUID], *, actor: str, now: datetime
) -> CrewVersion:
    """Give a crew a new membership; those before it stay as they are."""
    numbers = session.exec(select(CrewVersion.number).where(CrewVersion.crew_id == crew.id))
    version = CrewVersion(
        crew_id=crew.id,
        number=1 + max(numbers, default=0),
        members_hash=members_hash(members),
        formed_at=now,
    )
    session.add(version)
    session.flush()
    session.add_all(
        CrewMember(crew_version_id=version.id, agent_id=agent_id, is_lead=position == 0)
        for position, agent_id in enumerate(members)
    )
    session.flush()
    record(crew, "crew.substituted", actor=actor, now=now, members=list(members))
    return version


def standing_routes(
    session: Session, branch_id: UUID, version_ids: Collection[UUID]
) -> list[Route]:
    """Return the routes of these memberships in plans that are drafts or published."""
    return list(
        session.exec(
            select(Route)
            .join(Plan, col(Plan.id) == col(Route.plan_id))
            .where(
                Plan.branch_id == branch_id,
                col(Plan.state).in_(_STANDING),
                col(Route.crew_version_id).in_(version_ids),
            )
        )
    )
