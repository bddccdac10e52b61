"""Shifts: one working period of one agent, entered by hand."""

from datetime import datetime, timedelta

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import AlreadyThere, Invalid
from dispatch.model import Agent, Branch, Shift, record
from dispatch.store import listing

LONGEST = timedelta(hours=14)


def add_shift(
    session: Session,
    *,
    branch: Branch,
    agent: Agent,
    starts_at: datetime,
    ends_at: datetime,
    break_from_at: datetime | None = None,
    break_until_at: datetime | None = None,
    break_minutes: int = 0,
    max_visits: int = 8,
    actor: str,
    now: datetime,
) -> Shift:
    """Return a new shift; its service date is the local date on which it starts.

    Raises
    ------
    Invalid
        If it ends before it starts, lasts over 14 hours, or the break doesn't fit into it.
    AlreadyThere
        If the agent has a shift at that time.
    """
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        msg = "The shift must end after it starts, and within 14 hours."
        raise Invalid(msg)
    _require_break(starts_at, ends_at, break_from_at, break_until_at, break_minutes)
    if listing.overlapping_shift(session, agent.id, from_at=starts_at, until_at=ends_at):
        msg = f"The agent {agent.number} has a shift at that time; change or remove that one."
        raise AlreadyThere(msg)
    shift = Shift(
        branch_id=branch.id,
        agent_id=agent.id,
        service_date=local_date(branch.time_zone, starts_at),
        starts_at=starts_at,
        ends_at=ends_at,
        break_from_at=break_from_at,
        break_until_at=break_until_at,
        break_minutes=break_minutes,
        max_visits=max_visits,
    )
    session.add(shift)
    record(shift, "shift.added", actor=actor, now=now, starts_at=starts_at, ends_at=ends_at)
    return shift


def remove_shift(session: Session, *, shift: Shift, actor: str, now: datetime) -> None:
    """Take a shift off the roster; a plan made with it is found stale when it is released."""
    record(shift, "shift.removed", actor=actor, now=now, service_date=shift.service_date)
    session.delete(shift)


def _require_break(
    starts_at: datetime,
    ends_at: datetime,
    break_from_at: datetime | None,
    break_until_at: datetime | None,
    break_minutes: int,
) -> None:
    if break_from_at is None and break_until_at is None and break_minutes == 0:
        return
    if break_from_at is None or break_until_at is None or break_minutes <= 0:
        msg = "A break needs the times between which it is taken, and its minutes."
        raise Invalid(msg)
    fits = starts_at <= break_from_at and break_until_at <= ends_at
    if not fits or break_until_at - break_from_at < timedelta(minutes=break_minutes):
        msg = "The break does not fit into its times, or its times not into the shift."
        raise Invalid(msg)
