"""Delivery receipts: what a provider says afterwards. Status only moves forward, whatever the order."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.messaging.settle import doubt_contact
from dispatch.model import Branch, Notice, NoticeState
from dispatch.policy.pack import effective, load_pack
from dispatch.store import notices
from dispatch.store.holds import lock_people
from dispatch.store.rows import find, get_any

ACTOR: Final = "provider"


class Delivery(StrEnum):
    """What a provider says became of a message."""

    DELIVERED = "delivered"
    FAILED = "failed"


def record_receipt(
    session: Session,
    *,
    state: Delivery,
    at: datetime,
    now: datetime,
    notice_id: UUID | None = None,
    provider: str | None = None,
    provider_id: str | None = None,
    pack_folder: Path | None = None,
) -> Notice | None:
    """Note a delivery receipt, named by our number or by the provider's; None if it means nothing.

    A receipt for a notice that never left is forged and changes nothing. The proof counts from
    the provider's instant, but never from before we sent or after we heard of it. A failure leaves
    the notice failed; the next run of the sender replaces it.
    """
    notice = _find(session, notice_id, provider, provider_id)
    if notice is None or notice.state in {NoticeState.DRAFTED, NoticeState.CHECKED}:
        return None
    if state is Delivery.FAILED:
        if notice.may_become(NoticeState.FAILED):
            notice.move_to(NoticeState.FAILED, actor=ACTOR, now=now)
            notice.failure = "The provider could not deliver it."
            doubt_contact(session, notice, now=now)
            session.add(notice)
        return notice
    if notice.may_become(NoticeState.DELIVERED):
        attempts = notices.attempts_of(session, notice.id)
        earliest = attempts[-1].started_at if attempts else now
        notice.prove_delivered("receipt", actor=ACTOR, now=min(max(at, earliest), now))
        session.add(notice)
        branch = get_any(session, Branch, notice.branch_id)
        law = effective(load_pack(branch.pack_id, pack_folder))
        notices.settle_proof(session, notice, law=law, actor=ACTOR, now=now)
    return notice


def _find(
    session: Session, notice_id: UUID | None, provider: str | None, provider_id: str | None
) -> Notice | None:
    notice = find(session, Notice, notice_id) if notice_id is not None else None
    if notice is None and provider is not None and provider_id is not None:
        notice = notices.by_provider_id(session, provider, provider_id)
    if notice is None:
        return None
    lock_people(session, {notice.person_id})
    return find(session, Notice, notice.id, lock=True)
