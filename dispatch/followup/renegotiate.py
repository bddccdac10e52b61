"""Renegotiate: a promise that can't be kept as it was given is made anew, before it is broken."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from dispatch.clock import local_date, local_day
from dispatch.errors import Invalid, Refused
from dispatch.model import Branch, Hold, HoldKind, Person, Promise, PromiseState, record
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import apply_hold, holds_of
from dispatch.store.promises import holds_of_promise
from dispatch.store.rows import get_any
from dispatch.vault import Vault


def renegotiate(
    session: Session,
    *,
    vault: Vault,
    promise: Promise,
    amount: int,
    due_on: date,
    actor: str,
    now: datetime,
) -> Promise:
    """End a promise as renegotiated and return the new one; visits stay paused until its day.

    Raises
    ------
    Invalid
        If the amount is nothing, or the day is past.
    Refused
        If the person is in distress: nothing is asked of them now.
    WrongState
        If the promise has ended already.
    """
    branch = get_any(session, Branch, promise.branch_id)
    if amount <= 0 or due_on < local_date(branch.time_zone, now):
        msg = "A new promise names an amount and a day that is still to come."
        raise Invalid(msg, [{"pointer": "/body", "message": msg}])
    if HoldKind.DISTRESS in {one.kind for one in holds_of(session, promise.person_id)}:
        msg = "The person is in distress; a specialist speaks with them before anything is asked."
        raise Refused(msg)
    person = get_any(session, Person, promise.person_id)
    new = Promise(
        branch_id=promise.branch_id,
        case_id=promise.case_id,
        person_id=promise.person_id,
        currency=promise.currency,
        due_on=due_on,
        grace_days=promise.grace_days,
        recorded_at=now,
    )
    vault.write(person, new, "amount", amount)
    session.add(new)
    promise.move_to(PromiseState.RENEGOTIATED, actor=actor, now=now)
    session.add(promise)
    session.flush()
    record(new, "promise.recorded", actor=actor, now=now, due_on=due_on, instead_of=promise.id)
    _pause_until(session, new, branch, actor=actor, now=now)
    for hold in holds_of_promise(session, promise):
        release_one(session, hold, reason="promise renegotiated", actor=actor, now=now)
    return new


def _pause_until(
    session: Session, promise: Promise, branch: Branch, *, actor: str, now: datetime
) -> None:
    last_on = promise.due_on + timedelta(days=promise.grace_days)
    hold = Hold(
        branch_id=promise.branch_id,
        person_id=promise.person_id,
        case_id=promise.case_id,
        kind=HoldKind.PROMISE_OPEN,
        from_at=now,
        until_at=local_day(branch.time_zone, last_on)[1],
        requested_by=actor,
        source_id=promise.id,
    )
    apply_hold(session, hold, actor=actor, now=now)
