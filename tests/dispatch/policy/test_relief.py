"""What is offered is from a closed list, and never asks for more than a budget leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.policy.relief import LONGEST_MONTHS, Budget, Relief, relief_options

AMOUNTS = st.integers(min_value=0, max_value=10**9)


def test_affordable_is_what_is_left_less_a_reserve():
    assert Budget(income=500_000, essentials=350_000, other_payments=50_000).affordable == 80_000


def test_who_spends_more_than_comes_in_can_afford_nothing():
    assert Budget(income=300_000, essentials=310_000).affordable == 0


@pytest.mark.parametrize("name", ["income", "essentials", "other_payments"])
def test_a_negative_amount_is_refused(name):
    with pytest.raises(Invalid, match=name):
        Budget(**{"income": 1, "essentials": 1, name: -1})


@given(total=AMOUNTS, income=AMOUNTS, essentials=AMOUNTS, other=AMOUNTS)
def test_no_option_asks_for_more_than_is_affordable(total, income, essentials, other):
    budget = Budget(income=income, essentials=essentials, other_payments=other)
    for one in relief_options(total, budget):
        assert one.monthly <= budget.affordable
        assert one.months <= LONGEST_MONTHS
        if one.relief is Relief.INSTALMENTS:
            assert one.monthly * one.months >= total
            assert one.monthly * (one.months - 1) < total


def test_without_a_budget_no_instalment_is_called_affordable():
    assert [one.relief for one in relief_options(1_000_000, None)] == [
        Relief.DEFERRAL,
        Relief.SPECIALIST,
    ]


def test_what_can_be_paid_soon_may_simply_be_paid_later():
    soon = relief_options(200_000, Budget(income=500_000, essentials=375_000))
    late = relief_options(900_000, Budget(income=500_000, essentials=375_000))
    assert Relief.EXTENSION in {one.relief for one in soon}
    assert Relief.EXTENSION not in {one.relief for one in late}


def test_nothing_is_offered_where_nothing_is_open():
    assert relief_options(0, None) == ()
