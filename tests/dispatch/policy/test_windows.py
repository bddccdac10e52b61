"""Windows: margins, open bounds, holidays, clocks that change, and hours for messages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.clock import local_time
from dispatch.policy.calendar import Calendar, CalendarRow, build_calendar
from dispatch.policy.facts import DayClass
from dispatch.policy.pack import Pack, effective, load_pack, read_pack
from dispatch.policy.windows import (
    Interval,
    is_sendable,
    last_sendable,
    legal_windows,
    meet,
    next_sendable,
)
from tests.dispatch.policy.test_pack import HEAD, entry

ZONE = "Asia/Shanghai"
LAW = effective(load_pack("cn"))
CN = build_calendar("CN", from_on=date(2026, 1, 1), to_on=date(2026, 12, 31))


def a_calendar(on: date, day_class: DayClass = DayClass.WORKDAY) -> Calendar:
    return Calendar({on: day_class})


def nightly(hours: str) -> Pack:
    """A pack whose calls are permitted at odd hours; only calls, the baseline binds visits."""
    return read_pack(
        HEAD
        + entry("call.windows", f'{{mon-sun: ["{hours}"], public_holiday: []}}')
        + entry("visit.closed_days", '["12-24"]')
    )


def visits(on: date, calendar: Calendar = CN, zone: str = ZONE) -> tuple[Interval, ...]:
    return legal_windows(LAW, place_kind="residence", time_zone=zone, on=on, calendar=calendar)


def test_a_weekday_with_margins_and_an_open_bound() -> None:
    (window,) = visits(date(2026, 3, 10))

    assert window.from_at == datetime(2026, 3, 10, 1, 15, tzinfo=UTC)
    assert window.until_at == datetime(2026, 3, 10, 10, 44, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (date(2026, 3, 14), 1),  # a Saturday
        (date(2026, 3, 15), 0),  # a Sunday
        (date(2026, 2, 17), 0),  # Spring Festival
        (date(2026, 2, 21), 0),  # the Saturday within it
        (date(2026, 4, 4), 0),  # the Saturday before Tomb-Sweeping Day
        (date(2026, 1, 4), 0),  # a Sunday worked in exchange stays a Sunday
        (date(2026, 2, 14), 1),  # a Saturday worked in exchange keeps Saturday's hours
        (date(2027, 3, 9), 0),  # a year that no calendar vouches for
    ],
)
def test_days(on: date, count: int) -> None:
    assert len(visits(on)) == count


def test_a_closed_day_of_the_pack() -> None:
    on = date(2026, 12, 24)
    pack = effective(nightly("08:00-20:00"))

    assert (
        legal_windows(pack, place_kind="residence", time_zone=ZONE, on=on, calendar=a_calendar(on))
        == ()
    )


@pytest.mark.parametrize(
    ("on", "hours", "first", "last"),
    [
        # New York, clocks go forward at 02:00 on 8 March 2026: 02:30 does not exist.
        (date(2026, 3, 8), "02:30-05:00", "03:30:01", "04:59:59"),
        (date(2026, 3, 8), "00:00-02:30", "00:00:01", "01:29:59"),
        # Clocks go back at 02:00 on 1 November 2026: 01:30 comes twice.
        (date(2026, 11, 1), "01:30-05:00", "01:30:01", "04:59:59"),
        (date(2026, 11, 1), "00:00-01:30", "00:00:01", "01:29:59"),
        (date(2026, 11, 1), "00:00-24:00", "00:00:01", "23:59:59"),
    ],
)
@pytest.mark.fault("E3")
def test_clocks_that_change_take_time_never_give_it(
    on: date, hours: str, first: str, last: str
) -> None:
    pack = nightly(hours)

    (window,) = legal_windows(
        pack, activity="call", time_zone="America/New_York", on=on, calendar=a_calendar(on)
    )

    assert local_time("America/New_York", window.from_at).strftime("%H:%M:%S") == first
    assert local_time("America/New_York", window.until_at).strftime("%H:%M:%S") == last


@pytest.mark.fault("E3")
def test_an_hour_that_comes_twice_opens_the_second_time_and_closes_the_first() -> None:
    on = date(2026, 11, 1)

    def span(hours: str) -> Interval:
        (window,) = legal_windows(
            nightly(hours),
            activity="call",
            time_zone="America/New_York",
            on=on,
            calendar=a_calendar(on),
        )
        return window

    assert span("01:30-05:00").from_at == datetime(2026, 11, 1, 6, 30, 1, tzinfo=UTC)
    assert span("00:00-01:30").until_at == datetime(2026, 11, 1, 5, 29, 59, tzinfo=UTC)


@pytest.mark.fault("E4")
def test_a_message_goes_only_when_it_is_decent_in_every_zone() -> None:
    at = datetime(2026, 3, 10, 2, tzinfo=UTC)  # 10:00 in Shanghai, 07:30 in Kolkata

    assert is_sendable(LAW, time_zones=(ZONE,), at=at, calendar=CN)
    assert not is_sendable(LAW, time_zones=(ZONE, "Asia/Kolkata"), at=at, calendar=CN)
    assert not is_sendable(LAW, time_zones=(), at=at, calendar=CN)


@given(
    start=st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 10)),  # noqa: DTZ001
    zones=st.lists(st.sampled_from([ZONE, "Asia/Kolkata", "Asia/Tokyo"]), min_size=1, unique=True),
)
def test_the_next_sendable_moment_is_the_first_one(start: datetime, zones: list[str]) -> None:
    from_at = start.replace(tzinfo=UTC, microsecond=0)
    found = next_sendable(
        LAW, time_zones=zones, from_at=from_at, until_at=from_at + timedelta(days=14), calendar=CN
    )

    assert found is not None
    assert is_sendable(LAW, time_zones=zones, at=found, calendar=CN)
    assert found == from_at or not is_sendable(
        LAW, time_zones=zones, at=found - timedelta(seconds=1), calendar=CN
    )


@given(
    end=st.datetimes(datetime(2026, 1, 20), datetime(2026, 12, 10)),  # noqa: DTZ001
    zones=st.lists(st.sampled_from([ZONE, "Asia/Kolkata", "Asia/Tokyo"]), min_size=1, unique=True),
)
def test_the_last_sendable_moment_is_the_last_one(end: datetime, zones: list[str]) -> None:
    until_at = end.replace(tzinfo=UTC, microsecond=0)
    found = last_sendable(
        LAW,
        time_zones=zones,
        from_at=until_at - timedelta(days=14),
        until_at=until_at,
        calendar=CN,
    )

    assert found is not None
    assert is_sendable(LAW, time_zones=zones, at=found, calendar=CN)
    assert found == until_at or not is_sendable(
        LAW, time_zones=zones, at=found + timedelta(seconds=1), calendar=CN
    )


def test_nothing_is_sendable_when_it_is_too_late() -> None:
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)

    assert next_sendable(LAW, time_zones=(ZONE,), from_at=at, until_at=at, calendar=CN) is None
    assert (
        next_sendable(
            LAW, time_zones=(ZONE,), from_at=at, until_at=at + timedelta(hours=2), calendar=CN
        )
        is None
    )


def test_rows_close_days_and_vouch_for_them_but_open_no_holiday() -> None:
    rows = (
        CalendarRow(date(2026, 3, 10), DayClass.HOLIDAY),
        CalendarRow(date(2026, 2, 17), DayClass.WORKDAY),
        CalendarRow(date(2027, 3, 9), DayClass.WORKDAY),
    )
    calendar = build_calendar("CN", from_on=date(2026, 1, 1), to_on=date(2027, 12, 31), rows=rows)

    assert calendar.day_class(date(2026, 3, 10)) is DayClass.HOLIDAY
    assert calendar.day_class(date(2026, 2, 17)) is DayClass.HOLIDAY
    assert calendar.day_class(date(2027, 3, 9)) is DayClass.WORKDAY
    assert calendar.day_class(date(2027, 3, 10)) is None


def test_a_year_declared_complete_is_vouched_for() -> None:
    calendar = build_calendar(
        "CN", from_on=date(2027, 1, 1), to_on=date(2027, 1, 31), complete_years={2027}
    )

    assert calendar.day_class(date(2027, 1, 1)) is DayClass.HOLIDAY
    assert calendar.day_class(date(2027, 1, 2)) is DayClass.HOLIDAY  # the weekend that follows
    assert calendar.day_class(date(2027, 1, 4)) is DayClass.WORKDAY


@pytest.mark.parametrize("country", [None, "XX"])
def test_a_country_without_calendar_vouches_for_nothing(country: str | None) -> None:
    assert build_calendar(country, from_on=date(2026, 1, 1), to_on=date(2026, 2, 1)).days == {}


def test_a_range_may_begin_within_a_holiday() -> None:
    calendar = build_calendar("CN", from_on=date(2026, 2, 21), to_on=date(2026, 2, 24))

    assert calendar.day_class(date(2026, 2, 21)) is DayClass.HOLIDAY


def test_two_sets_of_windows_meet() -> None:
    at = datetime(2026, 3, 10, tzinfo=UTC)

    def span(a: int, b: int) -> Interval:
        return Interval(at + timedelta(hours=a), at + timedelta(hours=b))

    assert meet([span(0, 4), span(6, 9)], [span(3, 7)]) == (span(3, 4), span(6, 7))
    assert span(0, 4).holds(at, at + timedelta(hours=4))
    assert not span(0, 4).holds(at, at + timedelta(hours=4, seconds=1))
