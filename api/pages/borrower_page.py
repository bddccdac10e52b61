"""Fills the borrower's pages; no cookie is set and no product is named on them."""

from collections.abc import Collection
from typing import Final

from fastapi.responses import Response

from api.pages.borrower_builder import Door
from api.pages.borrower_replies import Done
from api.pages.borrower_views import (
    AppointmentPage,
    CrewMember,
    LandingPage,
    ReplyPage,
    SlotView,
)
from api.pages.page import shown
from api.pages.rendering import BORROWER_CONTENT_SECURITY_POLICY
from api.pages.views import Page, Sentence
from api.wording import best_locale
from dispatch.appointments.allowed import Answer
from dispatch.appointments.page import Opened, Shut
from dispatch.appointments.slots import OfferedSlot

_REPLIES: Final = {
    Answer.CONFIRM: "confirm",
    Answer.MOVE: "move",
    Answer.ASK_AGAIN: "move",
    Answer.REFUSE: "refuse",
    Answer.HARDSHIP: "hardship",
    Answer.DISPUTE: "dispute",
    Answer.COMPLAINT: "complain",
    Answer.STOP_VISITS: "stop",
    Answer.STOP_CONTACT: "stop",
    Answer.HOW_IT_WAS: "felt",
    Answer.CONTEST: "contest",
}
AUTHORITIES: Final = frozenset({"CN"})
"""Countries of whose authorities we name the way in; elsewhere it is told in general."""

_STATUS: Final = {Shut.WRONG: 403, Shut.PAUSED: 429}
_RESIDENCE: Final = "residence"
_COMES_ONCE: Final = "once"
"""Not told once nobody comes."""


def landing(
    door: Door,
    *,
    challenges: Collection[str],
    state: Shut | None = None,
    fault: str | None = None,
) -> Response:
    """Return the closed door."""
    view = LandingPage(
        page=_page(door),
        token=door.link,
        state=str(state) if state else "open",
        challenges=tuple(challenges),
        fault=fault,
    )
    status = _STATUS[state] if state else 200
    return _shown("borrower/landing.html", view, status=status)


def sight(
    door: Door, found: Opened, *, slots: tuple[OfferedSlot, ...], fault: str | None
) -> Response:
    """Return the appointment, with what may be answered."""
    page = _page(door, time_zone=found.time_zone)
    is_chinese = page.locale == "zh-CN"
    view = AppointmentPage(
        page=page,
        token=door.link,
        proof=found.proof,
        reference=found.reference,
        state=str(found.standing),
        lender_name=(is_chinese and found.lender_name_zh) or found.lender_name,
        crew=tuple(CrewMember(one.name, one.photo_code) for one in found.crew),
        substitute=CrewMember(found.substitute.name, found.substitute.photo_code)
        if found.substitute
        else None,
        door_code=found.door_code or "",
        window_from_at=found.window_from_at,
        window_until_at=found.window_until_at,
        place_kind=_RESIDENCE if found.place_kind == _RESIDENCE else "chosen",
        address=found.address,
        purpose=found.purpose,
        why=tuple(
            Sentence(f"why.{code}", values)
            for code, values in found.why
            if found.crew or code != _COMES_ONCE
        ),
        replies=frozenset(_REPLIES[one] for one in found.answers),
        slots=tuple(SlotView(one.id, one.from_at, one.until_at) for one in slots),
        answered_at=found.answered_at,
        contact_phone=found.lender_phone or "",
        noted=found.noted,
        authority=found.country if found.country in AUTHORITIES else "other",
        fault=fault,
    )
    return _shown("borrower/appointment.html", view)


def reply_page(door: Door, done: Done, *, proof: str) -> Response:
    """Return the plain page that ends an answer."""
    moved_to = done.moved_to
    view = ReplyPage(
        page=_page(door, time_zone=done.time_zone),
        token=door.link,
        proof=proof,
        reference=done.reference,
        reply=done.reply,
        recorded_at=done.recorded_at,
        slot=SlotView("", moved_to.window_from_at, moved_to.window_until_at) if moved_to else None,
    )
    return _shown("borrower/reply.html", view)


def _page(door: Door, *, time_zone: str = "UTC") -> Page:
    request = door.request
    wanted = door.lang or request.query_params.get("lang")
    locale = best_locale(wanted, request.headers.get("accept-language", ""))
    return Page(locale=locale, path=f"/b/{door.link}", time_zone=time_zone)


def _shown(
    template: str, view: LandingPage | AppointmentPage | ReplyPage, *, status: int = 200
) -> Response:
    return shown(template, view, status=status, policy=BORROWER_CONTENT_SECURITY_POLICY)
