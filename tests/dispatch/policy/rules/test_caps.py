"""Caps and cooling-off: across loans and agencies, whichever side of the date, by local dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.policy.facts import VisitMadeFacts
from dispatch.policy.rules.caps import most_within
from tests.dispatch.audit.lawful_day import ON, a_visit, an_id, wall
from tests.dispatch.policy.test_rules import codes, talk, visited, with_contact


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((30,), set()),
        ((29,), {"cap-reached"}),
        ((-30,), set()),
        ((-29,), {"cap-reached"}),
        ((180, 120, 60), set()),
        ((179, 120, 60), {"cap-reached"}),
        ((119, 60, -60), {"cap-reached"}),
    ],
)
def test_visits_of_the_person(days: tuple[int, ...], found: set[str]) -> None:
    assert codes(a_visit(visits=visited(*days))) == found


def test_a_loan_is_visited_three_times_in_all() -> None:
    assert codes(a_visit(visits=visited(900, 800, case="one"))) == set()
    assert codes(a_visit(visits=visited(900, 800, 700, case="one"))) == {"case-cap-reached"}
    assert codes(a_visit(visits=visited(900, 800, 700, case="other"))) == set()


def test_days_are_those_of_the_place() -> None:
    """Just after midnight in Shanghai it is still the day before by UTC."""
    at = wall(0, 1, on=ON - timedelta(days=29))
    made = VisitMadeFacts(at=at, case_id=an_id("case-x"))

    assert codes(a_visit(visits=(made,))) == {"cap-reached"}
    assert codes(a_visit(visits=(replace(made, at=at - timedelta(minutes=2)),))) == set()


def test_a_visit_does_not_count_against_itself() -> None:
    own = replace(visited(0)[0], visit_id=an_id("visit-one"))

    assert codes(a_visit(visits=(own,))) == set()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"at": wall(0, on=date(2026, 2, 24))}, {"cooling-off"}),
        ({"at": wall(23, 59, on=date(2026, 2, 23))}, set()),
        ({"channel": "chat"}, {"cooling-off"}),
        ({"channel": "visit"}, {"cooling-off"}),
        ({"channel": "sms"}, set()),
        ({"result": "third_party"}, set()),
        ({"by_borrower": True}, set()),
        ({"at": wall(8), "channel": "sms", "result": "none"}, {"contacted-same-day"}),
        ({"at": wall(8), "channel": "sms", "by_borrower": True}, set()),
    ],
)
def test_contacts_before_the_visit(changes: dict[str, object], found: set[str]) -> None:
    assert codes(with_contact(talk(**changes))) == found


def test_the_fullest_span_is_found_wherever_it_begins() -> None:
    dates = [ON + timedelta(days=n) for n in (-9, -4, 3, 5)]

    assert most_within(dates, ON, 10) == 4
    assert most_within(dates, ON, 4) == 2
    assert most_within(dates, ON, None) == 5
    assert most_within([], ON, 10) == 1
