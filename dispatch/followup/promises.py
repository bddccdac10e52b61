"""Promises: due, then grace, then kept, kept in part, or broken; broken plans no visit, ever."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import Invalid, WrongState
from dispatch.model import Branch, HoldKind, Payment, Person, Promise, PromiseState, record
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import holds_of
from dispatch.store.promises import free_payments, holds_of_promise, open_promises
from dispatch.store.rows import get_many
from dispatch.vault import Vault

UNKNOWN: Final = "unknown"
"""The reason of a broken promise until somebody has asked; never `unwilling` by itself."""

BREAK_REASONS: Final = frozenset(
    {UNKNOWN, "income_late", "income_lost", "illness", "other_costs", "forgot", "disagrees"}
)

_EXCUSES: Final = frozenset(
    {
        HoldKind.HARDSHIP,
        HoldKind.DISPUTE,
        HoldKind.ILLNESS,
        HoldKind.BEREAVEMENT,
        HoldKind.DISASTER_AREA,
        HoldKind.DECEASED,
        HoldKind.INSOLVENCY,
    }
)
_ACTOR: Final = "duty:promises"
_PAGE: Final = 200


def sweep_promises(
    session: Session, *, vault: Vault, branch: Branch, now: datetime, limit: int = 2000
) -> Mapping[str, int]:
    """Move each open promise of a branch to where its day and the payments put it.

    Idempotent. Nothing here creates a visit, a plan run, or a step of the case towards one.

    Returns
    -------
    Mapping[str, int]
        How many promises became what.
    """
    today = local_date(branch.time_zone, now)
    moved: Counter[str] = Counter()
    after, seen = None, 0
    while seen < limit:
        promises = open_promises(session, branch.id, after=after, limit=min(_PAGE, limit - seen))
        if not promises:
            break
        after, seen = promises[-1].id, seen + len(promises)
        people = get_many(session, Person, {one.person_id for one in promises})
        for promise in promises:
            before = promise.state
            _move(session, promise, people[promise.person_id], vault, today=today, now=now)
            if promise.state is not before:
                moved[str(promise.state)] += 1
        session.flush()
    return moved


def explain_break(
    session: Session, *, promise: Promise, reason: str, actor: str, now: datetime
) -> Promise:
    """Say why a promise was broken, once somebody knows.

    Raises
    ------
    Invalid
        If the reason is none of the list.
    WrongState
        If the promise is not broken.
    """
    if reason not in BREAK_REASONS:
        msg = f"Choose one of the reasons: {', '.join(sorted(BREAK_REASONS))}."
        raise Invalid(msg)
    if promise.state is not PromiseState.BROKEN:
        msg = f"The promise is {promise.state}; a reason belongs to a broken one."
        raise WrongState(msg, state=str(promise.state))
    promise.break_reason = reason
    session.add(promise)
    record(promise, "promise.break_explained", actor=actor, now=now, reason=reason)
    return promise


def _move(
    session: Session, promise: Promise, person: Person, vault: Vault, *, today: date, now: datetime
) -> None:
    last_on = promise.due_on + timedelta(days=promise.grace_days)
    if person.data_key is None:
        _end(session, promise, PromiseState.VOID, now=now, why="person erased")
    elif promise.state is PromiseState.PROPOSED:
        if today > last_on:
            _end(session, promise, PromiseState.VOID, now=now, why="never confirmed")
    else:
        _weigh(session, promise, person, vault, last_on=last_on, today=today, now=now)


def _weigh(
    session: Session,
    promise: Promise,
    person: Person,
    vault: Vault,
    *,
    last_on: date,
    today: date,
    now: datetime,
) -> None:
    paid, payments = _paid(session, promise, person, vault, last_on)
    if paid >= vault.read(person, promise, "amount"):
        _claim(session, promise, payments)
        _end(session, promise, PromiseState.KEPT, now=now)
        return
    if promise.state is PromiseState.RECORDED and today >= promise.due_on:
        promise.move_to(PromiseState.DUE, actor=_ACTOR, now=now)
    if promise.state is PromiseState.DUE and today > promise.due_on:
        promise.move_to(PromiseState.GRACE, actor=_ACTOR, now=now)
    session.add(promise)
    if today > last_on:
        _claim(session, promise, payments)
        _fail(session, promise, paid, now=now)


def _fail(session: Session, promise: Promise, paid: int, *, now: datetime) -> None:
    if paid > 0:
        _end(session, promise, PromiseState.PART, now=now)
        return
    kinds = {hold.kind for hold in holds_of(session, promise.person_id) if hold.is_active(now)}
    if kinds & _EXCUSES:
        # Who has asked for help, or disputes the debt, has broken nothing.
        _end(session, promise, PromiseState.VOID, now=now, why=min(map(str, kinds & _EXCUSES)))
        return
    promise.break_reason = promise.break_reason or UNKNOWN
    _end(session, promise, PromiseState.BROKEN, now=now, why=promise.break_reason)


def _paid(
    session: Session, promise: Promise, person: Person, vault: Vault, last_on: date
) -> tuple[int, list[Payment]]:
    """Return what came in for the promise since it was given, in minor units."""
    given_on = promise.recorded_at.date() - timedelta(days=1)  # west of Greenwich it was yesterday
    payments = free_payments(session, promise, from_on=given_on, until_on=last_on)
    return sum(int(vault.read(person, one, "amount") or 0) for one in payments), payments


def _claim(session: Session, promise: Promise, payments: list[Payment]) -> None:
    """A payment keeps one promise, not two."""
    for payment in payments:
        payment.promise_id = promise.id
        session.add(payment)


def _end(
    session: Session,
    promise: Promise,
    state: PromiseState,
    *,
    now: datetime,
    why: str | None = None,
) -> None:
    promise.move_to(state, actor=_ACTOR, now=now, why=why)
    session.add(promise)
    session.flush()
    for hold in holds_of_promise(session, promise):
        release_one(session, hold, reason=f"promise {state}", actor=_ACTOR, now=now)
