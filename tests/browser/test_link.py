"""The borrower's link in a real browser, with scripts switched off."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from dispatch.model import Hold, VisitState
from tests.browser.conftest import served
from tests.support.appointments import announced, caller_of, send
from tests.support.planning import a_world
from tests.support.web import a_web


@pytest.fixture
def web(sqlite_database, vault, solver, quick_passwords):
    world = a_world(sqlite_database, vault, solver, visits=2)
    announced(world)
    send(world)
    with a_web(world, quick_passwords) as web:
        yield web


@pytest.fixture
def link(web, open_screen):
    with served(web.app) as address:
        yield open_screen(web, address, width=390, java_script_enabled=False)


def opened(link, web):
    caller = caller_of(web.world, web.world.visits[0])
    page = link.go(f"/b/{caller.token}?lang=en")
    for name, value in caller.facts.items():
        page.fill(f"#{name}", value)
    page.click("button.primary")
    return page


def test_confirm_by_two_facts_and_one_press(link, web):
    page = opened(link, web)
    expect(page.locator("h1")).to_have_text("Your appointment")
    page.click("button[value=confirm]")
    expect(page.locator("h1")).to_contain_text("it is confirmed")
    assert web.visits()[0].state is VisitState.CONFIRMED
    assert link.context.cookies() == []


def test_choose_another_time(link, web):
    page = opened(link, web)
    page.locator("details:has(button[value=move]) summary").click()
    page.locator("input[name=slot]").first.check()
    page.click("button[value=move]")
    expect(page.locator("h1")).to_have_text("Your new time is noted")


def test_ask_for_help_with_the_keyboard(link, web):
    page = opened(link, web)
    page.locator("details:has(button[value=hardship]) summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("I lost my work.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Thank you for telling us")
    with web.world.database.reading() as session:
        assert session.exec(select(Hold)).one().kind == "hardship"
    assert web.visits()[0].state is VisitState.CANCELLED


def test_language_is_changed_behind_the_door_without_asking_again(link, web):
    page = opened(link, web)
    page.click("button[lang=zh-CN]")
    expect(page.locator("h1")).to_have_text("您的预约")


def test_pages_fit_every_width(link, web):
    page = opened(link, web)
    for summary in page.locator("summary").all():
        summary.click()
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert link.overflow() <= 0, width
