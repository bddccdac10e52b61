"""The branches' own calendar lines."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Evidence, Holiday
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


def lines_of(
    session: Session, scope: Scope, branch_id: UUID, *, from_on: date, limit: int
) -> Sequence[Holiday]:
    """Return the branch's own lines from a date on, the next first."""
    statement = select(Holiday).where(
        col(Holiday.branch_id) == branch_id, col(Holiday.day_on) >= from_on
    )
    order = statement.order_by(col(Holiday.day_on)).limit(limit)
    return session.exec(scoped(order, Holiday.branch_id, scope)).all()


def removals_of(session: Session, branch_id: UUID, *, limit: int) -> Sequence[Evidence]:
    """Return the newest removals of lines (a branch checked already)."""
    return session.exec(
        select(Evidence)
        .where(Evidence.branch_id == branch_id, Evidence.kind == "holiday.removed")
        .order_by(col(Evidence.number).desc())
        .limit(limit)
    ).all()
