"""Send what is due: one transaction notes the try, the gateway is called outside, a second notes the answer.

A try is committed before the gateway hears of it. A process that dies in between leaves a try
that never ended: `resolve_lost` asks the gateway what became of it, or turns it into a doubt for a
person where the gateway can't tell. A sender that slept between the two leaves its message to that. The one place of messaging where transactions begin and end.
"""

import logging
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from dispatch.clock import Clock, stopwatch
from dispatch.db import Database
from dispatch.failpoint import failpoint
from dispatch.gateways.message import (
    Channel,
    Message,
    Messenger,
    Receipt,
    ReceiptState,
    Remembers,
)
from dispatch.messaging.replace import replace_notice
from dispatch.messaging.settle import ACTOR, hand_over_again, settle
from dispatch.messaging.suppress import ban, contact_point
from dispatch.model import (
    Branch,
    Notice,
    NoticeState,
    Person,
    SendAttempt,
    SendState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.settings import Settings
from dispatch.store import notices
from dispatch.store.holds import lock_people
from dispatch.store.rows import get_any
from dispatch.vault import Vault

log = logging.getLogger(__name__)

LOST_AFTER: Final = timedelta(minutes=10)
"""A try without an end for so long belongs to a process that died."""

AGAIN_S: Final = (0.1, 1.0, 3.0)
"""Waits before an answer is noted again that the database did not take."""

FRESH_S: Final = 120.0
"""Seconds after which a try is not made any more: the process was stopped, and facts may have changed."""


@dataclass(frozen=True, slots=True)
class _Handover:
    """A notice marked as being sent, and the message that says it."""

    notice_id: UUID
    attempt_id: UUID
    message: Message


def send_due(
    database: Database,
    *,
    vault: Vault,
    messenger: Messenger,
    clock: Clock,
    settings: Settings,
    limit: int = 100,
) -> Counter[str]:
    """Send the notices that are due, each by itself, and return how many came to what.

    Words: sent, in doubt, later, failed, replaced, suppressed, expired. Nothing leaves while the
    operator has switched sending off.
    """
    counts: Counter[str] = Counter()
    with database.reading() as session:
        is_stopped = settings.send_nothing or notices.is_sending_stopped(session)
    if is_stopped:
        return counts
    _replace_failed(database, counts, vault=vault, clock=clock, settings=settings, limit=limit)
    with database.reading() as session:
        waiting = notices.due(session, clock.now(), limit=limit)
    for notice_id in waiting:
        with database.writing("notice.try") as session:
            ready = _prepare(session, notice_id, vault=vault, clock=clock, settings=settings)
        if isinstance(ready, str):
            counts[ready] += 1
        elif ready is not None:
            noted = stopwatch()
            failpoint("before notice.call")
            if stopwatch() - noted > FRESH_S:
                continue
            receipt = _send(messenger, ready.message)
            failpoint("after notice.call")
            counts[_noted(database, ready, receipt, clock)] += 1
    if counts:
        log.info("notices: %s", ", ".join(f"{number} {what}" for what, number in counts.items()))
    return counts


def resolve_lost(
    database: Database,
    *,
    clock: Clock,
    messenger: Messenger | None = None,
    older_than: timedelta = LOST_AFTER,
    limit: int = 100,
) -> int:
    """Settle tries that never ended, and return how many.

    A gateway that remembers is asked: what went out is sent, what never arrived is handed over
    again. Of everything else nobody knows, and a person clears it up.
    """
    now = clock.now()
    with database.reading() as session:
        lost = notices.lost_attempts(session, now - older_than, limit=limit)
    return sum(_settle_lost(database, one, _found(messenger, one), clock) for one in lost)


def _found(messenger: Messenger | None, attempt: SendAttempt) -> Receipt:
    detail = "The process ended while sending; it may have gone out."
    unknown = Receipt(ReceiptState.UNKNOWN, detail=detail)
    if not isinstance(messenger, Remembers):
        return unknown
    try:
        return messenger.look_up(str(attempt.notice_id)) or unknown
    except Exception:  # who can't answer doesn't know
        log.exception("the messenger could not look up %s", attempt.notice_id)
        return unknown


def _settle_lost(database: Database, attempt: SendAttempt, found: Receipt, clock: Clock) -> bool:
    with database.writing("notice.lost") as session:
        notice = get_any(session, Notice, attempt.notice_id, lock=True)
        held = get_any(session, SendAttempt, attempt.id, lock=True)
        if held.state is not SendState.STARTED:
            return False  # its sender was only slow
        if found.state is ReceiptState.REJECTED:
            hand_over_again(session, notice, held, found, now=clock.now())
        else:
            settle(session, notice, held, found, now=clock.now())
        return True


def _prepare(
    session: Session, notice_id: UUID, *, vault: Vault, clock: Clock, settings: Settings
) -> _Handover | str | None:
    """Mark a notice as being sent, or note why it isn't; None where another sender is at it."""
    now = clock.now()
    # The person first, as everywhere: a hold that is being put in force is waited for.
    lock_people(session, {get_any(session, Notice, notice_id).person_id})
    notice = notices.locked(session, notice_id, NoticeState.CHECKED)
    if notice is None:
        return None
    branch = get_any(session, Branch, notice.branch_id)
    law = effective(load_pack(branch.pack_id, settings.pack_folder))
    session.add(notice)
    against = ban(session, notice, law=law, now=now)
    if against is not None and against.state is not None:
        notice.move_to(against.state, actor=ACTOR, now=now, why=against.why)
        notice.failure = against.why
        return str(against.state)
    if against is not None:
        notice.send_after_at = against.until_at or notice.send_after_at
        return "later"
    point = contact_point(session, notice)
    if point is None:
        notice.move_to(NoticeState.FAILED, actor=ACTOR, now=now, why="contact point not valid")
        return "failed"
    attempt = SendAttempt(
        branch_id=notice.branch_id,
        notice_id=notice.id,
        number=len(notices.attempts_of(session, notice.id)) + 1,
        started_at=now,
        provider=str(notice.channel),
    )
    session.add(attempt)
    notice.move_to(NoticeState.SENDING, actor=ACTOR, now=now)
    person = get_any(session, Person, notice.person_id)
    body = vault.read(person, notice, "body")
    return _Handover(
        notice.id,
        attempt.id,
        Message(
            id=str(notice.id),
            channel=Channel(str(notice.channel)),
            to=vault.read(person, point, "value"),
            subject=body["subject"],
            text=body["text"],
            language=notice.language,
        ),
    )


def _send(messenger: Messenger, message: Message) -> Receipt:
    try:
        return messenger.send(message)
    except Exception:  # the protocol says that it never raises; a message must not be lost for it
        log.exception("the messenger failed on %s", message.id)
        detail = "The messenger failed; the message may have gone out."
        return Receipt(ReceiptState.UNKNOWN, detail=detail)


def _noted(database: Database, ready: _Handover, receipt: Receipt, clock: Clock) -> str:
    """Note the gateway's answer, again where the database fails: a lost answer is a person's work."""
    for pause_s in AGAIN_S:
        try:
            return _note(database, ready, receipt, clock)
        except DBAPIError as error:
            log.warning("the answer to %s is noted again: %s", ready.notice_id, error.orig)
            time.sleep(pause_s)
    return _note(database, ready, receipt, clock)


def _note(database: Database, ready: _Handover, receipt: Receipt, clock: Clock) -> str:
    with database.writing("notice.settle") as session:
        return _settle(session, ready, receipt, clock)


def _settle(session: Session, ready: _Handover, receipt: Receipt, clock: Clock) -> str:
    notice = get_any(session, Notice, ready.notice_id, lock=True)
    attempt = get_any(session, SendAttempt, ready.attempt_id, lock=True)
    if attempt.state is SendState.ACCEPTED:
        return "sent"  # it was looked up meanwhile
    if attempt.state is not SendState.STARTED and receipt.state is ReceiptState.UNKNOWN:
        return "in doubt"  # it was given up as lost meanwhile, and we know no more
    return settle(session, notice, attempt, receipt, now=clock.now())


def _replace_failed(
    database: Database,
    counts: Counter[str],
    *,
    vault: Vault,
    clock: Clock,
    settings: Settings,
    limit: int,
) -> None:
    with database.reading() as session:
        waiting = notices.failed(session, limit=limit)
    for notice_id in waiting:
        with database.writing("notice.replace") as session:
            notice = notices.locked(session, notice_id, NoticeState.FAILED)
            if notice is not None:
                replace_notice(
                    session, notice, vault=vault, base_url=settings.base_url, now=clock.now()
                )
                counts["replaced"] += 1
