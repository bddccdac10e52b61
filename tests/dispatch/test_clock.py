"""The clock: local days and wall times, in zones with and without summer time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.clock import (
    SetClock,
    SystemClock,
    local_date,
    local_day,
    local_instant,
    local_time,
    zone,
)

ZONES = sorted(available_timezones() - {"localtime"})


@pytest.mark.parametrize(
    ("name", "on", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Asia/Shanghai", date(2026, 3, 29), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_a_local_day_has_the_hours_that_it_has(name: str, on: date, hours: float) -> None:
    begin, end = local_day(name, on)
    assert end - begin == timedelta(hours=hours)


@given(name=st.sampled_from(ZONES), on=st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_local_days_follow_one_another_in_every_zone(name: str, on: date) -> None:
    begin, end = local_day(name, on)
    assert begin < end == local_day(name, on + timedelta(days=1))[0]
    assert local_date(name, end - timedelta(seconds=1)) <= on


def test_a_wall_time_becomes_an_instant_and_back() -> None:
    at = local_instant("Asia/Shanghai", date(2026, 3, 9), time(9))
    assert at == datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert local_time("Asia/Shanghai", at).hour == 9


def test_a_zone_that_is_none_is_told_plainly() -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(ValueError, match="IANA"):
            zone(name)


def test_clocks_tell_aware_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.advance(timedelta(hours=1)) == clock.now() == datetime(2026, 1, 1, 1, tzinfo=UTC)
