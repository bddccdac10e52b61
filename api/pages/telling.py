"""The desk: whom to tell by phone or letter, what to say, and which messages are in doubt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.deps import HouseDep, Me, Now, Read, SeenDep, Write
from api.house import House
from api.law import law_of
from api.pages.day_builder import chosen_branch
from api.pages.page import back_to, page_of, shown
from api.pages.views import BranchChoice, Page, Sentence
from api.router import router
from api.schemas.notices import tell_by
from dispatch.messaging import desk
from dispatch.model import (
    Appointment,
    Branch,
    Case,
    ContactKind,
    ContactStatus,
    Notice,
    NoticeChannel,
    Person,
    Place,
    Visit,
)
from dispatch.policy.pack import Pack
from dispatch.store import branches
from dispatch.store.notices import contact_points
from dispatch.store.rows import find, get, get_any, get_many

routes = router("/desk", is_page=True)

Id = Annotated[UUID, Form()]


@dataclass(frozen=True, slots=True)
class ToTell:
    """One person to tell: by phone or letter, until when, and what to say."""

    id: UUID
    reference: str
    kind: str
    channel: str
    tell_by: datetime
    name: str
    #: Phone numbers, or the lines of an address.
    where: tuple[str, ...]
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """One message of which nobody knows whether it left."""

    id: UUID
    reference: str
    kind: str
    channel: str
    drafted_at: datetime


@dataclass(frozen=True, slots=True)
class TellingPage:
    """A branch's desk, as a manager sees it."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    to_tell: tuple[ToTell, ...]
    in_doubt: tuple[InDoubt, ...]


@routes.get("")
def show_desk(
    request: Request,
    session: Read,
    me: Me,
    house: HouseDep,
    seen: SeenDep,
    now: Now,
    branch: UUID | None = None,
) -> Response:
    """Return whom to tell, with number and words, and the messages in doubt."""
    chosen = chosen_branch(session, me, branch)
    page = page_of(request, me, time_zone=chosen.time_zone)
    law = law_of(house, chosen)
    waiting = desk.to_tell(session, me.scope, chosen.id, law=law, now=now)
    doubts = desk.to_clear_up(session, me.scope, chosen.id)
    visits = get_many(session, Visit, {one.visit_id for one in (*waiting, *doubts)})
    seen.note(*get_many(session, Case, {one.case_id for one in waiting}).values())
    view = TellingPage(
        page=page,
        branch=BranchChoice.of(chosen, page.locale),
        branches=tuple(
            BranchChoice.of(one, page.locale)
            for one in branches.page(session, me.scope, limit=200)
        ),
        to_tell=tuple(
            told
            for one in waiting
            if (told := _to_tell(session, house, one, visits[one.visit_id], law)) is not None
        ),
        in_doubt=tuple(
            InDoubt(one.id, visits[one.visit_id].reference, one.kind, one.channel, one.drafted_at)
            for one in doubts
        ),
    )
    return shown("desk.html", view)


@routes.post("/telling")
def tell_at_desk(
    request: Request,
    notice: Id,
    result: Annotated[Literal["told", "not_reached"], Form()],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Note that the person was told, or that the call reached nobody."""
    row = get(session, Notice, notice, me.scope)
    law = law_of(house, get_any(session, Branch, row.branch_id))
    done = desk.record_told if result == "told" else desk.record_not_reached
    done(session, notice=row, law=law, account_id=me.account_id, now=now)
    return _back(request, row.branch_id)


@routes.post("/clearing")
def clear_up_at_desk(
    request: Request,
    notice: Id,
    left: Annotated[bool, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Note whether a message in doubt has left."""
    row = get(session, Notice, notice, me.scope)
    desk.clear_up(session, notice=row, has_left=left, account_id=me.account_id, now=now)
    return _back(request, row.branch_id)


def _to_tell(
    session: Session, house: House, notice: Notice, visit: Visit, law: Pack
) -> ToTell | None:
    """Return one person to tell; nobody who was erased."""
    person = get_any(session, Person, notice.person_id)
    if person.data_key is None:
        return None
    body = house.vault.read(person, notice, "body") or {}
    appointment = (
        find(session, Appointment, notice.appointment_id) if notice.appointment_id else None
    )
    return ToTell(
        id=notice.id,
        reference=visit.reference,
        kind=notice.kind,
        channel=notice.channel,
        tell_by=tell_by(notice, appointment, law),
        name=str(house.vault.read(person, person, "name") or ""),
        where=_where(session, house, notice, person, visit),
        text=str(body.get("text", "")),
        link=str(body.get("link", "")),
    )


def _where(
    session: Session, house: House, notice: Notice, person: Person, visit: Visit
) -> tuple[str, ...]:
    if notice.channel is NoticeChannel.LETTER:
        place = get_any(session, Place, visit.place_id)
        return (str(house.vault.read(person, place, "address") or ""),)
    points = contact_points(session, person.id, [ContactStatus.VALID, ContactStatus.DOUBTFUL])
    return tuple(
        str(house.vault.read(person, one, "value"))
        for one in points
        if one.kind is ContactKind.PHONE
    )


def _back(request: Request, branch_id: UUID) -> Response:
    return back_to(request, "/desk", Sentence("flash.care_saved"), branch=branch_id)
