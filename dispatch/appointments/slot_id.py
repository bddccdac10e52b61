"""Slot ids: what was offered, signed, so that only what we offered can be chosen."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.appointments.link import LinkKeys
from dispatch.errors import Invalid, SlotTaken
from dispatch.model import Appointment

OFFER_LASTS: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTerms:
    """What a slot promises, and what it rests on."""

    visit_id: UUID
    number: int
    """The version of the appointment that it would replace."""
    crew_id: UUID
    crew_version_id: UUID
    stay_from_at: datetime
    stay_until_at: datetime
    window_from_at: datetime
    window_until_at: datetime
    ground: str
    """The crew's other promises of the day, hashed: when they change the slot is gone."""


def ground_of(standing: Sequence[Appointment], visit_id: UUID) -> str:
    """Return the hash of a crew's promises but for this visit's own."""
    lines = sorted(
        f"{one.id} {one.stay_from_at.isoformat()} {one.stay_until_at.isoformat()}"
        for one in standing
        if one.visit_id != visit_id
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def write(terms: SlotTerms, keys: LinkKeys, *, now: datetime) -> str:
    """Return the id under which a slot is offered."""
    instants = (
        terms.stay_from_at,
        terms.stay_until_at,
        terms.window_from_at,
        terms.window_until_at,
        now + OFFER_LASTS,
    )
    content = [
        terms.visit_id.hex,
        terms.number,
        terms.crew_id.hex,
        terms.crew_version_id.hex,
        *(int(one.timestamp()) for one in instants),
        terms.ground,
    ]
    text = base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()
    return f"{text}.{keys.sign('slot', text)}"


def read(slot_id: str, keys: LinkKeys, *, now: datetime) -> SlotTerms:
    """Return what was offered under an id.

    Raises
    ------
    Invalid
        If we never offered it.
    SlotTaken
        If the offer is too old.
    """
    text, _, signature = slot_id.rpartition(".")
    if not keys.holds("slot", text, signature):
        msg = "This time was not on offer; choose one from the page."
        raise Invalid(msg)
    try:
        content = json.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError) as error:  # signed, so it can only be of another version
        msg = "This time was not on offer; choose one from the page."
        raise Invalid(msg) from error
    stay_from, stay_until, window_from, window_until, ends = (
        datetime.fromtimestamp(one, UTC) for one in content[4:9]
    )
    if now >= ends:
        msg = "The times on the page are no longer up to date; choose from the new ones, please."
        raise SlotTaken(msg)
    return SlotTerms(
        visit_id=UUID(content[0]),
        number=int(content[1]),
        crew_id=UUID(content[2]),
        crew_version_id=UUID(content[3]),
        stay_from_at=stay_from,
        stay_until_at=stay_until,
        window_from_at=window_from,
        window_until_at=window_until,
        ground=str(content[9]),
    )
