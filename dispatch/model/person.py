"""Person: the borrower, pseudonymous above branches and cases; how and where to reach them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    maybe_to,
    sealed,
    some_instant,
    to,
)
from dispatch.model.evidence import record


class Person(Row, table=True):
    """A human being who owes; caps, holds and consents are kept per person.

    `number_index` is the keyed hash of the lender's number for the person: the same person met
    through two cases or two agencies is one row.
    """

    __tablename__ = "person"

    number_index: str = Field(max_length=64, unique=True)
    data_key: bytes | None = None
    name_sealed: bytes | None = sealed()
    name_index: str | None = Field(default=None, max_length=64, index=True)
    birth_year_sealed: bytes | None = sealed()
    is_adult: bool | None = None
    language: str | None = Field(default=None, max_length=10)
    quiet_times: list[list[str]] | None = Field(default=None, sa_type=JSON, nullable=True)
    """Weekday and window, such as `["tue", "13:00-15:00"]`; replace it, never change it."""
    erased_at: datetime | None = some_instant()

    def erase(self, *, actor: str, now: datetime) -> None:
        """Destroy the data key: whatever was sealed about the person is gone for good."""
        record(self, "person.erased", actor=actor, now=now)
        self.data_key = None
        self.name_sealed = self.birth_year_sealed = self.name_index = self.quiet_times = None
        self.erased_at = now


class ContactKind(StrEnum):
    """What sort of contact point it is."""

    PHONE = "phone"
    EMAIL = "email"


class ContactStatus(StrEnum):
    """What is known of a contact point."""

    VALID = "valid"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    REVOKED = "revoked"


class ContactPoint(Row, table=True):
    """A phone number (E.164) or an e-mail address, with its source and status."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("person_id", "kind", "value_index"),)

    person_id: UUID = to("person")
    kind: ContactKind = choice(ContactKind)
    value_sealed: bytes | None = sealed()
    value_index: str = Field(max_length=64, index=True)
    status: ContactStatus = choice(ContactStatus, default=ContactStatus.VALID)
    source: str = Field(max_length=60)
    lawful_basis: str | None = Field(default=None, max_length=60)
    is_preferred: bool = False


class PlaceKind(StrEnum):
    """What a place is to the person."""

    RESIDENCE = "residence"
    WORKPLACE = "workplace"
    OTHER = "other"


class LocationState(StrEnum):
    """How well the place's position is known."""

    LOCATED = "located"
    DOUBTFUL = "doubtful"
    NEEDS_LOCATING = "needs_locating"
    WRONG = "wrong"


class Place(Row, table=True):
    """Where a person may be visited; address and position are sealed."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("person_id", "address_index"),)

    person_id: UUID = to("person")
    kind: PlaceKind = choice(PlaceKind)
    address_sealed: bytes | None = sealed()
    address_index: str = Field(max_length=64)
    point_sealed: bytes | None = sealed()
    location: LocationState = choice(
        LocationState, default=LocationState.NEEDS_LOCATING, index=True
    )
    located_by: str | None = Field(default=None, max_length=40)
    time_zone: str | None = Field(default=None, max_length=60)
    region: str | None = Field(default=None, max_length=10)
    """Where it is not the branch's: `IN`, `AU-NSW`; its calendar binds beside the branch's."""
    is_chosen_by_person: bool = False

    def mark(self, state: LocationState, *, by: str, actor: str, now: datetime) -> None:
        """Say how well the position is known, and by whom."""
        self.location, self.located_by = state, by
        record(self, f"place.{state}", actor=actor, now=now, located_by=by)


class Consent(Row, table=True):
    """A person's own permission for something a rule else forbids; dated and revocable."""

    __tablename__ = "consent"

    person_id: UUID = to("person")
    case_id: UUID | None = maybe_to("loan_case")
    scope: str = Field(max_length=60)
    place_id: UUID | None = maybe_to("place")
    given_at: datetime = instant()
    given_by: str = Field(max_length=40)
    revoked_at: datetime | None = some_instant()

    def revoke(self, *, actor: str, now: datetime) -> None:
        """End the consent from now on."""
        self.revoked_at = now
        record(self, "consent.revoked", actor=actor, now=now, scope=self.scope)


def shown(value: Any) -> str:
    """Return a sealed field's content for people: a dash where the person was erased."""
    return "—" if value is None else str(value)
