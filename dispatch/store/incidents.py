"""Incidents: what went against a rule or a state and waits for a person to look at it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from dispatch.model import Incident, IncidentState, Visit, record
from dispatch.store.rows import grouped
from dispatch.store.scope import Scope, scoped


def open_incident(
    session: Session,
    *,
    visit: Visit,
    kind: str,
    source_id: UUID | None,
    actor: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Incident:
    """Open an incident about a visit; the same kind from the same source is opened once."""
    return open_alert(
        session,
        branch_id=visit.branch_id,
        case_id=visit.case_id,
        visit_id=visit.id,
        kind=kind,
        source_id=source_id,
        actor=actor,
        now=now,
        facts=facts,
    )


def open_alert(
    session: Session,
    *,
    branch_id: UUID,
    kind: str,
    source_id: UUID | None,
    actor: str,
    now: datetime,
    case_id: UUID | None = None,
    visit_id: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Incident:
    """Open an incident that need not be about a visit; the same from the same source once."""
    known = session.exec(
        select(Incident).where(
            Incident.visit_id == visit_id, Incident.kind == kind, Incident.source_id == source_id
        )
    ).first()
    if known is not None:
        return known
    incident = Incident(
        branch_id=branch_id,
        case_id=case_id,
        visit_id=visit_id,
        source_id=source_id,
        kind=kind,
        facts=dict(facts or {}),
        opened_at=now,
    )
    session.add(incident)
    session.flush()
    record(incident, "incident.opened", actor=actor, now=now, incident=kind, visit=visit_id)
    return incident


def incidents_of_visits(
    session: Session, visit_ids: Collection[UUID]
) -> dict[UUID, list[Incident]]:
    """Return the incidents of these visits, by visit, the first first."""
    found = grouped(session, Incident, col(Incident.visit_id), visit_ids)
    return {
        visit_id: sorted(rows, key=lambda one: (one.opened_at, one.id.hex))
        for visit_id, rows in found.items()
    }


BREACH = "breach-"
"""What the kind of a breach that a reviewer found begins with."""


def breaches_of(session: Session, branch_id: UUID, *, limit: int = 500) -> list[Incident]:
    """Return a branch's incidents at which a rule was broken, the newest first."""
    return list(
        session.exec(
            select(Incident)
            .where(
                Incident.branch_id == branch_id,
                or_(col(Incident.is_breach).is_(True), col(Incident.kind).startswith(BREACH)),
            )
            .order_by(col(Incident.opened_at).desc(), col(Incident.id).desc())
            .limit(limit)
        )
    )


def page(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID | None,
    state: IncidentState | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Incident]:
    """Return incidents of branches in sight, the newest first."""
    chosen = scoped(select(Incident), col(Incident.branch_id), scope)
    if branch_id is not None:
        chosen = chosen.where(Incident.branch_id == branch_id)
    if state is not None:
        chosen = chosen.where(Incident.state == state)
    if after is not None:
        at, row_id = after
        chosen = chosen.where(
            or_(
                col(Incident.opened_at) < at,
                (col(Incident.opened_at) == at) & (col(Incident.id) < row_id),
            )
        )
    order = (col(Incident.opened_at).desc(), col(Incident.id).desc())
    return list(session.exec(chosen.order_by(*order).limit(limit)))


def open_of_branch(
    session: Session, branch_id: UUID, *, kinds: Collection[str] | None = None, limit: int
) -> list[Incident]:
    """Return a branch's open incidents, of these kinds only where some are given; newest first."""
    chosen = select(Incident).where(
        Incident.branch_id == branch_id, Incident.state == IncidentState.OPEN
    )
    if kinds is not None:
        chosen = chosen.where(col(Incident.kind).in_(kinds))
    order = (col(Incident.opened_at).desc(), col(Incident.id).desc())
    return list(session.exec(chosen.order_by(*order).limit(limit)))
