"""Window: hours of the pack less their margins, bounds open; closed days, unknown days, the past."""

from datetime import date, timedelta

import pytest

from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import DayClass
from tests.dispatch.audit.lawful_day import CALENDAR, ON, a_visit, wall
from tests.dispatch.policy.test_rules import ask, codes


def calendar(day_class: DayClass | None) -> Calendar:
    days = {on: known for on, known in CALENDAR.days.items() if on != ON}
    return Calendar(days if day_class is None else {**days, ON: day_class})


def test_a_stay_keeps_margins_and_leaves_a_second_before_the_bound() -> None:
    (window,) = ask(a_visit()).windows

    assert (window.from_at, window.until_at) == (wall(9, 15), wall(18, 44, 59))


def test_a_saturday_is_shorter_and_a_sunday_closed() -> None:
    saturday = date(2026, 3, 14)
    (window,) = ask(a_visit(), on=saturday).windows

    assert (window.from_at, window.until_at) == (
        wall(10, 15, on=saturday),
        wall(15, 44, 59, on=saturday),
    )
    assert codes(a_visit(), on=date(2026, 3, 15)) == {"no-window"}


@pytest.mark.parametrize(
    ("day_class", "found"),
    [
        (DayClass.WORKDAY, set()),
        (DayClass.MAKEUP, set()),
        (DayClass.HOLIDAY, {"no-window"}),
        (None, {"calendar-missing", "no-window"}),
    ],
)
def test_the_sort_of_day(day_class: DayClass | None, found: set[str]) -> None:
    assert codes(a_visit(), calendar=calendar(day_class)) == found


@pytest.mark.parametrize(("seconds", "found"), [(1800, set()), (1801, {"stay-too-long"})])
def test_how_long_a_stay_may_be(seconds: int, found: set[str]) -> None:
    assert codes(a_visit(service_s=seconds)) == found


def test_hours_are_those_of_the_place() -> None:
    (window,) = ask(a_visit(time_zone="Asia/Kolkata")).windows

    assert window.from_at == wall(9, 15) + timedelta(hours=2, minutes=30)


def test_no_day_of_the_past() -> None:
    assert "day-past" in codes(a_visit(), on=date(2026, 2, 27))
