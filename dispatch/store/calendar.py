"""The branches' own calendar lines."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Holiday
from dispatch.store.bulk import pieces
from dispatch.store.scope import Scope, scoped


def holidays_on(
    session: Session, scope: Scope, branch_id: UUID, dates: Collection[date]
) -> dict[date, Holiday]:
    """Return the branch's calendar lines on these dates."""
    return {
        row.day_on: row
        for piece in pieces(list(dates))
        for row in session.exec(
            scoped(
                select(Holiday).where(
                    col(Holiday.branch_id) == branch_id, col(Holiday.day_on).in_(piece)
                ),
                Holiday.branch_id,
                scope,
            )
        )
    }
