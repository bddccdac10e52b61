"""What an import says: issues by row and column, counts, and never a whole personal value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from dispatch.errors import ImportInvalid

MAX_ISSUES: Final = 1000
"""Issues told one by one; beyond that they are only counted."""

_FORMULA_STARTS: Final = "=+-@"


class Code(StrEnum):
    """The kinds of issue; each is told in docs/import.md and never reused."""

    # the file
    EMPTY_FILE = "empty-file"
    NO_ROWS = "no-rows"
    TOO_LARGE = "file-too-large"
    TOO_MANY_ROWS = "too-many-rows"
    ENCODING = "encoding"
    NOT_A_WORKBOOK = "not-a-workbook"
    UNSAFE_WORKBOOK = "unsafe-workbook"
    ENCRYPTED = "encrypted"
    NO_SHEET = "no-sheet"
    BAD_MAPPING = "bad-mapping"
    MISSING_COLUMN = "missing-column"
    DUPLICATE_COLUMN = "duplicate-column"
    # the row
    BROKEN_ROW = "broken-row"
    RAGGED_ROW = "ragged-row"
    DUPLICATE = "duplicate-number"
    # the cell
    MISSING = "missing"
    CONTROL_CHARACTER = "control-character"
    FORMULA = "formula"
    FORMULA_WITHOUT_VALUE = "formula-without-value"
    TOO_LONG = "too-long"
    DIGITS_LOST = "digits-lost"
    NOT_A_DATE = "not-a-date"
    NOT_A_TIME = "not-a-time"
    NO_OFFSET = "no-offset"
    IN_FUTURE = "in-future"
    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"
    SWAPPED = "swapped-coordinates"
    NOT_A_PHONE = "not-a-phone"
    NOT_AN_EMAIL = "not-an-email"
    NOT_A_CURRENCY = "not-a-currency"
    UNKNOWN_CHOICE = "unknown-choice"
    # what it says
    INCOMPLETE = "incomplete"
    CONTRADICTION = "contradiction"
    MINOR = "minor"
    UNKNOWN_LENDER = "unknown-lender"
    UNKNOWN_CASE = "unknown-case"
    UNKNOWN_AGENT = "unknown-agent"
    OTHER_BRANCH = "other-branch"
    OTHER_PERSON = "other-person"
    ERASED = "person-erased"


class BadValue(ValueError):
    """A value that can't be taken: why, and what to do about it."""

    def __init__(self, code: Code, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.code, self.cause, self.remedy = code, cause, remedy


@dataclass(frozen=True, slots=True)
class Fault:
    """A bad value and the column it stands in."""

    column: str | None
    bad: BadValue


@dataclass(frozen=True, slots=True)
class RowIssue:
    """One thing that is wrong: where, what, why, and the way out. Row 1 is the first line."""

    row: int | None
    column: str | None
    value_masked: str | None
    cause: str
    remedy: str
    code: str

    def as_dict(self) -> dict[str, Any]:
        """Return the issue as plain data, for a problem or for JSON."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value_masked,
            "code": self.code,
            "cause": self.cause,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do when it is a dry run."""

    kind: str
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    issues: tuple[RowIssue, ...]
    issue_count: int
    notes: tuple[str, ...]
    is_dry_run: bool
    batch_id: UUID | None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data, for JSON."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "issues": [issue.as_dict() for issue in self.issues],
            "issue_count": self.issue_count,
            "notes": list(self.notes),
            "is_dry_run": self.is_dry_run,
            "batch_id": str(self.batch_id) if self.batch_id else None,
        }


def issue_at(row: int | None, fault: Fault, text: str | None = None) -> RowIssue:
    """Return the issue of a fault in a row; `text` is the cell, and is masked here."""
    shown = None if text is None else masked(fault.column, text)
    return RowIssue(
        row, fault.column, shown, fault.bad.cause, fault.bad.remedy, fault.bad.code.value
    )


def unreadable(
    code: Code, cause: str, remedy: str, *, row: int | None = None, column: str | None = None
) -> ImportInvalid:
    """Return the error for a file of which no row can be read."""
    issue = RowIssue(row, column, None, cause, remedy, code.value)
    return ImportInvalid(f"{cause} {remedy}", issues=[issue.as_dict()])


def masked(column: str | None, text: str) -> str:
    """Return as much of a cell as finds it again, and no more; nothing that runs as a formula."""
    if column in {"phone", "person_number"}:
        tail = text[-2:] if len(text) > 4 and text[-2:].isalnum() else ""  # noqa: PLR2004
        return f"***{tail}"
    first = text[:1]
    is_plain = len(text) > 1 and first.isprintable() and first not in _FORMULA_STARTS
    return f"{first}***" if is_plain and column not in {"lat", "lon"} else "***"


def issues_of(error: ImportInvalid) -> tuple[RowIssue, ...]:
    """Return the issues that an import error carries."""
    return tuple(_from_dict(issue) for issue in error.issues)


def listed(words: Iterable[str]) -> str:
    """Return words as people list them."""
    return ", ".join(words)


def _from_dict(issue: Mapping[str, Any]) -> RowIssue:
    return RowIssue(
        issue["row"],
        issue["column"],
        issue["value"],
        issue["cause"],
        issue["remedy"],
        issue["code"],
    )
