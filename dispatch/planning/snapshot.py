"""Take the snapshot of a day: who may be sent where, when, and why some may not.

The law acts here, before anything is optimised: each visit comes with its legal windows and the
crews that may make it; one that a rule forbids is left out with the rule's reason.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.aside import sifted
from dispatch.clock import local_date, local_day
from dispatch.gateways.travel import Point
from dispatch.model import Agent, Appointment, Branch, Case, Person, Place, RunKind, Visit
from dispatch.planning.crews import Roster
from dispatch.planning.homes import read_homes
from dispatch.planning.permitted import Ground, Permission, Reason, permitted
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import MemberFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.solver.day import CrewDay, Day, VisitDay
from dispatch.store import days, facts, outcomes, plans
from dispatch.store.days import FormedCrew, OnShift
from dispatch.store.rows import get_many
from dispatch.vault import Vault

type Members = Mapping[UUID, tuple[MemberFacts, ...]]
"""Each crew's members as the law sees them when sent for one lender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a plan of one day rests on."""

    day: Day
    facts: Mapping[UUID, VisitFacts]
    lenders: Mapping[UUID, UUID]
    members: Mapping[UUID, Members]
    forbidden: Mapping[UUID, tuple[Reason, ...]]
    promised: frozenset[UUID]
    calendar: Calendar
    tokens: Mapping[UUID, str]
    frame: str
    aside: Mapping[UUID, str]
    """Visits of which something on record can't be read, and what kind of error that was."""

    @property
    def fingerprint(self) -> str:
        """Return the hash of all rows that the plan rests on."""
        lines = [
            self.frame,
            *(f"{key}={self.tokens[key]}" for key in sorted(self.tokens, key=str)),
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def changed(self, later: "Snapshot") -> frozenset[UUID]:
        """Return the visits that are not, in a later snapshot, what they are in this one."""
        return frozenset(
            key for key, token in self.tokens.items() if later.tokens.get(key) != token
        )


def take(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    on: date,
    kind: RunKind,
    law: Pack,
    roster: Roster,
    elsewhere: Collection[UUID] = (),
    now: datetime,
) -> Snapshot:
    """Read the day and let every rule speak about every visit, save those meant for another day.

    The crews that may be sent are the roster's; who is in none is part of what the plan rests on.
    """
    crews = roster.standing
    appointments = days.standing_appointments(session, branch.id, on)
    today = local_date(branch.time_zone, now)
    visits = [
        one
        for one in _visits(session, branch.id, on, kind, set(appointments), today)
        if one.id not in elsewhere
    ]
    known, unread = sifted(visits, lambda some: facts.visit_facts(session, some, branch, on=on))
    cases = get_many(session, Case, {visit.case_id for visit in visits})
    places = days.places_of(session, visits)
    people = get_many(session, Person, {visit.person_id for visit in visits})
    lenders = {visit.id: cases[visit.case_id].lender_id for visit in visits}
    members = _members(session, crews, set(lenders.values()))
    ground = Ground(
        law=law,
        on=on,
        now=now,
        crews=crews,
        calendar=days.calendar_of(
            session,
            branch,
            from_on=today - timedelta(days=1),
            to_on=on,
        ),
        agents=get_many(session, Agent, {one for formed in crews for one in formed.members}),
    )
    callers = outcomes.last_callers(session, {visit.case_id for visit in visits})
    published = plans.published_crews(session, branch.id, on)
    homes = read_homes(session, branch, visits, kind, now)

    def judge(some: Sequence[Visit]) -> dict[UUID, VisitDay | tuple[Reason, ...]]:
        return {visit.id: judged(visit) for visit in some}

    def judged(visit: Visit) -> VisitDay | tuple[Reason, ...]:
        appointment = appointments.get(visit.id)
        permission = permitted(
            ground, visit, known[visit.id], appointment, members[lenders[visit.id]]
        )
        place = places[visit.place_id]
        point = vault.read(people[visit.person_id], place, "point")
        if permission.reasons or point is None:
            return permission.reasons or (_said("facts-unknown"),)
        return replace(
            _visit(visit, appointment, Point(point[0], point[1]), permission),
            known_to=callers.get(visit.case_id, ()),
            published_crew=published.get(visit.id),
            chances=homes.chances(on, visit, place, cases[visit.case_id]),
        )

    found, unjudged = sifted([one for one in visits if one.id in known], judge)
    aside = {one.id: type(error).__name__ for one, error in (*unread, *unjudged)}
    forbidden = {key: one for key, one in found.items() if isinstance(one, tuple)}
    forbidden |= {key: (_said("set-aside"),) for key in aside}
    working = days.on_shift(session, branch.id, on)
    crew_days = tuple(_crew(branch, formed, working) for formed in crews)
    return Snapshot(
        day=Day(
            branch_id=branch.id,
            on=on,
            origin_at=local_day(branch.time_zone, on)[0],
            crews=crew_days,
            visits=tuple(one for one in found.values() if isinstance(one, VisitDay)),
            most_window_s=60 * int(law["notice.max_window_minutes"]),
        ),
        facts=known,
        lenders=lenders,
        members=members,
        forbidden=forbidden,
        promised=frozenset(appointments),
        calendar=ground.calendar,
        tokens={
            one.id: _token(one, known[one.id], places[one.place_id])
            for one in visits
            if one.id in known
        },
        frame=_hash(law.id, law.version, law.fingerprint, *map(repr, (*crew_days, *roster.free))),
        aside=aside,
    )


def _said(code: str) -> Reason:
    return {"code": code, "args": {}, "source": None}


def _visits(
    session: Session, branch_id: UUID, on: date, kind: RunKind, promised: set[UUID], today: date
) -> list[Visit]:
    known = list(get_many(session, Visit, promised).values())
    is_open = kind is RunKind.ANNOUNCE  # the others keep to what people were told
    fresh = days.visits_for(session, branch_id, on, today=today) if is_open else []
    visits = [*known, *(one for one in fresh if one.id not in promised)]
    return sorted(visits, key=lambda one: (one.created_at, str(one.id)))


def _members(
    session: Session, crews: Sequence[FormedCrew], lenders: set[UUID]
) -> dict[UUID, dict[UUID, tuple[MemberFacts, ...]]]:
    agents = {one for formed in crews for one in formed.members}
    found = {}
    for lender_id in lenders:
        papers = facts.member_facts(session, agents, lender_id=lender_id)
        found[lender_id] = {
            formed.crew.id: tuple(papers[one] for one in formed.members) for formed in crews
        }
    return found


def _crew(branch: Branch, formed: FormedCrew, working: Sequence[OnShift]) -> CrewDay:
    shifts = [one.shift for one in working if one.agent.id in formed.members]
    rest = max(shifts, key=lambda shift: shift.break_minutes, default=None)
    return CrewDay(
        crew_id=formed.crew.id,
        version_id=formed.version.id,
        name=formed.crew.name,
        members=formed.members,
        members_hash=formed.version.members_hash,
        starts_at=formed.crew.starts_at,
        ends_at=formed.crew.ends_at,
        start=Point(branch.depot_lat, branch.depot_lon),
        break_from_at=rest.break_from_at if rest else None,
        break_until_at=rest.break_until_at if rest else None,
        break_s=rest.break_minutes * 60 if rest else 0,
        max_visits=min((shift.max_visits for shift in shifts), default=8),
    )


def _visit(
    visit: Visit, appointment: Appointment | None, place: Point, permission: Permission
) -> VisitDay:
    return VisitDay(
        visit_id=visit.id,
        reference=visit.reference,
        place=place,
        service_s=visit.service_s,
        value=visit.value,
        windows=tuple((one.from_at, one.until_at) for one in permission.windows),
        crews=permission.crews,
        is_required=appointment is not None,
        appointment_id=appointment.id if appointment else None,
        source="appointment" if appointment else "approval",
        not_last=not permission.may_be_last,
    )


def _token(visit: Visit, known: VisitFacts, place: Place) -> str:
    point = hashlib.sha256(place.point_sealed or b"").hexdigest()
    return _hash(str(visit.version), visit.state, point, repr(known))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
