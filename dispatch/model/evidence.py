"""Evidence: an entry for every act, written in the act's own transaction.

Entries carry no personal data, only identifiers and facts such as states, counts and hashes.
A sealer gives them their place in the branch's hash chain within a second (`sequence`, `hash`).
What is hashed is the hash before, a line feed, and the entry as canonical JSON (RFC 8785).
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Dialect, Text, UniqueConstraint
from sqlalchemy.orm import object_session
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from dispatch.canonical import LARGEST_WHOLE, canonical
from dispatch.ids import new_id
from dispatch.model.columns import Row, instant, some_instant

GENESIS = "0" * 64
"""The hash before a chain's first entry."""

SERVICE = "service"
"""The chain of acts that belong to no branch."""


class CanonicalFacts(TypeDecorator[dict[str, Any]]):
    """A mapping stored as canonical JSON: its text is hashed as it stands."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        """Return the mapping."""
        return None if value is None else json.loads(value)


class Evidence(SQLModel, table=True):
    """One act on record: who did what to which row, when; append-only."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("branch_id", "sequence"),)

    number: int | None = Field(default=None, primary_key=True)
    id: UUID = Field(default_factory=new_id, unique=True)
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id", index=True)
    kind: str = Field(max_length=60, index=True)
    subject: str = Field(max_length=40)
    subject_id: UUID = Field(index=True)
    case_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = Field(default=None, index=True)
    actor: str = Field(max_length=80)
    at: datetime = instant()
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalFacts)
    sequence: int | None = Field(default=None, index=True)
    previous_hash: str | None = Field(default=None, max_length=64)
    hash: str | None = Field(default=None, max_length=64)
    sealed_at: datetime | None = some_instant()


class EvidenceChain(SQLModel, table=True):
    """The end of a branch's chain; whoever seals holds this row, so that there is one sealer."""

    __tablename__ = "evidence_chain"

    chain: str = Field(primary_key=True, max_length=36)
    length: int = 0
    root: str = Field(default=GENESIS, max_length=64)


class EvidenceRoot(Row, table=True):
    """A chain's length and last hash at the end of a day, to be kept outside the database too."""

    __tablename__ = "evidence_root"
    __table_args__ = (UniqueConstraint("chain", "day_on"),)

    chain: str = Field(max_length=36)
    day_on: date
    length: int
    root: str = Field(max_length=64)
    taken_at: datetime = instant()
    anchored_at: datetime | None = some_instant()


class Act(Protocol):
    """A row that acts are recorded about."""

    id: UUID


def chained(previous_hash: str, told: str) -> str:
    """Return the hash of an entry after `previous_hash` (SHA-256, hex)."""
    return hashlib.sha256(f"{previous_hash}\n{told}".encode()).hexdigest()


def stamp(at: datetime) -> str:
    """Return an instant as entries spell it: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record(row: Act, kind: str, *, actor: str, now: datetime, **facts: Any) -> Evidence:
    """Write an entry about `row` into the transaction that changes it.

    Raises
    ------
    RuntimeError
        If the row belongs to no session: then nothing would carry the entry.
    """
    session = object_session(row)
    if session is None:
        msg = f"{type(row).__name__} must be added to the session before an act on it is recorded"
        raise RuntimeError(msg)
    name = getattr(row, "__tablename__", type(row).__name__.lower())
    entry = Evidence(
        branch_id=row.id if name == "branch" else getattr(row, "branch_id", None),
        kind=kind,
        subject=name,
        subject_id=row.id,
        case_id=row.id if name == "loan_case" else getattr(row, "case_id", None),
        person_id=row.id if name == "person" else getattr(row, "person_id", None),
        actor=actor,
        at=now,
        facts={key: _plain(value) for key, value in facts.items() if value is not None},
    )
    session.add(entry)
    return entry


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_WHOLE:
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, datetime) else str(value)
