"""Disasters: counted first, then declared; the scheduler puts and lifts the holds in chunks."""

from uuid import UUID

from api.cursors import Limit
from api.deps import Me, Now, Read, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.disaster import DisasterIn, DisasterOut, ReachIn, ReachOut
from api.schemas.schema import Page
from dispatch.care.disasters import count_reach, declare, lift
from dispatch.model import Branch, Disaster
from dispatch.store import disasters
from dispatch.store.rows import get

routes = router("disasters", tag="care")


@routes.get("", responses=problems(404))
def list_disasters(branch_id: UUID, session: Read, me: Me, limit: Limit = 50) -> Page[DisasterOut]:
    """Return a branch's disasters, the newest first."""
    branch = get(session, Branch, branch_id, me.scope)
    found = disasters.of_branch(session, me.scope, branch.id, limit=limit)
    return Page(items=[DisasterOut.of(one) for one in found])


@routes.post("/reach", responses=problems(404))
def count_disaster_reach(body: ReachIn, session: Read, me: Me, vault: VaultDep) -> ReachOut:
    """Return how many people an area would hold; nothing is changed."""
    branch = get(session, Branch, body.branch_id, me.scope)
    reach = count_reach(session, vault=vault, branch=branch, area=body.area.area())
    return ReachOut.model_validate(reach)


@routes.post("", status_code=201, responses=problems(404))
def create_disaster(body: DisasterIn, session: Write, me: Me, now: Now) -> DisasterOut:
    """Name an area and a period; twice is once. Its holds are put within a minute or so."""
    branch = get(session, Branch, body.branch_id, me.scope)
    disaster = declare(
        session,
        branch=branch,
        area=body.area.area(),
        from_at=max(body.from_at or now, now),
        until_at=body.until_at,
        actor=me.actor,
        now=now,
    )
    return DisasterOut.of(disaster)


@routes.post("/{disaster_id}/lifting", responses=problems(404, 409))
def lift_disaster(disaster_id: UUID, session: Write, me: Me, now: Now) -> DisasterOut:
    """Say that it is over before its time; every hold that it put is lifted."""
    disaster = get(session, Disaster, disaster_id, me.scope, lock=True)
    return DisasterOut.of(lift(session, disaster=disaster, actor=me.actor, now=now))
