"""The agent's phone: the own day only, no amount before identity, a report without a script."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.model import CheckInKind, Outcome, Person, Promise, RiskFlag, Role, VisitState
from tests.support import builders as make
from tests.support.field import a_field, at
from tests.support.planning import World
from tests.support.web import a_web


@pytest.fixture
def web(sqlite_database, vault, clock, quick_passwords):
    """An agent's browser, on the service date."""
    field = a_field(sqlite_database, vault)
    clock.at = at(9)
    world = World(
        sqlite_database,
        vault,
        None,
        clock,
        field.branch,
        field.lender,
        field.manager,
        field.agents,
        field.visits,
    )
    with a_web(world, quick_passwords) as web:
        web.field = field
        yield web.sign_in(field.accounts[0])


def a_report(web, **given):
    filled = {"outcome_id": "5f0c5b7e-8a3c-4c0e-9d53-0d1b6c1f2a11", "code": "NO_ANSWER"}
    filled |= {"currency": "CNY", **given}
    return web.post(f"/today/visits/{web.field.visits[0].id}/outcome", **filled)


def test_today_lists_the_own_visits_in_order_with_whom_to_ask_for(web):
    html = web.get("/today").text
    places = [html.index(f"/today/visits/{visit.id}") for visit in web.field.visits]
    assert places == sorted(places)
    assert html.count("Willow Lane") >= 2
    assert {one.case_id for one in web.reads()} == {one.id for one in web.field.cases}


def test_today_tells_no_amount(web):
    for path in ("/today", f"/today/visits/{web.field.visits[0].id}"):
        assert not re.search(r"12,000|345\.00|CN¥", web.get(path).text)


def test_evening_before_shows_the_next_day_with_its_date(web):
    web.world.clock.at = at(18) - timedelta(days=1)
    html = web.sign_in(web.field.accounts[0]).get("/today").text
    assert "Monday, 9 March 2026" in html
    assert str(web.field.visits[0].id) in html


def test_day_after_tells_neither_name_nor_address(web):
    web.world.clock.advance(timedelta(days=1))
    web.sign_in(web.field.accounts[0])
    html = web.get("/today", date="2026-03-09").text
    assert "Willow Lane" not in html
    assert "geo:" not in html


def test_visit_shows_the_code_and_the_person(web):
    html = web.get(f"/today/visits/{web.field.visits[0].id}").text
    with web.world.database.reading() as session:
        person = session.get(Person, web.field.visits[0].person_id)
        assert web.world.vault.read(person, person, "name") in html
    assert re.search(r"<b>\d{3} \d{3}</b>", html)


def test_visit_of_a_colleague_is_not_there(web):
    with web.world.database.writing() as session:
        other = make.an_agent(session, web.world.vault, web.field.branch, web.field.lender)
        account = make.an_account(session, web.field.branch, role=Role.AGENT, agent_id=other.id)
    web.sign_in(account)
    assert "No visits for you today" in web.get("/today").text
    for path in ("", "/amounts"):
        answer = web.get(f"/today/visits/{web.field.visits[0].id}{path}")
        assert answer.status_code == 404
    assert a_report(web).status_code == 404


def test_manager_has_no_phone_page(web):
    assert web.sign_in(web.field.manager).get("/today").status_code == 403


def test_amounts_wait_for_identity_and_are_then_told_in_words(web):
    path = f"/today/visits/{web.field.visits[0].id}/amounts"
    assert web.get(path).status_code == 409
    web.field.check_in(CheckInKind.IDENTITY, occurred_at=at(10))
    web.world.clock.at = at(10, 5)
    told = web.sign_in(web.field.accounts[0]).get(path)
    assert told.headers["cache-control"] == "no-store"
    items = {one["label"]: one["text"] for one in told.json()["items"]}
    assert items["Principal"] == "CN¥12,000.00"
    assert items["Open in all"] == "CN¥12,195.00"


def test_report_without_a_script_is_stored_once(web):
    web.world.clock.at = at(10, 20)
    web.sign_in(web.field.accounts[0])
    for _ in range(2):
        answer = a_report(web)
        assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert "The report is saved." in web.get("/today").text
    visit = web.visits()[0]
    assert visit.state in {VisitState.REPORTED, VisitState.CLOSED}
    with web.world.database.reading() as session:
        (outcome,) = session.exec(select(Outcome))
    assert outcome.code == "NO_ANSWER"
    assert not outcome.is_incident


def test_promise_without_an_amount_is_refused_and_the_page_says_so(web):
    web.world.clock.at = at(10, 20)
    web.sign_in(web.field.accounts[0])
    answer = a_report(web, code="PTP", promise_due_on="2026-03-16")
    assert answer.status_code == 303
    assert "look at it once more" in web.get("/today").text


def test_promise_is_kept_as_written(web):
    web.world.clock.at = at(10, 20)
    web.sign_in(web.field.accounts[0])
    a_report(
        web,
        code="PTP",
        promise_amount="500,50",
        promise_due_on="2026-03-16",
        promise_read_back="1",
        own_words="After the wages.",
    )
    with web.world.database.reading() as session:
        promise = session.exec(select(Promise)).one()
    assert promise.due_on.isoformat() == "2026-03-16"


@pytest.mark.parametrize("outcome_id", ["", "x", "1" * 500])
def test_form_that_the_page_did_not_hand_out_stores_nothing(web, outcome_id):
    a_report(web, outcome_id=outcome_id)
    with web.world.database.reading() as session:
        assert session.exec(select(Outcome)).first() is None


WORDS = {"en": "a dog off the chain", "zh-CN": "有未拴的狗"}


@pytest.mark.parametrize("language", WORDS)
def test_a_risk_that_a_form_tells_of_is_told_to_the_next_crew_until_it_is_at_the_door(
    web, language
):
    web.world.clock.at = at(10, 20)
    web.sign_in(web.field.accounts[0])
    a_report(web, risks=["no_light", "loose_dog"])
    with web.world.database.writing() as session:
        flags = list(session.exec(select(RiskFlag)))
        assert {one.kind for one in flags} == {"no_light", "loose_dog"}
        for one in flags:  # as if it had been another visit there
            one.place_id = web.field.visits[1].place_id
    web.client.cookies.set("lang", language)
    visit = f"/today/visits/{web.field.visits[1].id}"
    for path in ("/today", visit):
        assert web.get(path).text.count('class="risk-note"') == 1
        assert WORDS[language] in web.get(path).text

    web.field.check_in(CheckInKind.ARRIVED, visit=1, occurred_at=at(11))
    for path in ("/today", visit):
        assert 'class="risk-note"' not in web.get(path).text
