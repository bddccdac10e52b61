"""What a gateway's answer does to a notice: sent, in doubt, to be tried again, or failed."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.gateways.message import Receipt, ReceiptState
from dispatch.model import (
    ContactChannel,
    ContactPoint,
    ContactStatus,
    Notice,
    NoticeChannel,
    NoticeState,
    SendAttempt,
    SendState,
    record,
)
from dispatch.store.contact_counts import count_contact
from dispatch.store.rows import find

BACK_OFF: Final = (timedelta(minutes=1), timedelta(minutes=5))
"""Waits before the second and the third try; a third failure ends the notice."""

ACTOR: Final = "messaging"

_CHANNEL: Final = {
    NoticeChannel.EMAIL: ContactChannel.EMAIL,
    NoticeChannel.SMS: ContactChannel.SMS,
}


def settle(
    session: Session, notice: Notice, attempt: SendAttempt, receipt: Receipt, *, now: datetime
) -> str:
    """Note what came of a try to send, and return it in a word.

    Accepted is not delivered. A reply that was lost leaves the notice in doubt: it is never sent
    again by itself. Only what surely did not leave is tried again.
    """
    attempt.ended_at, attempt.provider_id = now, receipt.provider_id
    attempt.detail = receipt.detail[:500] or None
    session.add(attempt)
    match receipt.state:
        case ReceiptState.ACCEPTED:
            attempt.state = SendState.ACCEPTED
            _has_left(session, notice, NoticeState.SENT, now=now)
            return "sent"
        case ReceiptState.UNKNOWN:
            attempt.state = SendState.UNKNOWN
            _has_left(session, notice, NoticeState.UNKNOWN, now=now)
            return "in doubt"
        case ReceiptState.REJECTED:
            attempt.state = SendState.REJECTED
            return _rejected(session, notice, attempt.number, receipt, now=now)


def hand_over_again(
    session: Session, notice: Notice, attempt: SendAttempt, receipt: Receipt, *, now: datetime
) -> None:
    """Let a message leave again that its gateway never saw: that is no refusal, and never the last."""
    attempt.ended_at, attempt.state = now, SendState.REJECTED
    attempt.detail = receipt.detail[:500] or None
    session.add(attempt)
    if notice.may_become(NoticeState.CHECKED):
        notice.move_to(NoticeState.CHECKED, actor=ACTOR, now=now, why="it never arrived")
        notice.send_after_at = now + BACK_OFF[0]
        session.add(notice)


def _has_left(session: Session, notice: Notice, state: NoticeState, *, now: datetime) -> None:
    # A delivery receipt may have come before the gateway's own answer: then it stands.
    if notice.may_become(state):
        notice.move_to(state, actor=ACTOR, now=now)
    notice.sent_at = notice.sent_at or now
    session.add(notice)
    count_contact(session, notice, channel=_CHANNEL[notice.channel], now=now)


def _rejected(
    session: Session, notice: Notice, tries: int, receipt: Receipt, *, now: datetime
) -> str:
    if receipt.is_permanent:
        doubt_contact(session, notice, now=now)
    elif tries <= len(BACK_OFF) and notice.may_become(NoticeState.CHECKED):
        notice.move_to(NoticeState.CHECKED, actor=ACTOR, now=now, why="not taken; tried again")
        notice.send_after_at = now + BACK_OFF[tries - 1]
        session.add(notice)
        return "later"
    if notice.may_become(NoticeState.FAILED):
        notice.move_to(NoticeState.FAILED, actor=ACTOR, now=now)
        notice.failure = receipt.detail[:500] or "refused"
        session.add(notice)
    return "failed"


def doubt_contact(session: Session, notice: Notice, *, now: datetime) -> None:
    """Hold a contact point for doubtful: nothing more goes there until somebody has looked."""
    point = (
        find(session, ContactPoint, notice.contact_point_id) if notice.contact_point_id else None
    )
    if point is not None and point.status is ContactStatus.VALID:
        point.status = ContactStatus.DOUBTFUL
        session.add(point)
        record(point, "contact_point.doubtful", actor=ACTOR, now=now, notice=notice.id)
