"""Tell held: whoever was told of a visit that a disaster's hold ended is told that nobody comes."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.appointments.withdraw import tell
from dispatch.model import Branch, NoticeKind, Visit
from dispatch.policy.pack import Pack
from dispatch.store import disasters, holds
from dispatch.store.rows import get_any
from dispatch.vault import Vault

ACTOR: Final = "duty:disasters"


def tell_held(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    law: Pack,
    base_url: str,
    now: datetime,
    limit: int = 100,
) -> int:
    """Draft the cancellations that are owed, once for each appointment; return how many.

    Nobody asked for the hold, so nobody knows of it: they would wait for a crew. The message is
    that of any visit that does not take place and says no reason.
    """
    owed = disasters.untold(session, branch.id, now=now, limit=limit)
    holds.lock_people(session, {visit.person_id for _, visit in owed})
    for appointment, visit in owed:
        tell(
            session,
            get_any(session, Visit, visit.id),
            appointment,
            NoticeKind.CANCELLATION,
            vault=vault,
            law=law,
            base_url=base_url,
            actor=ACTOR,
            now=now,
        )
    return len(owed)
