"""Demand: a letter about this loan, and its full days over."""

from dataclasses import replace

import pytest

from dispatch.policy.facts import ContactFacts
from dispatch.policy.pack import effective, load_pack
from tests.dispatch.audit.lawful_day import NOW, an_id
from tests.dispatch.policy.test_rules import a_letter, codes, with_contact

DENMARK = effective(load_pack("dk"))


@pytest.mark.parametrize(
    ("letter", "is_enough"),
    [
        (a_letter(11), True),
        (a_letter(10), False),
        (replace(a_letter(11), case_id=an_id("another loan")), False),
        (replace(a_letter(11), by_borrower=True), False),
        (replace(a_letter(11), is_genuine=False), False),
        (replace(a_letter(11), channel="sms"), False),
        (replace(a_letter(-3), at=NOW.replace(year=2027)), False),
    ],
)
def test_letter(letter: ContactFacts, is_enough: bool) -> None:
    assert ("demand-first" not in codes(with_contact(letter), law=DENMARK)) is is_enough


def test_a_law_without_a_demand_asks_for_none() -> None:
    assert "demand-first" not in codes(with_contact(a_letter(1)))
