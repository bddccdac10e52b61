"""The agent's phone: today's visits, one visit, and the report as a plain form."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response

from api.deps import HouseDep, Me, Now, Read, SeenDep, VaultDep, Write
from api.pages.page import back_to, page_of, shown
from api.pages.report_form import Report, report_of
from api.pages.today_builder import amounts_of, own_day, today_page, visit_page
from api.pages.views import Sentence
from api.router import router
from api.wording import translator
from dispatch.fieldwork.itinerary import cases_of
from dispatch.fieldwork.outcome import record_outcome
from dispatch.fieldwork.statement import statement
from dispatch.model import Account, Visit
from dispatch.store.rows import get, get_any

routes = router("/today", is_page=True)


@routes.get("")
def show_today(
    request: Request,
    session: Read,
    me: Me,
    vault: VaultDep,
    seen: SeenDep,
    now: Now,
    date: dt.date | None = None,
) -> Response:
    """Return the agent's visits of a day: today's, or the next ones where today has none."""
    day = own_day(session, vault=vault, me=me, on=date, now=now)
    seen.note(*cases_of(session, day))
    page = page_of(request, me, time_zone=day.time_zone)
    return shown("today.html", today_page(session, me, day, page, now=now))


@routes.get("/visits/{visit_id}")
def show_visit(
    request: Request,
    visit_id: UUID,
    session: Read,
    me: Me,
    vault: VaultDep,
    seen: SeenDep,
    now: Now,
) -> Response:
    """Return one visit of the agent's own day; never an amount."""
    view, case = visit_page(
        session, request=request, vault=vault, me=me, visit_id=visit_id, now=now
    )
    seen.note(case)
    return shown("visit.html", view)


@routes.get("/visits/{visit_id}/amounts")
def read_visit_amounts(
    request: Request, visit_id: UUID, session: Write, me: Me, vault: VaultDep, now: Now
) -> Response:
    """Return what is owed, in words; only after the person's identity was marked, and on record."""
    visit = get(session, Visit, visit_id, me.scope)
    account = get_any(session, Account, me.account_id)
    told = statement(session, vault=vault, visit=visit, account=account, now=now)
    items = amounts_of(told, translator(page_of(request, me).locale))
    return JSONResponse({"items": items}, headers={"Cache-Control": "no-store"})


@routes.post("/visits/{visit_id}/outcome")
def report_visit(
    request: Request,
    visit_id: UUID,
    report: Annotated[Report, Depends(report_of)],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Store the report of a phone that runs no script."""
    get(session, Visit, visit_id, me.scope)
    record_outcome(
        session,
        vault=house.vault,
        outcome_id=report.outcome_id,
        raw=report.raw,
        payload=report.payload(visit_id, now=now),
        account=get_any(session, Account, me.account_id),
        now=now,
        pack_folder=house.settings.pack_folder,
        base_url=house.settings.base_url,
    )
    return back_to(request, "/today", Sentence("flash.outcome_saved"))
