"""Logging in and out in a browser, and the pages that belong to nobody in particular."""

import re

import pytest

from api.cookies import REFRESH, SESSION
from dispatch.model import Role

HTML = {"Accept": "text/html"}


def page(world, path, **given):
    return world.client.get(path, headers=HTML, follow_redirects=False, **given)


def log_in(world, login, password, **given):
    mark = re.search(r'name="csrf_token" value="([^"]+)"', page(world, "/login").text)[1]
    form = {"csrf_token": mark, "email": login, "password": password, **given}
    return world.client.post("/login", data=form, headers=HTML, follow_redirects=False)


def as_role(world, role, **given):
    return log_in(world, world.account(role).login, world.password, **given)


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.MANAGER, "/day"),
        (Role.AGENT, "/today"),
        (Role.ADMIN, "/permissions"),
        (Role.AUDITOR, "/figures"),
    ],
)
def test_each_begins_where_the_work_is(lite, role, home):
    answer = as_role(lite, role)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert page(lite, "/").headers["location"] == home
    assert page(lite, home).status_code == 200 or role is Role.MANAGER


def test_way_back_is_kept(lite):
    asked = page(lite, "/day")
    assert asked.headers["location"] == "/login?next=%2Fday"
    assert 'name="next" value="/day"' in page(lite, asked.headers["location"]).text
    assert as_role(lite, Role.MANAGER, next="/day").headers["location"] == "/day"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org", "//example.org", "/\\example.org", "\\\\example.org", "/\nx", "x", ""],
)
def test_way_back_leads_nowhere_else(lite, elsewhere):
    answer = as_role(lite, Role.MANAGER, next=elsewhere)
    assert answer.headers["location"] == "/day"


@pytest.mark.parametrize(
    ("login", "password"),
    [("nobody@example.org", "x"), (None, "wrong"), ("", ""), ("a" * 5000, "x")],
)
def test_wrong_log_ins_look_alike_and_set_no_session(lite, login, password):
    answer = log_in(lite, lite.account(Role.MANAGER).login if login is None else login, password)
    assert answer.status_code in {401, 422}
    assert SESSION not in lite.client.cookies
    if answer.status_code == 401:
        assert "do not belong together" in answer.text


def test_form_of_another_site_logs_nobody_in(lite):
    form = {"email": lite.account(Role.MANAGER).login, "password": lite.password}
    answer = lite.client.post("/login", data=form, headers=HTML, follow_redirects=False)
    assert answer.status_code == 403
    assert SESSION not in lite.client.cookies


def test_scripts_can_read_the_mark_and_no_token(lite):
    as_role(lite, Role.AGENT)
    answer = page(lite, "/today")
    (header,) = [
        one for one in answer.headers.get_list("set-cookie") if one.startswith("csrf_token=")
    ]
    assert "httponly" not in header.lower()
    assert SESSION not in header
    assert lite.client.cookies["csrf_token"] in answer.text


def test_logging_out_ends_the_sign_in_everywhere(lite):
    as_role(lite, Role.AGENT)
    page(lite, "/today")
    kept = lite.client.cookies[SESSION]
    mark = lite.client.cookies["csrf_token"]
    answer = lite.client.post(
        "/logout", data={"csrf_token": mark}, headers=HTML, follow_redirects=False
    )
    assert answer.headers["location"] == "/login"
    assert "You are logged out." in page(lite, "/login").text
    assert REFRESH not in lite.client.cookies
    lite.client.cookies.set(SESSION, kept)
    assert page(lite, "/today").status_code == 303


def test_service_worker_may_keep_the_agents_pages(lite):
    answer = lite.client.get("/service-worker.js")
    assert answer.headers["service-worker-allowed"] == "/"
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-cache"


def test_offline_page_is_for_everybody(lite):
    assert "You are offline" in page(lite, "/offline").text


def test_address_that_is_none_is_a_page(lite):
    answer = page(lite, "/nothing?lang=zh-CN")
    assert answer.status_code == 404
    assert "这里没有内容" in answer.text


def test_everything_that_the_worker_keeps_is_there(lite):
    script = lite.client.get("/service-worker.js").text
    for path in re.findall(r'"(/static/[^"]+\.(?:css|svg|js|webmanifest))"', script):
        assert lite.client.get(path).status_code == 200, path
