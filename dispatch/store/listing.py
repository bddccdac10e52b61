"""Pages of lists, scoped to the branches in sight; each continues after the key of its last row."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, or_, select

from dispatch.model import (
    Absence,
    Agent,
    AgentState,
    Case,
    ContactPoint,
    Holiday,
    Qualification,
    Shift,
    Stage,
)
from dispatch.store.scope import Scope, scoped


def cases(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID | None = None,
    stage: Stage | None = None,
    number: str | None = None,
    reference: str | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Case]:
    """Return cases, the newest first."""
    statement = scoped(select(Case), col(Case.branch_id), scope)
    wanted: list[tuple[Any, Any]] = [
        (Case.branch_id, branch_id),
        (Case.stage, stage),
        (Case.number, number),
        (Case.reference, reference),
    ]
    for column, value in wanted:
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        at, row_id = after
        statement = statement.where(
            or_(
                col(Case.received_at) < at,
                and_(col(Case.received_at) == at, col(Case.id) < row_id),
            )
        )
    order = (col(Case.received_at).desc(), col(Case.id).desc())
    return session.exec(statement.order_by(*order).limit(limit)).all()


def agents(
    session: Session,
    scope: Scope,
    *,
    branch_id: UUID | None = None,
    state: AgentState | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int,
) -> Sequence[Agent]:
    """Return agents by number."""
    statement = scoped(select(Agent), col(Agent.branch_id), scope)
    if branch_id is not None:
        statement = statement.where(Agent.branch_id == branch_id)
    if state is not None:
        statement = statement.where(Agent.state == state)
    if after is not None:
        number, row_id = after
        statement = statement.where(
            or_(
                col(Agent.number) > number,
                and_(col(Agent.number) == number, col(Agent.id) > row_id),
            )
        )
    order = (col(Agent.number), col(Agent.id))
    return session.exec(statement.order_by(*order).limit(limit)).all()


def shifts(
    session: Session,
    scope: Scope,
    *,
    from_on: date,
    to_on: date,
    branch_id: UUID | None = None,
    agent_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Shift]:
    """Return the shifts of service dates from `from_on` to `to_on`, both included, by start."""
    statement = scoped(select(Shift), col(Shift.branch_id), scope).where(
        col(Shift.service_date) >= from_on, col(Shift.service_date) <= to_on
    )
    if branch_id is not None:
        statement = statement.where(Shift.branch_id == branch_id)
    if agent_id is not None:
        statement = statement.where(Shift.agent_id == agent_id)
    if after is not None:
        at, row_id = after
        statement = statement.where(
            or_(
                col(Shift.starts_at) > at,
                and_(col(Shift.starts_at) == at, col(Shift.id) > row_id),
            )
        )
    order = (col(Shift.starts_at), col(Shift.id))
    return session.exec(statement.order_by(*order).limit(limit)).all()


def overlapping_shift(
    session: Session, agent_id: UUID, *, from_at: datetime, until_at: datetime
) -> Shift | None:
    """Return a shift of the agent that overlaps this time."""
    return session.exec(
        select(Shift).where(
            Shift.agent_id == agent_id,
            col(Shift.starts_at) < until_at,
            col(Shift.ends_at) > from_at,
        )
    ).first()


def absences(session: Session, agent_id: UUID, *, limit: int) -> Sequence[Absence]:
    """Return the newest absences of one agent (whose branch was checked already)."""
    return session.exec(
        select(Absence)
        .where(Absence.agent_id == agent_id)
        .order_by(col(Absence.from_at).desc(), col(Absence.id))
        .limit(limit)
    ).all()


def qualifications(session: Session, agent_id: UUID) -> Sequence[Qualification]:
    """Return what one agent holds (whose branch was checked already)."""
    return session.exec(
        select(Qualification)
        .where(Qualification.agent_id == agent_id)
        .order_by(col(Qualification.kind), col(Qualification.valid_until), col(Qualification.id))
    ).all()


def holidays(session: Session, branch_id: UUID, *, limit: int) -> Sequence[Holiday]:
    """Return the newest lines of a branch's own calendar (a branch checked already)."""
    return session.exec(
        select(Holiday)
        .where(Holiday.branch_id == branch_id)
        .order_by(col(Holiday.day_on).desc())
        .limit(limit)
    ).all()


def holiday_on(session: Session, branch_id: UUID, day_on: date) -> Holiday | None:
    """Return the branch's own line for a day."""
    return session.exec(
        select(Holiday).where(Holiday.branch_id == branch_id, Holiday.day_on == day_on)
    ).first()


def contacts(session: Session, person_id: UUID) -> Sequence[ContactPoint]:
    """Return a person's contact points, the preferred first (a case in sight was checked)."""
    return session.exec(
        select(ContactPoint)
        .where(ContactPoint.person_id == person_id)
        .order_by(col(ContactPoint.is_preferred).desc(), col(ContactPoint.id))
    ).all()
