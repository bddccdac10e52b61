"""CapEntry: the ledger of contacts that count, per person, across loans, branches and agencies."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, to


class CapState(StrEnum):
    """Whether an entry is only planned, has happened, or was given back."""

    RESERVED = "reserved"
    USED = "used"
    RELEASED = "released"


class CapKind(StrEnum):
    """What is counted."""

    VISIT = "visit"
    TALK = "talk"
    CONTACT = "contact"


class CapEntry(Row, table=True):
    """One contact that counts toward a person's caps; the ledger answers yes or no, no more."""

    __tablename__ = "cap_entry"
    __table_args__ = (UniqueConstraint("source_id", "kind"),)

    person_id: UUID = to("person")
    case_id: UUID | None = Field(default=None, index=True)
    kind: CapKind = choice(CapKind)
    state: CapState = choice(CapState)
    at: datetime = instant(index=True)
    source_id: UUID = Field(index=True)
