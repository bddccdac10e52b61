"""Hours: the auditor's own clock; it walks a stay minute by minute in the wall time of the place."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatch.audit.terms import Terms
from dispatch.policy.facts import DayClass

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STEP = timedelta(minutes=1)


def zone_of(name: str | None) -> ZoneInfo | None:
    """Return the zone of that name; None where there is none."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def wall_date(zone: ZoneInfo, at: datetime) -> date:
    """Return the date on the wall calendar of the place."""
    return at.astimezone(zone).date()


def spans_of(week: Mapping[str, Sequence[str]], key: str) -> list[tuple[int, int]]:
    """Return a pack's hours of a weekday, or of `public_holiday`, in seconds after midnight."""
    spans: list[tuple[int, int]] = []
    for days, texts in week.items():
        if days == key or (key in _WEEK and key in _run(days)):
            for text in texts:
                first, last = text.split("-")
                spans.append((_seconds(first), _seconds(last)))
    return spans


def is_within(
    terms: Terms,
    *,
    parameter: str,
    margin: timedelta,
    day_class: DayClass,
    zone: ZoneInfo,
    from_at: datetime,
    until_at: datetime,
) -> bool:
    """Whether a span and its margins stay inside one of the hours of each pack.

    Bounds are open: a second before the first instant and after the last one still has to be
    within. On a holiday the weekday's own hours bind as well.
    """
    second = timedelta(seconds=1)
    begin, end = from_at - max(margin, second), until_at + margin + second
    on = wall_date(zone, from_at)
    keys = [weekday_of(on)]
    if day_class is DayClass.HOLIDAY:
        keys.append("public_holiday")
    seconds = seconds_of(zone, on, begin, end)
    return all(
        any(all(a <= s <= b for s in seconds) for a, b in spans_of(week, key))
        for week in terms.each(parameter)
        for key in keys
    )


def weekday_of(on: date) -> str:
    """Return mon to sun."""
    return _WEEK[on.weekday()]


def seconds_of(zone: ZoneInfo, on: date, begin: datetime, end: datetime) -> list[float]:
    """Return the wall clock's seconds since the date's midnight, minute by minute and at the end."""
    return [_since_midnight(zone, on, at) for at in _walk(begin, end)]


def is_closed_day(terms: Terms, on: date) -> bool:
    """Whether a pack closes the day of the year."""
    return f"{on.month:02}-{on.day:02}" in terms.all_names("visit.closed_days")


def _walk(begin: datetime, end: datetime) -> Iterator[datetime]:
    at = begin
    while at < end:
        yield at
        at += _STEP
    yield end


def _since_midnight(zone: ZoneInfo, on: date, at: datetime) -> float:
    """Return seconds on the wall clock since the date's midnight, as its hands show them."""
    hands = at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return (hands - datetime.combine(on, time.min)).total_seconds()


def _run(days: str) -> tuple[str, ...]:
    first, dash, last = days.partition("-")
    if not dash or first not in _WEEK or last not in _WEEK:
        return ()
    return _WEEK[_WEEK.index(first) : _WEEK.index(last) + 1]


def _seconds(text: str) -> int:
    return int(text[:2]) * 3600 + int(text[3:]) * 60
