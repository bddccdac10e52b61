"""Contacts: every knock, call and message counts, the person's own do not."""

from dataclasses import replace

import pytest

from dispatch.policy.facts import ContactFacts, VisitFacts
from dispatch.policy.pack import effective, load_pack
from tests.dispatch.audit.lawful_day import a_visit, an_id
from tests.dispatch.policy.test_rules import a_call, codes, visited

KOREA = effective(load_pack("kr"))


def called(*days: int, **changes: object) -> tuple[ContactFacts, ...]:
    return tuple(replace(a_call(number), **changes) for number in days)


def reached(contacts: tuple[ContactFacts, ...], **more: object) -> bool:
    visit = a_visit(**{"contacts": contacts, "visits": (), **more})
    return "contacts-reached" in codes(visit, law=KOREA)


def test_the_seventh_contact_may_be_a_visit_and_the_eighth_may_not() -> None:
    assert not reached(called(6, 5, 4, 3, 2, 1))
    assert reached(called(6, 5, 5, 4, 3, 2, 1))


def test_what_lies_a_week_back_is_over() -> None:
    assert not reached(called(7, 7, 5, 4, 3, 2, 1))


@pytest.mark.parametrize(
    ("changes", "is_counted"),
    [
        ({"by_borrower": True}, False),
        ({"case_id": an_id("another loan")}, False),
        ({"channel": "visit"}, False),  # told by what was made of it
        ({"channel": "sms"}, True),
        ({"is_genuine": False}, True),  # a reminder is a contact
        ({"result": "third_party"}, True),
    ],
)
def test_what_counts(changes: dict[str, object], is_counted: bool) -> None:
    assert reached(called(6, 5, 4, 3, 2, 1) + called(1, **changes)) is is_counted


def test_a_knock_at_another_agency_s_request_counts() -> None:
    assert reached(called(6, 5, 4, 3, 2, 1), visits=visited(5, case="one"))


def test_a_cap_on_calls_forbids_no_visit() -> None:
    visit: VisitFacts = a_visit(contacts=called(*[5] * 20), visits=())

    assert "contacts-reached" not in codes(visit, law=effective(load_pack("us")))
