"""The law of a branch: one page, changes of a pack by two persons, and the table of holidays."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, Write
from api.pages.day_builder import chosen_branch
from api.pages.law_builder import LawDesk, faults_of, law_page
from api.pages.page import back_to, page_of, shown
from api.pages.views import Sentence
from api.router import router
from api.schemas.law import LARGEST_PACK
from api.schemas.schema import Day, Line, Words
from dispatch.errors import PackInvalid
from dispatch.model import Account, Branch, CalendarReason, Holiday, HolidayClass, PackChange
from dispatch.roster.holidays import remove_holiday, set_holiday
from dispatch.roster.packs import decide_pack, propose_pack
from dispatch.store.rows import get, get_any

routes = router("/law", is_page=True)

Id = Annotated[UUID, Form()]
Said = Annotated[Words, Form()]
Text = Annotated[str, Form(min_length=1, max_length=LARGEST_PACK)]


@routes.get("")
def show_law(
    request: Request,
    session: Read,
    me: Me,
    house: HouseDep,
    now: Now,
    branch: UUID | None = None,
) -> Response:
    """Return the packs in force, every rule in words, and the changes before two persons."""
    chosen = chosen_branch(session, me, branch)
    page = page_of(request, me, time_zone=chosen.time_zone)
    desk = LawDesk(session=session, house=house, me=me, branch=chosen, page=page, now=now)
    return shown("law.html", law_page(desk))


@routes.get("/changes/{change_id}/text")
def read_pack_text(change_id: UUID, session: Read) -> Response:
    """Return the whole text of a change, to be read before it is adopted and kept as a file after."""
    change = get_any(session, PackChange, change_id)
    name = f"{change.pack_id}.yaml"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(change.text, media_type="application/yaml", headers=headers)


@routes.post("/changes")
def propose_on_page(
    request: Request,
    branch: Id,
    text: Text,
    ground: Said,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Put a pack's text before a second person; what the linter finds is told beside the text."""
    chosen = get(session, Branch, branch, me.scope)
    account = get_any(session, Account, me.account_id)
    try:
        propose_pack(
            session,
            text=text.replace("\r\n", "\n"),
            ground=ground,
            account=account,
            now=now,
        )
    except PackInvalid as error:  # nothing was written; the text comes back with what is wrong
        page = page_of(request, me, time_zone=chosen.time_zone)
        page = replace(page, path=f"/law?branch={chosen.id}")  # a form's address can't be opened
        desk = LawDesk(session=session, house=house, me=me, branch=chosen, page=page, now=now)
        view = replace(law_page(desk), text=text, ground=ground, faults=faults_of(error))
        return shown("law.html", view, status=422)
    return _back(request, chosen, "change_proposed")


@routes.post("/changes/decision")
def decide_on_page(
    request: Request,
    branch: Id,
    change: Id,
    adopt: Annotated[bool, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Adopt a change, as somebody else than who proposed it, or refuse it."""
    chosen = get(session, Branch, branch, me.scope)
    row = get_any(session, PackChange, change, lock=True)
    account = get_any(session, Account, me.account_id)
    decide_pack(session, change=row, is_adopted=adopt, account=account, now=now)
    return _back(request, chosen, "change_adopted" if adopt else "change_refused")


@routes.post("/holidays")
def set_holiday_on_page(
    request: Request,
    branch: Id,
    day_on: Annotated[Day, Form()],
    name: Annotated[Line, Form()],
    kind: Annotated[HolidayClass, Form()],
    reason: Annotated[CalendarReason, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Set what a day is in the branch's own calendar, and say why."""
    chosen = get(session, Branch, branch, me.scope)
    set_holiday(
        session,
        branch=chosen,
        day_on=day_on,
        name=name,
        kind=kind,
        reason=reason,
        actor=me.actor,
        now=now,
    )
    return _back(request, chosen, "holiday_set")


@routes.post("/holidays/removal")
def remove_holiday_on_page(
    request: Request,
    holiday: Id,
    reason: Annotated[CalendarReason, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Let the country's calendar speak for a day again, and say why."""
    row = get(session, Holiday, holiday, me.scope, lock=True)
    branch = get_any(session, Branch, row.branch_id)
    remove_holiday(session, holiday=row, reason=reason, actor=me.actor, now=now)
    return _back(request, branch, "holiday_removed")


def _back(request: Request, branch: Branch, told: str) -> Response:
    return back_to(request, "/law", Sentence(f"flash.{told}"), branch=branch.id)
