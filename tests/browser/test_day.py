"""The manager's day in a real browser: map, selection, a whole decision by clicks, every width."""

import pytest
from playwright.sync_api import expect

from dispatch.model import PlanState
from dispatch.planning.runner import run_next
from dispatch.store import plan_runs
from dispatch.store.scope import Scope
from tests.browser.conftest import served
from tests.support import builders as make
from tests.support.appointments import caller_of, send
from tests.support.planning import a_world
from tests.support.streets import a_street_file
from tests.support.web import a_web

DAY = "/day?date=2026-03-09"


@pytest.fixture
def web(sqlite_database, vault, solver, quick_passwords, tmp_path):
    world = a_world(sqlite_database, vault, solver)
    streets = a_street_file(tmp_path / "streets.osm.pbf")
    with a_web(world, quick_passwords, roads_file=streets) as web:
        yield web


@pytest.fixture
def address(web):
    with served(web.app) as address:
        yield address


def ready(page):
    page.wait_for_selector("#map-canvas[data-ready=yes]")
    return page


def test_map_list_and_times_are_one_selection(web, address, open_screen):
    web.world.plan()
    page = ready(open_screen(web, address).sign_in(web.world.manager).go(DAY))
    visit = web.world.visits[2]
    row = page.locator(f"button.stop[data-stop='{visit.id}']")
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".map-stop[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".map-stop")).to_have_count(6)
    page.locator(".map-stop").first.press("Enter")
    expect(page.locator("button.stop[aria-pressed=true]")).to_have_count(1)


def test_day_fits_every_width(web, address, open_screen):
    web.world.plan()
    screen = open_screen(web, address).sign_in(web.world.manager)
    for locale in ("en", "zh-CN"):
        page = ready(screen.go(f"{DAY}&lang={locale}"))
        for width in (360, 390, 768, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert screen.overflow() <= 0, (locale, width)


def test_dark_colours_are_kept(web, address, open_screen):
    screen = open_screen(web, address).sign_in(web.world.manager)
    page = ready(screen.go(DAY))
    page.click("[data-theme-switch]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(ready(screen.go(DAY)).locator("html")).to_have_attribute("data-theme", "dark")


def test_day_is_planned_announced_and_published_by_clicks(web, address, open_screen):
    screen = open_screen(web, address).sign_in(web.world.manager)
    page = ready(screen.go(DAY))
    page.click("form[action='/day/plan-runs'] button")
    expect(page.locator(".flash")).to_contain_text("being planned")
    run_next(web.world.planner)
    expect(page.locator(".plan-draft")).to_contain_text("Draft v1")  # the page asks by itself
    page.click("summary:has-text('Announce')")
    page.click("text=Announce the visits")
    expect(page.locator(".flash")).to_contain_text("6 visits are announced")
    send(web.world)
    for visit in web.world.visits:
        caller_of(web.world, visit).open()
    screen.sign_in(web.world.manager)
    page = ready(screen.go(DAY))
    page.click("summary:has-text('Publish')")
    page.click("text=Publish this plan")
    expect(page.locator(".plan-published")).to_contain_text("Published v1")
    with web.world.database.reading() as session:
        (run,) = plan_runs.runs_of(
            session, Scope.everything(), web.world.branch.id, make.SERVICE_DATE
        )
    assert web.plan_of(run).state is PlanState.PUBLISHED


def test_decision_is_made_with_the_keyboard_alone(web, address, open_screen):
    with web.world.database.writing() as session:
        make.a_case(session, web.world.vault, web.world.branch, web.world.lender)
    page = ready(open_screen(web, address).sign_in(web.world.manager).go(DAY))
    page.locator("details.approve summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Three calls found nobody; a talk may show a way out.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("is approved")
