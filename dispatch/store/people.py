"""People, their places and contact points; above branches, so found by keyed hash or id only."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Case, ContactKind, ContactPoint, LocationState, Person, Place
from dispatch.store.bulk import pieces
from dispatch.store.scope import Scope, scoped


def people_by_number(session: Session, indexes: Collection[str]) -> dict[str, Person]:
    """Return people by the keyed hash of the lender's number for them."""
    return {
        person.number_index: person
        for piece in pieces(list(indexes))
        for person in session.exec(select(Person).where(col(Person.number_index).in_(piece)))
    }


def places_of(session: Session, people: Collection[UUID]) -> dict[tuple[UUID, str], Place]:
    """Return the places of these people by person and address hash."""
    return {
        (place.person_id, place.address_index): place
        for piece in pieces(list(people))
        for place in session.exec(select(Place).where(col(Place.person_id).in_(piece)))
    }


def contact_hashes_of(session: Session, people: Collection[UUID]) -> set[tuple[UUID, str, str]]:
    """Return what contact points these people have: person, kind and value hash."""
    return {
        (person_id, str(kind), value_index)
        for piece in pieces(list(people))
        for person_id, kind, value_index in session.exec(
            select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.value_index).where(
                col(ContactPoint.person_id).in_(piece)
            )
        )
    }


def prefer(session: Session, person_id: UUID, kind: ContactKind) -> bool:
    """Let the person be written to by this kind of contact point first; whether that is news."""
    points = session.exec(select(ContactPoint).where(ContactPoint.person_id == person_id)).all()
    news = [one for one in points if one.is_preferred is not (one.kind is kind)]
    for point in news:
        point.is_preferred = point.kind is kind
        session.add(point)
    return bool(news)


def places_to_locate(
    session: Session,
    scope: Scope,
    branch_id: UUID,
    states: Collection[LocationState],
    *,
    limit: int,
) -> list[tuple[Place, Case]]:
    """Return the branch's cases whose place has no position to rely on, oldest case first."""
    statement = (
        select(Place, Case)
        .join(Case, col(Case.place_id) == col(Place.id))
        .where(col(Case.branch_id) == branch_id, col(Place.location).in_(list(states)))
        .order_by(col(Case.received_at), col(Case.number))
        .limit(limit)
    )
    return list(session.exec(scoped(statement, Case.branch_id, scope)))
