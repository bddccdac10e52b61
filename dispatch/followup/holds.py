"""Holds: run out, or lifted by a person with the right and a reason; then the case goes on."""

from datetime import datetime

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import Refused
from dispatch.model import Account, Branch, Hold, Role
from dispatch.model.hold import PERMANENT
from dispatch.store.hold_ends import lapse_one, release_one, run_out
from dispatch.store.holds import lock_people

_ACTOR = "duty:holds"
_MAY = frozenset({Role.ADMIN, Role.MANAGER})


def lapse_holds(session: Session, *, now: datetime, limit: int = 500) -> int:
    """End the holds whose time has run out; return how many."""
    due = run_out(session, now=now, limit=limit)
    lock_people(session, {hold.person_id for hold in due})
    for hold in due:
        lapse_one(session, hold, actor=_ACTOR, now=now)
    return len(due)


def release_hold(
    session: Session,
    *,
    hold: Hold,
    reason: str,
    role: Role,
    actor: str,
    now: datetime,
    is_specialist: bool = False,
    by_person: bool = False,
) -> Hold:
    """Lift a hold; lifting it again changes nothing.

    Parameters
    ----------
    role
        Of who asks: whoever collects never lifts a hold alone.
    is_specialist
        Whether a specialist for people in distress or in need decides.
    by_person
        Whether the person asked for it, on record: nobody else lifts a stop they asked for.

    Raises
    ------
    Refused
        If the right or the reason is missing.
    """
    if role not in _MAY:
        msg = "A hold is lifted by a manager, never by the crew alone; hand it over with a reason."
        raise Refused(msg)
    if hold.kind in PERMANENT and not by_person:
        msg = f"A hold for {hold.kind} stands until the person lifts it; record their own word."
        raise Refused(msg)
    release_one(session, hold, reason=reason, actor=actor, now=now, is_specialist=is_specialist)
    return hold


def is_specialist(account: Account, branch: Branch, *, names_one: bool, now: datetime) -> bool:
    """Whether a specialist decides: the account itself, trained for care, or one an admin names."""
    if account.is_care_trained(local_date(branch.time_zone, now)):
        return True
    return names_one and account.role is Role.ADMIN
