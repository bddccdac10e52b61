"""The auditor's own count of contacts: before a notice is sent, and of the notice that was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.audit import Code, Profile, audit
from dispatch.policy.eligibility import visit_permitted
from dispatch.policy.facts import ContactFacts, StayFacts, VisitMadeFacts
from dispatch.policy.pack import effective
from tests.dispatch.audit.lawful_day import (
    CALENDAR,
    CREW,
    NOW,
    a_day,
    a_notice,
    a_stay,
    a_visit,
    an_id,
    wall,
)
from tests.dispatch.policy.test_pack import entry, own

TWO_IN_FOUR = own(entry("contact.caps", "[{scope: person, of: remote, most: 2, days: 4}]"))
ALL = own(entry("contact.caps", "[{scope: person, of: all, most: 2, days: 8}]"))
CALLS = own(entry("contact.caps", "[{scope: person, of: calls, most: 1, days: 4}]"))


def contact(days: float, channel: str = "sms", case: str = "another") -> ContactFacts:
    return ContactFacts(
        at=NOW - timedelta(days=days), channel=channel, result="none", case_id=an_id(case)
    )


def told_by(pack, *contacts: ContactFacts, on: date, **more) -> tuple[set[Code], bool]:
    """What the auditor says of a stay on a date with no notice yet, and whether the rules permit it."""
    visit = a_visit()
    visit = replace(visit, contacts=(*visit.contacts, *contacts), **more)
    stay = a_stay(visit, 15, 0, on=on)
    day = replace(a_day(stay, on=on), calendar=CALENDAR.days, pack_id="own", pack_version="1")
    found = {one.code for one in audit(day, pack, Profile.ANNOUNCE)}
    verdict = visit_permitted(visit, effective(pack), on=on, now=NOW, calendar=CALENDAR, crew=CREW)
    is_permitted = verdict.is_permitted and any(
        one.holds(stay.window_from, stay.leave_at) for one in verdict.windows
    )
    return found, is_permitted


def test_a_notice_waits_until_the_caps_leave_room_and_then_it_may_be_too_late() -> None:
    # Monday evening; with two messages on Sunday and Monday the next may leave on Thursday.
    full = (contact(1), contact(0.1))
    assert told_by(TWO_IN_FOUR, on=date(2026, 3, 6)) == (set(), True)
    assert told_by(TWO_IN_FOUR, *full, on=date(2026, 3, 6)) == ({Code.NOTICE_LATE}, False)
    assert told_by(TWO_IN_FOUR, *full, on=date(2026, 3, 10)) == (set(), True)


def test_the_visit_itself_is_a_contact_beside_its_notice() -> None:
    # One letter six days before the visit; notice and visit would be the second and the third.
    assert told_by(ALL, contact(0), on=date(2026, 3, 6)) == ({Code.NOTICE_LATE}, False)
    assert told_by(ALL, contact(9), on=date(2026, 3, 6)) == (set(), True)


def executed(*contacts: ContactFacts, channel: str = "sms", visits=()) -> StayFacts:
    visit = a_visit(contacts=(*a_visit().contacts, *contacts), visits=visits)
    stay = a_stay(visit, 11, 0)
    notice = a_notice(stay, sent_at=NOW, delivered_at=NOW, channel=channel)
    sent = ContactFacts(
        at=NOW, channel="phone" if channel == "phone_desk" else channel, result="none"
    )
    return replace(
        stay,
        visit=replace(
            visit,
            notice=notice,
            appointment="kept",
            contacts=(*visit.contacts, sent),
        ),
    )


@pytest.mark.parametrize(
    ("pack", "stay", "is_found"),
    [
        (TWO_IN_FOUR, executed(contact(1)), False),
        (TWO_IN_FOUR, executed(contact(1), contact(0.5)), True),
        (TWO_IN_FOUR, executed(contact(4), contact(0.5)), False),
        (TWO_IN_FOUR, executed(contact(1), contact(-0.1)), False),  # that one came later
        (TWO_IN_FOUR, executed(contact(1), contact(1, channel="visit")), False),
        (CALLS, executed(contact(1, channel="phone")), False),
        (CALLS, executed(contact(1, channel="phone"), channel="phone_desk"), True),
        (CALLS, executed(contact(1), channel="phone_desk"), False),
        (ALL, executed(contact(1)), False),
        (
            ALL,
            executed(contact(1), visits=(VisitMadeFacts(at=NOW - timedelta(days=7)),)),
            True,
        ),
    ],
)
@pytest.mark.fault("V2")
def test_an_executed_visit_is_told_whose_own_notice_was_one_contact_too_many(
    pack, stay: StayFacts, is_found: bool
) -> None:
    day = replace(
        a_day(stay), pack_id="own", pack_version="1", generated_at=wall(20, on=date(2026, 3, 10))
    )
    found = [
        one
        for one in audit(day, pack, Profile.EXECUTED)
        if one.code is Code.CONTACT_CAP and one.detail.startswith("the notice")
    ]
    assert bool(found) is is_found
