"""Promises, the payments that keep them, and agreements."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from dispatch.model import (
    Agreement,
    AgreementState,
    Hold,
    HoldKind,
    Payment,
    Promise,
    PromiseState,
)
from dispatch.model.follow_up import PROMISE_OPEN
from dispatch.store.outcomes import holds_from
from dispatch.store.rows import grouped
from dispatch.store.scope import Scope, scoped


def promises_from(session: Session, outcome_ids: Collection[UUID]) -> list[Promise]:
    """Return the promises that were made at these outcomes."""
    found = grouped(session, Promise, col(Promise.outcome_id), outcome_ids)
    return [promise for rows in found.values() for promise in rows]


def agreements_from(session: Session, outcome_ids: Collection[UUID]) -> list[Agreement]:
    """Return the agreements that were signed at these outcomes."""
    found = grouped(session, Agreement, col(Agreement.outcome_id), outcome_ids)
    return [agreement for rows in found.values() for agreement in rows]


def open_promises(
    session: Session, branch_id: UUID, *, after: UUID | None, limit: int
) -> list[Promise]:
    """Return the branch's promises that have not ended, by id: a page of a sweep."""
    chosen = select(Promise).where(
        Promise.branch_id == branch_id, col(Promise.state).in_(list(PROMISE_OPEN))
    )
    if after is not None:
        chosen = chosen.where(col(Promise.id) > after)
    return list(session.exec(chosen.order_by(col(Promise.id)).limit(limit)))


def free_payments(
    session: Session, promise: Promise, *, from_on: date, until_on: date
) -> list[Payment]:
    """Return payments on the case between two dates that keep this promise or none yet."""
    return list(
        session.exec(
            select(Payment)
            .where(
                Payment.case_id == promise.case_id,
                Payment.currency == promise.currency,
                col(Payment.paid_on) >= from_on,
                col(Payment.paid_on) <= until_on,
                or_(col(Payment.promise_id).is_(None), Payment.promise_id == promise.id),
            )
            .order_by(col(Payment.paid_on), col(Payment.id))
        )
    )


def page(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID | None,
    state: PromiseState | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Promise]:
    """Return promises of branches in sight, the earliest due first."""
    chosen = scoped(select(Promise), col(Promise.branch_id), scope)
    if branch_id is not None:
        chosen = chosen.where(Promise.branch_id == branch_id)
    if state is not None:
        chosen = chosen.where(Promise.state == state)
    if after is not None:
        on, row_id = after
        chosen = chosen.where(
            or_(
                col(Promise.due_on) > on,
                (col(Promise.due_on) == on) & (col(Promise.id) > row_id),
            )
        )
    return list(session.exec(chosen.order_by(col(Promise.due_on), col(Promise.id)).limit(limit)))


def cooled_off(session: Session, branch_id: UUID, *, now: datetime, limit: int) -> list[Agreement]:
    """Return signed agreements whose cooling-off time is over."""
    return list(
        session.exec(
            select(Agreement)
            .where(
                Agreement.branch_id == branch_id,
                Agreement.state == AgreementState.SIGNED,
                col(Agreement.cooling_off_until) <= now,
            )
            .order_by(col(Agreement.cooling_off_until), col(Agreement.id))
            .limit(limit)
        )
    )


def holds_of_promise(session: Session, promise: Promise) -> list[Hold]:
    """Return the holds in force that rest on a promise: from the report, or from the desk."""
    sources = {promise.id} | ({promise.outcome_id} if promise.outcome_id else set())
    found = holds_from(session, sources)
    return [hold for hold in found if hold.kind is HoldKind.PROMISE_OPEN]


def agreements(session: Session, scope: Scope, *, branch_id: UUID, limit: int) -> list[Agreement]:
    """Return a branch's agreements, the newest first."""
    chosen = scoped(select(Agreement), col(Agreement.branch_id), scope)
    order = (col(Agreement.drafted_at).desc(), col(Agreement.id))
    return list(
        session.exec(chosen.where(Agreement.branch_id == branch_id).order_by(*order).limit(limit))
    )
