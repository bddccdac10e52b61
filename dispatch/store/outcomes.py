"""Facts from the field: stored once under the device's id, and what counts because of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from dispatch.model import (
    Attitude,
    CapEntry,
    CapKind,
    CapState,
    Case,
    CheckIn,
    CheckInKind,
    ContactAttempt,
    ContactChannel,
    ContactResult,
    Hold,
    HoldState,
    Outcome,
    OutcomeCode,
    OutcomeVariant,
    ReportRole,
    Visit,
    VisitState,
)
from dispatch.model.visit import UNDER_WAY
from dispatch.store.rows import grouped


def insert_once(session: Session, row: SQLModel) -> bool:
    """Insert a row; False, and nothing changed, where its id or another unique key is taken.

    The database decides: of two that come at once, one inserts and the other waits for it to
    commit. No savepoint, since a conflict raises nothing.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    maker: Any = sqlite.insert if is_sqlite else postgresql.insert
    table: Any = type(row).__table__  # type: ignore[attr-defined]
    values = {column.key: getattr(row, column.key) for column in table.columns}
    session.flush()
    statement = maker(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
    return session.execute(statement).first() is not None


def reports_of(session: Session, visit_id: UUID) -> list[Outcome]:
    """Return the reports of a visit, corrections among them, in the order in which they came."""
    rows = session.exec(
        select(Outcome).where(Outcome.visit_id == visit_id, Outcome.role == ReportRole.REPORT)
    )
    return sorted(rows, key=_order)


def outcomes_of(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, list[Outcome]]:
    """Return every outcome of each visit, statements of witnesses too, in order."""
    found = grouped(session, Outcome, col(Outcome.visit_id), visit_ids)
    return {visit_id: sorted(rows, key=_order) for visit_id, rows in found.items()}


def _order(row: Outcome) -> tuple[datetime, bool, str]:
    """As they came; of two at one instant a correction is the later one."""
    return row.received_at, row.amends_id is not None, str(row.id)


def check_ins_of(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, list[CheckIn]]:
    """Return the check-ins of each visit in the order in which they happened."""
    found = grouped(session, CheckIn, col(CheckIn.visit_id), visit_ids)
    return {
        visit_id: sorted(rows, key=lambda row: (row.occurred_at, row.received_at, str(row.id)))
        for visit_id, rows in found.items()
    }


_WENT_BADLY = frozenset(
    {
        OutcomeCode.COMPLAINT,
        OutcomeCode.DISTRESS,
        OutcomeCode.ABORT_SAFETY,
        OutcomeCode.INCIDENT,
    }
)


def last_callers(session: Session, case_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the agents who reported the last visit of each case, reporter and witnesses.

    A visit that went badly names nobody: the person need not meet the same faces again.
    """
    found = grouped(session, Outcome, col(Outcome.case_id), case_ids)
    callers = {}
    for case_id, rows in found.items():
        last = max(rows, key=lambda row: (row.occurred_at, *_order(row)))
        told = [row for row in rows if row.visit_id == last.visit_id]
        if not any(row.code in _WENT_BADLY or row.attitude is Attitude.HOSTILE for row in told):
            agents = {row.agent_id for row in told if row.agent_id is not None}
            callers[case_id] = tuple(sorted(agents, key=str))
    return callers


def has_check_in(session: Session, visit_id: UUID, kind: CheckInKind) -> bool:
    """Whether a step at the door was marked for a visit."""
    found = session.exec(
        select(CheckIn.id).where(CheckIn.visit_id == visit_id, CheckIn.kind == kind)
    )
    return found.first() is not None


def variants_of(session: Session, outcome_id: UUID) -> list[OutcomeVariant]:
    """Return the other bytes that came under an outcome's id."""
    return list(
        session.exec(
            select(OutcomeVariant)
            .where(OutcomeVariant.outcome_id == outcome_id)
            .order_by(col(OutcomeVariant.received_at), col(OutcomeVariant.id))
        )
    )


def use_cap(session: Session, visit: Visit, *, at: datetime) -> None:
    """Count the visit as made, for the person, everywhere."""
    entry = _cap(session, visit)
    if entry is None:
        entry = CapEntry(
            person_id=visit.person_id,
            case_id=visit.case_id,
            kind=CapKind.VISIT,
            state=CapState.USED,
            at=at,
            source_id=visit.id,
        )
    entry.state, entry.at = CapState.USED, at
    session.add(entry)
    session.flush()


def release_cap(session: Session, visit: Visit) -> None:
    """Count the visit no longer: it was not made."""
    entry = _cap(session, visit)
    if entry is not None:
        entry.state = CapState.RELEASED
        session.add(entry)


def _cap(session: Session, visit: Visit) -> CapEntry | None:
    return session.exec(
        select(CapEntry).where(CapEntry.source_id == visit.id, CapEntry.kind == CapKind.VISIT)
    ).first()


def count_contact(
    session: Session,
    *,
    visit: Visit,
    case: Case,
    result: ContactResult | None,
    at: datetime,
    now: datetime,
) -> None:
    """Keep the one contact that a visit was; None takes it back, for a visit that was not made."""
    number = f"visit:{visit.id}"
    attempt = session.exec(
        select(ContactAttempt).where(
            ContactAttempt.lender_id == case.lender_id, ContactAttempt.number == number
        )
    ).first()
    if result is None:
        if attempt is not None:
            session.delete(attempt)
        return
    if attempt is None:
        attempt = ContactAttempt(
            branch_id=visit.branch_id,
            lender_id=case.lender_id,
            case_id=case.id,
            person_id=visit.person_id,
            number=number,
            channel=ContactChannel.VISIT,
            result=result,
            occurred_at=at,
            recorded_at=now,
        )
    attempt.result, attempt.occurred_at = result, at
    session.add(attempt)


def holds_from(session: Session, source_ids: Collection[UUID]) -> list[Hold]:
    """Return the active holds that came of these outcomes."""
    found = grouped(
        session, Hold, col(Hold.source_id), source_ids, col(Hold.state) == HoldState.ACTIVE
    )
    return [hold for rows in found.values() for hold in rows]


def made_since(
    session: Session, *, person_id: UUID, since: datetime, but_visit_id: UUID
) -> list[Visit]:
    """Return the person's other visits, of any branch, at which a crew arrived from `since` on."""
    # Across branches on purpose: a hold is the person's, whoever it was told to.
    return list(
        session.exec(
            select(Visit).where(
                Visit.person_id == person_id,
                col(Visit.arrived_at) >= since,
                Visit.id != but_visit_id,
            )
        )
    )


def unreported(session: Session, branch_id: UUID, *, before_on: Any, limit: int) -> list[Visit]:
    """Return visits of days before a date that were begun but never reported."""
    return list(
        session.exec(
            select(Visit)
            .where(
                Visit.branch_id == branch_id,
                col(Visit.state).in_([*UNDER_WAY, VisitState.RELEASED]),
                col(Visit.service_date) < before_on,
            )
            .order_by(col(Visit.service_date), col(Visit.id))
            .limit(limit)
        )
    )
