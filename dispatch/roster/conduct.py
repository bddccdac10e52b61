"""Conduct: who broke the code, or is looked into, makes no visits until somebody else lets them again.

A sanction takes effect at once: the next plan forms no crew with the agent, and visits already
announced are withdrawn with an apology (`dispatch.appointments.unkept`). It falls on conduct alone:
no count of visits, talks or money leads here.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from dispatch.errors import Invalid, Refused
from dispatch.model import Agent, AgentState, Incident
from dispatch.store.evidence import last_of_kind
from dispatch.store.rows import get_any


class Sanction(StrEnum):
    """Why an agent makes no visits."""

    BREACH = "breach"
    """They answer for a line in the register of breaches."""
    UNDER_REVIEW = "under_review"
    """A complaint or an incident is being looked into; nothing is held against them yet."""
    PAPERS = "papers"
    """What they were let in on was not true, or no longer is."""


_TO: Final = frozenset({AgentState.SUSPENDED, AgentState.REVOKED, AgentState.ACTIVE})


def set_standing(
    session: Session,
    *,
    agent: Agent,
    to: AgentState,
    reason: Sanction | None,
    incident: Incident | None,
    actor: str,
    now: datetime,
) -> Agent:
    """Suspend an agent, end their engagement, or let them visit again.

    Parameters
    ----------
    incident
        The line of the register that they answer for; a breach can't go without.

    Raises
    ------
    Invalid
        If the reason is missing, or the incident is none that they answer for.
    Refused
        If who suspended would lift it alone, or after a breach nobody has trained them anew.
    WrongState
        If no such step leads from where they stand.
    """
    if to not in _TO:
        msg = "Choose suspended, revoked or active."
        raise Invalid(msg, [{"pointer": "/body/to", "message": msg}])
    agent = get_any(session, Agent, agent.id, lock=True)
    if to is AgentState.ACTIVE:
        _require_another(session, agent, actor)
        agent.advance(to, actor=actor, now=now)
    else:
        _require_ground(agent, reason, incident)
        subject = incident.id if incident else None
        agent.advance(to, actor=actor, now=now, why=reason, incident=subject)
    session.add(agent)
    return agent


def _require_ground(agent: Agent, reason: Sanction | None, incident: Incident | None) -> None:
    if reason is None:
        msg = "Say why: breach, under_review or papers."
        raise Invalid(msg, [{"pointer": "/body/reason", "message": msg}])
    answers = incident is not None and incident.is_breach and incident.responsible_id == agent.id
    if (reason is Sanction.BREACH or incident is not None) and not answers:
        msg = "Name the line of the register of breaches that this agent answers for."
        raise Invalid(msg, [{"pointer": "/body/incident_id", "message": msg}])


def _require_another(session: Session, agent: Agent, actor: str) -> None:
    sanction = last_of_kind(session, agent.id, f"agent.{AgentState.SUSPENDED}")
    if sanction is None:
        return
    if sanction.actor == actor:
        msg = "You suspended this agent; somebody else decides that they visit again."
        raise Refused(msg)
    trained = last_of_kind(session, agent.id, "agent.trained")
    is_breach = sanction.facts.get("why") == Sanction.BREACH
    if is_breach and (trained is None or trained.at < sanction.at):
        msg = "After a breach the agent is trained anew first; enter the training, then let them visit."
        raise Refused(msg)
