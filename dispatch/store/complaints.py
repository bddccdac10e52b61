"""Complaints: how one is put on record, which wait, and whose clocks run out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from dispatch.model import Case, Complaint, ComplaintState, Hold, HoldKind, HoldState, Person
from dispatch.model.complaint import COMPLAINT_OPEN, UNANSWERED
from dispatch.model.evidence import record
from dispatch.policy.complaint_clock import acknowledge_by, answer_by
from dispatch.policy.pack import Pack
from dispatch.store.scope import Scope, scoped
from dispatch.vault import Vault


def open_complaint(
    session: Session,
    *,
    vault: Vault,
    case: Case,
    person: Person,
    words: Any,
    source: str,
    law: Pack,
    received_at: datetime,
    actor: str,
    now: datetime,
    visit_id: UUID | None = None,
    about_agent_id: UUID | None = None,
) -> Complaint:
    """Put a complaint on record, and start the clocks that the pack gives it.

    The hold that pauses visits is the caller's: it knows where the complaint came from.
    """
    complaint = Complaint(
        branch_id=case.branch_id,
        case_id=case.id,
        person_id=person.id,
        visit_id=visit_id,
        about_agent_id=about_agent_id,
        received_at=received_at,
        acknowledge_by_at=acknowledge_by(law, received_at),
        due_at=answer_by(law, received_at),
        source=source,
    )
    vault.write(person, complaint, "text", words)
    session.add(complaint)
    session.flush()
    record(
        complaint,
        "complaint.received",
        actor=actor,
        now=now,
        source=source,
        acknowledge_by=complaint.acknowledge_by_at,
        due=complaint.due_at,
    )
    return complaint


def open_of_person(session: Session, person_id: UUID) -> list[Complaint]:
    """Return the person's complaints that have not come to their end, in whatever branch."""
    return list(
        session.exec(
            select(Complaint)
            .where(Complaint.person_id == person_id, col(Complaint.state).in_(COMPLAINT_OPEN))
            .order_by(col(Complaint.received_at), col(Complaint.id))
        )
    )


def complaint_holds(session: Session, person_id: UUID) -> list[Hold]:
    """Return the person's holds in force that rest on a complaint."""
    return list(
        session.exec(
            select(Hold).where(
                Hold.person_id == person_id,
                Hold.kind == HoldKind.COMPLAINT,
                Hold.state == HoldState.ACTIVE,
            )
        )
    )


def run_late(session: Session, branch_id: UUID, *, now: datetime, limit: int) -> list[Complaint]:
    """Return the branch's complaints of which a clock has run out, the earliest answer first."""
    return list(
        session.exec(
            select(Complaint)
            .where(
                Complaint.branch_id == branch_id,
                or_(
                    (col(Complaint.state) == ComplaintState.RECEIVED)
                    & (col(Complaint.acknowledge_by_at) <= now),
                    col(Complaint.state).in_(UNANSWERED) & (col(Complaint.due_at) <= now),
                ),
            )
            .order_by(col(Complaint.due_at), col(Complaint.id))
            .limit(limit)
        )
    )


def page(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID | None,
    is_open: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Complaint]:
    """Return complaints of branches in sight, the first received first."""
    chosen = scoped(select(Complaint), col(Complaint.branch_id), scope)
    if branch_id is not None:
        chosen = chosen.where(Complaint.branch_id == branch_id)
    if is_open is not None:
        state = col(Complaint.state)
        chosen = chosen.where(
            state.in_(COMPLAINT_OPEN) if is_open else state.not_in(COMPLAINT_OPEN)
        )
    if after is not None:
        at, row_id = after
        chosen = chosen.where(
            or_(
                col(Complaint.received_at) > at,
                (col(Complaint.received_at) == at) & (col(Complaint.id) > row_id),
            )
        )
    order = (col(Complaint.received_at), col(Complaint.id))
    return list(session.exec(chosen.order_by(*order).limit(limit)))
