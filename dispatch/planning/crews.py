"""Form crews: who goes out with whom, before anything is planned.

A crew that an appointment names is never changed here. The agents who are left are grouped by the
solver: as many crews as can be, then so that they share more hours, speak more languages, are mixed
where they can be, and don't live far apart. Agents who can't be paired up to the pack's minimum
stay free.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch, Crew, CrewMember, CrewVersion, members_hash, record
from dispatch.policy.facts import MemberFacts
from dispatch.policy.pack import Pack
from dispatch.solver.crews import FreeAgent, pair_up
from dispatch.store import days
from dispatch.store.days import FormedCrew, OnShift
from dispatch.store.facts import member_facts
from dispatch.vault import Vault

SHORTEST = timedelta(hours=2)
"""A crew that could be out together for less than this isn't formed."""


def form_crews(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    on: date,
    law: Pack,
    actor: str,
    now: datetime,
) -> list[FormedCrew]:
    """Return the day's crews: those named in notices as they are, the rest formed anew."""
    working = days.on_shift(session, branch.id, on)
    bound = days.bound_crews(session, branch.id, on)
    present = {one.agent.id for one in working}
    kept: list[FormedCrew] = []
    for formed in days.crews_of(session, branch.id, on):
        if formed.crew.id in bound or set(formed.members) <= present:
            kept.append(formed)
        else:
            formed.crew.is_dissolved = True
            record(formed.crew, "crew.dissolved", actor=actor, now=now)
    taken = {agent_id for formed in kept for agent_id in formed.members}
    papers = member_facts(session, present, lender_id=None)
    free = [
        one
        for one in working
        if one.agent.id not in taken and _is_certified(papers[one.agent.id], on)
    ]
    homes = {one.agent.id: _home(vault, branch, one) for one in free}
    names = _free_names(days.crew_names(session, branch.id, on))
    kept += [
        _store(session, branch, on, next(names), group, actor=actor, now=now)
        for group in _groups(free, homes, size=int(law["crew.min"]))
    ]
    # A bound crew with a member away can't go: its visits are left out, and say why.
    return [formed for formed in kept if set(formed.members) <= present]


def _is_certified(facts: MemberFacts, on: date) -> bool:
    # The authorisation depends on the lender of each visit; these two do not.
    return all(
        until is not None and until >= on
        for until in (facts.certificate_until, facts.training_until)
    )


def _groups(
    free: Sequence[OnShift], homes: dict[UUID, tuple[float, float]], *, size: int
) -> Iterator[tuple[OnShift, ...]]:
    known = {one.shift.id: one for one in free}
    agents = [
        FreeAgent(
            id=one.shift.id,  # an agent may work two shifts
            starts_at=one.shift.starts_at,
            ends_at=one.shift.ends_at,
            languages=tuple(one.agent.languages),
            skills=tuple(one.agent.skills),
            gender=one.agent.gender,
            home=homes[one.agent.id],
        )
        for one in sorted(free, key=lambda one: one.agent.number)
    ]
    for group in pair_up(agents, size=size, shortest=SHORTEST):
        yield tuple(known[shift_id] for shift_id in group)


def _home(vault: Vault, branch: Branch, one: OnShift) -> tuple[float, float]:
    home = vault.read(branch, one.agent, "home")
    return (home[0], home[1]) if home else (branch.depot_lat, branch.depot_lon)


def _free_names(used: set[str]) -> Iterator[str]:
    number = 1
    while True:
        if (name := f"Crew {number}") not in used:
            yield name
        number += 1


def _store(
    session: Session,
    branch: Branch,
    on: date,
    name: str,
    group: tuple[OnShift, ...],
    *,
    actor: str,
    now: datetime,
) -> FormedCrew:
    crew = Crew(
        branch_id=branch.id,
        service_date=on,
        name=name,
        starts_at=max(one.shift.starts_at for one in group),
        ends_at=min(one.shift.ends_at for one in group),
    )
    ids = tuple(one.agent.id for one in group)
    version = CrewVersion(crew_id=crew.id, number=1, members_hash=members_hash(ids), formed_at=now)
    session.add(crew)
    session.flush()
    session.add(version)
    session.flush()
    session.add_all(
        CrewMember(crew_version_id=version.id, agent_id=agent_id, is_lead=position == 0)
        for position, agent_id in enumerate(ids)
    )
    session.flush()
    record(crew, "crew.formed", actor=actor, now=now, members=list(ids), on=on)
    return FormedCrew(crew, version, ids)
