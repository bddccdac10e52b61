"""What a plan moved, against the one that crews went by before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from dispatch.model import Plan, Visit
from dispatch.store import plans
from dispatch.store.rows import get_many

_LEAST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A visit that is planned for another time than before; None for not at all."""

    reference: str
    was_at: datetime | None
    now_at: datetime | None


def moves_of(session: Session, plan: Plan) -> list[Move]:
    """Return the visits that a plan moved by a minute or more, in the order of their times."""
    before = plans.published_before(session, plan)
    if before is None:
        return []
    was = {stop.visit_id: stop.arrive_at for stop in plans.parts_of(session, before).stops}
    now = {stop.visit_id: stop.arrive_at for stop in plans.parts_of(session, plan).stops}
    visits = get_many(session, Visit, set(was) | set(now))
    found = [
        Move(reference=visit.reference, was_at=was.get(key), now_at=now.get(key))
        for key, visit in visits.items()
        if _is_moved(was.get(key), now.get(key))
    ]
    return sorted(
        found, key=lambda one: (one.now_at or one.was_at or plan.origin_at, one.reference)
    )


def _is_moved(was: datetime | None, now: datetime | None) -> bool:
    return was is None or now is None or abs(now - was) >= _LEAST
