"""Cases as they go out; the person behind one only for a role that may see people."""

from datetime import date
from uuid import UUID

from api.schemas.schema import Instant, Schema
from dispatch.access.borrowers import BorrowerRecord
from dispatch.model import Case, ContactKind, ContactStatus, LocationState, PlaceKind, Stage


class CaseOut(Schema):
    """A case without its person."""

    id: UUID
    branch_id: UUID
    lender_id: UUID
    number: str
    reference: str
    stage: Stage
    currency: str
    oldest_unpaid_due_on: date | None
    service_minutes: int
    received_at: Instant
    version: int

    @classmethod
    def of(cls, case: Case) -> "CaseOut":
        """Return the case as it goes out."""
        return cls.model_validate(case)


class ContactOut(Schema):
    """A contact point."""

    kind: ContactKind
    value: str | None
    status: ContactStatus
    is_preferred: bool


class PlaceOut(Schema):
    """Where the person may be visited."""

    kind: PlaceKind
    address: str | None
    lat: float | None
    lon: float | None
    location: LocationState


class BorrowerOut(Schema):
    """The person behind a case."""

    name: str | None
    language: str | None
    is_erased: bool
    amounts: dict[str, int] | None
    place: PlaceOut | None
    contacts: list[ContactOut]


class CaseDetailOut(CaseOut):
    """A case; `borrower` is null for roles that do not see people."""

    borrower: BorrowerOut | None

    @classmethod
    def with_borrower(cls, case: Case, borrower: BorrowerRecord | None) -> "CaseDetailOut":
        """Return the case and, where it may be shown, the person."""
        shown = BorrowerOut.model_validate(borrower) if borrower else None
        return cls(**CaseOut.of(case).model_dump(), borrower=shown)
