"""Visits at which a crew is, or to which it is on its way."""

from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Visit, VisitState
from dispatch.model.visit import UNDER_WAY


def visits_under_way(session: Session, branch_id: UUID, *, limit: int) -> list[Visit]:
    """Return the branch's visits from which a crew has not yet said that it left."""
    states = UNDER_WAY - {VisitState.LEFT}
    return list(
        session.exec(
            select(Visit)
            .where(Visit.branch_id == branch_id, col(Visit.state).in_(states))
            .order_by(col(Visit.id))
            .limit(limit)
        )
    )
