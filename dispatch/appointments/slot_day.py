"""A day with its promises as told, rebuilt so that one more visit can be tried on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date, local_day
from dispatch.gateways.travel import Point
from dispatch.model import Agent, Appointment, Branch, Case, Person, Place, Visit
from dispatch.policy.calendar import Calendar
from dispatch.policy.eligibility import visit_permitted
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.windows import Interval
from dispatch.solver.day import CrewDay, Day, VisitDay
from dispatch.store import appointments, days, facts
from dispatch.store.days import FormedCrew, OnShift
from dispatch.store.rows import get_any, get_many
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The visit that another time is sought for, as it would be if nobody had been told yet."""

    visit: Visit
    number: int
    """The version of the appointment that would be replaced."""
    known: VisitFacts
    point: Point
    lender_id: UUID


def wanted_of(
    session: Session, *, vault: Vault, visit: Visit, branch: Branch, now: datetime
) -> Wanted | None:
    """Return the visit as it would be if nobody had been told yet; None if its place isn't known."""
    on = local_date(branch.time_zone, now)
    known = facts.visit_facts(session, [visit], branch, on=on)[visit.id]
    person = get_any(session, Person, visit.person_id)
    point = vault.read(person, get_any(session, Place, visit.place_id), "point")
    if point is None:
        return None
    return Wanted(
        visit=visit,
        number=max((one.number for one in appointments.versions_of(session, visit.id)), default=0),
        known=replace(known, appointment=None, notice=None),
        point=Point(point[0], point[1]),
        lender_id=get_any(session, Case, visit.case_id).lender_id,
    )


def calendar_for(session: Session, branch: Branch, to_on: date, *, now: datetime) -> Calendar:
    """Return the branch's calendar from yesterday to a date."""
    today = local_date(branch.time_zone, now)
    return days.calendar_of(
        session, branch, from_on=today - timedelta(days=1), to_on=max(today, to_on)
    )


def lawful_windows(
    session: Session,
    wanted: Wanted,
    formed: FormedCrew | None,
    on: date,
    *,
    law: Pack,
    calendar: Calendar,
    now: datetime,
    is_last: bool | None = None,
) -> tuple[Interval, ...]:
    """Return when a crew (or any) may make the visit on a date, with a notice from now on.

    `is_last`: as a crew's last visit of the day; None while the order is open.
    """
    crew = None
    if formed is not None:
        papers = facts.member_facts(session, formed.members, lender_id=wanted.lender_id)
        crew = tuple(papers[one] for one in formed.members)
    return visit_permitted(
        wanted.known, law, on=on, now=now, calendar=calendar, crew=crew, is_last=is_last
    ).windows


def able_crews(
    session: Session, visit: Visit, branch: Branch, on: date
) -> tuple[dict[UUID, FormedCrew], list[OnShift]]:
    """Return the day's crews whose members all work and who speak and can what is needed."""
    working = days.on_shift(session, branch.id, on)
    agents = {one.agent.id: one.agent for one in working}
    found = {
        one.crew.id: one
        for one in days.crews_of(session, branch.id, on)
        if set(one.members) <= set(agents) and _is_able(visit, [agents[i] for i in one.members])
    }
    return found, working


def promised_day(
    session: Session,
    vault: Vault,
    branch: Branch,
    on: date,
    crews: Mapping[UUID, FormedCrew],
    working: Sequence[OnShift],
    standing: Sequence[Appointment],
) -> Day:
    """Return the day with what is promised as told: no stay may move or change hands."""
    mine = [one for one in standing if one.crew_id in crews]
    places = get_many(session, Place, {one.place_id for one in mine})
    people = get_many(session, Person, {one.person_id for one in places.values()})
    points = {key: vault.read(people[one.person_id], one, "point") for key, one in places.items()}
    return Day(
        branch_id=branch.id,
        on=on,
        origin_at=local_day(branch.time_zone, on)[0],
        crews=tuple(_crew(branch, one, working) for one in crews.values()),
        visits=tuple(_promised(one, points[one.place_id]) for one in mine if points[one.place_id]),
    )


def _is_able(visit: Visit, members: Sequence[Agent]) -> bool:
    languages = {language for one in members for language in one.languages}
    skills = {skill for one in members for skill in one.skills}
    speaks = not visit.languages or bool(languages & set(visit.languages))
    return speaks and set(visit.skills) <= skills


def _crew(branch: Branch, formed: FormedCrew, working: Sequence[OnShift]) -> CrewDay:
    shifts = [one.shift for one in working if one.agent.id in formed.members]
    rest = max(shifts, key=lambda shift: shift.break_minutes)
    return CrewDay(
        crew_id=formed.crew.id,
        version_id=formed.version.id,
        name=formed.crew.name,
        members=formed.members,
        members_hash=formed.version.members_hash,
        starts_at=formed.crew.starts_at,
        ends_at=formed.crew.ends_at,
        start=Point(branch.depot_lat, branch.depot_lon),
        break_from_at=rest.break_from_at,
        break_until_at=rest.break_until_at,
        break_s=rest.break_minutes * 60,
        max_visits=min(shift.max_visits for shift in shifts),
    )


def _promised(appointment: Appointment, point: Sequence[float]) -> VisitDay:
    stay = appointment.stay_until_at - appointment.stay_from_at
    return VisitDay(
        visit_id=appointment.visit_id,
        reference=str(appointment.number),
        place=Point(point[0], point[1]),
        service_s=int(stay.total_seconds()),
        value=0,
        windows=((appointment.stay_from_at, appointment.stay_until_at),),
        crews=(appointment.crew_id,),
        is_required=True,
        appointment_id=appointment.id,
    )
