"""Law of one visit: classes of products, and relaxations that only their named giver may give."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch.policy.facts import RelaxationFacts, VisitFacts
from dispatch.policy.law import law_for, relaxable
from dispatch.policy.pack import Pack, effective, load_pack, read_pack
from dispatch.policy.wall import parse_week
from tests.dispatch.audit.lawful_day import NOW, ON, a_visit, an_id, wall
from tests.dispatch.policy.test_pack import HEAD, entry

INDIA = effective(load_pack("in"))
LUNCH = '{mon-fri: ["10:00-12:00"], public_holiday: []}'
ASKED = RelaxationFacts(
    parameter="visit.windows.residence",
    value={"mon-fri": ["10:00-15:00"], "public_holiday": []},
    given_by="borrower",
    given_at=NOW - timedelta(days=3),
    first_by=an_id("first"),
    second_by=an_id("second"),
    decided_at=NOW - timedelta(days=2),
)


def narrow(relaxable_by: str = "borrower") -> Pack:
    """A pack with short hours that someone may lengthen."""
    line = entry("visit.windows.residence", LUNCH)
    return effective(read_pack(HEAD + line.replace("by: nobody", f"by: {relaxable_by}")))


def hours(law: Pack, visit: VisitFacts) -> tuple[tuple[int, int], ...]:
    return parse_week(law_for(law, visit, on=ON, now=NOW)["visit.windows.residence"])["tue"]


SHORT, LONG = ((600, 720),), ((600, 900),)


def test_without_classes_and_relaxations_the_law_is_the_branch_s() -> None:
    law = effective(load_pack("dk"))

    assert law_for(law, a_visit(), on=ON, now=NOW) is law


@pytest.mark.parametrize(
    ("product", "word"),
    [
        ("bank_credit", "with_notice"),
        ("microfinance", "only_if_chosen"),
        ("something else", "only_if_chosen"),
        (None, "only_if_chosen"),
    ],
)
def test_a_product_of_no_known_class_is_bound_by_every_class(
    product: str | None, word: str
) -> None:
    law = law_for(INDIA, a_visit(product=product), on=ON, now=NOW)

    assert law["visit.places"]["residence"] == word


def test_the_borrower_may_lengthen_what_the_pack_lets_them() -> None:
    assert hours(narrow(), a_visit()) == SHORT
    assert hours(narrow(), a_visit(relaxations=(ASKED,))) == LONG


def test_the_baseline_binds_beside_every_relaxation() -> None:
    night = replace(ASKED, value={"mon-sun": ["00:00-24:00"], "public_holiday": ["00:00-24:00"]})
    china = effective(load_pack("cn"))

    assert hours(china, a_visit(relaxations=(night,))) == hours(china, a_visit())


@pytest.mark.parametrize("relaxable_by", ["nobody", "contract", "court", "lender"])
def test_only_who_is_named_may_relax(relaxable_by: str) -> None:
    assert hours(narrow(relaxable_by), a_visit(relaxations=(ASKED,))) == SHORT


def test_nobody_is_no_giver() -> None:
    one = replace(ASKED, given_by="nobody")

    assert hours(narrow("nobody"), a_visit(relaxations=(one,))) == SHORT


@pytest.mark.parametrize(
    "changes",
    [
        {"given_at": NOW + timedelta(seconds=1)},
        {"decided_at": NOW + timedelta(seconds=1)},
        {"decided_at": None},
        {"second_by": None},
        {"second_by": ASKED.first_by},
        {"first_by": None},
        {"revoked_at": NOW},
        {"until_at": wall(23, 59)},
        {"case_id": an_id("another loan")},
        {"parameter": "visit.windows.workplace"},
    ],
    ids=repr,
)
def test_what_does_not_count(changes: Mapping[str, Any]) -> None:
    assert hours(narrow(), a_visit(relaxations=(replace(ASKED, **changes),))) == SHORT


@pytest.mark.parametrize(
    "changes", [{"case_id": an_id("case-one")}, {"until_at": wall(0, on=ON + timedelta(days=1))}]
)
def test_what_counts(changes: Mapping[str, Any]) -> None:
    assert hours(narrow(), a_visit(relaxations=(replace(ASKED, **changes),))) == LONG


def test_of_two_relaxations_the_stricter_counts() -> None:
    other = replace(ASKED, value={"mon-fri": ["10:00-13:00"], "public_holiday": []})

    assert hours(narrow(), a_visit(relaxations=(ASKED, other))) == ((600, 780),)


def test_without_a_known_zone_nothing_is_relaxed() -> None:
    assert hours(narrow(), a_visit(relaxations=(ASKED,), time_zone=None)) == SHORT


def test_only_what_names_a_giver_may_be_relaxed_whichever_layer_says_so() -> None:
    assert {one.source.pack_id for one in relaxable(narrow())["visit.windows.residence"]} == {
        "own"
    }
    assert "visit.windows.residence" not in relaxable(narrow("nobody"))
    assert set(relaxable(effective(load_pack("baseline")))) == {"cash.forbidden"}
    assert "visit.places" in relaxable(INDIA)  # said of a class of products, too
