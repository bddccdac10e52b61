"""Every error is a problem of one shape; none says anything private."""

import pytest
from sqlalchemy import exc as sql

from api.problems import STATUS, pointer, problem_of
from api.router import router
from dispatch import errors
from dispatch.errors import DispatchError, Kind
from dispatch.model import Role

MEMBERS = {"type", "title", "status", "detail", "instance", "request_id"}


def require_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["title"]
    assert body["detail"].endswith((".", "`request_id`."))
    return body


def every_error():
    pending = [DispatchError]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        yield kind


def test_every_kind_has_a_status():
    assert set(STATUS) == set(Kind)


@pytest.mark.parametrize("kind", list(every_error()), ids=lambda kind: kind.__name__)
def test_every_error_becomes_a_problem(kind):
    problem = problem_of(kind("The remedy is rest."))
    assert problem.status == STATUS[kind.kind]
    assert problem.code == kind.code
    assert problem.title == kind.title()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (sql.IntegrityError("INSERT", {}, Exception("UNIQUE")), 409),
        (sql.DataError("INSERT", {}, Exception("too long")), 422),
        (sql.StatementError("x", "INSERT", {}, OverflowError("too large")), 422),
        (sql.OperationalError("SELECT", {}, Exception("database is locked")), 503),
        (sql.TimeoutError("QueuePool limit"), 503),
        (sql.ProgrammingError("SELECT", {}, Exception("no such table")), 500),
        (ZeroDivisionError("Li Wei, 13900001111"), 500),
    ],
    ids=lambda value: getattr(value, "__class__", type(value)).__name__,
)
def test_other_errors_become_problems(error, status):
    problem = problem_of(error)
    assert problem.status == status
    assert "Li Wei" not in str(problem)
    assert "INSERT" not in str(problem)
    assert ("Retry-After" in problem.headers) == (status == 503)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/me", 405),
        ("GET", "/v1/me", 401),
        ("POST", "/v1/token", 422),
        ("GET", "/problems/unknown", 404),
    ],
)
def test_every_refusal_has_the_shape(method, path, status, shared):
    require_problem(shared.client.request(method, path), status)


def test_wrong_method_names_the_right_one(shared):
    assert "GET" in shared.client.put("/v1/me").headers["allow"]


def test_fault_of_ours_says_nothing_private_and_carries_all_headers(lite):
    routes = router("token", tag="x")

    @routes.get("/broken", name="healthz")
    def broken() -> str:
        raise RuntimeError("Li Wei, 13900001111")

    lite.app.include_router(routes)
    answer = lite.client.get("/v1/token/broken")
    body = require_problem(answer, 500)
    assert "Li Wei" not in answer.text
    assert body["type"] == "/problems/internal"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_payload_problems_point_and_never_repeat_the_value(shared):
    answer = shared.client.post(
        "/v1/invitations",
        json={"login": "Li Wei 1", "name": "", "role": "owner", "secret": "hunter2"},
        headers=shared.bearer(Role.ADMIN),
    )
    body = require_problem(answer, 422)
    assert {one["pointer"] for one in body["errors"]} == {
        "/body/login",
        "/body/name",
        "/body/role",
        "/body/secret",
    }
    assert "hunter2" not in answer.text
    assert "Li Wei" not in answer.text


def test_pointer_escapes():
    assert pointer(["body", "a/b~c", 0]) == "/body/a~1b~0c/0"


def test_problem_type_leads_to_its_entry(shared):
    edge = ("invalid-payload", "invalid-json", "database-busy", "internal", "too-large")
    for code in (errors.NotFound.code, errors.StaleVersion.code, "if-match-missing", *edge):
        answer = shared.client.get(f"/problems/{code}")
        assert answer.json()["code"] == code
        assert len(answer.json()["text"]) > 10
        page = shared.client.get(f"/problems/{code}", headers={"Accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert code in page.text


def test_integrity_error_of_the_database_is_409(world):
    headers = world.bearer(Role.ADMIN)
    body = {
        "name": world.own.name,
        "time_zone": "Asia/Shanghai",
        "country": "CN",
        "depot_lat": 30.6,
        "depot_lon": 119.9,
        "lender_name": "Lantern Bank",
    }
    require_problem(world.client.post("/v1/branches", json=body, headers=headers), 409)
