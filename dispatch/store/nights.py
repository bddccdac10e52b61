"""Counts of what a branch's night has done so far, all of rows that are there anyhow."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from dispatch.model import (
    Appointment,
    Case,
    ImportBatch,
    Notice,
    Place,
    Plan,
    PlanRun,
    RunReason,
    Stage,
)
from dispatch.model.case import ENDED


def files_between(session: Session, branch_id: UUID, from_at: datetime, until_at: datetime) -> int:
    """Return how many of the lender's files were taken in."""
    return _count(
        session,
        ImportBatch,
        col(ImportBatch.branch_id) == branch_id,
        col(ImportBatch.is_dry_run).is_(False),
        col(ImportBatch.imported_at) >= from_at,
        col(ImportBatch.imported_at) < until_at,
    )


def open_cases(session: Session, branch_id: UUID) -> tuple[int, int]:
    """Return how many open cases have been looked at, and how many are open."""
    is_open = (col(Case.branch_id) == branch_id, col(Case.stage).not_in(list(ENDED)))
    looked_at = _count(session, Case, *is_open, col(Case.stage) != Stage.INTAKE)
    return looked_at, _count(session, Case, *is_open)


def places_of_open_cases(session: Session, branch_id: UUID) -> tuple[int, int]:
    """Return how many places of open cases have a position, and how many there are."""
    found = session.execute(
        select(func.count(col(Place.point_sealed)), func.count(col(Place.id)))
        .join(Case, col(Case.place_id) == col(Place.id))
        .where(col(Case.branch_id) == branch_id, col(Case.stage).not_in(list(ENDED)))
    ).one()
    return int(found[0]), int(found[1])


def runs_between(
    session: Session,
    branch_id: UUID,
    from_at: datetime,
    until_at: datetime,
    *,
    requested_by: str | None = None,
    reason: RunReason | None = None,
) -> list[PlanRun]:
    """Return the plan runs that were asked for in a span of time, the first first."""
    chosen = select(PlanRun).where(
        col(PlanRun.branch_id) == branch_id,
        col(PlanRun.requested_at) >= from_at,
        col(PlanRun.requested_at) < until_at,
    )
    if requested_by is not None:
        chosen = chosen.where(col(PlanRun.requested_by) == requested_by)
    if reason is not None:
        chosen = chosen.where(col(PlanRun.reason) == reason)
    return list(session.scalars(chosen.order_by(col(PlanRun.requested_at), col(PlanRun.from_on))))


def plans_of(session: Session, run_ids: Collection[UUID]) -> list[Plan]:
    """Return the plans that runs have made."""
    return list(session.scalars(select(Plan).where(col(Plan.plan_run_id).in_(run_ids))))


def notices_between(
    session: Session, branch_id: UUID, from_at: datetime, until_at: datetime
) -> dict[str, int]:
    """Return how many notices were drafted, by state."""
    rows = session.execute(
        select(col(Notice.state), func.count())
        .where(
            col(Notice.branch_id) == branch_id,
            col(Notice.drafted_at) >= from_at,
            col(Notice.drafted_at) < until_at,
        )
        .group_by(col(Notice.state))
    )
    return {str(state): int(number) for state, number in rows}


def appointments_between(
    session: Session, branch_id: UUID, from_at: datetime, until_at: datetime
) -> tuple[int, int]:
    """Return how many appointments that were offered have an answer, and how many were offered."""
    found = session.execute(
        select(func.count(col(Appointment.answered_at)), func.count()).where(
            col(Appointment.branch_id) == branch_id,
            col(Appointment.offered_at) >= from_at,
            col(Appointment.offered_at) < until_at,
        )
    ).one()
    return int(found[0]), int(found[1])


def _count(session: Session, kind: type[Any], *conditions: Any) -> int:
    return int(
        session.execute(select(func.count()).select_from(kind).where(*conditions)).scalar_one()
    )
