"""How a hold ends: released with a reason, or run out; with the last one a case goes on."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Case, Hold, HoldState, Stage
from dispatch.store.holds import holds_of, lock_people


def release_one(
    session: Session,
    hold: Hold,
    *,
    reason: str,
    actor: str,
    now: datetime,
    is_specialist: bool = False,
) -> None:
    """Lift a hold; the case goes on where nothing else holds it. Lifting it again changes nothing."""
    lock_people(session, {hold.person_id})
    session.refresh(hold)
    if hold.state in {HoldState.RELEASED, HoldState.LAPSED}:
        return
    hold.release(reason=reason, actor=actor, now=now, is_specialist=is_specialist)
    session.add(hold)
    session.flush()
    resume_cases(session, hold.person_id, actor=actor, now=now)


def lapse_one(session: Session, hold: Hold, *, actor: str, now: datetime) -> None:
    """End a hold whose time has run out; the case goes on where nothing else holds it."""
    lock_people(session, {hold.person_id})
    session.refresh(hold)
    if hold.state is not HoldState.ACTIVE:
        return
    hold.lapse(actor=actor, now=now)
    session.add(hold)
    session.flush()
    resume_cases(session, hold.person_id, actor=actor, now=now)


def resume_cases(session: Session, person_id: UUID, *, actor: str, now: datetime) -> list[Case]:
    """Let the person's cases go on that no hold stops any more; return them."""
    standing = [
        hold
        for hold in holds_of(session, person_id)
        if hold.place_id is None and (hold.until_at is None or hold.until_at > now)
    ]
    # Across branches on purpose: a hold is the person's, whoever it was told to.
    cases = session.exec(
        select(Case).where(Case.person_id == person_id, Case.stage == Stage.ON_HOLD)
    ).all()
    resumed = []
    for case in cases:
        if not any(hold.case_id in {None, case.id} for hold in standing):
            case.resume(actor=actor, now=now)
            session.add(case)
            resumed.append(case)
    return resumed


def run_out(session: Session, *, now: datetime, limit: int) -> list[Hold]:
    """Return active holds whose time has run out, the earliest first."""
    return list(
        session.exec(
            select(Hold)
            .where(Hold.state == HoldState.ACTIVE, col(Hold.until_at) <= now)
            .order_by(col(Hold.until_at), col(Hold.id))
            .limit(limit)
        )
    )
