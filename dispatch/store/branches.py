"""Branches, their lenders and agencies."""

from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Agency, Branch, Lender
from dispatch.store.scope import Scope, scoped


def by_name(session: Session, name: str) -> Branch | None:
    """Return the branch of this name."""
    return session.exec(select(Branch).where(Branch.name == name)).first()


def lender_by_name(session: Session, name: str) -> Lender | None:
    """Return the lender of this name."""
    return session.exec(select(Lender).where(Lender.name == name)).first()


def agency_by_name(session: Session, name: str) -> Agency | None:
    """Return the agency of this name."""
    return session.exec(select(Agency).where(Agency.name == name)).first()


def page(
    session: Session, scope: Scope, *, after: tuple[str, UUID] | None = None, limit: int
) -> list[Branch]:
    """Return branches in sight by name."""
    statement = scoped(select(Branch), col(Branch.id), scope).order_by(col(Branch.name))
    if after is not None:
        statement = statement.where(col(Branch.name) > after[0])
    return list(session.exec(statement.limit(limit)))


def any_branch(session: Session) -> Branch | None:
    """Return some branch; None in an empty database."""
    return session.exec(select(Branch).limit(1)).first()
