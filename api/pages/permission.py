"""What a person permits or asks for: the pages, and the forms on them."""

import datetime as dt
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Form, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.deps import HouseDep, Me, Now, Read, SeenDep, Write
from api.law import law_of
from api.pages.day_builder import chosen_branch
from api.pages.page import back_to, page_of, shown
from api.pages.permission_builder import branch_permissions_page, permissions_page
from api.pages.rule_form import Filled, filled_rule, value_of
from api.pages.views import Sentence
from api.router import router
from api.schemas.schema import Day, Line, WallTime, Words
from dispatch.clock import local_day, local_instant
from dispatch.eligibility.consent import give_consent, revoke_consent, set_quiet_times
from dispatch.eligibility.relax import confirm_relaxation, relax, revoke_relaxation
from dispatch.errors import Invalid
from dispatch.model import Account, Branch, Case, Giver, Person, Place
from dispatch.policy.law import relaxable
from dispatch.store import law as on_record
from dispatch.store import listing
from dispatch.store.rows import find, get, get_any

MOST_TIMES: Final = 50
"""Times of quiet in one form."""

routes = router("/permissions", is_page=True)

Id = Annotated[UUID, Form()]
Said = Annotated[Words, Form()]
Texts = Annotated[list[str], Form(max_length=MOST_TIMES)]


@routes.get("")
def show_branch_permissions(
    request: Request,
    session: Read,
    me: Me,
    seen: SeenDep,
    now: Now,
    branch: UUID | None = None,
    reference: str = "",
) -> Response:
    """Return a branch's relaxations that stand, or go to the case that was asked for."""
    chosen = chosen_branch(session, me, branch)
    wanted = reference.strip().upper()[:20]
    if wanted:
        found = listing.cases(session, me.scope, reference=wanted, limit=1)
        if found:
            return back_to(request, f"/permissions/{found[0].id}")
    page = page_of(request, me, time_zone=chosen.time_zone)
    view, cases = branch_permissions_page(
        session, me=me, branch=chosen, page=page, now=now, missing=wanted or None
    )
    seen.note(*cases)
    return shown("permissions_branch.html", view)


@routes.get("/{case_id}")
def show_permissions(
    request: Request,
    case_id: UUID,
    session: Read,
    me: Me,
    house: HouseDep,
    seen: SeenDep,
    now: Now,
) -> Response:
    """Return what a case's person permits or asks for, with who took it down and what it changes."""
    case = get(session, Case, case_id, me.scope)
    branch = get_any(session, Branch, case.branch_id)
    page = page_of(request, me, time_zone=branch.time_zone)
    law = law_of(house, branch)
    seen.note(case)
    view = permissions_page(session, house=house, me=me, case=case, law=law, page=page, now=now)
    return shown("permissions.html", view)


@routes.post("/{case_id}/consents")
def take_consent_down(
    request: Request,
    case_id: UUID,
    place: Id,
    given_at: Annotated[WallTime, Form()],
    given_by: Annotated[Line, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Take down that the person agrees to be visited at a place."""
    case = get(session, Case, case_id, me.scope)
    give_consent(
        session,
        case=case,
        place=get_any(session, Place, place),
        given_at=_instant(session, case, given_at),
        given_by=given_by,
        actor=me.actor,
        now=now,
    )
    return _back(request, case, "consent_taken")


@routes.post("/{case_id}/consents/withdrawal")
def withdraw_consent(
    request: Request, case_id: UUID, consent: Id, session: Write, me: Me, now: Now
) -> Response:
    """End a consent from now on; it stays on record."""
    case = get(session, Case, case_id, me.scope)
    row = on_record.consent_of(session, case, consent)
    revoke_consent(session, consent=row, actor=me.actor, now=now)
    return _back(request, case, "withdrawn")


@routes.post("/{case_id}/relaxations")
def take_relaxation_down(
    request: Request,
    case_id: UUID,
    parameter: Annotated[Line, Form()],
    given_by: Annotated[Giver, Form()],
    given_at: Annotated[WallTime, Form()],
    ground: Said,
    filled: Annotated[Filled, Depends(filled_rule)],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
    until_on: Annotated[Day | None, Form()] = None,
) -> Response:
    """Take a relaxation down; it counts once a second person has vouched for it."""
    case = get(session, Case, case_id, me.scope)
    law = law_of(house, get_any(session, Branch, case.branch_id))
    stated = relaxable(law).get(parameter)
    if stated is None:
        msg = "Nobody may loosen this rule; it stands as it is."
        raise Invalid(msg)
    relax(
        session,
        case=case,
        parameter=parameter,
        value=value_of(parameter, stated[0].raw, filled),
        given_by=given_by,
        given_at=_instant(session, case, given_at),
        until_at=_end_of(session, case, until_on) if until_on else None,
        ground=ground,
        account=get_any(session, Account, me.account_id),
        law=law,
        now=now,
    )
    return _back(request, case, "relaxation_taken")


@routes.post("/{case_id}/relaxations/confirmation")
def vouch_for_relaxation(
    request: Request, case_id: UUID, relaxation: Id, session: Write, me: Me, now: Now
) -> Response:
    """Vouch for a relaxation, as somebody else than who took it down."""
    case = get(session, Case, case_id, me.scope)
    row = on_record.relaxation_of(session, case, relaxation, me.scope)
    account = get_any(session, Account, me.account_id)
    confirm_relaxation(session, relaxation=row, account=account, now=now)
    return _back(request, case, "relaxation_confirmed")


@routes.post("/{case_id}/relaxations/withdrawal")
def withdraw_relaxation(
    request: Request, case_id: UUID, relaxation: Id, session: Write, me: Me, now: Now
) -> Response:
    """End a relaxation from now on; it stays on record."""
    case = get(session, Case, case_id, me.scope)
    row = on_record.relaxation_of(session, case, relaxation, me.scope)
    revoke_relaxation(session, relaxation=row, actor=me.actor, now=now)
    return _back(request, case, "withdrawn")


@routes.post("/{case_id}/quiet-times")
def keep_quiet_times(
    request: Request,
    case_id: UUID,
    weekday: Texts,
    begins: Texts,
    ends: Texts,
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Replace the times at which the person asked not to be disturbed; an empty row is none."""
    case = get(session, Case, case_id, me.scope)
    person = get_any(session, Person, case.person_id, lock=True)
    rows = zip(weekday, begins, ends, strict=False)
    times = [(day, _window(start, end)) for day, start, end in rows if start or end]
    set_quiet_times(session, person=person, times=times, actor=me.actor, now=now)
    return _back(request, case, "quiet_kept")


def _window(begins: str, ends: str) -> str:
    """Return a window as it is kept; what ends at midnight ends with the day."""
    return f"{begins}-{'24:00' if ends == '00:00' else ends}"


def _instant(session: Session, case: Case, at: dt.datetime) -> dt.datetime:
    """Return a time on the branch's clocks as an instant."""
    branch = get_any(session, Branch, case.branch_id)
    return local_instant(branch.time_zone, at.date(), at.time())


def _end_of(session: Session, case: Case, on: dt.date) -> dt.datetime:
    """Return the end of a date on the clocks of the place, by which a visit goes."""
    place = find(session, Place, case.place_id) if case.place_id else None
    branch = get_any(session, Branch, case.branch_id)
    return local_day(place.time_zone or branch.time_zone if place else branch.time_zone, on)[1]


def _back(request: Request, case: Case, told: str) -> Response:
    return back_to(request, f"/permissions/{case.id}", Sentence(f"flash.{told}"))
