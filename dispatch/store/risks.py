"""Risk flags: what stands on a place, what a flag does at once, and which are due for a look."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from dispatch.clock import local_date
from dispatch.model import (
    Branch,
    Case,
    Place,
    RiskFlag,
    RiskKind,
    RunReason,
    Visit,
    record,
)
from dispatch.model.visit import OPEN
from dispatch.policy.pack import Pack
from dispatch.store.appointments import queue_refill
from dispatch.store.holds import lock_people
from dispatch.store.rows import get_any, grouped
from dispatch.store.scope import Scope, scoped


def flags_of(session: Session, place_ids: Collection[UUID]) -> dict[UUID, list[RiskFlag]]:
    """Return every flag of each place, lifted ones too, the oldest first."""
    found = grouped(session, RiskFlag, col(RiskFlag.place_id), place_ids)
    return {
        key: sorted(rows, key=lambda one: (one.set_at, one.kind)) for key, rows in found.items()
    }


def risks_of(session: Session, place_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return the kinds of the flags that stand on each place, in one order whoever set them."""
    chosen = col(RiskFlag.lifted_at).is_(None)
    found = grouped(session, RiskFlag, col(RiskFlag.place_id), place_ids, chosen)
    return {key: tuple(sorted(str(one.kind) for one in rows)) for key, rows in found.items()}


def standing(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID,
    due_on: date | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 100,
) -> list[RiskFlag]:
    """Return the flags that stand at a branch, the first to be looked at again first.

    `due_on`: only those whose review is due on that date or was before.
    """
    chosen = select(RiskFlag).where(
        RiskFlag.branch_id == branch_id, col(RiskFlag.lifted_at).is_(None)
    )
    if due_on is not None:
        chosen = chosen.where(RiskFlag.review_on <= due_on)
    order = (col(RiskFlag.review_on), col(RiskFlag.id))
    if after is not None:
        on, row_id = after
        chosen = chosen.where(
            or_(
                col(RiskFlag.review_on) > on,
                and_(col(RiskFlag.review_on) == on, col(RiskFlag.id) > row_id),
            )
        )
    chosen = scoped(chosen, col(RiskFlag.branch_id), scope)
    return list(session.exec(chosen.order_by(*order).limit(limit)))


def cases_at(
    session: Session, scope: Scope, place_ids: Collection[UUID]
) -> dict[UUID, list[Case]]:
    """Return the cases in sight for which somebody may be visited at each place."""
    found = grouped(session, Case, col(Case.place_id), place_ids)
    return {
        key: sorted(
            (one for one in rows if scope.holds(one.branch_id)), key=lambda one: one.reference
        )
        for key, rows in found.items()
        if key is not None
    }


def raise_flag(
    session: Session,
    *,
    place: Place,
    branch: Branch,
    kind: RiskKind,
    law: Pack,
    at: datetime,
    actor: str,
    now: datetime,
    source_id: UUID | None = None,
) -> RiskFlag:
    """Put a flag on a place, or note that what it warns of was met again.

    Days on which somebody is to go there are planned again; what is published already is judged
    anew by `recheck_published`, as after any change of the facts.

    Parameters
    ----------
    at
        When it was met; the review counts from that day.
    source_id
        The report that tells of it; None where a manager does.
    """
    lock_people(session, {place.person_id})
    days = timedelta(days=int(law["risk.review_days"]))
    review_on = local_date(branch.time_zone, at) + days
    known = session.exec(
        select(RiskFlag).where(
            RiskFlag.place_id == place.id,
            RiskFlag.kind == kind,
            col(RiskFlag.lifted_at).is_(None),
        )
    ).first()
    if known is not None:
        known.confirm(review_on=review_on, actor=actor, now=now)
        session.add(known)
        return known
    flag = RiskFlag(
        branch_id=branch.id,
        place_id=place.id,
        kind=kind,
        set_at=at,
        set_by=actor,
        source_id=source_id,
        review_on=review_on,
    )
    session.add(flag)
    session.flush()
    record(flag, "risk_flag.set", actor=actor, now=now, risk=kind, at=at, review=review_on)
    plan_again(session, place.id, actor=actor, now=now)
    return flag


def plan_again(session: Session, place_id: UUID, *, actor: str, now: datetime) -> None:
    """Have the days planned again on which somebody is to go to a place."""
    visits = session.exec(
        select(Visit).where(
            Visit.place_id == place_id,
            col(Visit.state).in_(list(OPEN)),
            col(Visit.service_date).is_not(None),
        )
    )
    for branch_id, on in sorted({(one.branch_id, one.service_date) for one in visits}, key=str):
        if on is not None:
            queue_refill(session, branch_id, on, reason=RunReason.HOLD, actor=actor, now=now)


def place_of(session: Session, flag: RiskFlag) -> Place:
    """Return the place that a flag is on."""
    return get_any(session, Place, flag.place_id)
