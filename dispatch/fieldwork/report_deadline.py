"""Report deadline: a visit that was to be made and was not reported by the day's end is looked at."""

from datetime import datetime

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Branch
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import unreported


def flag_unreported(session: Session, *, branch: Branch, now: datetime, limit: int = 200) -> int:
    """Open an incident for each visit of an earlier day without a report; return how many waited.

    The visit stays where it is: the phone may still be offline, and its report is stored whenever
    it comes. Repeating the sweep opens nothing twice.
    """
    today = local_date(branch.time_zone, now)
    waiting = unreported(session, branch.id, before_on=today, limit=limit)
    for visit in waiting:
        open_incident(
            session,
            visit=visit,
            kind="not-reported",
            source_id=visit.id,
            actor="duty:report_deadline",
            now=now,
            facts={"state": str(visit.state), "on": str(visit.service_date)},
        )
    return len(waiting)
