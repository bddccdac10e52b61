"""The borrower's link: a closed door, the appointment behind it, and each answer.

No cookie, no script, and nothing told or changed by opening the link. The steps that may write
have a transaction of their own; other times are looked for between them, with none open.
"""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from api.deps import HouseDep, Now, SeenDep
from api.pages.borrower_builder import Door, Links
from api.pages.borrower_page import landing, reply_page, sight
from api.pages.borrower_replies import ReplyForm
from api.router import router
from dispatch.appointments.page import Opened, Shut
from dispatch.errors import Conflict, Invalid, SlotTaken, Unauthenticated

routes = router("/b", is_page=True)

Field = Annotated[str, Form(max_length=400)]


@routes.get("/{link}")
async def show_link(request: Request, link: str, house: HouseDep, now: Now) -> Response:
    """Return the closed door: it asks two facts, whoever opens it and whether the link is known."""
    door = Door(request, link, house, now)
    return landing(door, challenges=await door.challenges())


@routes.post("/{link}")
async def open_link(
    request: Request,
    link: str,
    house: HouseDep,
    now: Now,
    seen: SeenDep,
    proof: Field = "",
    phone_last4: Field = "",
    birth_year: Field = "",
    case_last4: Field = "",
    lang: Field = "",
) -> Response:
    """Return the appointment for the right two facts, or for a proof that they were given."""
    door = Door(request, link, house, now, lang=lang)
    second_fact = {
        "phone_last4": phone_last4,
        "birth_year": birth_year,
        "case_last4": case_last4,
    }
    try:
        found = await (door.again(proof) if proof else door.open(second_fact))
    except Unauthenticated:
        return landing(door, challenges=await door.challenges(), fault="expired")
    if isinstance(found, Shut):
        return landing(door, challenges=await door.challenges(), state=found)
    return await _appointment(door, found, seen)


@routes.post("/{link}/replies")
async def reply_by_link(
    request: Request,
    link: str,
    house: HouseDep,
    now: Now,
    seen: SeenDep,
    form: Annotated[ReplyForm, Form()],
) -> Response:
    """Record an answer; asking for help stops visits at once."""
    door = Door(request, link, house, now, lang=form.lang)
    try:
        done = await Links(door).record(form)
    except Unauthenticated:
        return landing(door, challenges=await door.challenges(), fault="expired")
    except SlotTaken:
        return await _once_more(door, form.proof, seen, "slot_gone")
    except Conflict:
        return await _once_more(door, form.proof, seen, "changed")
    except Invalid:
        return await _once_more(door, form.proof, seen, "incomplete")
    return reply_page(door, done, proof=form.proof)


async def _once_more(door: Door, proof: str, seen: SeenDep, fault: str) -> Response:
    try:
        found = await door.again(proof)
    except Unauthenticated:
        return landing(door, challenges=await door.challenges(), fault="expired")
    return await _appointment(door, found, seen, fault=fault)


async def _appointment(
    door: Door, found: Opened, seen: SeenDep, *, fault: str | None = None
) -> Response:
    seen.note(await door.case())
    return sight(door, found, slots=await door.slots(found), fault=fault)
