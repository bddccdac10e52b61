"""A branch's day as it stands: agents on shift, crews, visits that may be made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from dispatch.model import (
    Absence,
    Agent,
    AgentState,
    Appointment,
    Branch,
    Crew,
    CrewMember,
    CrewVersion,
    Holiday,
    HolidayClass,
    Place,
    Shift,
    Visit,
    VisitState,
)
from dispatch.model.appointment import STANDING
from dispatch.policy.calendar import Calendar, CalendarRow, build_calendar
from dispatch.policy.facts import DayClass
from dispatch.store.rows import get_many, grouped

_DAY_CLASS = {
    HolidayClass.PUBLIC: DayClass.HOLIDAY,
    HolidayClass.FESTIVAL: DayClass.HOLIDAY,
    HolidayClass.WORKING: DayClass.MAKEUP,
}


@dataclass(frozen=True, slots=True)
class OnShift:
    """An agent who works on the day, and when."""

    agent: Agent
    shift: Shift


@dataclass(frozen=True, slots=True)
class FormedCrew:
    """A crew with its newest membership."""

    crew: Crew
    version: CrewVersion
    members: tuple[UUID, ...]


def calendar_of(session: Session, branch: Branch, *, from_on: date, to_on: date) -> Calendar:
    """Return the branch's calendar: its country's holidays and its own lines."""
    lines = session.exec(select(Holiday).where(Holiday.branch_id == branch.id))
    return build_calendar(
        branch.country,
        from_on=from_on,
        to_on=to_on,
        rows=[CalendarRow(on=line.day_on, day_class=_DAY_CLASS[line.kind]) for line in lines],
        complete_years=branch.calendar_years,
    )


def on_shift(session: Session, branch_id: UUID, on: date) -> list[OnShift]:
    """Return the active agents with a shift on the day and no absence during it."""
    shifts = session.exec(
        select(Shift, Agent)
        .join(Agent, col(Agent.id) == col(Shift.agent_id))
        .where(
            Shift.branch_id == branch_id,
            Shift.service_date == on,
            Agent.state == AgentState.ACTIVE,
        )
        .order_by(col(Agent.number), col(Shift.starts_at))
    ).all()
    away = absences_of(session, {agent.id for _, agent in shifts})
    return [
        OnShift(agent, shift)
        for shift, agent in shifts
        if not any(
            one.from_at < shift.ends_at and shift.starts_at < one.until_at
            for one in away[agent.id]
        )
    ]


def absences_of(session: Session, agent_ids: Collection[UUID]) -> dict[UUID, list[Absence]]:
    """Return every absence of each agent."""
    return grouped(session, Absence, col(Absence.agent_id), agent_ids)


def crews_of(session: Session, branch_id: UUID, on: date) -> list[FormedCrew]:
    """Return the crews of the day, each with its newest membership; Crew 2 comes before Crew 10."""
    crews = session.exec(
        select(Crew)
        .where(
            Crew.branch_id == branch_id, Crew.service_date == on, col(Crew.is_dissolved).is_(False)
        )
        .order_by(func.length(Crew.name), col(Crew.name))
    ).all()
    versions = grouped(session, CrewVersion, col(CrewVersion.crew_id), {crew.id for crew in crews})
    newest = {crew.id: max(versions[crew.id], key=lambda one: one.number) for crew in crews}
    members = grouped(
        session, CrewMember, col(CrewMember.crew_version_id), {one.id for one in newest.values()}
    )
    return [
        FormedCrew(
            crew,
            newest[crew.id],
            tuple(
                one.agent_id
                for one in sorted(
                    members[newest[crew.id].id], key=lambda m: (not m.is_lead, str(m.agent_id))
                )
            ),
        )
        for crew in crews
    ]


def members_of(session: Session, version_ids: Collection[UUID]) -> dict[UUID, tuple[Agent, ...]]:
    """Return the agents of each membership version, the lead first."""
    members = grouped(session, CrewMember, col(CrewMember.crew_version_id), version_ids)
    agents = get_many(session, Agent, {one.agent_id for rows in members.values() for one in rows})
    return {
        version_id: tuple(
            agents[one.agent_id]
            for one in sorted(rows, key=lambda m: (not m.is_lead, str(m.agent_id)))
        )
        for version_id, rows in members.items()
    }


def standing_appointments(session: Session, branch_id: UUID, on: date) -> dict[UUID, Appointment]:
    """Return the appointments still to be kept on the day, by visit."""
    rows = session.exec(
        select(Appointment).where(
            Appointment.branch_id == branch_id,
            Appointment.service_date == on,
            col(Appointment.state).in_(list(STANDING)),
        )
    )
    return {row.visit_id: row for row in sorted(rows, key=lambda row: row.number)}


def bound_crews(session: Session, branch_id: UUID, on: date) -> set[UUID]:
    """Return the crews of the day that an appointment still to be kept names."""
    return {one.crew_id for one in standing_appointments(session, branch_id, on).values()}


def visits_for(session: Session, branch_id: UUID, on: date, *, today: date) -> list[Visit]:
    """Return the visits that may be planned for the day without having been announced yet.

    One that was planned for a day by now past, and of which nobody was told, is free again.
    """
    still_free = or_(
        Visit.state == VisitState.DRAFT,
        col(Visit.state).in_([VisitState.PLANNED, VisitState.AUDITED])
        & or_(Visit.service_date == on, col(Visit.service_date) < today),
    )
    return list(
        session.exec(
            select(Visit)
            .where(
                Visit.branch_id == branch_id,
                still_free,
                or_(col(Visit.earliest_on).is_(None), col(Visit.earliest_on) <= on),
                or_(col(Visit.latest_on).is_(None), col(Visit.latest_on) >= on),
            )
            .order_by(col(Visit.created_at), col(Visit.id))
        )
    )


def places_of(session: Session, visits: Collection[Visit]) -> dict[UUID, Place]:
    """Return the visits' places, by their id."""
    return get_many(session, Place, {visit.place_id for visit in visits})


def crew_names(session: Session, branch_id: UUID, on: date) -> set[str]:
    """Return every name used for a crew of the day, dissolved ones too."""
    return set(
        session.exec(
            select(col(Crew.name)).where(Crew.branch_id == branch_id, Crew.service_date == on)
        )
    )


def hashes_of(session: Session, version_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the members' hash of each membership version."""
    return {
        key: one.members_hash
        for key, one in get_many(session, CrewVersion, set(version_ids)).items()
    }


def dates_with_shifts(
    session: Session, branch_id: UUID, after: date, within_days: int
) -> list[date]:
    """Return the dates after `after`, within so many days, on which anyone works."""
    return sorted(
        set(
            session.exec(
                select(col(Shift.service_date)).where(
                    Shift.branch_id == branch_id,
                    Shift.service_date > after,
                    Shift.service_date <= after + timedelta(days=within_days),
                )
            )
        )
    )
