"""Calls: hours in every zone, calls a day, rest after a talk; what isn't known permits none."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.policy.calls import call_permitted
from dispatch.policy.facts import ContactFacts
from dispatch.policy.pack import Pack, effective
from tests.dispatch.audit.lawful_day import CALENDAR, a_visit, wall
from tests.dispatch.policy.test_pack import entry, own

NOON = wall(12)


def law(*entries: str) -> Pack:
    return effective(own(*(entries or (entry("crew.min", "2"),))))


def call(days: int = 0, **changes: Any) -> ContactFacts:
    given = {"at": NOON - timedelta(days=days, hours=1), "channel": "phone", "result": "none"}
    return ContactFacts(**{**given, **changes})


def may(law: Pack, *contacts: ContactFacts, at=NOON, **changes: Any) -> bool:
    visit = replace(a_visit(), **{"contacts": contacts, **changes})
    return call_permitted(visit, law, now=at, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("changes", "is_permitted"),
    [
        ({}, True),
        ({"at": wall(8, 59)}, False),
        ({"at": wall(12, on=date(2026, 3, 15))}, False),  # a Sunday
        ({"contact_time_zones": ("America/New_York",)}, False),  # midnight there
        ({"time_zone": None}, False),
        ({"time_zone": "Mars/Olympus"}, False),
        ({"contacts": None}, False),
    ],
)
@pytest.mark.fault("E4")
def test_hours(changes: dict[str, Any], is_permitted: bool) -> None:
    assert may(law(), **changes) is is_permitted


def test_tries_and_talks_a_day() -> None:
    both = law(entry("call.attempts_per_day", "3"), entry("call.answered_per_day", "1"))
    talk = call(result="right_party")
    assert may(both, call(), call(), call(1))
    assert not may(both, call(), call(), call())
    assert not may(both, talk)
    assert may(both, replace(talk, by_borrower=True), call(), call(channel="sms"))


def test_the_day_of_the_talk_is_the_first_of_the_rest() -> None:
    rest = law(entry("call.cooling_days_after_talk", "7"))
    assert not may(rest, call(6, result="right_party"))
    assert may(rest, call(7, result="right_party"))
    assert may(rest, call(6, result="third_party"))


def test_caps_count_calls_across_loans() -> None:
    capped = law(entry("contact.caps", "[{scope: person, of: calls, most: 2, days: 7}]"))
    assert may(capped, call(1))
    assert not may(capped, call(1), call(6))
    assert may(capped, call(1), call(7), call(1, channel="sms"))
