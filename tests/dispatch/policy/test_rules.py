"""Rules: each finds what it is there for, and says cause and remedy in both languages."""

from dataclasses import replace
from datetime import date, timedelta
from string import Formatter
from typing import Any

import pytest

from dispatch.policy.calendar import Calendar
from dispatch.policy.eligibility import Verdict, visit_permitted
from dispatch.policy.explain import LANGUAGES, _catalogue, explain
from dispatch.policy.facts import (
    ConsentFacts,
    ContactFacts,
    HoldFacts,
    MemberFacts,
    QuietFacts,
    VisitFacts,
    VisitMadeFacts,
)
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.policy.why import why
from tests.dispatch.audit.lawful_day import (
    CALENDAR,
    CREW,
    NOW,
    ON,
    a_member,
    a_notice,
    a_stay,
    a_visit,
    an_id,
    days_ago,
    wall,
)

LAW = effective(load_pack("baseline"))
KOREA = effective(load_pack("kr"))
DENMARK = effective(load_pack("dk"))


def ask(
    visit: VisitFacts,
    *,
    law: Pack = LAW,
    crew: tuple[MemberFacts, ...] | None = CREW,
    on: date = ON,
    calendar: Calendar = CALENDAR,
    **more: Any,
) -> Verdict:
    return visit_permitted(visit, law, on=on, crew=crew, calendar=calendar, **{"now": NOW, **more})


def codes(visit: VisitFacts, **more: Any) -> set[str]:
    return {finding.code for finding in ask(visit, **more).findings}


def talk(**changes: Any) -> ContactFacts:
    return replace(ContactFacts(at=days_ago(1), channel="phone", result="right_party"), **changes)


def with_contact(contact: ContactFacts) -> VisitFacts:
    visit = a_visit()
    return replace(visit, contacts=(*(visit.contacts or ()), contact))


def visited(*days: int, case: str = "x") -> tuple[VisitMadeFacts, ...]:
    return tuple(
        VisitMadeFacts(at=wall(10, on=ON - timedelta(days=d)), case_id=an_id(f"case-{case}"))
        for d in days
    )


def a_call(days: int) -> ContactFacts:
    """A call so many days before the visit, about its loan."""
    at = wall(10, on=ON - timedelta(days=days))
    return ContactFacts(at=at, channel="phone", result="none", case_id=an_id("case-one"))


def a_letter(days: int) -> ContactFacts:
    return replace(a_call(days), channel="letter")


def crewed(**changes: Any) -> tuple[MemberFacts, ...]:
    return (CREW[0], replace(CREW[1], **changes))


NOTICED = a_stay(a_visit(), 11, 0)


def noticed(**changes: Any) -> VisitFacts:
    return replace(a_visit(), notice=a_notice(NOTICED, **changes), appointment="confirmed")


def test_a_lawful_visit_has_its_day() -> None:
    verdict = ask(a_visit())

    assert verdict.is_permitted
    (window,) = verdict.windows
    assert (window.from_at, window.until_at) == (wall(9, 15), wall(18, 44, 59))


CASES: dict[str, tuple[str, VisitFacts, dict[str, Any]]] = {
    "zone": ("facts-unknown", a_visit(time_zone=None), {}),
    "wrong zone": ("facts-unknown", a_visit(time_zone="Here"), {}),
    "wrong contact zone": ("facts-unknown", a_visit(contact_time_zones=("Here",)), {}),
    "place": ("facts-unknown", a_visit(place_kind=None), {}),
    "located": ("facts-unknown", a_visit(is_place_located=None), {}),
    "age": ("facts-unknown", a_visit(is_adult=None), {}),
    "language": ("facts-unknown", a_visit(language=" "), {}),
    "dpd": ("facts-unknown", a_visit(dpd=None), {}),
    "contacts": ("facts-unknown", a_visit(contacts=None), {}),
    "visits": ("facts-unknown", a_visit(visits=None), {}),
    "holds": ("facts-unknown", a_visit(holds=None), {}),
    "data audit": ("facts-unknown", a_visit(data_audit_until=None), {}),
    "nobody asked": ("facts-unknown", a_visit(ability=None), {}),
    "minor": ("not-an-adult", a_visit(is_adult=False), {}),
    "school": ("place-forbidden", a_visit(place_kind="school"), {}),
    "no such kind": ("place-forbidden", a_visit(place_kind="gym"), {}),
    "workplace": ("place-not-chosen", a_visit(place_kind="workplace"), {}),
    "machine": ("approval-missing", a_visit(is_approver_human=None), {}),
    "approval to come": ("approval-missing", a_visit(approved_at=NOW + timedelta(1)), {}),
    "ground": ("ground-missing", a_visit(ground=None), {}),
    "29 days": ("not-overdue-enough", a_visit(dpd=29), {}),
    "no tries": ("remote-first", a_visit(contacts=()), {}),
    "unable": ("not-able", a_visit(ability="partial"), {}),
    "29 days ago": ("cap-reached", a_visit(visits=visited(29)), {}),
    "booked elsewhere": ("cap-reached", a_visit(visits=visited(-29)), {}),
    "half a year": ("cap-reached", a_visit(visits=visited(179, 120, 60)), {}),
    "case": ("case-cap-reached", a_visit(visits=visited(900, 800, 700, case="one")), {}),
    "talk": ("cooling-off", with_contact(talk()), {}),
    "same day": ("contacted-same-day", with_contact(talk(at=wall(0), channel="sms")), {}),
    "declined": ("declined", a_visit(appointment="declined"), {}),
    "countered": ("appointment-not-open", a_visit(appointment="countered"), {}),
    "alone": ("crew-too-small", a_visit(), {"crew": CREW[:1]}),
    "twice": ("crew-too-small", a_visit(), {"crew": (CREW[0], CREW[0])}),
    "training": ("crew-papers", a_visit(), {"crew": crewed(training_until=None)}),
    "expired": ("crew-papers", a_visit(), {"crew": crewed(certificate_until=date(2026, 3, 9))}),
    "suspended": ("crew-papers", a_visit(), {"crew": crewed(is_active=False)}),
    "mixed": ("crew-not-mixed", a_visit(wants_mixed_crew=True), {"crew": crewed(gender="f")}),
    "too long": ("stay-too-long", a_visit(service_s=1801), {}),
    "no calendar": ("calendar-missing", a_visit(), {"calendar": Calendar({})}),
    "Sunday": ("no-window", a_visit(), {"on": date(2026, 3, 15)}),
    "past": ("day-past", a_visit(), {"on": date(2026, 2, 27)}),
    "hold": ("hold-active", a_visit(holds=(HoldFacts(kind="dispute", from_at=NOW),)), {}),
    "eighth contact": (
        "contacts-reached",
        a_visit(
            contacts=tuple(a_call(days) for days in range(1, 7)), visits=visited(5, case="one")
        ),
        {"law": KOREA},
    ),
    "no demand": ("demand-first", a_visit(), {"law": DENMARK}),
    "demand of ten days": ("demand-first", with_contact(a_letter(10)), {"law": DENMARK}),
    "quiet all day": (
        "asked-for-quiet",
        a_visit(quiet_times=(QuietFacts(weekday="tue", window="08:00-20:00"),)),
        {},
    ),
    "flagged, alone": ("risk-crew", a_visit(risks=("no_light",)), {"crew": CREW[:1]}),
    "flagged, last": ("risk-last", a_visit(risks=("no_light",)), {"is_last": True}),
    "flagged, quiet until dark": (
        "risk-hours",
        a_visit(
            risks=("no_light",), quiet_times=(QuietFacts(weekday="tue", window="00:00-15:30"),)
        ),
        {},
    ),
    "no words": ("notice-language", a_visit(is_language_written=None), {}),
    "wrong words": ("notice-language", noticed(language="en"), {}),
    "nobody speaks it": ("crew-language", a_visit(language="hi"), {}),
    "nothing known of languages": ("crew-language", a_visit(), {"crew": crewed(languages=())[1:]}),
    "by phone": ("notice-not-written", noticed(channel="phone_desk"), {"law": DENMARK}),
    "stale data": ("data-audit-expired", a_visit(data_audit_until=wall(9, 20)), {}),
    "tomorrow": ("notice-not-in-time", a_visit(), {"on": date(2026, 3, 4)}),
    "far ahead": ("notice-not-in-time", a_visit(), {"on": date(2026, 3, 18)}),
    "used": ("notice-used", replace(noticed(), is_notice_used=True), {}),
    "other date": ("notice-differs", noticed(), {"on": date(2026, 3, 11)}),
    "other purpose": ("notice-differs", noticed(purpose="x"), {}),
    "other place": ("notice-differs", noticed(place_id=an_id("x")), {}),
    "other crew": ("notice-differs", noticed(), {"crew": (CREW[0], a_member("agent-3"))}),
    "late": (
        "notice-not-in-time",
        noticed(delivered_at=wall(10, 31, on=date(2026, 3, 7))),
        {"now": wall(9, on=date(2026, 3, 8))},
    ),
    "unproven": (
        "notice-not-in-time",
        noticed(delivered_proof=None),
        {"now": wall(11, on=date(2026, 3, 7))},
    ),
    "old": ("notice-not-in-time", noticed(delivered_at=wall(9, on=date(2026, 2, 24))), {}),
    "lapses": ("notice-not-in-time", noticed(expires_at=wall(12)), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_finds(name: str) -> None:
    code, visit, more = CASES[name]
    verdict = ask(visit, **more)

    assert code in {finding.code for finding in verdict.findings}
    assert verdict.windows == ()
    for language in LANGUAGES:
        for finding in verdict.findings:
            cause, remedy = explain(finding, language)
            assert cause
            assert remedy
            assert "{" not in cause + remedy


GATE_CODES = {"stage-time-not-over", "stage-facts-unknown", "no-visit-in-situation"}
"""What playbooks find (tests/dispatch/eligibility/test_stage_gates.py), beside the rules."""


def test_every_finding_has_its_texts_in_both_languages() -> None:
    found = {code for code, _, _ in CASES.values()} | {"no-reply"} | GATE_CODES
    english, chinese = (_catalogue(language) for language in LANGUAGES)

    def holes(entry: dict[str, str]) -> set[str | None]:
        return {
            name for text in entry.values() for _, name, _, _ in Formatter().parse(text) if name
        }

    assert set(english) == set(chinese) == found
    assert all(holes(english[code]) == holes(chinese[code]) for code in found)


def test_all_findings_are_reported_not_the_first_only() -> None:
    visit = a_visit(dpd=1, ability="none_now", ground=None)

    assert {"not-overdue-enough", "not-able", "ground-missing"} <= codes(visit)


@pytest.mark.parametrize(
    "visit",
    [
        a_visit(visits=visited(30)),
        a_visit(visits=visited(180, 120, 60)),
        a_visit(visits=visited(-30)),
        a_visit(visits=(replace(visited(0)[0], visit_id=an_id("visit-one")),)),
        with_contact(talk(at=wall(12, on=date(2026, 2, 23)))),
        with_contact(talk(by_borrower=True)),
        with_contact(talk(result="third_party")),
        a_visit(wants_mixed_crew=True),
        a_visit(dpd=30, ability="adequate"),
        a_visit(appointment="unanswered"),
        a_visit(holds=(HoldFacts(kind="dispute", from_at=days_ago(9), until_at=wall(9, 15)),)),
        a_visit(holds=(HoldFacts(kind="dispute", from_at=days_ago(9), case_id=an_id("x")),)),
        a_visit(
            place_kind="workplace",
            is_place_chosen=True,
            consents=(
                ConsentFacts(scope="place", given_at=days_ago(1), place_id=an_id("place-one")),
            ),
        ),
    ],
    ids=str,
)
def test_permits_what_is_just_lawful(visit: VisitFacts) -> None:
    assert codes(visit) == set()


def test_no_crew_chosen_yet_leaves_crew_rules_out() -> None:
    assert codes(a_visit(wants_mixed_crew=True), crew=None) == set()


def test_a_hold_cuts_the_day_in_two() -> None:
    hold = HoldFacts(kind="away", from_at=wall(12), until_at=wall(14))

    first, second = ask(a_visit(holds=(hold,))).windows

    assert (first.until_at, second.from_at) == (wall(11, 59, 59), wall(14))


def test_a_new_notice_sets_the_earliest_begin_of_a_window() -> None:
    verdict = ask(a_visit(), on=date(2026, 3, 6))

    # Monday evening: sendable on Tuesday at 09:00:01, fifteen minutes on the way, 72 hours.
    assert verdict.windows[0].from_at == wall(9, 15, 1, on=date(2026, 3, 6))


def test_a_notice_that_left_binds_to_its_window() -> None:
    (window,) = ask(noticed()).windows

    assert (window.from_at, window.until_at) == (NOTICED.window_from, NOTICED.window_until)


def test_a_named_substitute_is_the_announced_crew() -> None:
    crew = (CREW[0], a_member("agent-3"))
    other = a_stay(a_visit(), 11, 0, crew=crew).crew_hash

    assert codes(noticed(substitute_hashes=frozenset({other})), crew=crew) == set()


def test_opening_the_link_proves_delivery() -> None:
    notice = {"delivered_proof": None, "opened_at": wall(9, on=date(2026, 3, 5))}

    assert codes(noticed(**notice), now=wall(9, on=date(2026, 3, 9))) == set()


def test_a_pack_may_ask_for_an_answer() -> None:
    values = dict(LAW.values)
    values["notice.no_reply"] = replace(values["notice.no_reply"], raw="no_visit")
    law = replace(LAW, values=values)

    assert codes(a_visit(appointment="unanswered"), law=law) == {"no-reply"}
    assert codes(a_visit(appointment="confirmed"), law=law) == set()


def test_why_names_facts_rules_alternatives_and_approver() -> None:
    record = why(a_visit(), LAW)

    assert record.approved_by == an_id("manager")
    assert [(t.channel, t.tries, t.reached) for t in record.tried] == [
        ("phone", 2, 0),
        ("sms", 1, 0),
    ]
    assert dict(record.facts)["dpd"] == "75"
    assert all(rule.instrument and rule.article for rule in record.rules)
    assert {"cap-reached", "no-window", "notice-not-in-time"} <= {
        rule.code for rule in record.rules
    }
