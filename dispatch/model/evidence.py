"""Evidence: an entry for every act, written in the act's own transaction.

Entries carry no personal data, only identifiers and facts such as states, counts and hashes.
A sealer gives them their place in the branch's hash chain within a second (`sequence`, `hash`).
"""

import hashlib
import json
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import object_session
from sqlmodel import Field, SQLModel

from dispatch.ids import new_id
from dispatch.model.columns import instant, mapping, some_instant

GENESIS = "0" * 64
"""The hash before a chain's first entry."""


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
    facts: dict[str, Any] = mapping()
    sequence: int | None = Field(default=None, index=True)
    previous_hash: str | None = Field(default=None, max_length=64)
    hash: str | None = Field(default=None, max_length=64)
    sealed_at: datetime | None = some_instant()

    def canonical(self) -> str:
        """Return what is hashed: canonical JSON (sorted keys, no spaces) of the entry's content."""
        content = {
            "id": str(self.id),
            "branch": str(self.branch_id) if self.branch_id else None,
            "kind": self.kind,
            "subject": self.subject,
            "subject_id": str(self.subject_id),
            "case": str(self.case_id) if self.case_id else None,
            "person": str(self.person_id) if self.person_id else None,
            "actor": self.actor,
            "at": self.at.isoformat(),
            "facts": self.facts,
            "sequence": self.sequence,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def seal(self, *, sequence: int, previous_hash: str, now: datetime) -> str:
        """Give the entry its place in the chain and return its hash."""
        self.sequence, self.previous_hash, self.sealed_at = sequence, previous_hash, now
        self.hash = chained(previous_hash, self.canonical())
        return self.hash


class Act(Protocol):
    """A row that acts are recorded about."""

    id: UUID


def chained(previous_hash: str, canonical: str) -> str:
    """Return the hash of an entry after `previous_hash` (SHA-256, hex)."""
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()


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
    if isinstance(value, str | int | float | bool):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
