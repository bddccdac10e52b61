"""FileKind: what a kind of file must be able to do; and the verdict on each of its rows."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.report import BadValue, Code, Fault

type Memory = dict[Hashable, Any]
"""What one pass through a file remembers from row to row."""


class Action(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class BadRow(ValueError):
    """A row whose cells are good one by one, but not together."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Verdict[V]:
    """A row's value and what becomes of it; `found` is what is on record already."""

    row: int
    value: V
    action: Action = Action.CREATED
    found: Any = None
    fault: Fault | None = None

    def refused(self, column: str | None, code: Code, cause: str, remedy: str) -> "Verdict[V]":
        """Return the verdict that the row can't be taken."""
        fault = Fault(column, BadValue(code, cause, remedy))
        return replace(self, action=Action.REFUSED, fault=fault)

    def known(self, found: Any, *, is_same: bool) -> "Verdict[V]":
        """Return the verdict that the row is on record, the same or changed."""
        return replace(self, found=found, action=Action.UNCHANGED if is_same else Action.UPDATED)


@dataclass(frozen=True, slots=True)
class FileKind[V]:
    """One kind of file: its columns and the four steps from a row to the database.

    `build` turns a row's values into one frozen value (or raises BadRow or BadValue); `key` names
    the row, twice the same is a duplicate; `weigh` looks up in bulk what is on record and passes a
    verdict on each row; `store` writes what the verdicts say.
    """

    columns: tuple[Column, ...]
    key_column: str
    build: Callable[[Mapping[str, Any], ImportContext], V]
    key: Callable[[V], Hashable]
    weigh: Callable[[Session, ImportContext, Sequence[Verdict[V]], Memory], list[Verdict[V]]]
    store: Callable[[Session, ImportContext, Sequence[Verdict[V]]], None]


def both_or_neither(values: Mapping[str, Any], one: str, other: str) -> None:
    """Refuse a pair of columns of which only one is filled in.

    Raises
    ------
    BadRow
        If one is there without the other.
    """
    if (one in values) != (other in values):
        missing = other if one in values else one
        bad = BadValue(
            Code.INCOMPLETE,
            f"{one} and {other} belong together; {missing} is missing.",
            "Fill both cells in, or leave both empty.",
        )
        raise BadRow(Fault(missing, bad))
