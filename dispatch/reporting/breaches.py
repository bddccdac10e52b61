"""The register of breaches: what was broken, who answers for it, and what was done about it.

The lender answers for whoever visits in its name, so each line names it too.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Agent, Branch, Case, Lender
from dispatch.store.incidents import breaches_of
from dispatch.store.rows import get_many


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One line of the register."""

    incident_id: UUID
    kind: str
    visit_id: UUID | None
    lender_name: str | None
    responsible_name: str | None
    """None where the house itself answers, or nobody has said yet."""
    opened_at: datetime
    closed_at: datetime | None
    remedy: str | None
    person_told_at: datetime | None


def register(session: Session, branch: Branch) -> tuple[Breach, ...]:
    """Return a branch's breaches, the newest first."""
    rows = breaches_of(session, branch.id)
    cases = get_many(session, Case, {one.case_id for one in rows if one.case_id})
    lenders = get_many(session, Lender, {one.lender_id for one in cases.values()})
    agents = get_many(session, Agent, {one.responsible_id for one in rows if one.responsible_id})
    return tuple(
        Breach(
            incident_id=one.id,
            kind=one.kind,
            visit_id=one.visit_id,
            lender_name=lenders[cases[one.case_id].lender_id].name if one.case_id else None,
            responsible_name=agents[one.responsible_id].name if one.responsible_id else None,
            opened_at=one.opened_at,
            closed_at=one.closed_at,
            remedy=one.remedy,
            person_told_at=one.person_told_at,
        )
        for one in rows
    )
