"""What gateways tell, as it comes in."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Line, Schema, Words


class DeliveryIn(Schema):
    """What became of a message, named by our id or by the gateway's own."""

    kind: Literal["delivered", "failed"]
    at: Instant
    message_id: UUID | None = None
    channel: Literal["sms", "email"] = "sms"
    provider_id: Line | None = None


class ReplyIn(Schema):
    """What somebody wrote back, and from which number (E.164)."""

    kind: Literal["reply"]
    sender: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
    text: Words


class EventIn(Schema):
    """One thing that a gateway tells."""

    event: Annotated[DeliveryIn | ReplyIn, Field(discriminator="kind")]


class TakenOut(Schema):
    """What was made of it: a receipt was noted, or the reply was taken as yes, no, stop or other."""

    taken: Literal["delivered", "failed", "yes", "no", "stop", "other"]
