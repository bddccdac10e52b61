"""Care at the manager's desk: one page, the alerts that open pages ask for, and the forms on it."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, SeenDep, Write
from api.pages.care_builder import alerts_of, care_page
from api.pages.care_views import AlertsPart
from api.pages.day_builder import chosen_branch
from api.pages.page import back_to, page_of, shown
from api.pages.views import Sentence
from api.router import router
from api.schemas.schema import Words
from dispatch.care.alerts import URGENT
from dispatch.care.calls import step_call
from dispatch.care.complaints import Given, step_complaint
from dispatch.fieldwork.close_incident import close_incident
from dispatch.followup.holds import is_specialist, release_hold
from dispatch.model import (
    Account,
    Branch,
    CareCall,
    CareState,
    Complaint,
    ComplaintState,
    Hold,
    Incident,
    ToldBy,
)
from dispatch.store.rows import get, get_any

routes = router("/care", is_page=True)

Id = Annotated[UUID, Form()]
Said = Annotated[Words, Form()]


@routes.get("")
def show_care(
    request: Request,
    session: Read,
    me: Me,
    house: HouseDep,
    seen: SeenDep,
    now: Now,
    branch: UUID | None = None,
) -> Response:
    """Return a branch's alerts, open complaints with their clocks, calls owed, holds in force."""
    chosen = chosen_branch(session, me, branch)
    page = page_of(request, me, time_zone=chosen.time_zone)
    view, cases = care_page(session, house=house, me=me, branch=chosen, page=page, now=now)
    seen.note(*cases)
    return shown("care.html", view)


@routes.get("/alerts")
def show_alerts(request: Request, branch: UUID, session: Read, me: Me) -> Response:
    """Return the urgent alerts alone; open pages ask for them every few seconds."""
    chosen = get(session, Branch, branch, me.scope)
    page = page_of(request, me, time_zone=chosen.time_zone)
    alerts = alerts_of(session, chosen.id, kinds=URGENT)
    return shown("care/_urgent.html", AlertsPart(page, chosen.id, alerts))


@routes.post("/alerts")
def close_alert_at_desk(
    request: Request, alert: Id, remedy: Said, session: Write, me: Me, now: Now
) -> Response:
    """Close an alert with what was done about it."""
    row = get(session, Incident, alert, me.scope, lock=True)
    close_incident(session, incident=row, remedy=remedy, actor=me.actor, now=now)
    return _back(request, row.branch_id)


@routes.post("/complaints")
def step_complaint_at_desk(
    request: Request,
    complaint: Id,
    to: Annotated[ComplaintState, Form()],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
    words: Said = "",
    handler: Annotated[UUID | None, Form()] = None,
    told_by: Annotated[ToldBy | None, Form()] = None,
) -> Response:
    """Take the next step of a complaint."""
    row = get(session, Complaint, complaint, me.scope, lock=True)
    step_complaint(
        session,
        vault=house.vault,
        complaint=row,
        to=to,
        given=Given(
            words=words,
            handler=get_any(session, Account, handler) if handler else None,
            told_by=told_by,
        ),
        by=get_any(session, Account, me.account_id),
        now=now,
    )
    return _back(request, row.branch_id)


@routes.post("/calls")
def step_call_at_desk(
    request: Request,
    call: Id,
    to: Annotated[CareState, Form()],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
    words: Said = "",
) -> Response:
    """Take a call, put it back, or say what came of it."""
    row = get(session, CareCall, call, me.scope, lock=True)
    by = get_any(session, Account, me.account_id)
    step_call(session, vault=house.vault, call=row, to=to, words=words, by=by, now=now)
    return _back(request, row.branch_id)


@routes.post("/holds")
def release_hold_at_desk(
    request: Request, hold: Id, reason: Said, session: Write, me: Me, now: Now
) -> Response:
    """Lift a hold, with a reason, where the manager's or a trained person's word is enough."""
    row = get(session, Hold, hold, me.scope)
    account = get_any(session, Account, me.account_id)
    branch = get_any(session, Branch, row.branch_id)
    release_hold(
        session,
        hold=row,
        reason=reason,
        role=me.role,
        actor=me.actor,
        now=now,
        is_specialist=is_specialist(account, branch, names_one=False, now=now),
    )
    return _back(request, row.branch_id)


def _back(request: Request, branch_id: UUID) -> Response:
    return back_to(request, "/care", Sentence("flash.care_saved"), branch=branch_id)
