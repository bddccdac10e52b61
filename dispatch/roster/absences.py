"""Absences: when an agent can't be sent."""

from datetime import datetime, timedelta

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Absence, AbsenceReason, Agent, record

LONGEST = timedelta(days=400)


def record_absence(
    session: Session,
    *,
    agent: Agent,
    from_at: datetime,
    until_at: datetime,
    reason: AbsenceReason,
    actor: str,
    now: datetime,
) -> Absence:
    """Return a new absence; plans that are already published are left to the planning desk.

    Raises
    ------
    Invalid
        If it ends before it begins, or lasts longer than 400 days.
    """
    if not timedelta(0) < until_at - from_at <= LONGEST:
        msg = "The absence must end after it begins, and within 400 days."
        raise Invalid(msg)
    absence = Absence(
        branch_id=agent.branch_id,
        agent_id=agent.id,
        from_at=from_at,
        until_at=until_at,
        reason=reason,
        recorded_by=actor,
    )
    session.add(absence)
    # The reason stays out of the evidence: that somebody was ill is nobody's audit.
    record(absence, "absence.recorded", actor=actor, now=now, from_at=from_at, until_at=until_at)
    return absence


def withdraw_absence(session: Session, *, absence: Absence, actor: str, now: datetime) -> None:
    """Take an absence back: it was entered by mistake, or the agent is there again."""
    record(absence, "absence.withdrawn", actor=actor, now=now)
    session.delete(absence)
