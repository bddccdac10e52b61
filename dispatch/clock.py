"""The only place that reads the clock, and the only place that builds local midnights."""

import time as machine_time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until it is moved: for tests, the demo and replays."""

    at: datetime = field(default_factory=lambda: datetime(2026, 1, 5, 9, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the instant that the clock was set to."""
        return self.at

    def advance(self, by: timedelta) -> datetime:
        """Move the clock by `by` and return the new instant."""
        self.at += by
        return self.at


def stopwatch() -> float:
    """Return seconds that only ever grow: for measuring how long something takes."""
    return machine_time.monotonic()


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone `name`.

    Raises
    ------
    ValueError
        If the name is not a zone of the IANA database.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"{name!r} is not an IANA time zone; write one such as Asia/Shanghai."
        raise ValueError(msg) from error


def local_instant(time_zone: str, on: date, at: time) -> datetime:
    """Return the UTC instant of the wall time `at` on the local date `on`.

    A wall time that the zone skips is read with the offset in force before the gap;
    one that happens twice is read as its first occurrence (PEP 495, fold 0).
    """
    return datetime.combine(on, at.replace(tzinfo=None), tzinfo=zone(time_zone)).astimezone(UTC)


def local_day(time_zone: str, on: date) -> tuple[datetime, datetime]:
    """Return the UTC instants at which the local date `on` begins and ends (end excluded)."""
    return (
        local_instant(time_zone, on, time.min),
        local_instant(time_zone, on + timedelta(days=1), time.min),
    )


def local_date(time_zone: str, at: datetime) -> date:
    """Return the calendar date that `at` has in the zone."""
    return at.astimezone(zone(time_zone)).date()


def local_time(time_zone: str, at: datetime) -> datetime:
    """Return `at` as wall time of the zone, with its offset: for showing, never for arithmetic."""
    return at.astimezone(zone(time_zone))
