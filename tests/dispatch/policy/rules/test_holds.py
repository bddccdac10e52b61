"""Holds: whatever kind, on person, loan or place, from its first second to its last."""

from datetime import timedelta

import pytest

from dispatch.policy.facts import HoldFacts
from tests.dispatch.audit.lawful_day import a_visit, an_id, days_ago, wall
from tests.dispatch.policy.test_rules import ask, codes

SECOND = timedelta(seconds=1)


def held(**changes: object) -> HoldFacts:
    return HoldFacts(**{"kind": "hardship", "from_at": days_ago(1), **changes})


@pytest.mark.parametrize(
    ("hold", "is_bound"),
    [
        (held(), True),
        (held(kind="of another list"), True),
        (held(case_id=an_id("case-one")), True),
        (held(place_id=an_id("place-one")), True),
        (held(case_id=an_id("x")), False),
        (held(place_id=an_id("x")), False),
        (held(case_id=an_id("x"), place_id=an_id("place-one")), True),
        (held(until_at=wall(9, 15)), False),
        (held(until_at=wall(18, 21)), True),
        (held(from_at=wall(18, 45)), False),
        (held(from_at=wall(9, 39)), True),
    ],
)
def test_which_holds_leave_no_time(hold: HoldFacts, is_bound: bool) -> None:
    assert codes(a_visit(holds=(hold,))) == ({"hold-active"} if is_bound else set())


def test_a_stay_ends_the_second_before_a_hold_and_begins_as_it_ends() -> None:
    hold = held(from_at=wall(12), until_at=wall(14))
    windows = ask(a_visit(holds=(hold,))).windows

    assert [(one.from_at, one.until_at) for one in windows] == [
        (wall(9, 15), wall(12) - SECOND),
        (wall(14), wall(18, 44, 59)),
    ]


def test_two_holds_leave_what_neither_covers() -> None:
    holds = (held(until_at=wall(11)), held(from_at=wall(12)))
    (window,) = ask(a_visit(holds=holds)).windows

    assert (window.from_at, window.until_at) == (wall(11), wall(12) - SECOND)
