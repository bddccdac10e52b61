"""Punctuality: a crew comes inside the announced window, neither before it nor after."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatch.model import Appointment

SLACK: Final = timedelta(minutes=1)
"""What two clocks may differ by."""


class OffTime(StrEnum):
    """How an arrival missed its window; also the kind of the incident."""

    EARLY = "arrived-early"
    LATE = "arrived-late"


def off_time(appointment: Appointment | None, at: datetime) -> tuple[OffTime, int] | None:
    """Return how an arrival missed the announced window and by how many seconds; None if it did not.

    Early means: wait away from the door. Late means: do not knock, report `ABORT_LATE`; the person
    has an apology and chooses a new time.
    """
    if appointment is None:
        return None
    early, late = appointment.window_from_at - at, at - appointment.window_until_at
    if early > SLACK:
        return OffTime.EARLY, int(early.total_seconds())
    if late > SLACK:
        return OffTime.LATE, int(late.total_seconds())
    return None
