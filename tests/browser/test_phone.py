"""The agent's phone in a real browser: nothing that is recorded is lost, with or without a network."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from dispatch.clock import SetClock
from dispatch.model import CheckIn, Outcome
from tests.browser.conftest import served
from tests.support.field import a_field, at
from tests.support.planning import World
from tests.support.web import a_web

KEPT = """async (path) => {
  const cache = await caches.open("day-1");
  while (!(await cache.match(path))) await new Promise((resolve) => setTimeout(resolve, 50));
}"""
"""Resolves once the phone keeps a page for a place without a network."""


@pytest.fixture
def field(sqlite_database, vault):
    return a_field(sqlite_database, vault)


@pytest.fixture
def web(field, sqlite_database, vault, solver, quick_passwords):
    world = World(
        sqlite_database,
        vault,
        None,
        SetClock(at(10, 5)),
        field.branch,
        field.lender,
        field.manager,
        field.agents,
        field.visits,
    )
    with a_web(world, quick_passwords) as web:
        yield web


@pytest.fixture
def phone(web, field, open_screen):
    with served(web.app) as address:
        screen = open_screen(web, address, width=390, is_mobile=True, has_touch=True)
        screen.page.clock.install(time=at(10, 5))
        yield screen.sign_in(field.accounts[0])


def stored(web, kind):
    with web.world.database.reading() as session:
        return list(session.exec(select(kind)))


def mark(page, step):
    page.click(f"[data-check-in={step}]")
    expect(page.locator(f"[data-said={step}]")).to_contain_text("Saved at")


def report(page, group, code):
    page.locator("details.outcome-group summary").nth(group).click()
    page.check(f"input[name=code][value={code}]")
    page.click("#outcome button[type=submit]")


def test_visit_from_arrival_to_report(web, field, phone):
    page = phone.go(f"/today/visits/{field.visits[0].id}")
    mark(page, "arrived")
    page.check("[name=identity-method][value=document]")
    mark(page, "identity")
    expect(page.locator("#amounts-list")).to_contain_text("CN¥12,000.00")
    with page.expect_response(lambda answer: "/v1/outcomes/" in answer.url):
        report(page, 0, "HARDSHIP")
    expect(page.locator("#queue")).to_contain_text("All sent")
    assert {one.kind for one in stored(web, CheckIn)} == {"arrived", "identity"}
    (outcome,) = stored(web, Outcome)
    assert outcome.code == "HARDSHIP"


def test_report_in_a_cellar_is_sent_once_when_the_network_is_back(web, field, phone):
    path = f"/today/visits/{field.visits[0].id}"
    page = phone.go("/today")
    page.evaluate(KEPT, path)
    phone.context.set_offline(True)
    page = phone.go(path)
    expect(page.locator("#offline")).to_be_visible()
    report(page, 2, "NO_ANSWER")
    expect(page.locator("#queue")).to_contain_text("1 not sent yet")
    assert stored(web, Outcome) == []
    page = phone.go("/today")
    expect(page.locator("#queue")).to_contain_text("1 not sent yet")
    phone.context.set_offline(False)
    page.clock.fast_forward(10_000)  # past the wait before the next try
    expect(page.locator("#queue")).to_contain_text("All sent")
    expect(page.locator("#offline")).to_be_hidden()
    (outcome,) = stored(web, Outcome)
    assert outcome.code == "NO_ANSWER"
    phone.complaints.clear()  # a browser without a network says so in its console


def test_alarm_from_the_list_says_where_the_crew_should_be(web, field, phone):
    page = phone.go("/today")
    page.click("[data-open=help-sheet]")
    with page.expect_response("**/v1/check-ins/*"):
        page.click("[data-duress]")
    expect(page.locator("#help-sheet")).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text("Alarm sent")
    (alarm,) = stored(web, CheckIn)
    assert (alarm.kind, alarm.visit_id) == ("duress", field.visits[0].id)


def test_pages_fit_phones(field, phone):
    for path in ("/today", f"/today/visits/{field.visits[1].id}"):
        page = phone.go(path)
        for width in (320, 360, 390, 430):
            page.set_viewport_size({"width": width, "height": 800})
            assert phone.overflow() <= 0, (path, width)
