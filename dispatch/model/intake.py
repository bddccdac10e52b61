"""ImportBatch and GeocodeEntry: what files came in, and what addresses were looked up."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, listing, mapping, to


class ImportKind(StrEnum):
    """What a file holds."""

    CASES = "cases"
    ATTEMPTS = "attempts"
    PAYMENTS = "payments"
    AGENTS = "agents"
    SHIFTS = "shifts"
    HOLIDAYS = "holidays"


class ImportBatch(Row, table=True):
    """One file taken in: its hash, its counts and its report; never its personal data."""

    __tablename__ = "import_batch"

    branch_id: UUID = to("branch")
    kind: ImportKind = choice(ImportKind)
    file_hash: str = Field(max_length=64, index=True)
    is_dry_run: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    report: list[dict[str, Any]] = listing()
    mapping_used: dict[str, Any] = mapping()
    imported_by: str = Field(max_length=80)
    imported_at: datetime = instant()


class GeocodeEntry(Row, table=True):
    """An address once looked up: keyed by a hash, the answer sealed by the branch's key."""

    __tablename__ = "geocode_entry"
    __table_args__ = (UniqueConstraint("branch_id", "provider", "address_index"),)

    branch_id: UUID = to("branch")
    provider: str = Field(max_length=40)
    address_index: str = Field(max_length=64)
    answer_sealed: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    looked_up_at: datetime = instant()
