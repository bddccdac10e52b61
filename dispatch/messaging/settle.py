"""What a gateway's answer does to a notice: sent, in doubt, to be tried again, or failed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.gateways.breaker import asked
from dispatch.gateways.message import Receipt, ReceiptState
from dispatch.model import (
    Branch,
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
from dispatch.store import notices
from dispatch.store.contact_counts import count_contact
from dispatch.store.incidents import open_alert
from dispatch.store.rows import find, get_any

BACK_OFF: Final = (timedelta(minutes=1), timedelta(minutes=5))
"""Waits before the second and the third try; a third failure ends the notice."""

ACTOR: Final = "messaging"

DOWN: Final = "gateway-down"
"""The alert about a gateway that fails again and again."""

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
        case ReceiptState.UNKNOWN if receipt.is_outage:
            # The gateway knows and will be asked: the try stays open until then.
            attempt.ended_at = attempt.detail = None
            return "asked later"
        case ReceiptState.UNKNOWN:
            attempt.state = SendState.UNKNOWN
            _has_left(session, notice, NoticeState.UNKNOWN, now=now)
            return "in doubt"
        case ReceiptState.REJECTED:
            if receipt.is_outage:
                _hand_over_again(session, notice, attempt, receipt, now=now)
                return "later"
            attempt.state = SendState.REJECTED
            tries = notices.refusals_of(session, notice.id)
            return _rejected(session, notice, tries, receipt, now=now)


def _hand_over_again(
    session: Session, notice: Notice, attempt: SendAttempt, receipt: Receipt, *, now: datetime
) -> None:
    """Let a message leave again that its gateway never saw: that is no refusal, and never the last."""
    attempt.ended_at, attempt.state, attempt.is_spent = now, SendState.REJECTED, False
    attempt.detail = receipt.detail[:500] or None
    session.add(attempt)
    if notice.may_become(NoticeState.CHECKED):
        notice.move_to(NoticeState.CHECKED, actor=ACTOR, now=now, why="it never arrived")
        notice.send_after_at = now + max(BACK_OFF[0], asked(receipt))
        session.add(notice)


def tell_down(session: Session, waiting: Iterable[Notice], *, now: datetime) -> None:
    """Alert each branch that its messages wait for a gateway that is down, once a day."""
    for branch_id, channel in sorted({(one.branch_id, str(one.channel)) for one in waiting}):
        branch = get_any(session, Branch, branch_id)
        on = local_date(branch.time_zone, now)
        open_alert(
            session,
            branch_id=branch_id,
            kind=DOWN,
            source_id=uuid5(NAMESPACE_URL, f"{branch_id}/{channel}/{on}"),
            actor=ACTOR,
            now=now,
            facts={"channel": channel},
        )


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
