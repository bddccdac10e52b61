"""Cases and what hangs on them, found in bulk by the lender's numbers."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Assessment, Case, ContactAttempt, Payment
from dispatch.store.bulk import pieces
from dispatch.store.scope import Scope, scoped


@dataclass(frozen=True, slots=True)
class CaseKey:
    """As much of a case as tells whether a file may touch it."""

    id: UUID
    branch_id: UUID
    lender_id: UUID
    person_id: UUID
    number: str
    source_row: str | None


def case_keys(session: Session, lender_id: UUID, numbers: Collection[str]) -> dict[str, CaseKey]:
    """Return the lender's cases with these numbers, of any branch.

    Across branches, because a number belongs to one branch only: a file must learn that it is
    taken, and learns nothing else of it.
    """
    statement = _keys().where(col(Case.lender_id) == lender_id)
    return {
        key.number: key
        for piece in pieces(list(numbers))
        for key in _read(session, statement.where(col(Case.number).in_(piece)))
    }


def keys_by_number(
    session: Session, scope: Scope, branch_id: UUID, numbers: Collection[str]
) -> dict[str, list[CaseKey]]:
    """Return the branch's cases with these numbers; two lenders may use one number."""
    statement = scoped(_keys().where(col(Case.branch_id) == branch_id), Case.branch_id, scope)
    found: dict[str, list[CaseKey]] = {}
    for piece in pieces(list(numbers)):
        for key in _read(session, statement.where(col(Case.number).in_(piece))):
            found.setdefault(key.number, []).append(key)
    return found


def latest_assessments(session: Session, case_ids: Collection[UUID]) -> dict[UUID, Assessment]:
    """Return each case's newest assessment."""
    newest: dict[UUID, Assessment] = {}
    for piece in pieces(list(case_ids)):
        for row in session.exec(
            select(Assessment)
            .where(col(Assessment.case_id).in_(piece))
            .order_by(col(Assessment.assessed_at))
        ):
            newest[row.case_id] = row
    return newest


def attempts_by_number(
    session: Session, lender_id: UUID, numbers: Collection[str]
) -> dict[str, ContactAttempt]:
    """Return the lender's contact attempts with these numbers, of any branch."""
    return {
        row.number: row
        for piece in pieces(list(numbers))
        for row in session.exec(
            select(ContactAttempt).where(
                col(ContactAttempt.lender_id) == lender_id, col(ContactAttempt.number).in_(piece)
            )
        )
    }


def payments_by_number(
    session: Session, lender_id: UUID, numbers: Collection[str]
) -> dict[str, Payment]:
    """Return the lender's payments with these numbers, of any branch."""
    return {
        row.number: row
        for piece in pieces(list(numbers))
        for row in session.exec(
            select(Payment).where(
                col(Payment.lender_id) == lender_id, col(Payment.number).in_(piece)
            )
        )
    }


def _keys() -> Any:
    return select(  # type: ignore[call-overload]
        Case.id, Case.branch_id, Case.lender_id, Case.person_id, Case.number, Case.source_row
    )


def _read(session: Session, statement: Any) -> Iterator[CaseKey]:
    for row in session.exec(statement):
        yield CaseKey(*row)
