"""Substitute: whom a notice names beside the crew, should one of its members fall ill."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.policy.facts import MemberFacts
from dispatch.store import facts
from dispatch.store.substitutes import spare_agents, swapped

type IsLawful = Callable[[tuple[MemberFacts, ...]], bool]
"""Whether the rules let a crew make the visit."""


def substitute_for(
    session: Session,
    *,
    branch_id: UUID,
    on: date,
    members: Sequence[UUID],
    lender_id: UUID,
    from_at: datetime,
    until_at: datetime,
    is_lawful: IsLawful,
) -> UUID | None:
    """Return an agent who may come for any one member: on shift, in no crew, and lawful; or None.

    Lawful is the crew that they would make: papers, the lender's authorisation, the person's
    language, a mixed crew where that was asked for.
    """
    for spare in spare_agents(session, branch_id, on, from_at=from_at, until_at=until_at):
        papers = facts.member_facts(session, {*members, spare.agent.id}, lender_id=lender_id)
        crews = [swapped(members, absent, spare.agent.id) for absent in members]
        if all(is_lawful(tuple(papers[one] for one in crew)) for crew in crews):
            return spare.agent.id
    return None
