"""Device: the phone that a fact comes from, known from its first fact on."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Account, Device
from dispatch.store.outcomes import insert_once
from dispatch.store.rows import find


def seen_device(
    session: Session, *, device_id: UUID | None, account: Account, now: datetime
) -> Device | None:
    """Return the account's device of this id, known from now on; None for another account's."""
    if device_id is None:
        return None
    insert_once(
        session, Device(id=device_id, account_id=account.id, name="phone", registered_at=now)
    )
    device = find(session, Device, device_id)
    return device if device is not None and device.account_id == account.id else None


def note_entry(
    session: Session, device: Device | None, *, sequence: int | None, raw_hash: str
) -> None:
    """Keep how far the device's own chain has come; entries may arrive in any order."""
    if device is not None and sequence is not None and sequence > device.last_sequence:
        device.last_sequence, device.last_hash = sequence, raw_hash
        session.add(device)
