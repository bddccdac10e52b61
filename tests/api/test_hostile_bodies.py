"""What a hostile client may send: a 4xx with a reason, nothing stored, lists keep working."""

import json

import pytest

from dispatch.model import Role
from tests.api.test_problems import require_problem

GOOD = {
    "name": "Harbour",
    "time_zone": "Asia/Shanghai",
    "country": "CN",
    "depot_lat": 30.6,
    "depot_lon": 119.9,
    "lender_name": "Lantern Bank",
}


def raw(**changed):
    """Return GOOD as JSON text with the values given replaced by raw text."""
    parts = {**{key: json.dumps(value) for key, value in GOOD.items()}, **changed}
    return ("{" + ",".join(f'"{key}":{value}' for key, value in parts.items()) + "}").encode()


HOSTILE = {
    "NaN": raw(depot_lat="NaN"),
    "Infinity": raw(depot_lat="Infinity"),
    "minus-Infinity": raw(depot_lat="-Infinity"),
    "1e999": raw(depot_lat="1e999"),
    "2-to-70": raw(depot_lat=str(2**70)),
    "ten-thousand-digits": raw(depot_lat="9" * 10_000),
    "ten-thousand-decimals": raw(depot_lat="0." + "9" * 10_000),
    "lone-surrogate": raw(name='"\\ud800"'),
    "surrogate-in-a-key": raw(**{"\\udc00": "1"}),
    "NUL": raw(name='"a\\u0000b"'),
    "control-character": raw(name='"a\\u0007b"'),
    "raw-line-break": raw(name='"a\nb"'),
    "long-name": raw(name=json.dumps("x" * 10_000)),
    "empty-name": raw(name='"   "'),
    "lat-999": raw(depot_lat="999"),
    "lat-as-text": raw(depot_lat='"north"'),
    "duplicate-key": raw()[:-1] + b',"name":"Other"}',
    "unknown-field": raw(is_admin="true"),
    "the-key-itself": raw(data_key='"AAAA"'),
    "deep-nesting": raw(name="[" * 100_000 + "]" * 100_000),
    "nesting-of-100": raw(name="[" * 100 + "]" * 100),
    "unknown-zone": raw(time_zone='"Mars/Olympus"'),
    "zone-that-climbs": raw(time_zone='"../../etc/passwd"'),
    "null-name": raw(name="null"),
    "list-for-object": b"[]",
    "nothing": b"",
    "broken": b'{"name": ',
    "two-values": b"{}{}",
    "not-utf-8": b'{"name":"\xe9"}',
    "utf-16": json.dumps(GOOD).encode("utf-16"),
    "xml": b"<?xml version='1.0'?><branch/>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_body_is_refused_and_nothing_is_stored(body, shared):
    headers = {**shared.bearer(Role.ADMIN), "Content-Type": "application/json"}
    before = shared.client.get("/v1/branches", headers=headers).json()
    answer = shared.client.post("/v1/branches", content=body, headers=headers)
    problem = require_problem(answer, 422)
    assert problem["errors"]
    after = shared.client.get("/v1/branches", headers=headers)
    assert after.status_code == 200
    assert after.json() == before


def test_the_good_body_is_taken(shared):
    headers = shared.bearer(Role.ADMIN)
    body = {**GOOD, "name": "Harbour South"}
    answer = shared.client.post("/v1/branches", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert shared.client.get(answer.headers["location"], headers=headers).status_code == 200


def test_json_of_another_media_type_is_not_read(shared):
    headers = {**shared.bearer(Role.ADMIN), "Content-Type": "text/plain"}
    answer = shared.client.post("/v1/branches", content=raw(), headers=headers)
    require_problem(answer, 422)


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "application/x+json"])
def test_every_spelling_of_json_is_read_strictly(media_type, shared):
    headers = {**shared.bearer(Role.ADMIN), "Content-Type": media_type}
    answer = shared.client.post("/v1/branches", content=HOSTILE["NaN"], headers=headers)
    assert "NaN" in require_problem(answer, 422)["detail"]


def test_body_beyond_the_limit_is_413(shared):
    headers = {**shared.bearer(Role.ADMIN), "Content-Type": "application/json"}
    answer = shared.client.post("/v1/branches", content=b" " * 2_000_000, headers=headers)
    require_problem(answer, 413)


def test_body_beyond_the_limit_without_a_length_is_413(shared):
    headers = {**shared.bearer(Role.ADMIN), "Content-Type": "application/json"}
    answer = shared.client.post(
        "/v1/branches", content=(b" " * 100_000 for _ in range(20)), headers=headers
    )
    require_problem(answer, 413)


def test_stranger_is_refused_before_the_body_is_read(shared):
    answer = shared.client.post("/v1/branches", content=b"{" * 10)
    require_problem(answer, 401)


def test_form_with_thousands_of_fields_is_refused(shared):
    answer = shared.client.post("/v1/token", data={f"f{number}": "x" for number in range(5000)})
    require_problem(answer, 400)


ADDRESSES = {
    "NUL-in-query": ("/v1/cases?number=%00", 422),
    "NUL-in-path": ("/v1/cases/%00", 422),
    "id-that-is-none": ("/v1/cases/1", 422),
    "great-limit": ("/v1/cases?limit=1000000000", 422),
    "limit-beyond-64-bits": (f"/v1/cases?limit={2**70}", 422),
    "negative-limit": ("/v1/cases?limit=-1", 422),
    "cursor-that-is-none": ("/v1/cases?cursor=%F0%9F%92%A9", 422),
    "cursor-of-another-list": ("/v1/cases?cursor=WyJhIl0", 422),
    "cursor-with-infinity": ("/v1/cases?cursor=WzFlOTk5LDFd", 422),
    "unknown-stage": ("/v1/cases?stage=paid", 422),
    "half-utf-8": ("/v1/cases?number=%ED%A0%80", 200),
    "quotes": ("/v1/cases?number=%27%20OR%201%3D1--", 200),
    "like-pattern": ("/v1/cases?number=%25_%25", 200),
    "year-10000": ("/v1/shifts?from_on=10000-01-01&to_on=2026-01-01", 422),
    "nowhere": ("/v1/nowhere", 404),
    "climbing": ("/static/../../pyproject.toml", 404),
    "climbing-encoded": ("/static/%2e%2e/%2e%2e/pyproject.toml", 404),
}


@pytest.mark.parametrize(("path", "status"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_hostile_address(path, status, shared):
    answer = shared.client.get(path, headers=shared.bearer(Role.MANAGER))
    assert answer.status_code == status, answer.text
    if status >= 400:
        require_problem(answer, status)


def test_hostile_address_on_both_databases(world):
    for path, status in (
        ("/v1/cases?number=%00", 422),
        ("/v1/cases?number=%ED%A0%80", 200),
        ("/v1/cases?number=%27%20OR%201%3D1--", 200),
    ):
        answer = world.client.get(path, headers=world.bearer(Role.MANAGER))
        assert answer.status_code == status
