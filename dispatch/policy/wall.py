"""Wall-clock windows of a week, as packs write them: `mon-fri: ["09:00-19:00"]`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY: Final = "public_holiday"
DAY_KEYS: Final = (*WEEKDAYS, HOLIDAY)
_TIME: Final = re.compile(r"[0-2][0-9]:[0-5][0-9]")

type Minutes = tuple[int, int]
"""From and until, in minutes after midnight; 1440 is the next midnight."""


def parse_week(week: Mapping[str, Sequence[str]]) -> dict[str, tuple[Minutes, ...]]:
    """Return the windows of each weekday and of public holidays; a day unsaid is closed.

    Raises
    ------
    ValueError
        If a day or a window can't be read, or a day is said twice.
    """
    days: dict[str, tuple[Minutes, ...]] = {}
    for key, texts in week.items():
        windows = union(parse_window(text) for text in texts)
        for day in _days(key):
            if day in days:
                msg = f"{day} is said twice; name each day once."
                raise ValueError(msg)
            days[day] = windows
    return {key: days.get(key, ()) for key in DAY_KEYS}


def parse_window(text: str) -> Minutes:
    """Return `09:00-19:00` as minutes.

    Raises
    ------
    ValueError
        If it is not two times of day, the earlier first.
    """
    try:
        from_minute, until_minute = (_minute(part) for part in text.split("-"))
    except (ValueError, AttributeError):
        from_minute, until_minute = 0, -1
    if not 0 <= from_minute < until_minute <= 24 * 60:
        msg = f"{text!r} is not a window; write 09:00-19:00, the earlier time first."
        raise ValueError(msg)
    return from_minute, until_minute


def to_text(windows: Iterable[Minutes]) -> list[str]:
    """Return windows as packs write them."""
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in windows]


def intersect(first: Sequence[Minutes], second: Sequence[Minutes]) -> tuple[Minutes, ...]:
    """Return the time that lies in both."""
    common = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return tuple(sorted((a, b) for a, b in common if a < b))


def union(windows: Iterable[Minutes]) -> tuple[Minutes, ...]:
    """Return windows in order, with those joined that overlap."""
    joined: list[Minutes] = []
    for a, b in sorted(windows):
        # Windows that only touch stay apart: their bounds are open.
        if joined and a < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return tuple(joined)


def _days(key: str) -> tuple[str, ...]:
    if key == HOLIDAY:
        return (HOLIDAY,)
    first, _, last = key.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        msg = f"{key!r} is no day; write mon, mon-fri or public_holiday."
        raise ValueError(msg)
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    if begin > end:
        msg = f"{key!r} runs backwards; write mon-fri."
        raise ValueError(msg)
    return WEEKDAYS[begin : end + 1]


def _minute(text: str) -> int:
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
