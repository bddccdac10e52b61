"""The evidence log: what is sealed, what waits to be."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from dispatch.model import Evidence

_PAGE = 5000


def branches_with_unsealed(session: Session) -> list[UUID | None]:
    """Return the chains (None: the service's own) with entries that wait."""
    return list(
        session.exec(
            select(col(Evidence.branch_id)).where(col(Evidence.sequence).is_(None)).distinct()
        )
    )


def unsealed(session: Session, branch_id: UUID | None, *, limit: int) -> list[Evidence]:
    """Return the entries that wait, in the order in which they were written."""
    return list(
        session.exec(
            select(Evidence)
            .where(_of(branch_id), col(Evidence.sequence).is_(None))
            .order_by(col(Evidence.number))
            .limit(limit)
        )
    )


def last_sealed(session: Session, branch_id: UUID | None) -> Evidence | None:
    """Return the end of a chain."""
    return session.exec(
        select(Evidence)
        .where(_of(branch_id), col(Evidence.sequence).is_not(None))
        .order_by(col(Evidence.sequence).desc())
        .limit(1)
    ).first()


def sealed(session: Session, branch_id: UUID | None) -> Iterator[Evidence]:
    """Yield a chain from its first entry to its last."""
    after = -1
    while True:
        page = session.exec(
            select(Evidence)
            .where(_of(branch_id), col(Evidence.sequence) > after)
            .order_by(col(Evidence.sequence))
            .limit(_PAGE)
        ).all()
        if not page:
            return
        yield from page
        after = page[-1].sequence or 0
        for entry in page:
            session.expunge(entry)


def chains(session: Session) -> list[UUID | None]:
    """Return every chain that has entries."""
    return list(session.exec(select(col(Evidence.branch_id)).distinct()))


def _of(branch_id: UUID | None) -> ColumnElement[bool]:
    return (
        col(Evidence.branch_id).is_(None)
        if branch_id is None
        else col(Evidence.branch_id) == branch_id
    )
