"""What attempts and payments share: rows that name a case by the lender's number."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Verdict
from dispatch.intake.report import Code
from dispatch.store.cases import CaseKey, keys_by_number
from dispatch.store.scope import Scope


class LinkedRow(Protocol):
    """A row of a file that belongs to a case."""

    @property
    def number(self) -> str:
        """The lender's number for the row."""
        ...

    @property
    def case_number(self) -> str:
        """The lender's number for the case."""
        ...

    @property
    def lender_id(self) -> UUID | None:
        """The lender, where the file names one."""
        ...


class Record(Protocol):
    """What such a row becomes."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class Link[V: LinkedRow, T: Record]:
    """A row with its case and with what is on record under its number; refused if there is no case."""

    row: Verdict[V]
    case: CaseKey | None = None
    found: T | None = None


type Lookup[T] = Callable[[Session, UUID, Collection[str]], dict[str, T]]


def linked[V: LinkedRow, T: Record](
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[V]],
    *,
    number_column: str,
    lookup: Lookup[T],
) -> list[Link[V, T]]:
    """Return each row with its case; rows whose case is not of this branch are refused."""
    branch_id = context.branch.id
    cases = keys_by_number(
        session, Scope.of([branch_id]), branch_id, {row.value.case_number for row in rows}
    )
    links: list[Link[V, T]] = [_case_of(row, cases, context) for row in rows]
    numbers: dict[UUID, list[str]] = {}
    for link in links:
        if link.case:
            numbers.setdefault(link.case.lender_id, []).append(link.row.value.number)
    known = {
        (lender_id, number): found
        for lender_id, some in numbers.items()
        for number, found in lookup(session, lender_id, some).items()
    }
    return [_with_record(link, known, number_column) for link in links]


def _with_record[V: LinkedRow, T: Record](
    link: Link[V, T], known: dict[tuple[UUID, str], T], number_column: str
) -> Link[V, T]:
    if link.case is None:
        return link
    found = known.get((link.case.lender_id, link.row.value.number))
    if found is None or found.case_id == link.case.id:
        return Link(link.row, link.case, found)
    return Link(
        link.row.refused(
            number_column,
            Code.CONTRADICTION,
            "On record this number belongs to another case.",
            "Correct the number, or the case's number.",
        )
    )


def _case_of[V: LinkedRow, T: Record](
    row: Verdict[V], cases: dict[str, list[CaseKey]], context: ImportContext
) -> Link[V, T]:
    lender_id = row.value.lender_id or (context.own_lender and context.own_lender.id)
    keys = cases.get(row.value.case_number, [])
    if lender_id is not None:
        keys = [key for key in keys if key.lender_id == lender_id]
    if len(keys) == 1:
        return Link(row, keys[0])
    if keys:
        return Link(
            row.refused(
                "case_number",
                Code.UNKNOWN_LENDER,
                "Two lenders use this case number.",
                "Add a column `lender` that says whose case it is.",
            )
        )
    return Link(
        row.refused(
            "case_number",
            Code.UNKNOWN_CASE,
            "This branch has no case of this number.",
            "Import the case first, or correct the number.",
        )
    )
