"""Legal windows: the spans of UTC time within which a whole stay, a call or a message may lie."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dispatch.clock import local_date, local_instant, zone
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import DayClass
from dispatch.policy.pack import Pack
from dispatch.policy.wall import HOLIDAY, WEEKDAYS, Minutes, intersect, parse_week

SECOND = timedelta(seconds=1)
_KINDS = frozenset({"residence", "workplace"})


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span of time, both ends included: a stay fits if it arrives and leaves within."""

    from_at: datetime
    until_at: datetime

    def holds(self, arrive_at: datetime, leave_at: datetime) -> bool:
        """Whether a whole stay lies inside."""
        return self.from_at <= arrive_at <= leave_at <= self.until_at

    def fits(self, service_s: int) -> bool:
        """Whether a stay of that length has room."""
        return self.from_at + timedelta(seconds=service_s) <= self.until_at

    def cut(self, from_at: datetime, until_at: datetime) -> tuple["Interval", ...]:
        """Return the part between two instants, both included; nothing if there is none."""
        first, last = max(self.from_at, from_at), min(self.until_at, until_at)
        return (Interval(first, last),) if first < last else ()


def legal_windows(
    pack: Pack,
    *,
    activity: str = "visit",
    place_kind: str | None = None,
    time_zone: str,
    on: date,
    calendar: Calendar,
) -> tuple[Interval, ...]:
    """Return when a stay (or a call, or a message) is permitted on a local date.

    Bounds are open and, for visits, moved inward by the pack's margin, so a stay ends at least a
    second before them. Empty on a closed day, and where no calendar vouches for the date.

    Parameters
    ----------
    pack
        The effective pack.
    activity
        `visit`, `call`, `message`, or `risk`: a visit to a place under a risk flag.
    place_kind
        For visits: residence, workplace, or any other kind.
    time_zone
        IANA name of the place.
    """
    minutes = _minutes(pack, activity, place_kind, on, calendar)
    margin = timedelta(minutes=pack["visit.margin_minutes"] if activity == "visit" else 0)
    spans = (
        (
            _opens(time_zone, on, first) + max(margin, SECOND),
            _closes(time_zone, on, last) - margin - SECOND,
        )
        for first, last in minutes
    )
    return tuple(Interval(a, b) for a, b in spans if a < b)


def is_sendable(
    pack: Pack,
    *,
    time_zones: Sequence[str],
    at: datetime,
    calendar: Calendar,
    activity: str = "message",
) -> bool:
    """Whether a message may be sent (or a call made) now: in every zone the person may be in."""
    return bool(time_zones) and all(
        any(w.from_at <= at <= w.until_at for w in _windows_at(pack, activity, name, at, calendar))
        for name in time_zones
    )


def next_sendable(
    pack: Pack,
    *,
    time_zones: Sequence[str],
    from_at: datetime,
    until_at: datetime,
    calendar: Calendar,
    is_open: Callable[[date], bool] = lambda _on: True,
) -> datetime | None:
    """Return the first moment from `from_at` on at which a message may be sent; None if too late.

    Parameters
    ----------
    is_open
        Whether anything may be sent on a local date, beside hours and calendar.
    """
    within = Interval(from_at, until_at)
    spans = _sendable(pack, time_zones, within, calendar, is_open)
    return min((span.from_at for span in spans), default=None)


def last_sendable(
    pack: Pack,
    *,
    time_zones: Sequence[str],
    from_at: datetime,
    until_at: datetime,
    calendar: Calendar,
) -> datetime | None:
    """Return the last moment between two instants at which a message may be sent; None if none is."""
    within = Interval(from_at, until_at)
    spans = _sendable(pack, time_zones, within, calendar, lambda _on: True)
    return max((span.until_at for span in spans), default=None)


def _sendable(
    pack: Pack,
    time_zones: Sequence[str],
    within: Interval,
    calendar: Calendar,
    is_open: Callable[[date], bool],
) -> tuple[Interval, ...]:
    """Return when a message may be sent by the hours of all time zones."""
    from_at, until_at = within.from_at, within.until_at
    common: tuple[Interval, ...] = ()
    if time_zones and from_at < until_at:
        common = (within,)
    for name in time_zones:
        spans: list[Interval] = []
        day, last = local_date(name, from_at), local_date(name, until_at)
        while day <= last:
            if is_open(day):
                spans += legal_windows(
                    pack, activity="message", time_zone=name, on=day, calendar=calendar
                )
            day += timedelta(days=1)
        common = meet(common, spans)
    return common


def meet(first: Iterable[Interval], second: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the time that lies in both."""
    theirs = tuple(second)
    return tuple(sorted(c for a in first for b in theirs for c in a.cut(b.from_at, b.until_at)))


def _windows_at(
    pack: Pack, activity: str, time_zone: str, at: datetime, calendar: Calendar
) -> tuple[Interval, ...]:
    return legal_windows(
        pack,
        activity=activity,
        time_zone=time_zone,
        on=local_date(time_zone, at),
        calendar=calendar,
    )


def _minutes(
    pack: Pack, activity: str, place_kind: str | None, on: date, calendar: Calendar
) -> tuple[Minutes, ...]:
    day_class = calendar.day_class(on)
    if day_class is None or f"{on:%m-%d}" in pack["visit.closed_days"]:
        return ()
    name = f"{activity}.windows"
    if activity == "visit":
        name += f".{place_kind if place_kind in _KINDS else 'other'}"
    week = _week(json.dumps(pack[name]))
    weekday = week[WEEKDAYS[on.weekday()]]
    if day_class is DayClass.HOLIDAY:
        # A holiday never has longer hours than the weekday that it falls on.
        return intersect(week[HOLIDAY], weekday)
    return weekday


@lru_cache(maxsize=256)
def _week(text: str) -> Mapping[str, tuple[Minutes, ...]]:
    """Return parsed hours; a day's plan asks for the same few thousands of times."""
    return parse_week(json.loads(text))


def _opens(time_zone: str, on: date, minute: int) -> datetime:
    """Return the instant of a wall time, the later one where the clocks make it two."""
    return max(wall_instants(time_zone, on, minute))


def _closes(time_zone: str, on: date, minute: int) -> datetime:
    """Return the instant of a wall time, the earlier one where the clocks make it two."""
    return min(wall_instants(time_zone, on, minute))


def wall_instants(time_zone: str, on: date, minute: int) -> tuple[datetime, datetime]:
    """Return the instants of a wall time, in minutes after midnight: two where it comes twice."""
    day, minute = (on + timedelta(days=1), 0) if minute == 24 * 60 else (on, minute)
    at = time(minute // 60, minute % 60)
    return (
        local_instant(time_zone, day, at),
        local_instant(time_zone, day, at.replace(fold=1)),
    )


def is_known_zone(time_zone: str | None) -> bool:
    """Whether a time zone is given and is one of the IANA database."""
    if time_zone is None:
        return False
    try:
        zone(time_zone)
    except ValueError:
        return False
    return True
