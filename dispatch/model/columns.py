"""What the tables' columns have in common."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field, SQLModel

from dispatch.db import UTCDateTime, enum_type
from dispatch.ids import new_id, new_reference


class Row(SQLModel):
    """A row with an identity of its own."""

    id: UUID = Field(default_factory=new_id, primary_key=True)


def instant(*, default: Any = ..., index: bool = False) -> Any:
    """Return a column for an instant (UTC)."""
    return Field(default=default, sa_type=UTCDateTime, index=index)


def some_instant(*, index: bool = False) -> Any:
    """Return a column for an instant that may be missing."""
    return Field(default=None, sa_type=UTCDateTime, nullable=True, index=index)


def choice(
    kind: type[StrEnum],
    *,
    default: Any = ...,
    nullable: bool = False,
    index: bool = False,
    name: str | None = None,
) -> Any:
    """Return a column for one value of a closed list, stored by value with a CHECK.

    A second column of the same list in one table needs a `name` for its CHECK.
    """
    return Field(
        default=None if nullable and default is ... else default,
        sa_type=enum_type(kind, name),
        nullable=nullable,
        index=index,
    )


def sealed() -> Any:
    """Return a column for a value that the vault sealed; None where nothing is known."""
    return Field(default=None, sa_type=LargeBinary, nullable=True)


def listing() -> Any:
    """Return a JSON column that holds a list (replace it, never change it in place)."""
    return Field(default_factory=list, sa_type=JSON)


def mapping() -> Any:
    """Return a JSON column that holds a mapping (replace it, never change it in place)."""
    return Field(default_factory=dict, sa_type=JSON)


def to(table: str, *, index: bool = True, unique: bool = False) -> Any:
    """Return a required foreign key to `table`."""
    return Field(foreign_key=f"{table}.id", index=index, unique=unique)


def maybe_to(table: str, *, index: bool = True) -> Any:
    """Return an optional foreign key to `table`."""
    return Field(default=None, foreign_key=f"{table}.id", nullable=True, index=index)


def reference() -> Any:
    """Return the column of the eight characters by which people name the row."""
    return Field(default_factory=new_reference, unique=True, max_length=8)


__all__ = [
    "UUID",
    "Row",
    "choice",
    "datetime",
    "instant",
    "listing",
    "mapping",
    "maybe_to",
    "reference",
    "sealed",
    "some_instant",
    "to",
]
