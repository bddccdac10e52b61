"""Notice: 72 hours before by proof of delivery, at most 14 days old, and about this very visit."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.policy.rules.notice import delivered_at
from tests.dispatch.audit.lawful_day import CREW, ON, a_member, a_notice, a_visit, an_id, wall
from tests.dispatch.policy.test_rules import NOTICED, ask, codes, noticed

THREE_DAYS_BEFORE = NOTICED.window_from - timedelta(hours=72)
SECOND = timedelta(seconds=1)
EVE = wall(12, on=ON - timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"delivered_at": THREE_DAYS_BEFORE}, set()),
        ({"delivered_at": THREE_DAYS_BEFORE + SECOND}, {"notice-not-in-time"}),
        ({"delivered_at": NOTICED.window_until - timedelta(days=14)}, set()),
        (
            {"delivered_at": NOTICED.window_until - timedelta(days=14) - SECOND},
            {"notice-not-in-time"},
        ),
        ({"delivered_proof": None}, {"notice-not-in-time"}),
        ({"delivered_proof": "gateway"}, {"notice-not-in-time"}),
        ({"delivered_proof": None, "opened_at": THREE_DAYS_BEFORE}, set()),
        ({"delivered_proof": "personal"}, set()),
        ({"expires_at": NOTICED.window_until}, set()),
        ({"expires_at": NOTICED.window_until - SECOND}, {"notice-not-in-time"}),
        ({"date_on": ON + timedelta(days=1)}, {"notice-differs"}),
        ({"place_id": an_id("x")}, {"notice-differs"}),
        ({"purpose": "x"}, {"notice-differs"}),
        ({"state": "sent"}, set()),
    ],
)
def test_a_notice_that_left(changes: dict[str, Any], found: set[str]) -> None:
    assert codes(noticed(**changes), now=EVE) == found


def test_delivery_counts_not_sending() -> None:
    late = {"sent_at": THREE_DAYS_BEFORE, "delivered_at": THREE_DAYS_BEFORE + SECOND}

    assert codes(noticed(**late), now=EVE) == {"notice-not-in-time"}


def test_another_crew_is_another_notice() -> None:
    assert codes(noticed(), crew=(CREW[0], a_member("agent-3"))) == {"notice-differs"}
    assert codes(noticed(), crew=tuple(reversed(CREW))) == set()


def test_a_used_notice_is_used() -> None:
    assert codes(replace(noticed(), is_notice_used=True)) == {"notice-used"}


@pytest.mark.parametrize("state", ["drafted", "failed", "superseded", "expired"])
def test_one_that_never_left_is_none(state: str) -> None:
    assert codes(noticed(state=state), now=EVE) == {"notice-not-in-time"}


@pytest.mark.parametrize(
    ("appointment", "found"),
    [
        (None, set()),
        ("offered", set()),
        ("unanswered", set()),
        ("confirmed", set()),
        ("declined", {"declined"}),
        ("countered", {"appointment-not-open"}),
        ("withdrawn", {"appointment-not-open"}),
        ("kept", {"appointment-not-open"}),
    ],
)
def test_answers(appointment: str | None, found: set[str]) -> None:
    assert codes(a_visit(appointment=appointment)) == found


def test_a_new_notice_leaves_in_message_hours_and_72_hours_stay() -> None:
    """Monday evening: it leaves on Tuesday at 09:00:01 and takes a quarter of an hour."""
    friday = date(2026, 3, 6)

    assert ask(a_visit(), on=friday).windows[0].from_at == wall(9, 15, 1, on=friday)
    assert ask(a_visit(), on=friday, sending_delay_s=3600).windows[0].from_at == wall(
        10, 0, 1, on=friday
    )
    assert codes(a_visit(), on=date(2026, 3, 5)) == {"notice-not-in-time"}


def test_the_earlier_proof_counts_and_none_of_the_future() -> None:
    both = a_notice(NOTICED, opened_at=EVE - timedelta(hours=5))

    assert delivered_at(both, EVE) == both.delivered_at
    assert delivered_at(both, both.delivered_at - SECOND) is None
