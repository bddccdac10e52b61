"""Changes of when: hours, date, holidays, length, the announced window, quiet times, clocks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from dispatch.audit import Code
from dispatch.policy.facts import DayClass, DayFacts, QuietFacts, StayFacts
from dispatch.policy.wall import WEEKDAYS
from tests.dispatch.audit.mutations.base import (
    A,
    Change,
    Mutation,
    R,
    X,
    a_day,
    arriving,
    days,
    leaving,
    minutes,
    moved,
    notice,
    stay,
    stay_with,
    visit,
    wall,
)

_SPRING = date(2026, 3, 30)
"""The Monday after the clocks of Berlin went forward."""
_FALL = date(2026, 11, 2)
"""The Monday after the clocks of New York went back."""


def _opens(day: DayFacts) -> int:
    return 10 if day.service_date.weekday() == 5 else 9


def _closes(day: DayFacts) -> int:
    return 16 if day.service_date.weekday() == 5 else 19


def _all_days_later(number: Callable[[DayFacts], int]) -> Change:
    def changed(day: DayFacts, _rng: Random) -> DayFacts:
        by = number(day)
        stays = tuple(moved(one, days(by)) for one in day.stays)
        return replace(day, stays=stays, service_date=day.service_date + days(by))

    return changed


def _to_weekday(weekday: int) -> Callable[[DayFacts], int]:
    return lambda day: (weekday - day.service_date.weekday()) % 7


def _class_of_date(day_class: DayClass | None) -> Change:
    def changed(day: DayFacts) -> dict[date, DayClass]:
        calendar = {d: c for d, c in day.calendar.items() if d != day.service_date}
        return calendar if day_class is None else {**calendar, day.service_date: day_class}

    return a_day(calendar=changed)


def _elsewhere(s: StayFacts, _day: DayFacts, rng: Random) -> str:
    """A zone at least six hours away, where the same instants are night or another date."""
    far = {"Asia": "America/Los_Angeles", "Europe": "Pacific/Auckland", "America": "Asia/Shanghai"}
    return far.get((s.visit.time_zone or "").split("/")[0], "Europe/London")


def _asked_for_quiet(s: StayFacts, day: DayFacts, _rng: Random) -> tuple[QuietFacts, ...]:
    at = s.leave_at.astimezone(wall(s, day, 12).tzinfo)
    first = (at - wall(s, day, 0)) // minutes(1) - 1
    weekday = WEEKDAYS[day.service_date.weekday()]
    window = f"{first // 60:02}:{first % 60:02}-{(first + 60) // 60:02}:{first % 60:02}"
    return (QuietFacts(weekday=weekday, window=window),)


MUTATIONS: Final = (
    Mutation(
        "a minute before the margin begins",
        stay(lambda s, d, _: arriving(s, wall(s, d, _opens(d), 14))),
        Code.HOURS,
    ),
    Mutation(
        "a second before the margin begins",
        stay(lambda s, d, _: arriving(s, wall(s, d, _opens(d), 14, 59))),
        Code.HOURS,
    ),
    Mutation(
        "leaves a minute into the evening's margin",
        stay(lambda s, d, _: leaving(s, wall(s, d, _closes(d) - 1, 46))),
        Code.HOURS,
    ),
    Mutation(
        "leaves as the evening's margin begins",
        stay(lambda s, d, _: leaving(s, wall(s, d, _closes(d) - 1, 45))),
        Code.HOURS,
    ),
    Mutation(
        "deep in the night",
        stay(lambda s, d, _: arriving(s, wall(s, d, 2, 30))),
        Code.HOURS,
    ),
    Mutation("a public holiday", _class_of_date(DayClass.HOLIDAY), Code.HOURS),
    Mutation("no calendar for the date", _class_of_date(None), Code.CALENDAR),
    Mutation("a Sunday", _all_days_later(_to_weekday(6)), Code.HOURS),
    Mutation(
        "a Saturday outside its hours",
        lambda d, rng: stay(lambda s, day, _: arriving(s, wall(s, day, 16, 1)))(
            _all_days_later(_to_weekday(5))(d, rng), rng
        ),
        Code.HOURS,
    ),
    Mutation(
        "planned after it began",
        a_day(generated_at=lambda d: min(s.arrive_at for s in d.stays) + timedelta(seconds=1)),
        Code.DATE,
        (A,),
    ),
    Mutation("stay on another date", stay(lambda s, _d, _r: moved(s, days(1))), Code.DATE),
    Mutation("the place is in another zone", visit(time_zone=_elsewhere), Code.HOURS),
    Mutation(
        "leaves before it arrives",
        stay_with(leave_at=lambda s, _d, _r: s.arrive_at - timedelta(seconds=1)),
        Code.HOURS,
    ),
    Mutation(
        "stays a second too long",
        stay_with(leave_at=lambda s, _d, _r: s.arrive_at + timedelta(seconds=1801)),
        Code.STAY_LENGTH,
    ),
    Mutation(
        "planned for a stay that is too long", visit(service_s=1801), Code.STAY_LENGTH, (A, R)
    ),
    Mutation(
        "arrives a minute before the window",
        stay(lambda s, _d, _r: moved(s, s.window_from - s.arrive_at - minutes(1), window=False)),
        Code.ANNOUNCED_WINDOW,
    ),
    Mutation(
        "leaves a minute after the window",
        stay(lambda s, _d, _r: moved(s, s.window_until - s.leave_at + minutes(1), window=False)),
        Code.ANNOUNCED_WINDOW,
    ),
    Mutation(
        "comes when the window is over",
        stay(lambda s, _d, _r: moved(s, s.window_until - s.arrive_at + minutes(1), window=False)),
        Code.ANNOUNCED_WINDOW,
    ),
    Mutation(
        "a window a minute too long",
        stay_with(window_until=lambda s, _d, _r: s.window_from + minutes(121)),
        Code.WINDOW_LENGTH,
    ),
    Mutation(
        "a time of which the person asked for quiet",
        visit(quiet_times=_asked_for_quiet),
        Code.QUIET_TIME,
    ),
    Mutation(
        "an evening by the clock of winter, in summer",
        stay(lambda s, d, _: arriving(s, wall(s, d, 18, 15) + minutes(60))),
        Code.HOURS,
        zones=("Europe/Berlin",),
        on=_SPRING,
    ),
    Mutation(
        "a morning by the clock of summer, in winter",
        stay(lambda s, d, _: arriving(s, wall(s, d, 9, 30) - minutes(60))),
        Code.HOURS,
        zones=("America/New_York",),
        on=_FALL,
    ),
    Mutation(
        "72 hours by the hands, 71 by the clock: a night of 23 hours between",
        notice(
            delivered_at=lambda s, d, _: _three_dates_before(s, d),
            sent_at=lambda s, d, _: _three_dates_before(s, d),
        ),
        Code.NOTICE_LATE,
        (R, X),
        zones=("Europe/Berlin",),
        on=_SPRING,
    ),
)


def _three_dates_before(s: StayFacts, day: DayFacts):
    hands = s.window_from - wall(s, day, 0)
    return wall(s, day, 0, days=-3) + hands
