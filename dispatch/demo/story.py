"""The demo's calendar: which days are served, and when each was planned, told, answered, released.

Everything is reckoned back from now, so that on any weekday and at any hour there is a lawful next
service date whose notices went out in time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dispatch.clock import local_date, local_instant
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import DayClass

SERVED_DAYS = 3
"""How many service dates the demo has announced."""

LEAD_DAYS = 4
"""Days before a service date on which it is announced at the latest: more than the 72 hours asked."""

FARTHEST_BACK = 13
"""Days before a service date that a notice may be old: one less than the fourteen permitted."""

BEGAN_DAYS_AGO = 14
"""When the story begins: the file came in."""

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class ServedDay:
    """One service date and the instants of its story."""

    on: date
    announced_at: datetime
    answered_at: datetime
    released_at: datetime


def service_days(
    now: datetime, *, time_zone: str, calendar: Calendar, works: Callable[[date], bool]
) -> list[ServedDay]:
    """Return the next service dates from today on, each with a story that lies in the past."""
    today = local_date(time_zone, now)
    found: list[ServedDay] = []
    for ahead in range(28):
        on = today + timedelta(days=ahead)
        if len(found) == SERVED_DAYS:
            break
        if not (works(on) and is_open(calendar, on)):
            continue
        announced_on = _announcing_day(on, now, time_zone, calendar)
        if announced_on is None:
            continue
        found.append(
            ServedDay(
                on=on,
                announced_at=local_instant(time_zone, announced_on, time(10, 30)),
                answered_at=local_instant(time_zone, announced_on, time(15, 20)),
                released_at=local_instant(time_zone, on - timedelta(days=1), time(18, 40)),
            )
        )
    return found


def is_open(calendar: Calendar, on: date) -> bool:
    """Whether anyone may be visited or written to on a date: no Sunday, no holiday."""
    day_class = calendar.day_class(on)
    return day_class is not None and day_class is not DayClass.HOLIDAY and on.weekday() != _SUNDAY


def _announcing_day(on: date, now: datetime, time_zone: str, calendar: Calendar) -> date | None:
    for back in range(LEAD_DAYS, FARTHEST_BACK):
        day = on - timedelta(days=back)
        if is_open(calendar, day) and local_instant(time_zone, day, time(15, 30)) < now:
            return day
    return None
