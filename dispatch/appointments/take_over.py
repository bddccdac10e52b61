"""Take over: a member falls ill before the crew has set out, and the substitute named goes instead.

What the notice named needs no new notice. It is done for all that the crew still has to do, or not
at all; where it can't be, the visits are withdrawn with an apology, as they are without a substitute.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Appointment, Branch, Crew, Plan, Visit, members_hash, record
from dispatch.model.visit import OPEN
from dispatch.store import appointments, days, facts, holds
from dispatch.store.rows import get_any, get_many
from dispatch.store.substitutes import new_version, spare_agents, standing_routes, swapped

ACTOR: Final = "duty:substitutes"


def let_substitutes_go(session: Session, *, branch: Branch, now: datetime) -> int:
    """Let named substitutes take the places of members who can't come; return of how many crews."""
    coming = appointments.standing_after(session, branch.id, now)
    crews: dict[UUID, list[Appointment]] = defaultdict(list)
    for one in coming:
        crews[one.crew_version_id].append(one)
    number = 0
    for version_id, kept in crews.items():
        if all(one.substitute_id is not None for one in kept):
            number += _take_over(session, branch, version_id, kept, now=now)
    return number


def _take_over(
    session: Session,
    branch: Branch,
    version_id: UUID,
    kept: Sequence[Appointment],
    *,
    now: datetime,
) -> bool:
    named = {one.substitute_id for one in kept}
    on = kept[0].service_date
    present = {one.agent.id for one in days.on_shift(session, branch.id, on)}
    members = [agent.id for agent in days.members_of(session, {version_id})[version_id]]
    absent = [one for one in members if one not in present]
    (substitute_id,) = named if len(named) == 1 else (None,)
    if len(absent) != 1 or substitute_id is None or substitute_id in members:
        return False
    holds.lock_people(session, appointments.people_of(session, kept))
    visits = get_many(session, Visit, {one.visit_id for one in kept})
    if any(one.state not in OPEN for one in visits.values()):
        return False  # the crew has set out
    spare = spare_agents(
        session,
        branch.id,
        on,
        from_at=min(one.stay_from_at for one in kept),
        until_at=max(one.stay_until_at for one in kept),
    )
    crew = swapped(members, absent[0], substitute_id)
    if substitute_id not in {one.agent.id for one in spare} or not _was_named(
        session, kept, members_hash(crew)
    ):
        return False
    return _swap(session, branch, kept, crew, substitute_id, now=now)


def _was_named(session: Session, kept: Sequence[Appointment], crew_hash: str) -> bool:
    """Whether the notice of every one of these visits named the crew that would come."""
    told = facts.newest_notices(session, {one.id for one in kept})
    return all(one.id in told and crew_hash in told[one.id].substitute_hashes for one in kept)


def _swap(
    session: Session,
    branch: Branch,
    kept: Sequence[Appointment],
    crew: Sequence[UUID],
    substitute_id: UUID,
    *,
    now: datetime,
) -> bool:
    before = {one.crew_version_id for one in kept}
    formed = get_any(session, Crew, kept[0].crew_id)
    version = new_version(session, formed, crew, actor=ACTOR, now=now)
    for one in kept:
        appointments.unbind(session, one)
        # Whoever is in no crew has nothing to do that day, so nothing stands in the way.
        appointments.bind(session, one, crew)
        one.crew_version_id = version.id
        session.add(one)
        record(
            one, "appointment.taken_over", actor=ACTOR, now=now, by=substitute_id, crew=version.id
        )
    for route in standing_routes(session, branch.id, before):
        route.crew_version_id = version.id
        session.add(route)
        plan = get_any(session, Plan, route.plan_id, lock=True)
        plan.version += 1  # who looked at it before looks again
        record(plan, "plan.crew_substituted", actor=ACTOR, now=now, crew=version.id)
    session.flush()
    return True
