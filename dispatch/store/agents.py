"""Agents with their qualifications and shifts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Agent, Qualification, Shift
from dispatch.store.bulk import pieces
from dispatch.store.scope import Scope, scoped


def agents_by_number(
    session: Session, scope: Scope, branch_id: UUID, numbers: Collection[str]
) -> dict[str, Agent]:
    """Return the branch's agents with these employee numbers."""
    return {
        agent.number: agent
        for piece in pieces(list(numbers))
        for agent in session.exec(
            scoped(
                select(Agent).where(
                    col(Agent.branch_id) == branch_id, col(Agent.number).in_(piece)
                ),
                Agent.branch_id,
                scope,
            )
        )
    }


def qualifications_of(
    session: Session, agent_ids: Collection[UUID]
) -> dict[UUID, list[Qualification]]:
    """Return the agents' qualifications that were not revoked."""
    held: dict[UUID, list[Qualification]] = defaultdict(list)
    for piece in pieces(list(agent_ids)):
        for row in session.exec(
            select(Qualification).where(
                col(Qualification.agent_id).in_(piece), col(Qualification.revoked_at).is_(None)
            )
        ):
            held[row.agent_id].append(row)
    return held


def shifts_of(
    session: Session, scope: Scope, agent_ids: Collection[UUID], dates: Collection[date]
) -> dict[tuple[UUID, date], list[Shift]]:
    """Return the agents' shifts on these service dates, by agent and date."""
    held: dict[tuple[UUID, date], list[Shift]] = defaultdict(list)
    for piece in pieces(list(agent_ids)):
        for some in pieces(list(dates)):
            statement = select(Shift).where(
                col(Shift.agent_id).in_(piece), col(Shift.service_date).in_(some)
            )
            for row in session.exec(scoped(statement, Shift.branch_id, scope)):
                held[row.agent_id, row.service_date].append(row)
    return held


def agents_of(session: Session, branch_id: UUID) -> list[Agent]:
    """Return a branch's agents by their number."""
    return list(
        session.exec(select(Agent).where(Agent.branch_id == branch_id).order_by(col(Agent.number)))
    )
