"""Conduct of a branch: one page, a review of a visit, and what was done about a breach."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from api.deps import Me, Now, Read, SeenDep, VaultDep, Write
from api.pages.conduct_builder import conduct_page
from api.pages.day_builder import chosen_branch
from api.pages.page import back_to, page_of, shown
from api.pages.views import Sentence
from api.router import router
from api.schemas.schema import WallTime, Words
from dispatch.clock import local_instant
from dispatch.errors import Invalid
from dispatch.fieldwork.close_incident import close_incident
from dispatch.fieldwork.review import Finding, review_visit
from dispatch.model import Account, Branch, Incident, Visit
from dispatch.store.rows import get, get_any

routes = router("/conduct", is_page=True)

Id = Annotated[UUID, Form()]
Said = Annotated[Words, Form()]


@routes.get("")
def show_conduct(
    request: Request,
    session: Read,
    me: Me,
    vault: VaultDep,
    seen: SeenDep,
    now: Now,
    branch: UUID | None = None,
) -> Response:
    """Return the visits to review, what people said of theirs, and the register of breaches."""
    chosen = chosen_branch(session, me, branch)
    page = page_of(request, me, time_zone=chosen.time_zone)
    view, cases = conduct_page(session, vault=vault, me=me, branch=chosen, page=page, now=now)
    seen.note(*cases)
    return shown("conduct.html", view)


@routes.post("/reviews")
def review_on_page(
    request: Request,
    visit: Id,
    finding: Annotated[Finding, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Take down what a reviewer found; anything but *in order* goes to the register."""
    row = get(session, Visit, visit, me.scope, lock=True)
    account = get_any(session, Account, me.account_id)
    review_visit(session, visit=row, finding=finding, account=account, now=now)
    return _back(request, row.branch_id, "review_kept")


@routes.post("/breaches")
def put_breach_right(
    request: Request,
    incident: Id,
    remedy: Said,
    session: Write,
    me: Me,
    now: Now,
    responsible: Annotated[UUID | None, Form()] = None,
    told_at: Annotated[WallTime | None, Form()] = None,
) -> Response:
    """Say what was done about a breach, who answers for it, and when the person was told."""
    row = get(session, Incident, incident, me.scope, lock=True)
    zone = get_any(session, Branch, row.branch_id).time_zone
    told = local_instant(zone, told_at.date(), told_at.time()) if told_at else None
    if told is not None and told > now:
        msg = "The person can't have been told in the future; take it down once they were."
        raise Invalid(msg)
    close_incident(
        session,
        incident=row,
        remedy=remedy,
        is_breach=True,
        responsible_id=responsible,
        person_told_at=told,
        actor=me.actor,
        now=now,
    )
    return _back(request, row.branch_id, "breach_kept")


def _back(request: Request, branch_id: UUID, told: str) -> Response:
    return back_to(request, "/conduct", Sentence(f"flash.{told}"), branch=branch_id)
