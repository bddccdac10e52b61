"""The demo's tables: consistent, relative to today, and mostly ready for a visit."""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.demo.people import demo_tables, write_tables

TODAY = date(2026, 11, 20)
HEADERS = {
    "cases": "case_number,lender,person_number,name,language,phone,email,address,place_kind,lat,"
    "lon,currency,principal,interest,fees,paid,oldest_unpaid_due_on,product,ability,willingness,"
    "arrears_reason,assessed_on,service_minutes,value,birth_year,preferred_times",
    "attempts": "attempt_number,case_number,channel,result,occurred_at",
    "payments": "payment_number,case_number,amount,currency,paid_on",
    "agents": "employee_number,name,email,phone,gender,languages,skills,home_lat,home_lon,"
    "certificate_until,training_until,authorised_lender,authorised_until",
    "shifts": "employee_number,service_date,starts,ends,break_from,break_to,break_minutes",
    "holidays": "date,name,class",
}


@pytest.fixture(scope="module")
def tables(city):
    return demo_tables(city, seed=20, today=TODAY)


def days(text):
    return date.fromisoformat(text)


def by_case(attempts):
    made = defaultdict(list)
    for attempt in attempts:
        made[attempt["case_number"]].append(attempt)
    return made


def is_ready(case, attempts, today):
    overdue = (today - days(case["oldest_unpaid_due_on"])).days
    return (
        len(attempts) >= 3
        and len({datetime.fromisoformat(a["occurred_at"]).date() for a in attempts}) >= 3
        and len({a["channel"] for a in attempts}) >= 2
        and overdue >= 30
        and case["ability"] in {"unknown", "adequate"}
    )


def test_the_same_seed_and_day_give_the_same_tables(city, tables):
    assert demo_tables(city, seed=20, today=TODAY) == tables
    assert demo_tables(city, seed=21, today=TODAY) != tables


def test_numbers_are_unique_and_refer_to_what_is_there(tables):
    cases = [case["case_number"] for case in tables.cases]
    agents = [agent["employee_number"] for agent in tables.agents]
    assert len(cases) == len(set(cases)) == 120
    assert len(agents) == len(set(agents)) == 7
    for rows, key in ((tables.attempts, "attempt_number"), (tables.payments, "payment_number")):
        assert len({row[key] for row in rows}) == len(rows) > 0
        assert {row["case_number"] for row in rows} <= set(cases)
    assert {shift["employee_number"] for shift in tables.shifts} == set(agents)
    assert {a["authorised_lender"] for a in tables.agents} == {c["lender"] for c in tables.cases}


def test_some_persons_have_two_cases_and_are_told_alike(tables):
    persons = defaultdict(set)
    for case in tables.cases:
        told = ("name", "language", "phone", "email", "address", "lat", "lon", "birth_year")
        persons[case["person_number"]].add(tuple(case[key] for key in told))
    assert all(len(same) == 1 for same in persons.values())
    assert len(persons) == 116
    assert len({next(iter(same))[0] for same in persons.values()}) == 116


def test_most_cases_are_ready_for_a_visit_and_some_are_not(tables):
    made = by_case(tables.attempts)
    ready = sum(is_ready(case, made[case["case_number"]], TODAY) for case in tables.cases)
    assert 90 <= ready <= 110


@settings(max_examples=25)
@given(today=st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_on_any_day_nothing_has_happened_later(city, today):
    tables = demo_tables(city, seed=20, today=today, shift_weeks=2)
    made = by_case(tables.attempts)
    for case in tables.cases:
        assert today - timedelta(days=200) < days(case["oldest_unpaid_due_on"]) < today
        assert days(case["assessed_on"]) < today
        assert 18 < today.year - int(case["birth_year"]) < 65
        for attempt in made[case["case_number"]]:
            at = datetime.fromisoformat(attempt["occurred_at"])
            assert days(case["oldest_unpaid_due_on"]) < at.date() < today
    assert all(days(payment["paid_on"]) < today for payment in tables.payments)
    assert all(days(shift["service_date"]) >= today for shift in tables.shifts)
    for agent in tables.agents:
        for key in ("certificate_until", "training_until", "authorised_until"):
            assert days(agent[key]) > today + timedelta(weeks=8)
    ready = sum(is_ready(case, made[case["case_number"]], today) for case in tables.cases)
    assert ready >= 90


def test_attempts_were_made_at_considerate_times(tables):
    closed = {row["date"] for row in tables.holidays if row["class"] == "public_holiday"}
    for attempt in tables.attempts:
        at = datetime.fromisoformat(attempt["occurred_at"])
        assert at.utcoffset() == timedelta(hours=8)
        assert at.date().isoformat() not in closed
        assert at.weekday() != 6
        assert 9 <= at.hour < (15 if at.weekday() == 5 else 18)


def test_a_talk_lies_longer_back_than_the_cooling_off(tables):
    talks = [a for a in tables.attempts if a["result"] == "right_party"]
    assert talks
    assert all(
        datetime.fromisoformat(a["occurred_at"]).date() <= TODAY - timedelta(days=22)
        for a in talks
    )


def test_what_was_paid_is_what_the_payments_add_up_to(tables):
    paid = Counter()
    for payment in tables.payments:
        paid[payment["case_number"]] += Decimal(payment["amount"])
    for case in tables.cases:
        assert Decimal(case["paid"]) == paid[case["case_number"]]
        assert Decimal(case["paid"]) < Decimal(case["principal"])
        for amount in (case["principal"], case["interest"], case["fees"], case["paid"]):
            assert Decimal(amount) >= 0
            assert Decimal(amount).as_tuple().exponent == -2


def test_telephone_numbers_are_valid_in_form_and_belong_to_nobody(tables):
    for row in (*tables.cases, *tables.agents):
        number = phonenumbers.parse(row["phone"])
        assert phonenumbers.is_valid_number(number)
        # A subscriber number of mainland China never begins with 0.
        assert str(number.national_number).startswith("5720")
        assert row["email"].endswith("@example.org")


def test_homes_lie_in_the_city_and_apart(city, tables):
    homes = {(home.lat, home.lon): home for home in city.addresses}
    for case in tables.cases:
        home = homes[float(case["lat"]), float(case["lon"])]
        text = home.text_en if case["language"] == "en" else home.text_zh
        assert case["address"] == text
    assert len({case["address"] for case in tables.cases}) == 116


def test_both_languages_occur(tables):
    languages = Counter(case["language"] for case in tables.cases)
    assert set(languages) == {"zh-CN", "en"}
    assert languages["en"] > 10
    genders = Counter(agent["gender"] for agent in tables.agents)
    assert min(genders["female"], genders["male"]) >= 3
    assert all("zh-CN" in agent["languages"].split(";") for agent in tables.agents)


def test_shifts_keep_weekdays_saturdays_and_holidays(city):
    tables = demo_tables(city, seed=20, today=date(2026, 9, 28), shift_weeks=3)
    closed = {row["date"] for row in tables.holidays if row["class"] == "public_holiday"}
    on = defaultdict(list)
    for shift in tables.shifts:
        on[days(shift["service_date"])].append(shift)
    assert not {day.isoformat() for day in on} & closed
    assert date(2026, 10, 1) not in on
    assert all(day.weekday() != 6 for day in on)
    for day, shifts in on.items():
        saturday = day.weekday() == 5
        assert len(shifts) in ({3, 4} if saturday else {7})
        times = {(shift["starts"], shift["ends"]) for shift in shifts}
        assert times == {("10:00", "16:00") if saturday else ("09:00", "18:00")}
    assert len(on) == 3 * 6 - 6  # National Day: 1, 2, 3, 5, 6 and 7 October


def test_a_weekend_day_worked_in_exchange_is_told(tables):
    classes = {row["date"]: row["class"] for row in tables.holidays}
    assert classes["2026-10-01"] == "public_holiday"
    assert classes["2026-10-10"] == "working_day"


def test_tables_are_written_as_utf_8_csv_with_the_importers_headers(tables, tmp_path):
    paths = write_tables(tables, tmp_path / "out")
    assert set(paths) == set(HEADERS)
    for kind, path in paths.items():
        assert path.name == f"{kind}.csv"
        assert path.read_text("utf-8").splitlines()[0] == HEADERS[kind]
        with path.open(encoding="utf-8", newline="") as file:
            assert tuple(csv.DictReader(file)) == getattr(tables, kind)
