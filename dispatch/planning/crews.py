"""Form crews: who goes out with whom, before anything is planned.

A crew that an appointment names is never changed here. The agents who are left are grouped by the
solver, in its own process and with no transaction open: as many crews as can be, then so that they
share more hours, speak more languages, are mixed where they can be, and don't live far apart.
Agents who can't be paired up to the pack's minimum stay free.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch, Crew, CrewMember, CrewVersion, members_hash, record
from dispatch.policy.facts import MemberFacts
from dispatch.solver.crews import FreeAgent
from dispatch.store import days
from dispatch.store.days import FormedCrew, OnShift
from dispatch.store.facts import member_facts
from dispatch.vault import Vault

SHORTEST = timedelta(hours=2)
"""A crew that could be out together for less than this isn't formed."""

type Groups = Sequence[tuple[UUID, ...]]
"""Who goes out with whom, by the ids of their shifts: an agent may work two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The day's crews that can go, and the agents in no crew.

    `standing` leaves out a crew that an appointment names while a member is away: its visits can't
    be made, and say why. `free` are all who may be paired up, in the order of their numbers.
    """

    standing: tuple[FormedCrew, ...]
    free: tuple[FreeAgent, ...]


def read_roster(
    session: Session, *, vault: Vault, branch: Branch, on: date, actor: str, now: datetime
) -> Roster:
    """Return the day's crews and free agents; crews of which a member is away are dissolved."""
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
    return Roster(
        standing=tuple(formed for formed in kept if set(formed.members) <= present),
        free=tuple(
            _free(one, _home(vault, branch, one))
            for one in sorted(working, key=lambda one: one.agent.number)
            if one.agent.id not in taken and _is_certified(papers[one.agent.id], on)
        ),
    )


def form_crews(
    session: Session,
    roster: Roster,
    groups: Groups,
    *,
    branch: Branch,
    on: date,
    actor: str,
    now: datetime,
) -> Roster:
    """Store the groups whose members are all free still; return the roster with them as crews."""
    shifts = {one.shift.id: one for one in days.on_shift(session, branch.id, on)}
    free = {one.id for one in roster.free}
    names = _free_names(days.crew_names(session, branch.id, on))
    whole = [group for group in groups if free.issuperset(group)]
    going = {formed.crew.id for formed in roster.standing}
    going |= {
        _store(session, branch, on, next(names), [shifts[one] for one in group], actor, now)
        for group in whole
    }
    used = {one for group in whole for one in group}
    return Roster(
        # Read back, so that they come in the order in which they are read ever after.
        standing=tuple(
            one for one in days.crews_of(session, branch.id, on) if one.crew.id in going
        ),
        free=tuple(one for one in roster.free if one.id not in used),
    )


def _is_certified(facts: MemberFacts, on: date) -> bool:
    # The authorisation depends on the lender of each visit; these two do not.
    return all(
        until is not None and until >= on
        for until in (facts.certificate_until, facts.training_until)
    )


def _free(one: OnShift, home: tuple[float, float]) -> FreeAgent:
    return FreeAgent(
        id=one.shift.id,
        starts_at=one.shift.starts_at,
        ends_at=one.shift.ends_at,
        languages=tuple(one.agent.languages),
        skills=tuple(one.agent.skills),
        gender=one.agent.gender,
        home=home,
    )


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
    group: Sequence[OnShift],
    actor: str,
    now: datetime,
) -> UUID:
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
    return crew.id
