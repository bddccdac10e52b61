"""Scene: the visit that a fact is about, with all that the fact may change; who may report on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import NotFound, PackInvalid
from dispatch.model import Account, Agent, AgentState, Branch, Case, Device, Person, Place, Visit
from dispatch.policy.pack import BASELINE, Pack, effective, load_pack
from dispatch.store.holds import lock_people
from dispatch.store.incidents import open_incident
from dispatch.store.itineraries import Reporters, reporters_of
from dispatch.store.rows import find, get_any

CLOCK_SLACK: Final = timedelta(minutes=5)
"""How far a phone's clock may be ahead before somebody looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A visit, locked, with its case, person, place and branch; and who speaks of it."""

    visit: Visit
    case: Case
    person: Person
    place: Place
    branch: Branch
    agent: Agent
    account: Account
    reporters: Reporters
    actor: str
    law: Pack


def scene_of(
    session: Session, *, visit_id: UUID, account: Account, pack_folder: Path | None = None
) -> Scene:
    """Return the visit's scene for a member of one of its crews; two facts come one after the other.

    Raises
    ------
    NotFound
        If there is no such visit, or the account's agent was never sent to it: they look the same.
    """
    visit = find(session, Visit, visit_id)
    agent = find(session, Agent, account.agent_id) if account.agent_id else None
    reporters = reporters_of(session, visit_id) if visit else None
    if visit is None or agent is None or reporters is None or agent.id not in reporters.ever:
        msg = "There is no such visit on your itineraries."
        raise NotFound(msg)
    # The person first, then the visit: every writer takes them in this order.
    lock_people(session, {visit.person_id})
    visit = get_any(session, Visit, visit_id, lock=True)
    branch = get_any(session, Branch, visit.branch_id)
    return Scene(
        visit=visit,
        case=get_any(session, Case, visit.case_id),
        person=get_any(session, Person, visit.person_id),
        place=get_any(session, Place, visit.place_id),
        branch=branch,
        agent=agent,
        account=account,
        reporters=reporters,
        actor=f"account:{account.id}",
        law=_law_of(branch, pack_folder),
    )


def oddities(
    scene: Scene, *, occurred_at: datetime, device: Device | None, now: datetime
) -> list[str]:
    """Return what is strange about a fact; it is stored all the same, and a person looks at it."""
    found = []
    if scene.person.erased_at is not None:
        found.append("person-erased")
    if scene.agent.id not in scene.reporters.now:
        found.append("visit-reassigned")
    if scene.agent.state is not AgentState.ACTIVE or scene.account.disabled_at is not None:
        found.append("agent-not-active")
    if occurred_at > now + CLOCK_SLACK:
        found.append("clock-ahead")
    if device is not None and device.revoked_at is not None:
        found.append("device-revoked")
    return found


def note_oddities(
    session: Session, scene: Scene, odd: list[str], *, source_id: UUID, now: datetime
) -> None:
    """Open an incident for each thing that is strange about a stored fact."""
    for kind in odd:
        open_incident(
            session,
            visit=scene.visit,
            kind=f"fact-{kind}",
            source_id=source_id,
            actor=scene.actor,
            now=now,
            facts={"visit_state": str(scene.visit.state)},
        )


def _law_of(branch: Branch, pack_folder: Path | None) -> Pack:
    """Return the branch's law; the baseline's where its pack is gone: no fact is lost over that."""
    try:
        return effective(load_pack(branch.pack_id, pack_folder))
    except PackInvalid:
        return load_pack(BASELINE)
