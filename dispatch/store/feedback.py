"""Feedback of people on their visits, and which visits wait for a review."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Feedback, Visit, VisitState


def feedback_on(session: Session, visit_id: UUID) -> list[Feedback]:
    """Return what the person said of a visit, the first first."""
    return list(
        session.exec(
            select(Feedback)
            .where(Feedback.visit_id == visit_id)
            .order_by(col(Feedback.given_at), col(Feedback.id))
        )
    )


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
