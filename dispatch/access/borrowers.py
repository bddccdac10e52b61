"""Borrower's record: what of a person is shown to whom; the vault opens it for nobody else."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from dispatch.access.identity import Identity
from dispatch.model import (
    Case,
    ContactKind,
    ContactStatus,
    LocationState,
    Person,
    Place,
    PlaceKind,
)
from dispatch.store import listing
from dispatch.store.rows import find
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point, opened."""

    kind: ContactKind
    value: str | None
    status: ContactStatus
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The place of a case, opened."""

    kind: PlaceKind
    address: str | None
    lat: float | None
    lon: float | None
    location: LocationState


@dataclass(frozen=True, slots=True)
class BorrowerRecord:
    """What is known of the person behind a case; empty where the person was erased."""

    name: str | None
    language: str | None
    is_erased: bool
    amounts: dict[str, int] | None
    place: Home | None
    contacts: list[Contact] = field(default_factory=list)


def borrower_record(
    session: Session, *, vault: Vault, case: Case, by: Identity
) -> BorrowerRecord | None:
    """Return the person behind a case in sight; None for a role that may not see people."""
    person = find(session, Person, case.person_id)
    if person is None or not by.may_see_people():
        return None
    place = find(session, Place, case.place_id) if case.place_id else None
    return BorrowerRecord(
        name=vault.read(person, person, "name"),
        language=person.language,
        is_erased=person.erased_at is not None,
        amounts=vault.read(person, case, "amounts"),
        place=_home(vault, person, place) if place else None,
        contacts=[
            Contact(
                kind=one.kind,
                value=vault.read(person, one, "value"),
                status=one.status,
                is_preferred=one.is_preferred,
            )
            for one in listing.contacts(session, person.id)
        ],
    )


def _home(vault: Vault, person: Person, place: Place) -> Home:
    point: Any = vault.read(person, place, "point")
    lat, lon = point or (None, None)
    return Home(
        kind=place.kind,
        address=vault.read(person, place, "address"),
        lat=lat,
        lon=lon,
        location=place.location,
    )
