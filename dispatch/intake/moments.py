"""Dates, times of day, instants and years of birth of a file."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dispatch.intake.context import ImportContext
from dispatch.intake.report import BadValue, Code

ADULT: Final = 18
_OLDEST: Final = 110
_CLOCKS_DIFFER: Final = timedelta(minutes=5)

_WRITTEN: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL: Final = re.compile(r"([2-7]\d{4})(\.\d+)?")
_SERIAL_ORIGIN: Final = date(1899, 12, 30)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?")
_DAY_PART: Final = re.compile(r"0?\.\d+|0")
_YEAR: Final = re.compile(r"(\d{4})(\.0+|[-/.年].*)?")
_EARLIEST: Final = date(1980, 1, 1)
_LATEST: Final = date(2100, 1, 1)


def day(text: str, _context: ImportContext) -> date:
    """Return a date: 2026-03-09, 2026/3/9, 2026年3月9日, 20260309 or a spreadsheet's serial."""
    text = unicodedata.normalize("NFKC", text)
    found = _date_in(text)
    if found is None:
        raise BadValue(
            Code.NOT_A_DATE,
            "This is no date, or one that may be read in two ways.",
            "Write year, month, day: 2026-03-09.",
        )
    if not _EARLIEST <= found < _LATEST:
        raise BadValue(
            Code.OUT_OF_RANGE, "The date lies before 1980 or after 2099.", "Check the year."
        )
    return found


def past_day(text: str, context: ImportContext) -> date:
    """Return a date that has come, in the branch's time zone."""
    found = day(text, context)
    if found > context.today:
        raise BadValue(
            Code.IN_FUTURE,
            "The date is still to come.",
            "Check day and month, and that the row belongs in this file yet.",
        )
    return found


def clock_time(text: str, _context: ImportContext) -> time:
    """Return a local time of day: 09:30, 9:30:00 or a spreadsheet's part of a day."""
    text = unicodedata.normalize("NFKC", text)
    if match := _CLOCK.fullmatch(text):
        try:
            return time(int(match[1]), int(match[2]), int(match[3] or 0))
        except ValueError:
            pass
    elif _DAY_PART.fullmatch(text):
        minutes = round(float(text) * 1440)
        return time(minutes // 60 % 24, minutes % 60)
    raise BadValue(Code.NOT_A_TIME, "This is no time of day.", "Write hours and minutes: 09:30.")


def instant(text: str, context: ImportContext) -> datetime:
    """Return an instant that has passed: RFC 3339, with its offset."""
    try:
        found = datetime.fromisoformat(text)
        aware = found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError) as error:
        raise BadValue(
            Code.NOT_A_DATE,
            "This is no date and time.",
            "Write date, time and offset: 2026-03-09T14:30:00+08:00.",
        ) from error
    if aware is None:
        raise BadValue(
            Code.NO_OFFSET,
            "The time has no offset from UTC, so nobody knows when it was.",
            "Add the offset: 2026-03-09T14:30:00+08:00.",
        )
    if aware > context.now + _CLOCKS_DIFFER:
        raise BadValue(
            Code.IN_FUTURE, "The time is still to come.", "Check the date and the offset."
        )
    if aware.date() < _EARLIEST:
        raise BadValue(Code.OUT_OF_RANGE, "The time lies before 1980.", "Check the year.")
    return aware.replace(microsecond=0)


def birth_year(text: str, context: ImportContext) -> int:
    """Return the year of birth; of a full date only the year is kept."""
    match = _YEAR.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        raise BadValue(Code.NOT_A_DATE, "This is no year of birth.", "Write four digits: 1985.")
    year = int(match[1])
    if not context.today.year - _OLDEST <= year <= context.today.year:
        raise BadValue(
            Code.OUT_OF_RANGE, "Nobody alive was born in this year.", "Check the year of birth."
        )
    return year


def is_adult(born: int | None, on: date) -> bool | None:
    """Whether someone born in that year is of age; None where the year alone can't tell."""
    if born is None or on.year - born == ADULT:
        return None
    return on.year - born > ADULT


def _date_in(text: str) -> date | None:
    match = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    if serial := _SERIAL.fullmatch(text):
        return _SERIAL_ORIGIN + timedelta(days=int(serial[1]))
    return None
