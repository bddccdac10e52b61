"""Recheck: what was published is audited again until the crew arrives; facts change after publishing."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.audit import Profile, audit
from dispatch.audit.breach import Code
from dispatch.clock import local_date
from dispatch.model import Branch, Plan, PlanState, Visit, VisitState
from dispatch.planning.publish import day_facts, take_back
from dispatch.policy.pack import load_pack
from dispatch.store import holds, plans
from dispatch.store.rows import get_many

ACTOR: Final = "duty:recheck"


def recheck_published(
    session: Session, *, branch: Branch, now: datetime, pack_folder: Path | None = None
) -> int:
    """Take back released visits that the auditor objects to by now; return how many.

    A payment, a correction of a file, a paper that ran out, a holiday: none of them is a hold, and
    each may forbid what was lawful when it went out. Crews see the visit no longer, the person is
    told by `withdraw_unpublished`. Who is on the roster is asked by `withdraw_unmanned`.
    """
    number = 0
    for plan in plans.published_from(session, branch.id, local_date(branch.time_zone, now)):
        number += _recheck(session, plan, branch, now=now, pack_folder=pack_folder)
    return number


def _recheck(
    session: Session, plan: Plan, branch: Branch, *, now: datetime, pack_folder: Path | None
) -> int:
    if not _objected(session, plan, branch, now=now, pack_folder=pack_folder):
        return 0
    # Looked at without locks; decided with them, plan and people first as everywhere.
    plans.plans_of_states(session, branch.id, plan.service_date, [PlanState.PUBLISHED], lock=True)
    visits = holds.locked_visits(session, plans.visit_ids_of(session, [plan]))
    if plan.state is not PlanState.PUBLISHED:
        return 0
    found = _objected(session, plan, branch, now=now, pack_folder=pack_folder)
    for visit_id, code in found.items():
        take_back(session, [visits[visit_id]], actor=ACTOR, now=now, why=f"audit: {code}")
    return len(found)


def _objected(
    session: Session, plan: Plan, branch: Branch, *, now: datetime, pack_folder: Path | None
) -> dict[UUID, Code]:
    """Return what the auditor objects to among the visits to which nobody can have come yet."""
    day = day_facts(session, plan=plan, branch=branch, now=now, by_roster=False)
    waiting = {stay.visit.visit_id for stay in day.stays if stay.arrive_at > now}
    visits = get_many(session, Visit, waiting)
    return {
        one.visit_id: one.code
        for one in audit(day, load_pack(branch.pack_id, pack_folder), Profile.RELEASE)
        if one.visit_id in visits and visits[one.visit_id].state is VisitState.RELEASED
    }
