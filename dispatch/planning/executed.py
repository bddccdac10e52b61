"""Executed: what the field recorded of a day, held by the auditor against what was announced."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.audit import Breach, Profile, audit
from dispatch.model import Agent, AgentState, Branch, Case, Plan, Route, Stop
from dispatch.policy.calendar import calendars_of
from dispatch.policy.facts import DayFacts, MemberFacts, StayFacts
from dispatch.policy.pack import Pack, load_pack
from dispatch.store import days, executed, facts
from dispatch.store import evidence as log
from dispatch.store.executed import Record
from dispatch.store.rows import get_many

_ENDS: Final = (AgentState.SUSPENDED, AgentState.EXPIRED, AgentState.REVOKED)


def executed_breaches(
    session: Session, *, branch: Branch, on: date, now: datetime, pack_folder: Path | None = None
) -> tuple[int, tuple[Breach, ...]]:
    """Return how many visits of a day were made, and what the auditor finds against them.

    Parameters
    ----------
    on
        The service date; of a day that is not over, what is on record so far.
    """
    pack = load_pack(branch.pack_id, pack_folder)
    day = executed_facts(session, branch=branch, on=on, now=now, pack=pack)
    return len(day.stays), audit(day, pack, Profile.EXECUTED)


def executed_facts(
    session: Session, *, branch: Branch, on: date, now: datetime, pack: Pack
) -> DayFacts:
    """Return a day as the auditor sees it when it is over: the field's record and the facts then."""
    records = executed.records_of(session, branch.id, on)
    sent = executed.stops_of(session, records)
    records = [one for one in records if one.visit.id in sent]
    published = {visit_id for visit_id, (_, _, was_out) in sent.items() if was_out}
    stops = {visit_id: stop for visit_id, (stop, _, _) in sent.items()}
    done = executed.done_of(session, records, published=published, stops=stops)
    today = facts.visit_facts(session, [one.visit for one in records], branch, on=on)
    known = executed.as_it_was(session, records, today)
    cases = get_many(session, Case, {one.visit.case_id for one in records})
    routes = get_many(session, Route, {stop.route_id for stop, _, _ in sent.values()})
    versions = {route.crew_version_id for route in routes.values()}
    members, hashes = days.members_of(session, versions), days.hashes_of(session, versions)
    stays = []
    for one in records:
        stop: Stop = sent[one.visit.id][0]
        version_id = routes[stop.route_id].crew_version_id
        stays.append(
            StayFacts(
                visit=known[one.visit.id],
                arrive_at=one.arrived_at,
                leave_at=one.left_at,
                crew=_crew(
                    session, one, members[version_id], lender_id=cases[one.visit.case_id].lender_id
                ),
                crew_hash=hashes[version_id],
                window_from=stop.window_from_at,
                window_until=stop.window_until_at,
                done=done[one.visit.id],
            )
        )
    calendar = days.calendar_of(session, branch, from_on=on, to_on=on)
    pack_id, pack_version = _planned_under([plan for _, plan, _ in sent.values()], pack)
    return DayFacts(
        branch_id=branch.id,
        service_date=on,
        pack_id=pack_id,
        pack_version=pack_version,
        stays=tuple(stays),
        calendar=calendar.days,
        generated_at=now,
        regions=calendars_of([one.visit.region for one in stays], calendar),
    )


def _crew(
    session: Session, record: Record, agents: Sequence[Agent], *, lender_id: UUID
) -> tuple[MemberFacts, ...]:
    """Return the crew with the papers of that moment; who was away or not active counts as such."""
    left_at = record.left_at
    ids = {agent.id for agent in agents}
    papers = facts.member_facts(session, ids, lender_id=lender_id, at=left_at)
    absences = days.absences_of(session, ids)
    return tuple(
        replace(
            papers[agent.id],
            is_active=_was_active(session, agent, left_at)
            and not any(
                one.from_at < left_at and record.arrived_at < one.until_at
                for one in absences.get(agent.id, ())
            ),
        )
        for agent in agents
    )


def _was_active(session: Session, agent: Agent, at: datetime) -> bool:
    if agent.state is AgentState.ACTIVE:
        return True
    ends = (log.last_of_kind(session, agent.id, f"agent.{state}") for state in _ENDS)
    return any(entry is not None and entry.at > at for entry in ends)


def _planned_under(plans: Iterable[Plan], pack: Pack) -> tuple[str, str]:
    """Return the pack under which the day was planned; of several one that is not today's."""
    named = {(plan.pack_id, plan.pack_version) for plan in plans}
    return min(named - {(pack.id, pack.version)}, default=(pack.id, pack.version))
