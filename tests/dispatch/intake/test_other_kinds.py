"""Attempts, payments, agents, shifts and holidays."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from dispatch.errors import ImportInvalid
from dispatch.model import (
    Agent,
    AgentState,
    Case,
    ContactAttempt,
    ContactChannel,
    ContactResult,
    Evidence,
    Holiday,
    HolidayClass,
    ImportKind,
    Payment,
    Person,
    Qualification,
    QualificationKind,
    Shift,
)
from tests.dispatch.intake.conftest import a_row, csv_of
from tests.support.builders import NOW, a_branch, a_lender

ATTEMPT = {
    "attempt_number": "T-1",
    "case_number": "LN-1",
    "channel": "phone",
    "result": "none",
    "occurred_at": "2026-02-20T10:30:00+08:00",
}
PAYMENT = {
    "payment_number": "Y-1",
    "case_number": "LN-1",
    "amount": "1,200.50",
    "currency": "CNY",
    "paid_on": "2026-02-27",
}
AGENT = {
    "employee_number": "E-1",
    "name": "沈书瑶",
    "email": "shen@example.org",
    "phone": "13800138000",
    "gender": "女",
    "languages": "zh-CN|en",
    "skills": "mediation;elder_care",
    "home_lat": "30.61",
    "home_lon": "119.91",
    "certificate_until": "2027-12-31",
    "training_until": "2026-12-31",
    "authorised_lender": "Lantern Bank",
    "authorised_until": "2026-12-31",
}
SHIFT = {
    "employee_number": "E-1",
    "service_date": "2026-03-09",
    "starts": "09:00",
    "ends": "18:00",
    "break_from": "11:30",
    "break_to": "14:00",
    "break_minutes": "45",
}
HOLIDAY = {"date": "2026-10-01", "name": "国庆节", "class": "public_holiday"}


def changed(row, **given):
    return csv_of({**row, **given})


def issue_of(desk, content, kind):
    before = desk.counts()
    with pytest.raises(ImportInvalid) as caught:
        desk.take(content, kind)
    assert desk.counts() == before
    issue = caught.value.issues[0]
    return issue["row"], issue["column"], issue["code"]


def counted(report):
    return report.created, report.updated, report.unchanged


@pytest.mark.parametrize(
    ("kind", "row", "other"),
    [
        (ImportKind.ATTEMPTS, ATTEMPT, {"result": "right_party"}),
        (ImportKind.PAYMENTS, PAYMENT, {"amount": "1200.60"}),
        (ImportKind.AGENTS, AGENT, {"certificate_until": "2028-12-31"}),
        (ImportKind.SHIFTS, SHIFT, {"starts": "10:00"}),
        (ImportKind.HOLIDAYS, HOLIDAY, {"name": "National Day"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_is_created_then_unchanged_then_updated(any_desk, kind, row, other):
    any_desk.take(csv_of(a_row()))
    if kind is ImportKind.SHIFTS:
        any_desk.take(csv_of(AGENT), ImportKind.AGENTS)
    assert counted(any_desk.take(csv_of(row), kind, is_dry_run=True)) == (1, 0, 0)
    assert counted(any_desk.take(csv_of(row), kind)) == (1, 0, 0)
    assert counted(any_desk.take(csv_of(row), kind)) == (0, 0, 1)
    assert counted(any_desk.take(changed(row, **other), kind)) == (0, 1, 0)
    assert counted(any_desk.take(changed(row, **other), kind)) == (0, 0, 1)


def test_attempt_hangs_on_its_case_and_person(desk):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(ATTEMPT), ImportKind.ATTEMPTS)
    [row], [case] = desk.all(ContactAttempt), desk.all(Case)
    assert (row.case_id, row.person_id, row.lender_id) == (case.id, case.person_id, case.lender_id)
    assert (row.channel, row.result) == (ContactChannel.PHONE, ContactResult.NONE)
    assert row.occurred_at == datetime(2026, 2, 20, 2, 30, tzinfo=UTC)


def test_corrected_attempt_leaves_evidence_of_what_was_there(desk):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(ATTEMPT), ImportKind.ATTEMPTS)
    desk.take(changed(ATTEMPT, result="third_party"), ImportKind.ATTEMPTS)
    entry = next(one for one in desk.all(Evidence) if one.kind == "contact_attempt.corrected")
    assert entry.facts["before"][:2] == ["phone", "none"]


def test_payment_is_sealed_for_its_person(desk):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(PAYMENT), ImportKind.PAYMENTS)
    [row], [person] = desk.all(Payment), desk.all(Person)
    assert desk.vault.read(person, row, "amount") == 120_050
    assert (row.paid_on, row.promise_id) == (date(2026, 2, 27), None)


@pytest.mark.parametrize(
    ("kind", "row", "given", "column", "code"),
    [
        (ImportKind.ATTEMPTS, ATTEMPT, {"case_number": "LN-9"}, "case_number", "unknown-case"),
        (ImportKind.ATTEMPTS, ATTEMPT, {"channel": "pigeon"}, "channel", "unknown-choice"),
        (
            ImportKind.ATTEMPTS,
            ATTEMPT,
            {"occurred_at": "2026-02-20T10:30:00"},
            "occurred_at",
            "no-offset",
        ),
        (
            ImportKind.ATTEMPTS,
            ATTEMPT,
            {"occurred_at": "2026-04-20T10:30:00Z"},
            "occurred_at",
            "in-future",
        ),
        (ImportKind.PAYMENTS, PAYMENT, {"case_number": "LN-9"}, "case_number", "unknown-case"),
        (ImportKind.PAYMENTS, PAYMENT, {"amount": "0"}, "amount", "out-of-range"),
        (ImportKind.PAYMENTS, PAYMENT, {"amount": "NaN"}, "amount", "not-a-number"),
        (ImportKind.PAYMENTS, PAYMENT, {"amount": "1.005"}, "amount", "out-of-range"),
        (ImportKind.PAYMENTS, PAYMENT, {"paid_on": "2026-05-01"}, "paid_on", "in-future"),
        (ImportKind.AGENTS, AGENT, {"home_lon": ""}, "home_lon", "incomplete"),
        (
            ImportKind.AGENTS,
            AGENT,
            {"home_lat": "119.91", "home_lon": "30.61"},
            "home_lat",
            "swapped-coordinates",
        ),
        (
            ImportKind.AGENTS,
            AGENT,
            {"authorised_lender": "Nobody"},
            "authorised_lender",
            "unknown-lender",
        ),
        (ImportKind.AGENTS, AGENT, {"authorised_until": ""}, "authorised_until", "incomplete"),
        (ImportKind.AGENTS, AGENT, {"languages": "zh-CN|?"}, "languages", "unknown-choice"),
        (
            ImportKind.AGENTS,
            AGENT,
            {"skills": "|".join("abcdefghijklmnopqrstu")},
            "skills",
            "too-long",
        ),
        (ImportKind.SHIFTS, SHIFT, {"employee_number": "E-9"}, "employee_number", "unknown-agent"),
        (ImportKind.SHIFTS, SHIFT, {"ends": "08:00"}, "ends", "contradiction"),
        (ImportKind.SHIFTS, SHIFT, {"break_to": ""}, "break_to", "incomplete"),
        (ImportKind.SHIFTS, SHIFT, {"break_from": "08:00"}, "break_from", "contradiction"),
        (ImportKind.SHIFTS, SHIFT, {"break_minutes": "200"}, "break_minutes", "contradiction"),
        (
            ImportKind.SHIFTS,
            SHIFT,
            {"break_from": "", "break_to": ""},
            "break_minutes",
            "contradiction",
        ),
        (ImportKind.SHIFTS, SHIFT, {"starts": "25:00"}, "starts", "not-a-time"),
        (ImportKind.HOLIDAYS, HOLIDAY, {"date": "10/01/2026"}, "date", "not-a-date"),
        (ImportKind.HOLIDAYS, HOLIDAY, {"class": "party"}, "class", "unknown-choice"),
    ],
)
def test_bad_row_is_refused_where_it_is_bad(desk, kind, row, given, column, code):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    assert issue_of(desk, changed(row, **given), kind) == (2, column, code)


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        (ImportKind.ATTEMPTS, ATTEMPT, "attempt_number"),
        (ImportKind.PAYMENTS, PAYMENT, "payment_number"),
        (ImportKind.AGENTS, AGENT, "employee_number"),
        (ImportKind.SHIFTS, SHIFT, "employee_number"),
        (ImportKind.HOLIDAYS, HOLIDAY, "date"),
    ],
)
def test_number_twice_in_a_file_is_refused(desk, kind, row, column):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    assert issue_of(desk, csv_of(row, row), kind) == (3, column, "duplicate-number")


def test_attempt_of_another_branch_is_of_no_case_here(desk):
    desk.take(csv_of(a_row()))
    with desk.database.writing() as session:
        other = a_branch(session, desk.vault)
    with pytest.raises(ImportInvalid) as caught:
        desk.take(csv_of(ATTEMPT), ImportKind.ATTEMPTS, branch=other)
    assert caught.value.issues[0]["code"] == "unknown-case"


def test_number_that_hangs_on_another_case_is_refused(desk):
    desk.take(csv_of(a_row(), a_row(case_number="LN-2")))
    desk.take(csv_of(ATTEMPT), ImportKind.ATTEMPTS)
    content = changed(ATTEMPT, case_number="LN-2")
    assert issue_of(desk, content, ImportKind.ATTEMPTS) == (2, "attempt_number", "contradiction")


def test_two_lenders_with_one_case_number_are_told_apart_by_a_column(desk):
    with desk.database.writing() as session:
        a_lender(session, name="Harbour Bank")
    desk.take(csv_of(a_row(), a_row(lender="Harbour Bank")))
    assert issue_of(desk, csv_of(PAYMENT), ImportKind.PAYMENTS) == (
        2,
        "case_number",
        "unknown-lender",
    )
    content = csv_of({**PAYMENT, "lender": "Harbour Bank"}, {**PAYMENT, "lender": "Lantern Bank"})
    assert desk.take(content, ImportKind.PAYMENTS).created == 2


def test_payment_of_an_erased_person_is_not_stored(desk):
    desk.take(csv_of(a_row()))
    with desk.database.writing() as session:
        session.exec(select(Person)).one().erase(actor="command", now=NOW)
    assert issue_of(desk, csv_of(PAYMENT), ImportKind.PAYMENTS)[2] == "person-erased"


def test_agent_with_all_papers_is_active_and_each_step_is_on_record(desk):
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    [agent] = desk.all(Agent)
    assert (agent.state, agent.gender, agent.languages) == (
        AgentState.ACTIVE,
        "female",
        ["zh-CN", "en"],
    )
    assert agent.skills == ["mediation", "elder_care"]
    assert desk.vault.read(desk.branch, agent, "phone") == "+8613800138000"
    assert desk.vault.read(desk.branch, agent, "home") == [30.61, 119.91]
    held = {one.kind: (one.lender_id, one.valid_until) for one in desk.all(Qualification)}
    assert held == {
        QualificationKind.CERTIFICATE: (None, date(2027, 12, 31)),
        QualificationKind.TRAINING: (None, date(2026, 12, 31)),
        QualificationKind.AUTHORISATION: (desk.lender.id, date(2026, 12, 31)),
    }
    assert sum(one.kind.startswith("agent.") for one in desk.all(Evidence)) == 6


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"certificate_until": "2025-12-31"}, AgentState.TRAINED),
        ({"training_until": ""}, AgentState.CHECKED),
        ({"authorised_lender": "", "authorised_until": ""}, AgentState.CERTIFIED),
    ],
)
def test_agent_rises_no_further_than_valid_papers_permit(desk, given, state):
    desk.take(changed(AGENT, **given), ImportKind.AGENTS)
    assert desk.all(Agent)[0].state is state
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    assert desk.all(Agent)[0].state is AgentState.ACTIVE


def test_file_does_not_bring_back_who_was_suspended(desk):
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    with desk.database.writing() as session:
        session.exec(select(Agent)).one().advance(AgentState.SUSPENDED, actor="account:1", now=NOW)
    desk.take(changed(AGENT, certificate_until="2029-01-01"), ImportKind.AGENTS)
    assert desk.all(Agent)[0].state is AgentState.SUSPENDED


def test_expired_agent_comes_back_with_new_papers(desk):
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    with desk.database.writing() as session:
        session.exec(select(Agent)).one().advance(AgentState.EXPIRED, actor="duty", now=NOW)
    desk.take(changed(AGENT, certificate_until="2029-01-01"), ImportKind.AGENTS)
    assert desk.all(Agent)[0].state is AgentState.ACTIVE


def test_shift_is_in_the_branch_s_local_time(desk):
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    desk.take(csv_of(SHIFT), ImportKind.SHIFTS)
    [shift] = desk.all(Shift)
    assert shift.starts_at == datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert shift.ends_at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert (shift.break_minutes, shift.service_date) == (45, date(2026, 3, 9))


def test_moved_shift_is_the_same_shift(desk):
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    desk.take(csv_of(SHIFT), ImportKind.SHIFTS)
    desk.take(changed(SHIFT, starts="10:00"), ImportKind.SHIFTS)
    [shift] = desk.all(Shift)
    assert shift.starts_at == datetime(2026, 3, 9, 2, tzinfo=UTC)


def test_two_shifts_of_a_day_may_follow_but_not_overlap(desk):
    desk.take(csv_of(AGENT), ImportKind.AGENTS)
    plain = {**SHIFT, "break_from": "", "break_to": "", "break_minutes": ""}
    morning, evening = {**plain, "ends": "12:00"}, {**plain, "starts": "14:00"}
    assert desk.take(csv_of(morning, evening), ImportKind.SHIFTS).created == 2
    overlap = csv_of(
        {**morning, "service_date": "2026-03-10"},
        {**plain, "service_date": "2026-03-10", "starts": "11:00"},
    )
    assert issue_of(desk, overlap, ImportKind.SHIFTS) == (3, "starts", "contradiction")
    assert issue_of(desk, csv_of({**plain, "starts": "11:00"}), ImportKind.SHIFTS) == (
        2,
        "starts",
        "contradiction",
    )


def test_holiday_classes_are_known_in_both_languages(desk):
    rows = [
        HOLIDAY,
        {"date": "2026-10-10", "name": "国庆节调休", "class": "补班"},
        {"date": "2026/9/25", "name": "中秋节", "class": "节日"},
    ]
    desk.take(csv_of(*rows), ImportKind.HOLIDAYS)
    assert {one.day_on: one.kind for one in desk.all(Holiday)} == {
        date(2026, 10, 1): HolidayClass.PUBLIC,
        date(2026, 10, 10): HolidayClass.WORKING,
        date(2026, 9, 25): HolidayClass.FESTIVAL,
    }
