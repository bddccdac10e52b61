"""Plans: the versions of a day, announcing, publishing and recalling them."""

from datetime import date
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from api.deps import HouseDep, IfMatch, Me, Now, Read, SeenDep, VaultDep, Write
from api.etags import tag_of_version, tagged
from api.geo import GEOJSON, routes_geojson
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.plans import (
    AnnouncedOut,
    AuditOut,
    FindingOut,
    PlanDetailOut,
    PlanOut,
    PublicationIn,
)
from api.schemas.schema import Page
from api.schemas.visits import ChosenReason
from dispatch.appointments.announce import announce_plan
from dispatch.model import Branch, Plan
from dispatch.planning.publish import publish, recall, release_breaches
from dispatch.reporting.day import plan_seen
from dispatch.store import plans
from dispatch.store.rows import get, get_any

routes = router("plans")


@routes.get("", responses=problems(404))
def list_plans(branch_id: UUID, service_date: date, session: Read, me: Me) -> Page[PlanOut]:
    """Return every version of a branch's day, the newest first."""
    branch = get(session, Branch, branch_id, me.scope)
    rows = plans.plans_of(session, me.scope, branch.id, service_date)
    return Page(items=[PlanOut.of(one) for one in rows])


@routes.get("/{plan_id}", response_model=PlanDetailOut, responses=problems(404))
def read_plan(request: Request, plan_id: UUID, session: Read, me: Me, seen: SeenDep) -> Response:
    """Return a plan with routes, stops and what it leaves out; its ETag is its version."""
    plan = get(session, Plan, plan_id, me.scope)
    shown = plan_seen(session, plan)
    answer = tagged(request, PlanDetailOut.with_parts(shown), tag_of_version(plan.version))
    return seen.delivered(answer, *shown.cases.values())


@routes.get("/{plan_id}/audit", responses=problems(404))
def read_plan_audit(plan_id: UUID, session: Read, me: Me, house: HouseDep, now: Now) -> AuditOut:
    """Return what the auditor finds against releasing the plan at this moment."""
    plan = get(session, Plan, plan_id, me.scope)
    found = release_breaches(
        session,
        plan=plan,
        branch=get_any(session, Branch, plan.branch_id),
        now=now,
        pack_folder=house.settings.pack_folder,
    )
    return AuditOut(
        plan_id=plan.id,
        version=plan.version,
        is_lawful=not found,
        findings=[FindingOut.of(one) for one in found],
    )


@routes.get(
    "/{plan_id}/routes.geojson", responses={200: {"content": {GEOJSON: {}}}, **problems(404)}
)
def read_plan_routes(
    plan_id: UUID, session: Read, me: Me, vault: VaultDep, seen: SeenDep
) -> Response:
    """Return the ways of a plan's crews as GeoJSON lines, [lon, lat]."""
    shown = plan_seen(session, get(session, Plan, plan_id, me.scope))
    seen.note(*shown.served_cases())
    return Response(routes_geojson(shown, vault), media_type=GEOJSON)


@routes.post(
    "/{plan_id}/announcement",
    response_model=AnnouncedOut,
    responses=problems(404, 409, 428),
)
def create_announcement(
    request: Request,
    plan_id: UUID,
    seen: IfMatch,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Announce the draft's visits: appointments are made and notices wait to leave."""
    plan = get(session, Plan, plan_id, me.scope, lock=True)
    seen.require(tag_of_version(plan.version))
    branch = get_any(session, Branch, plan.branch_id)
    done = announce_plan(
        session,
        vault=house.vault,
        plan=plan,
        law=law_of(house, branch),
        settings_base_url=house.settings.base_url,
        actor=me.actor,
        now=now,
    )
    return tagged(request, AnnouncedOut.of(plan, done), tag_of_version(plan.version))


@routes.post("/{plan_id}/publication", response_model=PlanOut, responses=problems(404, 409, 428))
def publish_plan(
    request: Request,
    plan_id: UUID,
    body: PublicationIn,
    seen: IfMatch,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Publish a draft that passes the release audit; crews see it from now on."""
    plan = publish(
        session,
        plan=get(session, Plan, plan_id, me.scope, lock=True),
        version=seen.version(),
        actor=me.actor,
        now=now,
        account_id=me.account_id,
        explanation=body.explanation,
        pack_folder=house.settings.pack_folder,
    )
    return tagged(request, PlanOut.of(plan), tag_of_version(plan.version))


@routes.delete("/{plan_id}/publication", response_model=PlanOut, responses=problems(404, 409, 428))
def recall_plan(
    request: Request,
    plan_id: UUID,
    reason: ChosenReason,
    seen: IfMatch,
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Recall a published plan; crews no longer see it."""
    plan = get(session, Plan, plan_id, me.scope, lock=True)
    recall(session, plan=plan, version=seen.version(), reason=reason, actor=me.actor, now=now)
    return tagged(request, PlanOut.of(plan), tag_of_version(plan.version))
