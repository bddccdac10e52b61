"""Nights: how far a branch's night is, stage by stage."""

from datetime import date
from uuid import UUID

from api.deps import HouseDep, Me, Now, Read
from api.problems import problems
from api.router import router
from api.schemas.nights import NightOut
from dispatch.model import Branch
from dispatch.reporting.night import night_of
from dispatch.store.rows import get

of_branches = router("branches", tag="nights")


@of_branches.get("/{branch_id}/nights/{on}", responses=problems(404))
def read_night(
    branch_id: UUID, on: date, session: Read, me: Me, house: HouseDep, now: Now
) -> NightOut:
    """Return the night of a business date: its stages, what went wrong, and when it will be ready."""
    branch = get(session, Branch, branch_id, me.scope)
    seconds = house.settings.plan_night_seconds
    return NightOut.of(night_of(session, branch=branch, on=on, plan_seconds=seconds, now=now))
