"""Eligibility: long enough overdue, three genuine tries on three days by two channels, able."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch.policy.facts import ContactFacts, VisitFacts
from tests.dispatch.audit.lawful_day import NOW, a_visit, an_id, contacts
from tests.dispatch.policy.test_rules import codes

THREE = contacts(an_id("case-one"))


def tried(*tries: ContactFacts) -> VisitFacts:
    return a_visit(contacts=tries)


@pytest.mark.parametrize(("dpd", "found"), [(30, set()), (29, {"not-overdue-enough"})])
def test_days_past_due(dpd: int, found: set[str]) -> None:
    assert codes(a_visit(dpd=dpd)) == found


@pytest.mark.parametrize(
    ("ability", "found"),
    [
        ("unknown", set()),
        ("adequate", set()),
        ("partial", {"not-able"}),
        ("none_now", {"not-able"}),
    ],
)
def test_ability(ability: str, found: set[str]) -> None:
    assert codes(a_visit(ability=ability)) == found


def test_three_tries_are_enough_and_two_are_not() -> None:
    assert codes(tried(*THREE)) == set()
    assert codes(tried(*THREE[:2])) == {"remote-first"}


@pytest.mark.parametrize(
    "changes",
    [
        {"is_genuine": False},
        {"by_borrower": True},
        {"channel": "visit"},
        {"case_id": an_id("another loan")},
        {"at": NOW + timedelta(seconds=1)},
        {"at": THREE[1].at},
    ],
    ids=["not genuine", "the person's own", "a visit", "another loan", "to come", "same day"],
)
def test_what_is_no_third_try(changes: dict[str, Any]) -> None:
    assert codes(tried(*THREE[:2], replace(THREE[2], **changes))) == {"remote-first"}


def test_two_channels_are_tried() -> None:
    assert codes(tried(*(replace(one, channel="sms") for one in THREE))) == {"remote-first"}


def test_unwillingness_is_no_ground_and_no_bar() -> None:
    assert (
        codes(a_visit(willingness="unwilling")) == codes(a_visit(willingness="willing")) == set()
    )
