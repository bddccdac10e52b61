"""Whoever holds a data key: people, and branches for what is nobody's own."""

from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Branch, Person


def branches_with_keys(session: Session) -> list[Branch]:
    """Return the branches that hold a data key; they are few."""
    return list(session.exec(select(Branch).where(col(Branch.data_key).is_not(None))))


def people_with_keys(session: Session, *, after: UUID | None, limit: int) -> list[Person]:
    """Return the next people who hold a data key, locked against an erasure at this moment."""
    chosen = select(Person).where(col(Person.data_key).is_not(None))
    if after is not None:
        chosen = chosen.where(col(Person.id) > after)
    return list(session.exec(chosen.order_by(col(Person.id)).limit(limit).with_for_update()))
