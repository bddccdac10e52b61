"""Send what is due: one transaction notes the try, the gateway is called outside, a second notes the answer.

A try is committed before the gateway hears of it. A process that dies in between leaves a try
that never ended: `resolve_lost` asks the gateway what became of it, or turns it into a doubt for a
person where the gateway can't tell. A sender that slept between the two leaves its message to that. The one place of messaging where transactions begin and end.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from dispatch.clock import Clock, stopwatch
from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.failpoint import failpoint
from dispatch.gateways.message import Messenger, Receipt, ReceiptState, Remembers
from dispatch.messaging.carry import Answered, carried
from dispatch.messaging.handover import Handover, Prepared, prepare, put_off
from dispatch.messaging.replace import replace_notice
from dispatch.messaging.settle import hand_over_again, settle
from dispatch.model import Notice, NoticeState, SendAttempt, SendState
from dispatch.settings import Settings
from dispatch.store import notices
from dispatch.store.rows import get_any, locked_many
from dispatch.vault import Vault

log = logging.getLogger(__name__)

LOST_AFTER: Final = timedelta(minutes=10)
"""A try without an end for so long belongs to a process that died."""

AGAIN_S: Final = (0.1, 1.0, 3.0)
"""Waits before an answer is noted again that the database did not take."""

LASTS: Final = timedelta(seconds=20)
"""How long one turn of sending lasts: a service that is told to end waits for its turn."""

FRESH_S: Final = 120.0
"""Seconds after which a try is not made any more: the process was stopped, and facts may have changed."""


def send_due(
    database: Database,
    *,
    vault: Vault,
    messenger: Messenger,
    clock: Clock,
    settings: Settings,
    limit: int = 100,
    lasts: timedelta = LASTS,
) -> Counter[str]:
    """Send the notices that are due, and return how many came to what.

    Words: sent, in doubt, later, failed, replaced, suppressed, expired, put off. Nothing leaves while the
    operator has switched sending off. As many go together as the messenger takes at once: each has
    its try on record before any of them is handed over.

    Parameters
    ----------
    lasts
        After so long no further notice is begun.
    """
    counts: Counter[str] = Counter()
    with database.reading() as session:
        is_stopped = settings.send_nothing or notices.is_sending_stopped(session)
    if is_stopped:
        return counts
    _replace_failed(database, counts, vault=vault, clock=clock, settings=settings, limit=limit)
    ends_at = clock.now() + lasts
    with database.reading() as session:
        waiting = notices.due(session, clock.now(), limit=limit)
    for together in batched(waiting, messenger.at_once, strict=False):
        if clock.now() > ends_at:
            break
        prepared = _prepared(database, together, vault=vault, clock=clock, settings=settings)
        counts += prepared.counts
        counts += _handed_over(database, prepared.ready, messenger, clock)
    if counts:
        log.info("notices: %s", ", ".join(f"{number} {what}" for what, number in counts.items()))
    return counts


def _prepared(
    database: Database,
    notice_ids: Sequence[UUID],
    *,
    vault: Vault,
    clock: Clock,
    settings: Settings,
) -> Prepared:
    """Put notices on record as being sent; one that can't be read holds up none of the others."""
    try:
        with database.writing("notice.try") as session:
            return prepare(session, notice_ids, vault=vault, settings=settings, now=clock.now())
    except (DBAPIError, Unavailable):
        raise
    except Exception:
        if len(notice_ids) > 1:
            alone = partial(_prepared, database, vault=vault, clock=clock, settings=settings)
            return sum((alone([one]) for one in notice_ids), Prepared())
        log.exception("the notice %s can't be made ready; it is put off", notice_ids[0])
    with database.writing("notice.put_off") as session:
        put_off(session, notice_ids[0], now=clock.now())
    return Prepared(counts=Counter({"put off": 1}))


def _handed_over(
    database: Database, ready: Sequence[Handover], messenger: Messenger, clock: Clock
) -> Counter[str]:
    counts: Counter[str] = Counter()
    if not ready:
        return counts
    noted = stopwatch()
    failpoint("before notice.call")
    for answered in carried(messenger, ready, is_fresh=lambda: stopwatch() - noted <= FRESH_S):
        failpoint("after notice.call")
        if answered:
            counts.update(_noted(database, answered, clock))
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


def _noted(database: Database, answered: Sequence[Answered], clock: Clock) -> list[str]:
    """Note the gateway's answers, again where the database fails: a lost answer is a person's work."""
    for pause_s in AGAIN_S:
        try:
            return _note(database, answered, clock)
        except DBAPIError as error:
            names = ", ".join(str(one.notice_id) for one, _ in answered)
            log.warning("the answer to %s is noted again: %s", names, error.orig)
            time.sleep(pause_s)
    return _note(database, answered, clock)


def _note(database: Database, answered: Sequence[Answered], clock: Clock) -> list[str]:
    with database.writing("notice.settle") as session:
        told = locked_many(session, Notice, {one.notice_id for one, _ in answered})
        tries = locked_many(session, SendAttempt, {one.attempt_id for one, _ in answered})
        return [
            _settle(session, told[one.notice_id], tries[one.attempt_id], receipt, clock)
            for one, receipt in answered
        ]


def _settle(
    session: Session, notice: Notice, attempt: SendAttempt, receipt: Receipt, clock: Clock
) -> str:
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
