"""The night in every zone of the world: each business date is entered once, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from dispatch.clock import local_date
from dispatch.model import Branch
from dispatch.planning.night import planning_is_due
from scheduler import guard

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@cache
def changes(name: str) -> tuple[tuple[datetime, timedelta], ...]:
    """The hours of two years in which a zone's clocks are changed, and what they show from then on."""
    zone, found, at = ZoneInfo(name), [], FIRST
    while at < LAST:
        if at.astimezone(zone).utcoffset() != (at + DAY).astimezone(zone).utcoffset():
            hours = [at + HOUR * number for number in range(25)]
            offsets = [one.astimezone(zone).utcoffset() for one in hours]
            found += [(hours[n], offsets[n]) for n in range(1, 25) if offsets[n] != offsets[n - 1]]
        at += DAY
    return (*found, (LAST, FIRST.astimezone(zone).utcoffset()))


def zones() -> list[str]:
    """One zone for each way in which clocks are changed in those years; all the others are like one."""
    alike: dict[object, str] = {}
    for name in sorted(available_timezones() - {"localtime"}):
        alike.setdefault(changes(name), name)
    return sorted(alike.values())


def entered(branch: Branch, around: datetime) -> list[date]:
    """The business dates that a sweep every three hours enters in six days, in order."""
    dates = [local_date(branch.time_zone, around - 4 * DAY)]
    for number in range(48):
        now = around - 3 * DAY + 3 * HOUR * number
        today = local_date(branch.time_zone, now)
        dates += [
            on for on in guard.business_dates(today, dates[-1]) if planning_is_due(branch, on, now)
        ]
    return dates


@pytest.mark.fault("E1", "E3")
def test_each_business_date_is_entered_once_in_every_zone_at_every_half_hour() -> None:
    wrong = []
    for name in zones():
        for at, _ in changes(name):
            for planning_at in HALF_HOURS:
                branch = Branch(time_zone=name, planning_at=planning_at)
                dates = entered(branch, at)
                in_a_row = [dates[0] + DAY * number for number in range(len(dates))]
                if dates != in_a_row or not 6 <= len(dates) <= 8:
                    wrong.append((name, at, planning_at, dates))
    assert wrong == []


def test_there_are_zones_that_change_their_clocks() -> None:
    assert len(zones()) > 40
    assert len(changes("America/New_York")) == 5
    assert len(changes("Asia/Shanghai")) == 1
