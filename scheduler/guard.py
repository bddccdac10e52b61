"""Around each duty: one transaction an item, the run in the ledger, failures noted, never dying."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch import log as logs
from dispatch.beating import beating
from dispatch.errors import Unavailable
from dispatch.model import Branch, DutyRun, DutyState
from dispatch.store import duties as ledger
from dispatch.store.rows import get_any
from scheduler.context import Context

log = logging.getLogger(__name__)

MOST_TRIES = 5


class _TakenOver(Exception):
    """Another worker holds the run by now."""


type Item = Callable[[Session], dict[str, Any] | None]
type Work = Callable[[Session, Branch, DutyRun], dict[str, Any]]


def one(context: Context, duty: str, work: Item) -> dict[str, Any] | None:
    """Do one item in one transaction; a failure is logged and rolled back, and the next goes on.

    None is begun once the process was told to end.
    """
    if context.ending.is_set():
        return None
    with _named(duty):
        try:
            with context.database.writing(f"duty.{duty}") as session:
                return work(session)
        except Unavailable as error:
            log.warning("duty %s waits for its next turn: %s", duty, error)
            return None
        except Exception:  # a duty must go on, whatever one item holds
            log.exception("duty %s: one item failed; it is tried again at the next turn", duty)
            return None


def whole(context: Context, work: Callable[[Session], dict[str, Any]]) -> dict[str, Any]:
    """Do something an operator asked for in one transaction; errors go up to who asked."""
    with context.database.writing("operator") as session:
        return work(session)


def run_ledger(context: Context, duty: str, work: Work) -> list[DutyRun]:
    """Work off the claimable runs of a duty: claim, do and record in a transaction each."""
    with context.database.reading() as session:
        waiting = [run.id for run in ledger.claimable(session, duty)]
    done = []
    for run_id in waiting:
        if context.ending.is_set():
            break
        finished = _run(context, duty, run_id, work)
        if finished is not None:
            done.append(finished)
    return done


def _run(context: Context, duty: str, run_id: UUID, work: Work) -> DutyRun | None:
    with context.database.writing(f"ledger.claim.{duty}") as session:
        run = get_any(session, DutyRun, run_id)
        if run.state not in {DutyState.DUE, DutyState.RUNNING}:
            return None
        if not ledger.claim(session, run, worker=context.worker, now=context.clock.now()):
            return None
        fence = run.fence
    with _named(duty), _beating(context, run_id, fence):
        try:
            with context.database.writing(f"ledger.finish.{duty}") as session:
                run = get_any(session, DutyRun, run_id)
                summary = work(session, get_any(session, Branch, run.branch_id), run)
                # Locked only now: the heartbeat must be able to renew the lease meanwhile.
                ours = _ours(session, run_id, fence)
                ours.summary = summary
                _end(context, ours, DutyState.DONE, why=None)
                return ours
        except _TakenOver:
            log.info("duty run %s was taken over; what was done is rolled back", run_id)
            return None
        except Exception as error:  # noqa: BLE001  noted in the ledger, for people
            return _failed(context, duty, run_id, fence, error)


def _ours(session: Session, run_id: UUID, fence: int) -> DutyRun:
    run = ledger.still_ours(session, run_id, fence)
    if run is None:
        raise _TakenOver
    return run


def _failed(
    context: Context, duty: str, run_id: UUID, fence: int, error: Exception
) -> DutyRun | None:
    log.warning("duty run %s failed: %s", run_id, error, exc_info=error)
    with context.database.writing(f"ledger.fail.{duty}") as session:
        ours = ledger.still_ours(session, run_id, fence)
        if ours is None:
            return None
        state = DutyState.DUE if ours.tries < MOST_TRIES else DutyState.FAILED
        _end(context, ours, state, why=f"{type(error).__name__}: {error}"[:900])
        return ours


def _end(context: Context, run: DutyRun, state: DutyState, *, why: str | None) -> None:
    now = context.clock.now()
    run.move_to(state, actor=context.worker, now=now, why=why)
    run.finished_at, run.failure, run.lease_until = now, why, None


@contextmanager
def _beating(context: Context, run_id: UUID, fence: int) -> Iterator[None]:
    """Keep the lease alive while the work goes on; SQLite's one writer needs none of that."""
    if context.database.is_sqlite:
        yield
        return

    def beat() -> bool:
        with context.database.writing("ledger.beat") as session:
            return ledger.extend(session, run_id, fence)

    with beating(beat):
        yield


@contextmanager
def _named(duty: str) -> Iterator[None]:
    token = logs.context.set({**logs.context.get(), "duty": duty})
    try:
        yield
    finally:
        logs.context.reset(token)


def business_dates(today: date, last: date | None, *, most_days: int = 7) -> list[date]:
    """Return the dates to enter in the ledger: those missed since `last`, a week at the most."""
    first = date.fromordinal(
        max((last.toordinal() + 1) if last else today.toordinal(), today.toordinal() - most_days)
    )
    return [date.fromordinal(day) for day in range(first.toordinal(), today.toordinal() + 1)]
