"""Lenders, and the one that a branch's agency works for."""

from sqlmodel import Session, col, select

from dispatch.model import Agency, Branch, Lender


def all_lenders(session: Session) -> list[Lender]:
    """Return every lender; they are few."""
    return list(session.exec(select(Lender).order_by(col(Lender.name))))


def own_lender(session: Session, branch: Branch) -> Lender | None:
    """Return the lender whose own team the branch belongs to; None where it serves several."""
    return session.exec(
        select(Lender)
        .join(Agency, col(Agency.lender_id) == col(Lender.id))
        .where(col(Agency.id) == branch.agency_id)
    ).one_or_none()
