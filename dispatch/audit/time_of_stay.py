"""When a stay is: date, hours, length, and the window that was announced for it."""

from collections.abc import Iterator
from datetime import timedelta

from dispatch.audit.breach import Code, Profile
from dispatch.audit.hours import (
    is_closed_day,
    is_within,
    seconds_of,
    spans_of,
    wall_date,
    weekday_of,
)
from dispatch.audit.stay import Fault, Seen

_OWN_HOURS = {"residence", "workplace"}


def hours(seen: Seen) -> Iterator[Fault]:
    """Find stays of which any instant, margins included, lies outside legal hours."""
    if seen.zone is None:
        return
    kind = seen.visit.place_kind if seen.visit.place_kind in _OWN_HOURS else "other"
    parameter = f"visit.windows.{kind}"
    on = wall_date(seen.zone, seen.stay.arrive_at)
    if on != seen.day.service_date:
        yield Fault(Code.DATE, f"the stay is on {on}, not on the day of the plan", parameter)
    if seen.profile is Profile.ANNOUNCE and seen.stay.arrive_at < seen.day.generated_at:
        yield Fault(Code.DATE, "the stay begins before it is planned", parameter)
    day_class = seen.day_class(on)
    if day_class is None:
        yield Fault(Code.CALENDAR, f"no calendar vouches for {on}", parameter)
        return
    if is_closed_day(seen.terms, on):
        yield Fault(Code.HOURS, f"{on} is a closed day", "visit.closed_days")
    if seen.stay.leave_at < seen.stay.arrive_at or not is_within(
        seen.terms,
        parameter=parameter,
        margin=timedelta(minutes=seen.terms.highest("visit.margin_minutes")),
        day_class=day_class,
        zone=seen.zone,
        from_at=seen.stay.arrive_at,
        until_at=seen.stay.leave_at,
    ):
        wall = [at.astimezone(seen.zone) for at in (seen.stay.arrive_at, seen.stay.leave_at)]
        told = f"{wall[0]:%a %H:%M:%S} to {wall[1]:%H:%M:%S} is not within legal hours"
        yield Fault(Code.HOURS, told, parameter)


def quiet(seen: Seen) -> Iterator[Fault]:
    """Find stays that meet a time at which the person asked not to be disturbed."""
    if seen.zone is None or not seen.terms.anyone_asks("person.quiet_times"):
        return
    on = seen.day.service_date
    asked = [
        span
        for one in seen.visit.quiet_times
        for span in spans_of({one.weekday: [one.window]}, weekday_of(on))
    ]
    seconds = seconds_of(seen.zone, on, seen.stay.arrive_at, seen.stay.leave_at)
    if any(a <= second < b for second in seconds for a, b in asked):
        yield Fault(Code.QUIET_TIME, "the person asked for quiet then", "person.quiet_times")


def length(seen: Seen) -> Iterator[Fault]:
    """Find stays that last too long."""
    most = timedelta(minutes=seen.terms.lowest("visit.max_stay_minutes"))
    lasts = max(seen.stay.leave_at - seen.stay.arrive_at, timedelta(seconds=seen.visit.service_s))
    if seen.profile is Profile.EXECUTED:
        lasts = seen.stay.leave_at - seen.stay.arrive_at
    if lasts > most:
        yield Fault(Code.STAY_LENGTH, f"the stay lasts {lasts}", "visit.max_stay_minutes")


def announced(seen: Seen) -> Iterator[Fault]:
    """Find stays outside the window that they are announced for, and windows too wide to wait in."""
    stay = seen.stay
    if stay.arrive_at < stay.window_from or stay.leave_at > stay.window_until:
        yield Fault(
            Code.ANNOUNCED_WINDOW,
            "the stay is not inside the announced window",
            "notice.max_window_minutes",
        )
    wide = stay.window_until - stay.window_from
    if wide > timedelta(minutes=seen.terms.lowest("notice.max_window_minutes")):
        yield Fault(Code.WINDOW_LENGTH, f"the window is {wide} long", "notice.max_window_minutes")
