"""Assessments of a case, the newest first: the first one counts."""

from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Assessment


def assessments_of(session: Session, case_id: UUID, *, limit: int = 200) -> list[Assessment]:
    """Return what was learnt about a case, the newest first."""
    return list(
        session.exec(
            select(Assessment)
            .where(Assessment.case_id == case_id)
            .order_by(col(Assessment.assessed_at).desc(), col(Assessment.id).desc())
            .limit(limit)
        )
    )
