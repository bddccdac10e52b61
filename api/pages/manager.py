"""The manager's day: one page, and the forms on it."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, SeenDep, Write
from api.law import law_of
from api.pages.day_builder import chosen_branch, day_page, opening_date
from api.pages.desk import Desk
from api.pages.page import back_to, page_of, shown
from api.pages.views import Sentence
from api.router import router
from api.schemas.schema import Words
from api.schemas.visits import ChosenReason
from dispatch.appointments.announce import announce_plan
from dispatch.eligibility.approve import approve_visit
from dispatch.errors import StaleVersion
from dispatch.model import Account, Branch, Case, Plan, RunKind, RunReason
from dispatch.planning.kind import usual_kind
from dispatch.planning.publish import publish, recall
from dispatch.planning.request import request_plan
from dispatch.store.rows import get, get_any

routes = router("/day", is_page=True)

Id = Annotated[UUID, Form()]
Version = Annotated[int, Form()]
Said = Annotated[Words, Form()]


@routes.get("")
def show_day(
    request: Request,
    session: Read,
    me: Me,
    house: HouseDep,
    seen: SeenDep,
    now: Now,
    branch: UUID | None = None,
    date: dt.date | None = None,
) -> Response:
    """Return a branch's day: routes, map, what is left out, and what waits for a decision."""
    chosen = chosen_branch(session, me, branch)
    on = date or opening_date(session, chosen, now=now)
    page = page_of(request, me, time_zone=chosen.time_zone)
    desk = Desk(session=session, house=house, me=me, branch=chosen, on=on, now=now, page=page)
    view, cases = day_page(desk)
    seen.note(*cases)
    return shown("day.html", view)


@routes.post("/plan-runs")
def plan_this_day(
    request: Request,
    branch: Id,
    date: Annotated[dt.date, Form()],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Ask for a plan of the day."""
    chosen = get(session, Branch, branch, me.scope)
    request_plan(
        session,
        branch=chosen,
        on=date,
        kind=usual_kind(session, branch=chosen, on=date, now=now),
        reason=RunReason.MANUAL,
        requested_by=me.actor,
        now=now,
        seconds=house.settings.plan_seconds,
        seed=house.settings.plan_seed,
    )
    return _to_day(request, chosen.id, date, Sentence("flash.plan_requested"))


@routes.post("/repairs")
def repair_this_day(
    request: Request,
    branch: Id,
    date: Annotated[dt.date, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Ask for the rest of a published day to be planned anew, from where its crews are."""
    chosen = get(session, Branch, branch, me.scope)
    request_plan(
        session,
        branch=chosen,
        on=date,
        kind=RunKind.REPAIR,
        reason=RunReason.MANUAL,
        requested_by=me.actor,
        now=now,
    )
    return _to_day(request, chosen.id, date, Sentence("flash.repair_requested"))


@routes.post("/announcement")
def announce_this_day(
    request: Request,
    plan: Id,
    version: Version,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Announce the draft's visits: notices wait to leave."""
    row = get(session, Plan, plan, me.scope, lock=True)
    if row.version != version:
        msg = f"The plan is at version {row.version}, you looked at {version}; look again."
        raise StaleVersion(msg, version=row.version)
    done = announce_plan(
        session,
        vault=house.vault,
        plan=row,
        law=law_of(house, get_any(session, Branch, row.branch_id)),
        settings_base_url=house.settings.base_url,
        actor=me.actor,
        now=now,
    )
    told = {"count": done.count, "skipped": len(done.skipped)}
    flash = Sentence("flash.announced_but" if done.skipped else "flash.announced", told)
    return _to_day(request, row.branch_id, row.service_date, flash)


@routes.post("/publication")
def publish_this_day(
    request: Request,
    plan: Id,
    version: Version,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
    decision: Said = "",
) -> Response:
    """Publish a draft; crews see it from now on."""
    row = publish(
        session,
        plan=get(session, Plan, plan, me.scope, lock=True),
        version=version,
        actor=me.actor,
        now=now,
        account_id=me.account_id,
        explanation=decision or None,
        pack_folder=house.settings.pack_folder,
    )
    return _to_day(request, row.branch_id, row.service_date, Sentence("flash.published"))


@routes.post("/recall")
def recall_this_day(
    request: Request,
    plan: Id,
    version: Version,
    reason: Annotated[ChosenReason, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Recall a published plan; crews no longer see it."""
    row = get(session, Plan, plan, me.scope, lock=True)
    recall(session, plan=row, version=version, reason=reason, actor=me.actor, now=now)
    return _to_day(request, row.branch_id, row.service_date, Sentence("flash.recalled"))


@routes.post("/approvals")
def approve_on_day(
    request: Request,
    case: Id,
    date: Annotated[dt.date, Form()],
    ground: Said,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Approve a visit to the person of a case, with the ground in writing."""
    row = get(session, Case, case, me.scope)
    visit = approve_visit(
        session,
        case=row,
        ground=ground,
        account=get_any(session, Account, me.account_id),
        law=law_of(house, get_any(session, Branch, row.branch_id)),
        now=now,
    )
    told = Sentence("flash.approved", {"reference": visit.reference})
    return _to_day(request, row.branch_id, date, told)


def _to_day(request: Request, branch_id: UUID, on: dt.date, flash: Sentence) -> Response:
    return back_to(request, "/day", flash, branch=branch_id, date=on)
