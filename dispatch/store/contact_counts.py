"""Counting contacts: each message that may have reached a person, and each call about one."""

from datetime import datetime

from sqlmodel import Session, col, select

from dispatch.ids import new_id
from dispatch.model import (
    CapEntry,
    CapKind,
    CapState,
    Case,
    ContactAttempt,
    ContactChannel,
    ContactResult,
    Notice,
)
from dispatch.store.rows import get_any


def count_contact(
    session: Session, notice: Notice, *, channel: ContactChannel, now: datetime
) -> None:
    """Count a message as a contact, once: it may have reached the person, whatever came back."""
    number = f"notice:{notice.id}"
    case = get_any(session, Case, notice.case_id)
    known = session.exec(
        select(ContactAttempt.id).where(
            ContactAttempt.lender_id == case.lender_id, ContactAttempt.number == number
        )
    ).first()
    if known is None:
        _count(session, notice, case, number=number, channel=channel, now=now)


def count_try(session: Session, notice: Notice, *, now: datetime) -> int:
    """Count a call about a notice that reached nobody as a contact; return the how manieth it was."""
    case = get_any(session, Case, notice.case_id)
    begins = f"notice:{notice.id}:"
    known = session.exec(
        select(ContactAttempt.id).where(
            ContactAttempt.case_id == case.id, col(ContactAttempt.number).startswith(begins)
        )
    ).all()
    tries = len(known) + 1
    phone = ContactChannel.PHONE
    _count(session, notice, case, number=f"{begins}{tries}", channel=phone, now=now)
    return tries


def _count(
    session: Session,
    notice: Notice,
    case: Case,
    *,
    number: str,
    channel: ContactChannel,
    now: datetime,
) -> None:
    """Enter a contact and what it takes of the person's caps.

    The result is `none` even for a talk on the phone: telling the time of a visit is no talk
    about the matter, which would begin a cooling-off and forbid the very visit that is told of.
    """
    attempt = ContactAttempt(
        id=new_id(),
        branch_id=notice.branch_id,
        lender_id=case.lender_id,
        case_id=case.id,
        person_id=notice.person_id,
        number=number,
        channel=channel,
        result=ContactResult.NONE,
        occurred_at=now,
        recorded_at=now,
        is_reminder=True,
    )
    used = CapEntry(
        person_id=notice.person_id,
        case_id=case.id,
        kind=CapKind.CONTACT,
        state=CapState.USED,
        at=now,
        source_id=attempt.id,
    )
    session.add_all([attempt, used])
