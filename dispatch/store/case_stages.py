"""Cases by stage, and what the decision to visit needs to know about them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import (
    Assessment,
    Case,
    ContactAttempt,
    ContactChannel,
    ContactPoint,
    ContactStatus,
    Stage,
    Visit,
)
from dispatch.model.visit import OPEN, UNDER_WAY
from dispatch.store.rows import grouped
from dispatch.store.scope import Scope, scoped


def cases_in(
    session: Session, branch_id: UUID, stages: Collection[Stage], *, after: UUID | None, limit: int
) -> list[Case]:
    """Return the branch's cases in some stages, by id after `after`: a page of a sweep."""
    chosen = select(Case).where(Case.branch_id == branch_id, col(Case.stage).in_(list(stages)))
    if after is not None:
        chosen = chosen.where(col(Case.id) > after)
    return list(session.exec(chosen.order_by(col(Case.id)).limit(limit)))


def waiting_for_approval(
    session: Session, scope: Scope, branch_id: UUID, *, limit: int = 200
) -> list[Case]:
    """Return the eligible cases of a branch that a human may decide on, the longest overdue first."""
    chosen = scoped(select(Case), Case.branch_id, scope).where(
        Case.branch_id == branch_id, Case.stage == Stage.ELIGIBLE
    )
    ordered = chosen.order_by(col(Case.oldest_unpaid_due_on), col(Case.id)).limit(limit)
    return list(session.exec(ordered))


def reachable(session: Session, person_ids: Collection[UUID]) -> set[UUID]:
    """Return the persons with at least one contact point that may be used."""
    points = grouped(
        session,
        ContactPoint,
        col(ContactPoint.person_id),
        person_ids,
        col(ContactPoint.status).in_([ContactStatus.VALID, ContactStatus.DOUBTFUL]),
    )
    return set(points)


def first_remote_attempts(session: Session, case_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when each case's person was first tried from afar, reminders left out."""
    found = grouped(
        session,
        ContactAttempt,
        col(ContactAttempt.case_id),
        case_ids,
        col(ContactAttempt.channel) != ContactChannel.VISIT,
        col(ContactAttempt.is_reminder).is_(False),
    )
    return {case_id: min(one.occurred_at for one in rows) for case_id, rows in found.items()}


def arrears_reasons(session: Session, case_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the newest reason for the arrears that somebody noted, by case."""
    found = grouped(session, Assessment, col(Assessment.case_id), case_ids)
    return {
        case_id: max(rows, key=lambda row: row.assessed_at).reason
        for case_id, rows in found.items()
    }


def people_with_open_visits(session: Session, person_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these persons have a visit that is not over, wherever it was approved."""
    states = list(OPEN | UNDER_WAY)
    return set(
        grouped(session, Visit, col(Visit.person_id), person_ids, col(Visit.state).in_(states))
    )


def open_visits_of_person(session: Session, person_id: UUID) -> list[Visit]:
    """Return the person's visits that are not over, across cases, branches and agencies."""
    states = list(OPEN | UNDER_WAY)
    return list(
        session.exec(
            select(Visit).where(Visit.person_id == person_id, col(Visit.state).in_(states))
        )
    )
