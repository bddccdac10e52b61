"""Watch: a crew at a door that is not heard from in time is somebody's concern at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch, CheckIn, CheckInKind, Visit, VisitState
from dispatch.policy.pack import Pack
from dispatch.store.incidents import open_incident
from dispatch.store.itineraries import reporters_of
from dispatch.store.outcomes import check_ins_of
from dispatch.store.visits_under_way import visits_under_way

MARGIN: Final = timedelta(minutes=15)
"""How long after the longest stay a crew at a door may be silent."""

ON_THE_WAY: Final = timedelta(minutes=90)
"""How long a crew that set out may be silent."""

_ACTOR: Final = "duty:watch"


@dataclass(frozen=True, slots=True)
class Timer:
    """When a crew was last heard of about a visit, and by when it is next."""

    visit: Visit
    heard_at: datetime
    due_at: datetime
    sign: CheckIn


def timers_of(session: Session, visits: Sequence[Visit], *, law: Pack) -> list[Timer]:
    """Return the timers of visits under way, the first due first.

    Any check-in of any member of the crew is a sign of life and starts the time anew, save the
    silent alarm: who gives it has not said that all is well.
    """
    stay = timedelta(minutes=int(law["visit.max_stay_minutes"])) + MARGIN
    signs = check_ins_of(session, [visit.id for visit in visits])
    found = []
    for visit in visits:
        heard = [one for one in signs.get(visit.id, ()) if one.kind is not CheckInKind.DURESS]
        if heard:
            last = heard[-1]
            length = ON_THE_WAY if visit.state is VisitState.EN_ROUTE else stay
            # A phone whose clock is ahead must not lengthen the silence.
            heard_at = min(last.occurred_at, last.received_at)
            found.append(Timer(visit, heard_at, heard_at + length, last))
    return sorted(found, key=lambda timer: (timer.due_at, str(timer.visit.id)))


def flag_silent_crews(
    session: Session, *, branch: Branch, law: Pack, now: datetime, limit: int = 500
) -> int:
    """Open an urgent alert for each crew that was to be heard of by now; once for each silence."""
    opened = 0
    visits = visits_under_way(session, branch.id, limit=limit)
    for timer in timers_of(session, visits, law=law):
        if timer.due_at > now:
            break
        alert = open_incident(
            session,
            visit=timer.visit,
            kind="check-in-overdue",
            source_id=timer.sign.id,
            actor=_ACTOR,
            now=now,
            facts={"is_urgent": True, "due_at": timer.due_at.isoformat()},
        )
        opened += alert.opened_at == now
    return opened


def timers_of_agent(session: Session, *, agent_id: UUID, branch: Branch, law: Pack) -> list[Timer]:
    """Return the timers of the visits that an agent's crew is at."""
    own = [
        visit
        for visit in visits_under_way(session, branch.id, limit=500)
        if agent_id in reporters_of(session, visit.id).now
    ]
    return timers_of(session, own, law=law)
