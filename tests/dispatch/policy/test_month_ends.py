"""Days are counted over leap days, the ends of months and years, and week 53."""

from datetime import UTC, date, datetime

import pytest

from dispatch.model import Case
from dispatch.policy.complaint_clock import acknowledge_by, answer_by
from dispatch.policy.pack import effective, load_pack
from dispatch.policy.rules.caps import most_within

LAW = effective(load_pack("baseline"))
"""Three days to acknowledge a complaint, fifteen to answer it."""


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


@pytest.mark.fault("E7")
@pytest.mark.parametrize(
    ("received", "acknowledged", "answered"),
    [
        (date(2028, 2, 27), date(2028, 3, 1), date(2028, 3, 13)),
        (date(2028, 2, 29), date(2028, 3, 3), date(2028, 3, 15)),
        (date(2027, 2, 27), date(2027, 3, 2), date(2027, 3, 14)),
        (date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 15)),
        (date(2026, 1, 31), date(2026, 2, 3), date(2026, 2, 15)),
    ],
)
def test_clocks_of_a_complaint(received: date, acknowledged: date, answered: date) -> None:
    assert acknowledge_by(LAW, noon(received)) == noon(acknowledged)
    assert answer_by(LAW, noon(received)) == noon(answered)


@pytest.mark.fault("E7")
@pytest.mark.parametrize(
    ("made", "on", "most"),
    [
        (date(2028, 1, 31), date(2028, 2, 29), 2),  # 29 days later: within 30
        (date(2028, 1, 31), date(2028, 3, 1), 1),
        (date(2027, 1, 31), date(2027, 3, 1), 2),  # there is no 29 February between
        (date(2027, 1, 31), date(2027, 3, 2), 1),
        (date(2026, 12, 2), date(2026, 12, 31), 2),
        (date(2026, 12, 31), date(2027, 1, 29), 2),
        (date(2026, 12, 31), date(2027, 1, 30), 1),
    ],
)
def test_visits_within_thirty_days(made: date, on: date, most: int) -> None:
    assert most_within([made], on, 30) == most


@pytest.mark.fault("E7")
@pytest.mark.parametrize(
    ("unpaid", "on", "days"),
    [
        (date(2028, 2, 28), date(2028, 3, 1), 2),
        (date(2027, 2, 28), date(2027, 3, 1), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 1461),
        (date(2026, 12, 31), date(2027, 1, 1), 1),
    ],
)
def test_days_past_due(unpaid: date, on: date, days: int) -> None:
    assert Case(oldest_unpaid_due_on=unpaid).dpd(on) == days
