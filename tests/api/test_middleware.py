"""Every answer carries its id and headers; no log line carries a token."""

import logging

import pytest

from api.redaction import shown_path
from dispatch.ids import new_id, new_token
from dispatch.model import Role

PATHS = ["/healthz", "/v1/me", "/v1/nowhere", "/static/app.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(path, shared):
    headers = shared.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert len(headers["x-request-id"]) >= 8
    assert "strict-transport-security" not in headers


def test_borrowers_pages_send_no_referrer(shared):
    headers = shared.client.get(f"/b/{new_token()}").headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_answers_of_the_api_are_not_kept(shared):
    answer = shared.client.get("/v1/me", headers=shared.bearer(Role.MANAGER))
    assert answer.headers["cache-control"] == "no-store"


def test_request_id_is_taken_over_when_it_is_plain(shared):
    given_id = {"X-Request-ID": "gateway-12345678"}
    assert shared.client.get("/healthz", headers=given_id).headers["x-request-id"] == (
        "gateway-12345678"
    )
    forged = shared.client.get("/healthz", headers={"X-Request-ID": "x" * 200}).headers
    assert len(forged["x-request-id"]) == 32


def test_access_log_tells_the_path_without_query_and_tokens(shared, caplog):
    token = new_token()
    with caplog.at_level(logging.INFO, logger="api.access"):
        shared.client.get(f"/b/{token}?answer=confirm&phone=13900001111")
        shared.client.post(f"/v1/invitations/{token}/acceptance", json={"password": "x"})
    text = caplog.text
    assert "/b/…" in text
    assert "/v1/invitations/…/acceptance" in text
    assert token not in text
    assert "1390000" not in text


@pytest.mark.parametrize("before", ["/b/", "/v1/invitations/", "/x/"])
def test_no_token_is_ever_shown(before):
    for _ in range(500):
        token = new_token()
        assert token not in shown_path(f"{before}{token}/acceptance")


def test_ids_and_words_are_shown():
    path = f"/v1/cases/{new_id()}"
    assert shown_path(path) == path
    assert shown_path("/v1/branches/map.geojson") == "/v1/branches/map.geojson"
    assert shown_path("/a\nb") == "/a?b"


def test_host_of_the_request_is_never_used_for_links(shared):
    made = shared.client.post(
        "/v1/invitations",
        json={"login": "x@example.org", "name": "X", "role": "admin"},
        headers={**shared.bearer(Role.ADMIN), "Host": "evil.example", "X-Forwarded-Host": "evil"},
    )
    assert made.json()["link"].startswith("http://127.0.0.1:8000/invitation/")
