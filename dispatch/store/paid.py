"""What came in for cases, and what was kept of what was signed."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Agreement, AgreementState, Case, Payment
from dispatch.store.evidence import last_of_kind
from dispatch.store.rows import grouped


def payments_of(session: Session, cases: Collection[Case]) -> dict[UUID, list[Payment]]:
    """Return by case the payments that were recorded since the lender last told what is open."""
    found = grouped(session, Payment, col(Payment.case_id), {one.id for one in cases})
    return {
        case.id: _since_told(session, case, found[case.id]) for case in cases if case.id in found
    }


def has_kept_agreement(session: Session, case_id: UUID) -> bool:
    """Whether an agreement about a case was performed to its end."""
    chosen = select(Agreement.id).where(
        Agreement.case_id == case_id, Agreement.state == AgreementState.COMPLETED
    )
    return session.exec(chosen.limit(1)).first() is not None


def _since_told(session: Session, case: Case, payments: Collection[Payment]) -> list[Payment]:
    told = last_of_kind(session, case.id, "loan_case.updated")
    since_at = max(case.received_at, told.at) if told else case.received_at
    return [
        one for one in payments if one.recorded_at > since_at and one.currency == case.currency
    ]
