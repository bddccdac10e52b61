"""Places in other regions: their own calendar binds beside the branch's, and an unknown one forbids."""

from dataclasses import replace
from datetime import date

import pytest

from dispatch.audit import Code, Profile, audit
from dispatch.policy.calendar import Calendar, calendars_of
from dispatch.policy.eligibility import visit_permitted
from dispatch.policy.facts import DayClass
from dispatch.policy.pack import effective, load_pack
from dispatch.policy.regions import UNKNOWN, region_of
from tests.dispatch.audit.lawful_day import CALENDAR, CREW, NOW, a_day, a_stay, a_visit

WORKDAY, HOLIDAY = date(2026, 3, 10), date(2026, 3, 4)
"""The first a working day everywhere; the second Holi in India alone."""


@pytest.mark.parametrize(
    ("place", "branch", "found"),
    [
        ((None, None), ("CN", "Asia/Shanghai"), None),
        ((None, "Asia/Shanghai"), ("CN", "Asia/Shanghai"), None),
        ((None, "Asia/Urumqi"), ("CN", "Asia/Shanghai"), None),
        ((None, "America/Denver"), ("US", "America/Chicago"), None),
        ((None, "Asia/Kolkata"), ("CN", "Asia/Shanghai"), "IN"),
        ((None, "Australia/Melbourne"), ("AU-NSW", "Australia/Sydney"), UNKNOWN),
        (("AU-VIC", "Australia/Melbourne"), ("AU-NSW", "Australia/Sydney"), "AU-VIC"),
        (("AU-NSW", "Australia/Broken_Hill"), ("AU-NSW", "Australia/Sydney"), None),
        (("HK", None), ("CN", "Asia/Shanghai"), "HK"),
        ((None, "Mars/Olympus"), ("CN", "Asia/Shanghai"), UNKNOWN),
        ((None, "Etc/UTC"), ("CN", "Asia/Shanghai"), UNKNOWN),
    ],
)
def test_region(place, branch, found: str | None) -> None:
    region, time_zone = place
    assert found == region_of(
        region=region, time_zone=time_zone, branch_region=branch[0], branch_time_zone=branch[1]
    )


def test_of_two_calendars_the_stricter_binds_on_each_date() -> None:
    both = CALENDAR.at("IN")
    assert CALENDAR.day_class(HOLIDAY) is DayClass.WORKDAY
    assert both.day_class(HOLIDAY) is DayClass.HOLIDAY
    assert both.day_class(date(2026, 10, 1)) is DayClass.HOLIDAY  # China's, a working day in India
    assert both.day_class(date(2026, 2, 14)) is DayClass.REST  # made up for in China, not there


@pytest.mark.parametrize("region", ["XX", UNKNOWN, "CN-XX", "in"])
def test_a_region_without_calendar_vouches_for_nothing(region: str) -> None:
    assert CALENDAR.at(region).days == {}


def test_an_empty_calendar_stays_empty() -> None:
    assert Calendar().at("IN").days == {}


@pytest.mark.parametrize(
    ("region", "on", "code"),
    [
        ("IN", WORKDAY, None),
        (None, date(2026, 3, 14), None),
        ("IN", date(2026, 8, 15), Code.HOURS),
        ("XX", WORKDAY, Code.CALENDAR),
        (UNKNOWN, WORKDAY, Code.CALENDAR),
    ],
)
def test_rules_and_auditor_go_by_the_calendar_of_the_place(
    region: str | None, on: date, code: Code | None
) -> None:
    now = NOW.replace(month=8, day=7) if on.month == 8 else NOW
    visit = a_visit(now=now, region=region)
    stay = a_stay(visit, 11, 0, on=on)
    law = effective(load_pack("baseline"))
    verdict = visit_permitted(visit, law, on=on, now=now, calendar=CALENDAR, crew=CREW)
    day = replace(
        a_day(stay, now=now, on=on),
        calendar=CALENDAR.days,
        regions=calendars_of([region], CALENDAR),
    )
    found = {one.code for one in audit(day, load_pack("baseline"), Profile.ANNOUNCE)}
    assert verdict.is_permitted is (code is None)
    assert (code in found) if code else not found
