"""Feedback of people on their visits, and which visits wait for a review."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Feedback, Visit, VisitState
from dispatch.store.rows import grouped
from dispatch.store.scope import Scope, scoped


def feedback_on(session: Session, visit_id: UUID) -> list[Feedback]:
    """Return what the person said of a visit, the first first."""
    return list(
        session.exec(
            select(Feedback)
            .where(Feedback.visit_id == visit_id)
            .order_by(col(Feedback.given_at), col(Feedback.id))
        )
    )


def feedback_on_visits(
    session: Session, visit_ids: Collection[UUID]
) -> dict[UUID, list[Feedback]]:
    """Return what people said of these visits, by visit, the first first."""
    found = grouped(session, Feedback, col(Feedback.visit_id), visit_ids)
    return {
        visit_id: sorted(rows, key=lambda one: (one.given_at, one.id.hex))
        for visit_id, rows in found.items()
    }


def feedback_of_branch(
    session: Session, scope: Scope, branch_id: UUID, *, since: datetime, limit: int
) -> Sequence[Feedback]:
    """Return what people of a branch said of their visits, the newest first."""
    statement = scoped(select(Feedback), col(Feedback.branch_id), scope).where(
        Feedback.branch_id == branch_id, col(Feedback.given_at) >= since
    )
    order = (col(Feedback.given_at).desc(), col(Feedback.id))
    return session.exec(statement.order_by(*order).limit(limit)).all()


def reported_visits(session: Session, branch_id: UUID, *, since: datetime) -> list[Visit]:
    """Return the branch's visits that are reported and not reviewed yet, the oldest first."""
    return list(
        session.exec(
            select(Visit)
            .where(
                Visit.branch_id == branch_id,
                Visit.state == VisitState.REPORTED,
                col(Visit.created_at) >= since,
            )
            .order_by(col(Visit.service_date), col(Visit.id))
        )
    )
