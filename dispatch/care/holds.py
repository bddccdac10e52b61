"""Put a hold: what somebody learnt by phone, by letter or from the news stops visits too."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import CareReason, Case, Hold, HoldKind
from dispatch.policy.pack import Pack
from dispatch.store.care import open_care_call
from dispatch.store.holds import apply_hold

BY_FACTS: Final = frozenset(
    {
        HoldKind.COMPLAINT,
        HoldKind.SIGNED_PLAN,
        HoldKind.PROMISE_OPEN,
        HoldKind.COOLING_OFF,
        HoldKind.DATA_AUDIT_EXPIRED,
    }
)
"""Holds that rest on a fact on record: the complaint, the agreement, the promise, the talk."""

CALLED: Final = {
    HoldKind.DISTRESS: CareReason.DISTRESS,
    HoldKind.VULNERABLE: CareReason.VULNERABLE,
}
"""Holds after which somebody trained for it calls the person."""


def put_hold(
    session: Session,
    *,
    case: Case,
    kind: HoldKind,
    until_at: datetime | None,
    is_for_case: bool,
    law: Pack,
    actor: str,
    now: datetime,
) -> Hold:
    """Stop visits to the person (or about one case) from now on; everything planned ends at once.

    Raises
    ------
    Invalid
        If the kind is put by a fact on record, or the end is past.
    """
    if kind in BY_FACTS:
        msg = f"A hold for {kind} comes of what is on record; take that down instead."
        raise Invalid(msg, [{"pointer": "/body/kind", "message": msg}])
    if until_at is not None and until_at <= now:
        msg = "The end of the hold is past; leave it out or name a later one."
        raise Invalid(msg, [{"pointer": "/body/until_at", "message": msg}])
    hold = Hold(
        branch_id=case.branch_id,
        person_id=case.person_id,
        case_id=case.id if is_for_case else None,
        place_id=case.place_id if kind is HoldKind.PLACE_BARRED else None,
        kind=kind,
        from_at=now,
        until_at=until_at,
        requested_by=actor,
    )
    apply_hold(session, hold, actor=actor, now=now)
    reason = CALLED.get(kind)
    if reason is not None:
        open_care_call(
            session,
            case=case,
            reason=reason,
            source_id=hold.id,
            law=law,
            at=now,
            actor=actor,
            now=now,
        )
    return hold
