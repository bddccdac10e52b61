"""The kind of run that a wish to plan a day most likely means."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Branch, RunKind
from dispatch.store import days


def usual_kind(session: Session, *, branch: Branch, on: date, now: datetime) -> RunKind:
    """Return RELEASE for the service date ahead once people were told of it, else ANNOUNCE.

    A release keeps to what was announced; announcing adds visits that nobody was told of yet,
    which could not be published before their notices have arrived.
    """
    yesterday = local_date(branch.time_zone, now) - timedelta(days=1)
    ahead = days.dates_with_shifts(session, branch.id, yesterday, branch.horizon_days)[:2]
    is_told = bool(days.standing_appointments(session, branch.id, on))
    return RunKind.RELEASE if is_told and on in ahead else RunKind.ANNOUNCE
