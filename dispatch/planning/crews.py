"""Form crews: who goes out with whom, before anything is planned.

A crew that an appointment names is never changed here. The agents who are left are paired so that
a crew speaks more languages, is mixed where it can be, and does not live far apart; greedily, best
pair first. Agents who can't be paired up to the pack's minimum stay free.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from math import cos, hypot, radians
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch, Crew, CrewMember, CrewVersion, members_hash, record
from dispatch.policy.facts import MemberFacts
from dispatch.policy.pack import Pack
from dispatch.store import days
from dispatch.store.days import FormedCrew, OnShift
from dispatch.store.facts import member_facts
from dispatch.vault import Vault

SHORTEST = timedelta(hours=2)
"""A crew that could be out together for less than this isn't formed."""

_KM_PER_DEGREE = 111.2


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
    left = list(free)
    while len(left) >= size:
        candidates = [group for group in combinations(left, size) if _hours(group) >= SHORTEST]
        if not candidates:
            return
        best = max(
            candidates,
            key=lambda group: (_score(group, homes), [one.agent.number for one in group]),
        )
        yield best
        left = [one for one in left if one not in best]


def _score(group: tuple[OnShift, ...], homes: dict[UUID, tuple[float, float]]) -> float:
    languages = {language for one in group for language in one.agent.languages}
    skills = {skill for one in group for skill in one.agent.skills}
    genders = {one.agent.gender for one in group if one.agent.gender}
    apart = sum(_km(homes[a.agent.id], homes[b.agent.id]) for a, b in combinations(group, 2))
    return (
        _hours(group) / timedelta(hours=1)
        + len(languages)
        + len(skills)
        + 2 * len(genders)
        - 0.1 * apart
    )


def _hours(group: tuple[OnShift, ...]) -> timedelta:
    return min(one.shift.ends_at for one in group) - max(one.shift.starts_at for one in group)


def _km(first: tuple[float, float], second: tuple[float, float]) -> float:
    east = (second[1] - first[1]) * cos(radians(first[0]))
    return _KM_PER_DEGREE * hypot(second[0] - first[0], east)


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
