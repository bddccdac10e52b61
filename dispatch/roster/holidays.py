"""Holidays: the lines of a branch's own calendar, which override the country's."""

from datetime import date, datetime

from sqlmodel import Session

from dispatch.model import Branch, CalendarReason, Holiday, HolidayClass, record
from dispatch.store import listing


def set_holiday(
    session: Session,
    *,
    branch: Branch,
    day_on: date,
    name: str,
    kind: HolidayClass,
    actor: str,
    now: datetime,
    reason: CalendarReason | None = None,
) -> Holiday:
    """Return the branch's line for a day, new or changed; why is kept with the act."""
    holiday = listing.holiday_on(session, branch.id, day_on) or Holiday(
        branch_id=branch.id, day_on=day_on, name=name, kind=kind
    )
    holiday.name, holiday.kind = name, kind
    session.add(holiday)
    record(holiday, "holiday.set", actor=actor, now=now, day_on=day_on, is_now=kind, reason=reason)
    return holiday


def remove_holiday(
    session: Session,
    *,
    holiday: Holiday,
    actor: str,
    now: datetime,
    reason: CalendarReason | None = None,
) -> None:
    """Remove a line: the country's calendar speaks for the day again; why is kept with the act."""
    record(
        holiday,
        "holiday.removed",
        actor=actor,
        now=now,
        day_on=holiday.day_on,
        was=holiday.kind,
        reason=reason,
    )
    session.delete(holiday)
