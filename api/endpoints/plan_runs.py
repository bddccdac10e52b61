"""Plan runs: the wish to plan a day, and how far it has come."""

from uuid import UUID

from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.plans import PlanRunIn, PlanRunOut
from dispatch.model import Branch, PlanRun, RunReason
from dispatch.planning.kind import usual_kind
from dispatch.planning.request import request_plan
from dispatch.store.rows import get

routes = router("plan-runs")

ASK_AGAIN_S = 2


@routes.post("", status_code=202, responses=problems(404, 409))
def create_plan_run(
    body: PlanRunIn, response: Response, session: Write, me: Me, house: HouseDep, now: Now
) -> PlanRunOut:
    """Ask for a plan of a day; the run that waits already is the answer to a second wish."""
    branch = get(session, Branch, body.branch_id, me.scope)
    on = body.service_date
    run = request_plan(
        session,
        branch=branch,
        on=on,
        kind=body.kind or usual_kind(session, branch=branch, on=on, now=now),
        reason=RunReason.MANUAL,
        requested_by=me.actor,
        now=now,
        seconds=house.settings.plan_seconds,
        seed=house.settings.plan_seed,
    )
    response.headers["Location"] = f"/v1/plan-runs/{run.id}"
    response.headers["Retry-After"] = str(ASK_AGAIN_S)
    return PlanRunOut.of(run)


@routes.get("/{run_id}", responses=problems(404))
def read_plan_run(run_id: UUID, session: Read, me: Me) -> PlanRunOut:
    """Return a run and how far it has come."""
    return PlanRunOut.of(get(session, PlanRun, run_id, me.scope))
