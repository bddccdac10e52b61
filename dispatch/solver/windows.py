"""A window around a stay where nothing is known of how days stray: round, and inside the law."""

from datetime import datetime, timedelta

STEP = timedelta(minutes=15)
WIDEST = timedelta(minutes=90)
"""How wide a window we announce, where the pack permits that much."""


def window_around(
    arrive_at: datetime,
    leave_at: datetime,
    legal: tuple[tuple[datetime, datetime], ...],
    most: timedelta,
) -> tuple[datetime, datetime]:
    """Return the window to announce: on the quarter hour, inside the legal window of the stay.

    It is no wider than `most`, which is what the pack permits.

    A third of the room lies before the stay, since crews run late more often than early. Where no
    quarter hour fits between the legal bound and the stay, the bound itself is announced.
    """
    width = min(WIDEST, most)
    low, high = span_of(arrive_at, leave_at, legal)
    room = max(width - (leave_at - arrive_at), timedelta())
    start = max(_down(arrive_at - room / 3), _up(low))
    if start > arrive_at:
        start = low
    until = min(start + width, _down(high) if _down(high) >= leave_at else high)
    return start, max(until, leave_at)


def span_of(
    arrive_at: datetime, leave_at: datetime, legal: tuple[tuple[datetime, datetime], ...]
) -> tuple[datetime, datetime]:
    """Return the legal span that holds a stay; the stay itself where none does."""
    return next(
        (span for span in legal if span[0] <= arrive_at and leave_at <= span[1]),
        (arrive_at, leave_at),
    )


def _down(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


def _up(at: datetime) -> datetime:
    down = _down(at)
    return down if down == at else down + STEP
