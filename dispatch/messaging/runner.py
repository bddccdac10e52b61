"""Send what is due: one transaction notes the try, the gateway is called outside, a second notes the answer.

A try is committed before the gateway hears of it. A process that dies in between leaves a try
that never ended: `resolve_lost` asks the gateway what became of it, or turns it into a doubt for a
person where the gateway can't tell. A sender that slept between the two leaves its message to that. The one place of messaging where transactions begin and end.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from dispatch.clock import Clock, stopwatch
from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.failpoint import failpoint
from dispatch.gateways.breaker import Breakers
from dispatch.gateways.message import Channel, Messenger, Receipt, ReceiptState
from dispatch.messaging.budget import A_DAY, Budget
from dispatch.messaging.carry import Answered, carried, look_up
from dispatch.messaging.handover import Handover, Prepared, prepare, put_off
from dispatch.messaging.replace import replace_notice
from dispatch.messaging.settle import settle, tell_down
from dispatch.model import Case, Notice, NoticeChannel, NoticeState, SendAttempt, SendState
from dispatch.settings import Settings
from dispatch.store import notices
from dispatch.store.rows import get_any, get_many, locked_many
from dispatch.vault import Vault

log = logging.getLogger(__name__)

LOST_AFTER: Final = timedelta(minutes=10)
"""A try without an end for so long belongs to a process that died."""

AGAIN_S: Final = (0.1, 1.0, 3.0)
"""Waits before an answer is noted again that the database did not take."""

LASTS: Final = timedelta(seconds=20)
"""How long one turn of sending lasts: a service that is told to end waits for its turn."""

ASKED_FOR: Final = timedelta(hours=6)
"""How long a gateway that remembers, and is down, is asked again before a person finds out."""

_LOST: Final = Receipt(
    ReceiptState.UNKNOWN, detail="The process ended while sending; it may have gone out."
)

FRESH_S: Final = 120.0
"""Seconds after which a try is not made any more: the process was stopped, and facts may have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One turn of sending, and what it works with."""

    database: Database
    vault: Vault
    messenger: Messenger
    clock: Clock
    settings: Settings
    budget: Budget
    breakers: Breakers
    is_ending: Callable[[], bool]


def send_due(
    database: Database,
    *,
    vault: Vault,
    messenger: Messenger,
    clock: Clock,
    settings: Settings,
    breakers: Breakers | None = None,
    limit: int = 100,
    lasts: timedelta = LASTS,
    is_ending: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Send the notices that are due, and return how many came to what.

    Words: sent, in doubt, asked later, later, capped, failed, replaced, suppressed, expired, put
    off. Nothing leaves while the operator has switched sending off. As many go together as the
    messenger takes at once: each has its try on record before any of them is handed over.

    Parameters
    ----------
    breakers
        What the process remembers of gateways that failed; None are closed ones.
    lasts
        After so long no further notice is begun.
    is_ending
        Whether this process ends, so that no further notice is begun.
    """
    counts: Counter[str] = Counter()
    with database.reading() as session:
        is_stopped = settings.send_nothing or notices.is_sending_stopped(session)
    if is_stopped:
        return counts
    _replace_failed(database, counts, vault=vault, clock=clock, settings=settings, limit=limit)
    began_at = clock.now()
    with database.reading() as session:
        due = partial(notices.due, session, began_at, limit=limit)
        waiting = {one: due(channel=NoticeChannel(str(one))) for one in Channel}
        spent = notices.tries_since(session, began_at - A_DAY) if any(waiting.values()) else None
    if spent is None:
        return counts
    turn = _Turn(
        database=database,
        vault=vault,
        messenger=messenger,
        clock=clock,
        settings=settings,
        budget=Budget(settings, spent),
        breakers=breakers or Breakers(),
        is_ending=is_ending,
    )
    for channel, together in _in_turn(turn, waiting, until_at=began_at + lasts):
        prepared = _prepared(turn, together)
        counts += prepared.counts
        counts += _handed_over(turn, channel, prepared.ready)
    if counts:
        log.info("notices: %s", ", ".join(f"{number} {what}" for what, number in counts.items()))
    return counts


def _in_turn(
    turn: _Turn, waiting: dict[Channel, list[UUID]], *, until_at: datetime
) -> Iterator[tuple[Channel, list[UUID]]]:
    """Yield what goes together, of each channel in turn, as far as its gateway is to be had."""
    while waiting and (now := turn.clock.now()) <= until_at:
        for channel in list(waiting):
            room = turn.breakers.room(channel, now, turn.messenger.at_once)
            together = [] if turn.is_ending() else waiting[channel][:room]
            if not together:
                del waiting[channel]
                continue
            waiting[channel] = waiting[channel][room:]
            yield channel, together


def _prepared(turn: _Turn, notice_ids: Sequence[UUID]) -> Prepared:
    """Put notices on record as being sent; one that can't be read holds up none of the others."""
    now = turn.clock.now()
    try:
        with turn.database.writing("notice.try") as session:
            return prepare(session, notice_ids, vault=turn.vault, budget=turn.budget, now=now)
    except (DBAPIError, Unavailable):
        raise
    except Exception:
        if len(notice_ids) > 1:
            return sum((_prepared(turn, [one]) for one in notice_ids), Prepared())
        log.exception("the notice %s can't be made ready; it is put off", notice_ids[0])
    with turn.database.writing("notice.put_off") as session:
        put_off(session, notice_ids[0], now=now)
    return Prepared(counts=Counter({"put off": 1}))


def _handed_over(turn: _Turn, channel: Channel, ready: Sequence[Handover]) -> Counter[str]:
    counts: Counter[str] = Counter()
    if not ready:
        return counts
    noted = stopwatch()
    failpoint("before notice.call")
    for answered in carried(
        turn.messenger, ready, is_fresh=lambda: stopwatch() - noted <= FRESH_S
    ):
        failpoint("after notice.call")
        if answered:
            receipts = [receipt for _, receipt in answered]
            is_down = turn.breakers.note(channel, receipts, turn.clock.now())
            counts.update(_noted(turn, answered, is_down=is_down))
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
    settled = 0
    for attempt in lost:
        found = look_up(messenger, str(attempt.notice_id)) if messenger else None
        if found is not None and found.state is ReceiptState.UNKNOWN and found.is_outage:
            if attempt.started_at + ASKED_FOR > now:
                break  # none of the others can be asked either
            found = None
        settled += _settle_lost(database, attempt, found or _LOST, clock)
    return settled


def _settle_lost(database: Database, attempt: SendAttempt, found: Receipt, clock: Clock) -> bool:
    with database.writing("notice.lost") as session:
        notice = get_any(session, Notice, attempt.notice_id, lock=True)
        held = get_any(session, SendAttempt, attempt.id, lock=True)
        if held.state is not SendState.STARTED:
            return False  # its sender was only slow
        settle(session, notice, held, found, now=clock.now())
        return True


def _noted(turn: _Turn, answered: Sequence[Answered], *, is_down: bool) -> list[str]:
    """Note the gateway's answers, again where the database fails: a lost answer is a person's work."""
    for pause_s in AGAIN_S:
        try:
            return _note(turn, answered, is_down=is_down)
        except DBAPIError as error:
            names = ", ".join(str(one.notice_id) for one, _ in answered)
            log.warning("the answer to %s is noted again: %s", names, error.orig)
            time.sleep(pause_s)
    return _note(turn, answered, is_down=is_down)


def _note(turn: _Turn, answered: Sequence[Answered], *, is_down: bool) -> list[str]:
    now = turn.clock.now()
    with turn.database.writing("notice.settle") as session:
        told = locked_many(session, Notice, {one.notice_id for one, _ in answered})
        tries = locked_many(session, SendAttempt, {one.attempt_id for one, _ in answered})
        # Read ahead: the session finds again what somebody holds.
        _cases = get_many(session, Case, {one.case_id for one in told.values()})
        if is_down:
            tell_down(session, told.values(), now=now)
        return [
            _settle(session, told[one.notice_id], tries[one.attempt_id], receipt, now)
            for one, receipt in answered
        ]


def _settle(
    session: Session, notice: Notice, attempt: SendAttempt, receipt: Receipt, now: datetime
) -> str:
    if attempt.state is SendState.ACCEPTED:
        return "sent"  # it was looked up meanwhile
    if attempt.state is not SendState.STARTED and receipt.state is ReceiptState.UNKNOWN:
        return "in doubt"  # it was given up as lost meanwhile, and we know no more
    return settle(session, notice, attempt, receipt, now=now)


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
