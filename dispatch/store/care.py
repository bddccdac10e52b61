"""Calls that are owed to people, and where a branch's people can be sent for help."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import (
    CareCall,
    CareReason,
    Case,
    Hold,
    HoldState,
    SupportReferral,
    SupportTopic,
    record,
)
from dispatch.model.care_call import CARE_OPEN
from dispatch.policy.pack import Pack
from dispatch.store.scope import Scope, scoped


def open_care_call(
    session: Session,
    *,
    case: Case,
    reason: CareReason,
    source_id: UUID | None,
    law: Pack,
    at: datetime,
    actor: str,
    now: datetime,
) -> CareCall:
    """Owe a person a call by somebody trained for it; one that is owed already is enough."""
    known = session.exec(
        select(CareCall)
        .where(CareCall.person_id == case.person_id, col(CareCall.state).in_(CARE_OPEN))
        .order_by(col(CareCall.due_at))
    ).first()
    if known is not None:
        return known
    call = CareCall(
        branch_id=case.branch_id,
        case_id=case.id,
        person_id=case.person_id,
        source_id=source_id,
        reason=reason,
        due_at=at + timedelta(hours=int(law["care.call_within_hours"])),
        opened_at=now,
    )
    session.add(call)
    session.flush()
    record(call, "care_call.owed", actor=actor, now=now, reason=reason, due=call.due_at)
    return call


def calls(
    session: Session, scope: Scope, *, branch_id: UUID | None, is_open: bool | None, limit: int
) -> list[CareCall]:
    """Return calls of branches in sight, the first due first."""
    chosen = scoped(select(CareCall), col(CareCall.branch_id), scope)
    if branch_id is not None:
        chosen = chosen.where(CareCall.branch_id == branch_id)
    if is_open is not None:
        state = col(CareCall.state)
        chosen = chosen.where(state.in_(CARE_OPEN) if is_open else state.not_in(CARE_OPEN))
    order = (col(CareCall.due_at), col(CareCall.id))
    return list(session.exec(chosen.order_by(*order).limit(limit)))


def calls_run_late(
    session: Session, branch_id: UUID, *, now: datetime, limit: int
) -> list[CareCall]:
    """Return the branch's calls that should have been made by now."""
    return list(
        session.exec(
            select(CareCall)
            .where(
                CareCall.branch_id == branch_id,
                col(CareCall.state).in_(CARE_OPEN),
                col(CareCall.due_at) <= now,
            )
            .order_by(col(CareCall.due_at), col(CareCall.id))
            .limit(limit)
        )
    )


def referrals(
    session: Session, branch_id: UUID, *, topic: SupportTopic | None = None
) -> list[SupportReferral]:
    """Return the branch's list, without what was taken off it."""
    chosen = select(SupportReferral).where(
        SupportReferral.branch_id == branch_id, col(SupportReferral.removed_at).is_(None)
    )
    if topic is not None:
        chosen = chosen.where(SupportReferral.topic == topic)
    order = (col(SupportReferral.topic), col(SupportReferral.name), col(SupportReferral.id))
    return list(session.exec(chosen.order_by(*order)))


def standing_holds(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Hold]:
    """Return the branch's holds in force or to come, the oldest first."""
    chosen = scoped(select(Hold), col(Hold.branch_id), scope).where(
        Hold.branch_id == branch_id, Hold.state == HoldState.ACTIVE
    )
    if after is not None:
        at, row_id = after
        chosen = chosen.where(
            (col(Hold.from_at) > at) | ((col(Hold.from_at) == at) & (col(Hold.id) > row_id))
        )
    order = (col(Hold.from_at), col(Hold.id))
    return list(session.exec(chosen.order_by(*order).limit(limit)))


def holds_without_end(
    session: Session, branch_id: UUID, *, before: datetime, limit: int
) -> list[Hold]:
    """Return the branch's holds without an end that began before an instant."""
    return list(
        session.exec(
            select(Hold)
            .where(
                Hold.branch_id == branch_id,
                Hold.state == HoldState.ACTIVE,
                col(Hold.until_at).is_(None),
                col(Hold.from_at) <= before,
            )
            .order_by(col(Hold.from_at), col(Hold.id))
            .limit(limit)
        )
    )
