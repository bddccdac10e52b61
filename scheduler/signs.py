"""Tell somebody outside how each branch's night stands: begun, done, failed; once each.

A scheduler can't report its own death, so the alarm is theirs, when they hear nothing. Each sign
is a row of the ledger; the call is made outside any transaction and holds nothing up.
"""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import GatewayUnavailable
from dispatch.gateways.pinger import Sign
from dispatch.model import Branch, DutyRun, DutyState
from dispatch.planning.night import Standing, standing_of
from dispatch.settings import Settings
from dispatch.store import duties as ledger
from scheduler import guard
from scheduler.context import Context

log = logging.getLogger(__name__)

DUTY: Final = "tell_nights"
MOST_TRIES: Final = 60
_SIGNS: Final[Mapping[str, Sign]] = {
    "sign_start": Sign.START,
    "sign_done": Sign.DONE,
    "sign_fail": Sign.FAIL,
}
_AT: Final[Mapping[Standing, tuple[str, ...]]] = {
    Standing.WAITS: (),
    Standing.BEGUN: ("sign_start",),
    Standing.DONE: ("sign_start", "sign_done"),
    Standing.FAILED: ("sign_start", "sign_fail"),
}


def tell_nights(context: Context) -> dict[str, Any]:
    """Enter the signs that the newest night of each branch owes, and tell those that wait."""
    if context.settings.ping_url is None and not context.settings.ping_urls:
        return {}
    with context.database.reading() as session:
        known = {one.id: one for one in ledger.branches(session)}
    for branch in known.values():
        if url_of(context.settings, branch):
            guard.one(context, DUTY, partial(_enter, branch))
    told = 0
    for duty, sign in _SIGNS.items():
        with context.database.reading() as session:
            waiting = ledger.claimable(session, duty)
        told += sum(_tell(context, known[run.branch_id], run.id, sign) for run in waiting)
    return {"told": told} if told else {}


def url_of(settings: Settings, branch: Branch) -> str | None:
    """Return the address that hears of a branch's nights: its own, else the common one."""
    found = settings.ping_urls.get(branch.name, settings.ping_url)
    return found.get_secret_value() if found else None


def _enter(branch: Branch, session: Session) -> dict[str, Any]:
    on = ledger.last_entered(session, "plan_tonight", branch.id)
    run = ledger.run_of(session, "plan_tonight", branch.id, on) if on else None
    if run is not None:
        for duty in _AT[standing_of(session, run)]:
            ledger.ensure(
                session,
                duty=duty,
                branch_id=branch.id,
                on=run.business_date,
                due_at=run.due_at,
            )
    return {}


def _tell(context: Context, branch: Branch, run_id: UUID, sign: Sign) -> bool:
    url = url_of(context.settings, branch)
    claimed = guard.one(context, DUTY, partial(_claim, context, run_id))
    if not claimed or not url:
        return False
    why = None
    try:
        context.pinger.ping(url, sign, claimed["told"])
    except GatewayUnavailable as error:
        log.warning("nobody outside heard of the night of %s: %s", branch.name, error.detail)
        why = error.detail
    guard.one(context, DUTY, partial(_end, context, run_id, claimed["fence"], why))
    return why is None


def _claim(context: Context, run_id: UUID, session: Session) -> dict[str, Any] | None:
    run = session.get(DutyRun, run_id)
    if run is None or not ledger.claim(
        session, run, worker=context.worker, now=context.clock.now()
    ):
        return None
    told = {"branch": str(run.branch_id), "night": str(run.business_date)}
    return {"fence": run.fence, "told": told}


def _end(
    context: Context, run_id: UUID, fence: int, why: str | None, session: Session
) -> dict[str, Any]:
    run = ledger.still_ours(session, run_id, fence)
    if run is not None:
        state = DutyState.DONE
        if why is not None:
            state = DutyState.DUE if run.tries < MOST_TRIES else DutyState.FAILED
        now = context.clock.now()
        run.move_to(state, actor=context.worker, now=now, why=why)
        run.finished_at, run.failure, run.lease_until = now, why, None
    return {}
