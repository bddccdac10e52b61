"""Announce a plan: each audited visit gets its appointment, its agents are bound, its notice drafted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments.draft import put_notice
from dispatch.appointments.substitute import substitute_for
from dispatch.appointments.wall_time import note_wall_time
from dispatch.clock import local_date
from dispatch.errors import WrongState
from dispatch.ids import new_id
from dispatch.model import (
    Appointment,
    Branch,
    Case,
    NoticeKind,
    Person,
    Plan,
    PlanState,
    Route,
    Stop,
    Visit,
    VisitState,
    record,
)
from dispatch.policy.calendar import Calendar
from dispatch.policy.eligibility import Verdict, visit_permitted
from dispatch.policy.facts import MemberFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.store import appointments, days, facts, holds, notices, plans
from dispatch.store.rows import get_any, get_many
from dispatch.vault import Vault
from dispatch.wording.content import untold


@dataclass(frozen=True, slots=True)
class Skipped:
    """A visit that was not announced, and why."""

    visit_id: UUID
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class Announced:
    """What announcing a plan did: notices by channel, and the visits left out."""

    by_channel: Mapping[str, int]
    skipped: tuple[Skipped, ...]

    @property
    def count(self) -> int:
        """How many visits were announced."""
        return sum(self.by_channel.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What every stop of the plan is judged by."""

    session: Session
    vault: Vault
    plan: Plan
    branch: Branch
    law: Pack
    base_url: str
    actor: str
    now: datetime
    calendar: Calendar
    routes: Mapping[UUID, Route]
    last: frozenset[UUID]
    """The last stop of each route."""
    members: Mapping[UUID, tuple[UUID, ...]]
    present: frozenset[UUID]
    papers: Mapping[UUID, Mapping[UUID, MemberFacts]]
    lenders: Mapping[UUID, UUID]


def announce_plan(
    session: Session,
    *,
    vault: Vault,
    plan: Plan,
    law: Pack,
    settings_base_url: str,
    actor: str,
    now: datetime,
) -> Announced:
    """Turn the draft's audited visits into appointments with notices ready to leave.

    Each visit stands for itself: one whose slot, cap, hold or notice time no longer permits it is
    skipped with the reason, the others go ahead. Announcing again announces what is missing.

    Parameters
    ----------
    law
        The effective pack of the branch.
    settings_base_url
        Where the links lead.

    Raises
    ------
    WrongState
        If the plan is no draft any more, or the pack asks a notice for something we can't tell.
    """
    if plan.state is not PlanState.DRAFT:
        msg = f"The plan is {plan.state}; only a draft is announced. Plan the day again first."
        raise WrongState(msg, state=str(plan.state))
    if missing := untold(law["notice.content"]):
        msg = f"The pack asks notices to tell {', '.join(missing)}, which no template does; add it first."
        raise WrongState(msg)
    branch = get_any(session, Branch, plan.branch_id)
    parts = plans.parts_of(session, plan)
    visits = holds.locked_visits(session, {stop.visit_id for stop in parts.stops})
    ground = _ground(session, vault, plan, branch, law, settings_base_url, actor, now, visits)
    known = facts.visit_facts(session, list(visits.values()), branch, on=plan.service_date)
    told: Counter[str] = Counter()
    skipped = []
    for stop in parts.stops:
        visit = visits[stop.visit_id]
        if visit.state is not VisitState.AUDITED:
            continue
        if appointments.standing_of(session, visit.id) is not None:
            continue
        done = _announce(ground, stop, visit, known[visit.id])
        if isinstance(done, Skipped):
            skipped.append(done)
        else:
            told[done] += 1
    plan.announced_at = now
    plan.version += 1
    session.add(plan)
    record(
        plan,
        "plan.announced",
        actor=actor,
        now=now,
        told=sum(told.values()),
        skipped=[f"{one.reference}: {one.code}" for one in skipped],
    )
    return Announced(dict(told), tuple(skipped))


def _ground(
    session: Session,
    vault: Vault,
    plan: Plan,
    branch: Branch,
    law: Pack,
    base_url: str,
    actor: str,
    now: datetime,
    visits: Mapping[UUID, Visit],
) -> _Ground:
    parts = plans.parts_of(session, plan)
    routes = {route.id: route for route in parts.routes}
    ways = [stops for route_id in routes if (stops := parts.stops_of(route_id))]
    members = {
        key: tuple(agent.id for agent in group)
        for key, group in days.members_of(
            session, {route.crew_version_id for route in routes.values()}
        ).items()
    }
    cases = get_many(session, Case, {visit.case_id for visit in visits.values()})
    agents = {one for group in members.values() for one in group}
    return _Ground(
        session=session,
        vault=vault,
        plan=plan,
        branch=branch,
        law=law,
        base_url=base_url,
        actor=actor,
        now=now,
        calendar=days.calendar_of(
            session,
            branch,
            from_on=local_date(branch.time_zone, now) - timedelta(days=1),
            to_on=plan.service_date,
        ),
        routes=routes,
        last=frozenset(max(stops, key=lambda one: one.arrive_at).id for stops in ways),
        members=members,
        present=frozenset(
            one.agent.id for one in days.on_shift(session, branch.id, plan.service_date)
        ),
        papers={
            lender_id: facts.member_facts(session, agents, lender_id=lender_id)
            for lender_id in {case.lender_id for case in cases.values()}
        },
        lenders={visit.id: cases[visit.case_id].lender_id for visit in visits.values()},
    )


def _announce(ground: _Ground, stop: Stop, visit: Visit, known: VisitFacts) -> str | Skipped:
    route = ground.routes[stop.route_id]
    members = ground.members[route.crew_version_id]
    if code := _objection(ground, stop, visit, known, members):
        return Skipped(visit.id, visit.reference, code)
    session, now, actor = ground.session, ground.now, ground.actor
    appointment = _appointment(ground, stop, visit, route)
    note_wall_time(appointment, notices.time_zone_of(session, appointment, ground.branch))
    if ground.branch.names_substitutes:
        appointment.substitute_id = _substitute(ground, stop, visit, known, members)
    session.add(appointment)
    session.flush()
    if not appointments.bind(session, appointment, members):
        session.delete(appointment)
        session.flush()
        return Skipped(visit.id, visit.reference, "slot-taken")
    appointments.reserve_visit(session, visit, stop.arrive_at)
    stop.appointment_id = appointment.id
    session.add(stop)
    record(
        appointment,
        "appointment.offered",
        actor=actor,
        now=now,
        number=appointment.number,
        window_from=appointment.window_from_at,
        window_until=appointment.window_until_at,
    )
    about = notices.about_of(session, visit=visit, appointment=appointment, branch=ground.branch)
    notice = put_notice(
        session,
        about,
        NoticeKind.ANNOUNCEMENT,
        vault=ground.vault,
        law=ground.law,
        base_url=ground.base_url,
        actor=actor,
        now=now,
        calendar=ground.calendar,
    )
    assert notice is not None  # noqa: S101  the lead time was found to hold above
    return str(notice.channel)


def _objection(
    ground: _Ground, stop: Stop, visit: Visit, known: VisitFacts, members: tuple[UUID, ...]
) -> str | None:
    """Return why the visit may not be announced as planned: the rules are asked once more."""
    person = get_any(ground.session, Person, visit.person_id)
    if person.data_key is None:
        return "person-erased"
    if not set(members) <= ground.present:
        return "crew-unavailable"
    papers = ground.papers[ground.lenders[visit.id]]
    verdict = _verdict(ground, stop, known, tuple(papers[one] for one in members))
    if verdict.findings:
        return verdict.findings[0].code
    is_inside = any(
        one.from_at <= stop.window_from_at
        and stop.window_until_at <= one.until_at
        and one.holds(stop.arrive_at, stop.leave_at)
        for one in verdict.windows
    )
    return None if is_inside else "notice-not-in-time"


def _verdict(
    ground: _Ground, stop: Stop, known: VisitFacts, crew: tuple[MemberFacts, ...]
) -> Verdict:
    return visit_permitted(
        known,
        ground.law,
        on=ground.plan.service_date,
        now=ground.now,
        calendar=ground.calendar,
        crew=crew,
        is_last=stop.id in ground.last,
    )


def _substitute(
    ground: _Ground, stop: Stop, visit: Visit, known: VisitFacts, members: tuple[UUID, ...]
) -> UUID | None:
    return substitute_for(
        ground.session,
        branch_id=ground.branch.id,
        on=ground.plan.service_date,
        members=members,
        lender_id=ground.lenders[visit.id],
        from_at=stop.arrive_at,
        until_at=stop.leave_at,
        is_lawful=lambda crew: _verdict(ground, stop, known, crew).is_permitted,
    )


def _appointment(ground: _Ground, stop: Stop, visit: Visit, route: Route) -> Appointment:
    earlier = appointments.versions_of(ground.session, visit.id)
    return Appointment(
        id=new_id(),
        branch_id=visit.branch_id,
        visit_id=visit.id,
        case_id=visit.case_id,
        number=1 + max((one.number for one in earlier), default=0),
        service_date=ground.plan.service_date,
        window_from_at=stop.window_from_at,
        window_until_at=stop.window_until_at,
        stay_from_at=stop.arrive_at,
        stay_until_at=stop.leave_at,
        place_id=visit.place_id,
        crew_id=route.crew_id,
        crew_version_id=route.crew_version_id,
        offered_at=ground.now,
    )
