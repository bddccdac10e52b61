"""A sign-in in a browser: cookies out of scripts' reach, renewed silently, forms marked."""

from datetime import timedelta
from typing import Annotated

import pytest
from fastapi import Depends, Form, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from api.app import create_app
from api.cookies import REFRESH, SESSION, begin_session, end_session
from api.deps import HouseDep, Me, Now, Write
from api.problems import answer
from api.router import router
from api.security import MaybeMe, StrangerForm, form_mark
from dispatch.access.sign_in import REFUSAL, sign_in
from dispatch.errors import Unauthenticated
from dispatch.model import Role


@pytest.fixture
def browser(lite):
    """Pages as the front end will write them: a log-in, a page, a form, a way out."""
    routes = router("", is_page=True)

    async def presented(
        email: Annotated[str, Form()], password: Annotated[str, Form()], house: HouseDep
    ):
        return await house.compare(email, password)

    @routes.get("/trial/login", name="healthz")
    def login_page(request: Request, me: MaybeMe) -> Response:
        return PlainTextResponse(form_mark(request), headers={"X-Me": me.login if me else ""})

    @routes.post("/trial/login", name="readyz", dependencies=[StrangerForm])
    def login(
        request: Request,
        given: Annotated[object, Depends(presented)],
        session: Write,
        house: HouseDep,
        now: Now,
    ) -> Response:
        signed_in = sign_in(session, presented=given, tokens=house.tokens, now=now)
        if signed_in is None:
            return answer(request, Unauthenticated(REFUSAL))
        begin_session(request, signed_in)
        return PlainTextResponse("in")

    @routes.get("/trial/day", name="read_me")
    def day(request: Request, me: Me) -> Response:
        return PlainTextResponse(form_mark(request))

    @routes.post("/trial/logout", name="list_branches")
    def logout(request: Request, me: Me) -> Response:
        end_session(request)
        return PlainTextResponse("out")

    lite.app.include_router(routes)
    return lite


def log_in(world, role=Role.MANAGER):
    mark = world.client.get("/trial/login").text
    form = {
        "email": world.account(role).login,
        "password": world.password,
        "csrf_token": mark,
    }
    return world.client.post("/trial/login", data=form)


def test_log_in_sets_cookies_that_scripts_do_not_see(browser):
    answered = log_in(browser)
    assert answered.status_code == 200, answered.text
    for name in (SESSION, REFRESH):
        (header,) = [
            one for one in answered.headers.get_list("set-cookie") if one.startswith(name)
        ]
        assert "HttpOnly" in header
        assert "SameSite=lax" in header
        assert "Secure" not in header  # base_url is http here
    assert browser.client.get("/trial/day").status_code == 200
    assert browser.client.get("/v1/me").json()["role"] == "manager"


def test_cookies_are_secure_behind_https(settings, lite, vault, quick_passwords):
    secure = settings.model_copy(update={"base_url": "https://visits.example.org"})
    app = create_app(
        secure, database=lite.database, vault=vault, clock=lite.clock, passwords=quick_passwords
    )
    routes = router("", is_page=True)

    @routes.get("/trial/login", name="healthz")
    def login_page(request: Request) -> Response:
        return PlainTextResponse(form_mark(request))

    app.include_router(routes)
    with TestClient(app, base_url="https://visits.example.org") as client:
        answered = client.get("/trial/login")
    assert "Secure" in answered.headers["set-cookie"]
    assert "max-age" in answered.headers["strict-transport-security"]


def test_log_in_form_of_another_site_is_refused(browser):
    form = {"email": browser.account(Role.MANAGER).login, "password": browser.password}
    assert browser.client.post("/trial/login", data=form).status_code == 403
    browser.client.get("/trial/login")
    assert (
        browser.client.post("/trial/login", data={**form, "csrf_token": "0" * 64}).status_code
        == 403
    )


def test_form_needs_its_mark(browser):
    log_in(browser)
    mark = browser.client.get("/trial/day").text
    post = browser.client.post
    assert post("/trial/logout").status_code == 403
    assert post("/trial/logout", data={"csrf_token": "x"}).status_code == 403
    crossed = {"Sec-Fetch-Site": "cross-site"}
    assert post("/trial/logout", data={"csrf_token": mark}, headers=crossed).status_code == 403
    assert post("/trial/logout", headers={"X-CSRF-Token": mark}).status_code == 200
    assert browser.client.get("/trial/day").status_code == 401


def test_mark_of_another_sign_in_is_refused(browser):
    log_in(browser, Role.AUDITOR)
    other = browser.client.get("/trial/day").text
    log_in(browser)
    assert browser.client.post("/trial/logout", data={"csrf_token": other}).status_code == 403


def test_json_calls_with_cookies_need_the_mark_too(browser):
    log_in(browser)
    path = f"/v1/branches/{browser.own.id}"
    tag = browser.client.get(path).headers["etag"]
    body = {"auto_publish": True}
    refused = browser.client.patch(path, json=body, headers={"If-Match": tag})
    assert refused.status_code == 403
    mark = browser.client.get("/trial/day").text
    taken = browser.client.patch(path, json=body, headers={"If-Match": tag, "X-CSRF-Token": mark})
    assert taken.status_code == 200


def test_sign_in_is_renewed_silently_and_the_mark_stays_good(browser):
    log_in(browser)
    mark = browser.client.get("/trial/day").text
    browser.clock.advance(timedelta(minutes=11))
    before = browser.client.cookies[REFRESH]
    assert browser.client.get("/trial/day").text == mark
    assert browser.client.cookies[REFRESH] != before


def test_requests_side_by_side_do_not_end_the_sign_in(browser):
    log_in(browser)
    browser.clock.advance(timedelta(minutes=11))
    old = {SESSION: browser.client.cookies[SESSION], REFRESH: browser.client.cookies[REFRESH]}
    assert browser.client.get("/trial/day").status_code == 200
    with TestClient(browser.app, cookies=old) as twin:
        assert twin.get("/trial/day").status_code == 200
    browser.clock.advance(timedelta(seconds=31))
    with TestClient(browser.app, cookies=old) as thief:
        assert thief.get("/trial/day").status_code == 401
    assert browser.client.get("/v1/me").status_code == 401


def test_stranger_on_a_page_is_led_to_the_log_in(browser):
    answered = browser.client.get(
        "/trial/day", headers={"Accept": "text/html"}, follow_redirects=False
    )
    assert answered.status_code == 303
    assert answered.headers["location"] == "/login?next=%2Ftrial%2Fday"


def test_who_is_signed_in_is_known_on_open_pages(browser):
    assert browser.client.get("/trial/login").headers["x-me"] == ""
    log_in(browser)
    assert (
        browser.client.get("/trial/login").headers["x-me"] == browser.account(Role.MANAGER).login
    )
