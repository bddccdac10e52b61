"""What gateways tell: receipts of messages, and what people write back. Signed, or refused."""

from typing import Annotated

from fastapi import Depends, Request

from api.deps import HouseDep, Now, VaultDep, Write
from api.field_facts import Raw
from api.problems import problems
from api.router import router
from api.schemas.inbound import EventIn, ReplyIn, TakenOut
from dispatch.appointments.link import LinkKeys
from dispatch.appointments.reply import take_reply
from dispatch.errors import NotFound
from dispatch.gateways.signed import require_signed
from dispatch.messaging.receipts import Delivery, record_receipt

routes = router("inbound", tag="inbound")


def _signed(request: Request, raw: Raw, house: HouseDep, now: Now) -> str:
    return require_signed(house.settings.inbound_keys(), request.headers, raw, now=now)


Signed = Annotated[str, Depends(_signed)]
"""The id of a call whose signature holds: asked before anything waits for the database."""


@routes.post("/messages", responses=problems(401, 404))
def take_message_event(
    _id: Signed,
    body: EventIn,
    session: Write,
    vault: VaultDep,
    house: HouseDep,
    now: Now,
) -> TakenOut:
    """Take a receipt or a reply in; the same one again, in any order, changes nothing more."""
    event = body.event
    if isinstance(event, ReplyIn):
        meaning = take_reply(
            session,
            vault=vault,
            keys=LinkKeys.of(house.settings),
            sender=event.sender,
            text=event.text,
            now=now,
            pack_folder=house.settings.pack_folder,
        )
        if meaning is not None:
            return TakenOut.model_validate({"taken": meaning})
    elif record_receipt(
        session,
        state=Delivery(event.kind),
        at=event.at,
        now=now,
        notice_id=event.message_id,
        provider=event.channel if event.provider_id else None,
        provider_id=event.provider_id,
        pack_folder=house.settings.pack_folder,
    ):
        return TakenOut(taken=event.kind)
    msg = "No message of ours is known by that name; check the id or the number."
    raise NotFound(msg)
