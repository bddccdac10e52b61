"""Publish and recall: the plan of a day becomes what crews go by, or ceases to be."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.audit import Breach, Profile, audit
from dispatch.clock import local_date
from dispatch.errors import PlanIncomplete, PlanNotLawful, StaleVersion, WrongState
from dispatch.model import (
    Appointment,
    AppointmentState,
    Approval,
    ApprovalKind,
    Branch,
    Case,
    Plan,
    PlanState,
    Route,
    RunKind,
    Stage,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.model.visit import OPEN
from dispatch.policy.calendar import calendars_of
from dispatch.policy.facts import DayFacts, MemberFacts, StayFacts
from dispatch.policy.pack import load_pack
from dispatch.store import days, facts, holds, plans
from dispatch.store.rows import get_any, get_many

_WAITING: Final = frozenset({VisitState.NOTICED, VisitState.UNANSWERED, VisitState.CONFIRMED})
"""Announced, and sent to by no published plan."""


def publish(
    session: Session,
    *,
    plan: Plan,
    version: int,
    actor: str,
    now: datetime,
    account_id: UUID | None = None,
    explanation: str | None = None,
    pack_folder: Path | None = None,
) -> Plan:
    """Publish a draft that passes the release audit.

    Parameters
    ----------
    version
        The version that the person looked at; another means that it changed since.
    explanation
        Why a plan that leaves out a promised visit is published all the same.

    Raises
    ------
    StaleVersion, WrongState, PlanNotLawful, PlanIncomplete
        With cause and remedy; nothing is changed.
    """
    if plan.version != version:
        msg = f"The plan is at version {plan.version}, you looked at {version}; look again and publish that."
        raise StaleVersion(msg, version=plan.version)
    if plan.state is not PlanState.DRAFT:
        msg = f"The plan is {plan.state}; only a draft can be published. Plan the day again first."
        raise WrongState(msg, state=str(plan.state))
    branch = get_any(session, Branch, plan.branch_id)
    # Plans first, then people: whoever asks for help while this is audited waits until it is out.
    earlier = plans.plans_of_states(
        session, branch.id, plan.service_date, [PlanState.PUBLISHED], lock=True
    )
    visits = holds.locked_visits(session, plans.visit_ids_of(session, [plan, *earlier]))
    found = release_breaches(session, plan=plan, branch=branch, now=now, pack_folder=pack_folder)
    if found:
        msg = (
            f"{len(found)} finding(s) of the audit stand against publishing, first: {found[0].reference} "
            f"{found[0].detail}. Plan the day again; what may not be made is left out then."
        )
        raise PlanNotLawful(msg, violations=[_told(one) for one in found])
    missing = _promised_but_missing(session, plan, earlier, now=now)
    if missing and not (explanation and explanation.strip() and account_id):
        msg = (
            f"The plan leaves out {len(missing)} visit(s) that were promised; plan again with more crews, "
            "or publish with an explanation, which is kept on record."
        )
        raise PlanIncomplete(msg, violations=missing)
    if missing and account_id:
        session.add(
            Approval(
                branch_id=branch.id,
                kind=ApprovalKind.INCOMPLETE_PLAN,
                subject_id=plan.id,
                ground=str(explanation),
                approver_id=account_id,
                decided_at=now,
            )
        )
    for old in earlier:
        old.move_to(PlanState.SUPERSEDED, actor=actor, now=now)
    session.flush()
    plan.move_to(PlanState.PUBLISHED, actor=actor, now=now)
    plan.published_at, plan.published_by = now, actor
    served = plans.visit_ids_of(session, [plan])
    for visit_id in served:
        _release(session, visits[visit_id], actor=actor, now=now)
    left = [visit for visit in visits.values() if visit.id not in served]
    take_back(session, left, actor=actor, now=now, why="left out of the new plan")
    return plan


def recall(
    session: Session, *, plan: Plan, version: int, reason: TakenBack, actor: str, now: datetime
) -> Plan:
    """Take a published plan back: crews no longer see it, visits wait for the next one.

    Raises
    ------
    StaleVersion, WrongState
        With cause and remedy; nothing is changed.
    """
    if plan.version != version:
        msg = f"The plan is at version {plan.version}, you looked at {version}; look again."
        raise StaleVersion(msg, version=plan.version)
    if plan.state is not PlanState.PUBLISHED:
        msg = f"The plan is {plan.state}; only a published plan can be recalled."
        raise WrongState(msg, state=str(plan.state))
    visits = holds.locked_visits(session, plans.visit_ids_of(session, [plan]))
    plan.move_to(PlanState.RECALLED, actor=actor, now=now, why=reason)
    take_back(session, visits.values(), actor=actor, now=now, why="recalled")
    return plan


def release_breaches(
    session: Session, *, plan: Plan, branch: Branch, now: datetime, pack_folder: Path | None = None
) -> tuple[Breach, ...]:
    """Return what the auditor finds against releasing the plan now.

    Of a repaired day only the visits are judged to which nobody can have come yet; who can come is
    asked by `withdraw_unmanned`, as on any published day.
    """
    if plan.kind is not RunKind.REPAIR:
        return plan_breaches(
            session,
            plan=plan,
            branch=branch,
            profile=Profile.RELEASE,
            now=now,
            pack_folder=pack_folder,
        )
    day = day_facts(session, plan=plan, branch=branch, now=now, by_roster=False)
    waiting = {stay.visit.visit_id for stay in day.stays if stay.arrive_at > now}
    visits = get_many(session, Visit, waiting)
    ahead = {one.id for one in visits.values() if one.state in OPEN}
    found = audit(day, load_pack(branch.pack_id, pack_folder), Profile.RELEASE)
    return tuple(one for one in found if one.visit_id is None or one.visit_id in ahead)


def plan_breaches(
    session: Session,
    *,
    plan: Plan,
    branch: Branch,
    profile: Profile,
    now: datetime,
    pack_folder: Path | None = None,
) -> tuple[Breach, ...]:
    """Return what the auditor finds against a stored plan, its facts taken afresh."""
    pack = load_pack(branch.pack_id, pack_folder)
    return audit(day_facts(session, plan=plan, branch=branch, now=now), pack, profile)


def day_facts(
    session: Session, *, plan: Plan, branch: Branch, now: datetime, by_roster: bool = True
) -> DayFacts:
    """Return a stored plan as the auditor sees it, with every fact taken afresh.

    `by_roster`: whoever is away or off the roster by now is no active member of a crew that day.
    """
    parts = plans.parts_of(session, plan)
    visits = get_many(session, Visit, {stop.visit_id for stop in parts.stops})
    cases = get_many(session, Case, {visit.case_id for visit in visits.values()})
    known = facts.visit_facts(session, list(visits.values()), branch, on=plan.service_date)
    routes = {route.id: route for route in parts.routes}
    members = days.members_of(session, {route.crew_version_id for route in parts.routes})
    agents = {agent.id for group in members.values() for agent in group}
    present = {one.agent.id for one in days.on_shift(session, branch.id, plan.service_date)}
    absent = agents - present if by_roster else set()
    papers = {
        lender_id: _without(facts.member_facts(session, agents, lender_id=lender_id), absent)
        for lender_id in {case.lender_id for case in cases.values()}
    }
    hashes = days.hashes_of(session, {route.crew_version_id for route in parts.routes})
    stays = []
    for stop in parts.stops:
        route: Route = routes[stop.route_id]
        of_lender = papers[cases[visits[stop.visit_id].case_id].lender_id]
        stays.append(
            StayFacts(
                visit=known[stop.visit_id],
                arrive_at=stop.arrive_at,
                leave_at=stop.leave_at,
                crew=tuple(of_lender[agent.id] for agent in members[route.crew_version_id]),
                crew_hash=hashes[route.crew_version_id],
                window_from=stop.window_from_at,
                window_until=stop.window_until_at,
            )
        )
    calendar = days.calendar_of(
        session, branch, from_on=local_date(branch.time_zone, now), to_on=plan.service_date
    )
    return DayFacts(
        branch_id=branch.id,
        service_date=plan.service_date,
        pack_id=plan.pack_id,
        pack_version=plan.pack_version,
        stays=tuple(stays),
        calendar=calendar.days,
        generated_at=now,
        regions=calendars_of([one.visit.region for one in stays], calendar),
    )


def _without(
    papers: Mapping[UUID, MemberFacts], absent: Collection[UUID]
) -> dict[UUID, MemberFacts]:
    return {
        agent_id: replace(one, is_active=False) if agent_id in absent else one
        for agent_id, one in papers.items()
    }


def take_back(
    session: Session, visits: Collection[Visit], *, actor: str, now: datetime, why: str
) -> None:
    """Let visits that no published plan serves any more wait as they stood with the person."""
    appointments = facts.newest_appointments(session, {visit.id for visit in visits})
    for visit in visits:
        if visit.state is VisitState.RELEASED:
            confirmed = appointments[visit.id].state is AppointmentState.CONFIRMED
            back = VisitState.CONFIRMED if confirmed else VisitState.UNANSWERED
            visit.move_to(back, actor=actor, now=now, why=why)


def _promised_but_missing(
    session: Session, plan: Plan, earlier: Collection[Plan], *, now: datetime
) -> list[str]:
    """Return the references of promised visits that a plan leaves out, nobody having decided so.

    A repair need not ask again for what the published plan left out by decision, or had taken back.
    """
    promised: dict[UUID, Appointment] = days.standing_appointments(
        session, plan.branch_id, plan.service_date
    )
    visits = get_many(session, Visit, set(promised) - plans.visit_ids_of(session, [plan]))
    decided: set[UUID] = set()
    for old in earlier if plan.kind is RunKind.REPAIR else ():
        served = plans.visit_ids_of(session, [old])
        decided |= {
            one.id
            for one in visits.values()
            if one.state in _WAITING
            and (one.id in served or promised[one.id].offered_at <= (old.published_at or now))
        }
    return sorted(visit.reference for visit in visits.values() if visit.id not in decided)


def _release(session: Session, visit: Visit, *, actor: str, now: datetime) -> None:
    if visit.state is VisitState.NOTICED:  # no answer by now; the pack permits going as announced
        visit.move_to(VisitState.UNANSWERED, actor=actor, now=now)
    if visit.may_become(VisitState.RELEASED):
        visit.move_to(VisitState.RELEASED, actor=actor, now=now)
    case = get_any(session, Case, visit.case_id)
    if case.stage is Stage.VISIT_APPROVED:
        case.advance(Stage.VISITING, actor=actor, now=now)


def _told(breach: Breach) -> dict[str, str]:
    return {
        "code": str(breach.code),
        "reference": breach.reference,
        "detail": breach.detail,
        "source": breach.source,
    }
