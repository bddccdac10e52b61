"""`POST /v1/optimization`: the VROOM dialect over HTTP."""

import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings

from api.endpoints import optimization
from api.operations import KEPT_S, Operations, Status
from dispatch.errors import NotFound, SolverFailed, Unavailable
from dispatch.ids import new_id
from dispatch.model import Role
from dispatch.settings import Settings
from tests.api.examples import A_REQUEST
from tests.routing.formats.test_vroom import BASE
from tests.support.broken import broken_at, faults, told_of

ON_EARTH = {
    "vehicles": [
        {"id": 1, "start": [116.30, 39.92], "profile": "bike"},
        {"id": 2, "end": [116, 39]},
    ],
    "jobs": [{"id": 1, "location": [116.31, 39.90]}],
    "options": {"l": 0},
}


def post(world, body, role=Role.SERVICE):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = world.bearer(role) | {"Content-Type": "application/json"}
    return world.client.post("/v1/optimization", content=content, headers=headers)


@pytest.mark.parametrize("role", [Role.SERVICE, Role.MANAGER, Role.ADMIN], ids=str)
def test_small_request_is_answered_at_once(shared, role):
    answer = post(shared, A_REQUEST, role)
    assert answer.status_code == 200
    assert (answer.json()["code"], answer.json()["summary"]["cost"]) == (0, 7)


def test_without_matrices_travel_comes_from_the_configured_roads(shared):
    told = post(shared, ON_EARTH).json()
    assert "configured roads" in told["notes"][0]
    assert "All profiles travel alike" in told["notes"][0]
    assert told["summary"]["duration"] > 0


def test_plan_mode_is_asked_for_by_option(shared):
    request = A_REQUEST | {"options": {"c": True}}
    request["vehicles"] = [{"id": 1, "start_index": 0, "steps": [{"type": "job", "id": 1}]}]
    request["vehicles"][0]["max_travel_time"] = 1
    told = post(shared, request).json()
    assert told["summary"]["violations"] == [{"cause": "max_travel_time"}]


def test_more_time_than_there_is_is_said(lite):
    told = post(lite, A_REQUEST | {"options": {"l": 500}}).json()
    assert "Of the 500 s asked for, 5 s were given." in told["notes"]


BAD = {
    "not json": b"{",
    "not an object": b"[]",
    "nan": b'{"jobs": [{"id": NaN}]}',
    "nested": b"[" * 100_000,
    "shipments": json.dumps(A_REQUEST | {"shipments": [{}]}).encode(),
    "unknown place": json.dumps(A_REQUEST | {"jobs": [{"id": 1, "location_index": 9}]}).encode(),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_bad_request_is_a_problem_that_clients_of_vroom_read_too(shared, body):
    answer = post(shared, body)
    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (422, 2, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == "/problems/optimization-invalid"
    assert told["error"] == told["detail"]
    assert all(entry["pointer"].startswith("/body") for entry in told["errors"])


def test_every_fault_is_told_at_once(shared):
    told = post(shared, {"vehicles": [], "jobs": [{"id": 1}, {"id": 1}]}).json()
    assert len(told["errors"]) >= 3


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.AGENT, 403), (Role.AUDITOR, 403)])
def test_refusals_carry_the_code_of_vroom(shared, role, status):
    answer = post(shared, A_REQUEST, role)
    assert (answer.status_code, answer.json()["code"]) == (status, 2)
    assert answer.json()["error"]


def test_body_that_is_too_large_is_refused(shared):
    answer = post(shared, b" " * (optimization.LARGEST + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, 2)


def test_solver_that_fails_is_a_fault_of_ours(shared, monkeypatch):
    def failed(*_, **__):
        raise SolverFailed("The solver's process ended.")

    monkeypatch.setattr(type(shared.app.state.house.optimizer), "answer", failed)
    answer = post(shared, A_REQUEST)
    assert (answer.status_code, answer.json()["code"]) == (503, 1)
    assert answer.headers["Retry-After"]


@pytest.fixture
def all_large(lite, monkeypatch):
    """A world in which every request is a large one."""
    house = lite.app.state.house
    monkeypatch.setattr(house, "settings", Settings(_env_file=None, optimization_small_kib=0))
    return lite


def followed(world, answer):
    """The operation of an answer, once it is over."""
    assert answer.status_code == 202
    house = world.app.state.house
    house.operations._pool.submit(lambda: None).result()  # one is worked on at a time
    told = world.client.get(answer.headers["Location"], headers=world.bearer(Role.SERVICE))
    assert told.status_code == 200
    return told.json()


def test_large_request_is_an_operation(all_large):
    answer = post(all_large, A_REQUEST)
    assert answer.headers["Retry-After"]
    told = followed(all_large, answer)
    assert (told["status"], told["answer"]["summary"]["cost"]) == ("done", 7)


def test_large_request_that_is_refused_tells_its_problem(all_large):
    told = followed(all_large, post(all_large, {"vehicles": []}))
    assert (told["status"], told["problem"]["code"], told["problem"]["status"]) == (
        "failed",
        2,
        422,
    )
    assert told["problem"]["errors"]


def test_operations_wait_their_turn_and_are_bounded():
    operations, go = Operations(), threading.Event()
    begun = [operations.queue(lambda tell: {"went": go.wait(60)}) for _ in range(8)]
    with pytest.raises(Unavailable):
        operations.queue(lambda tell: {})
    go.set()
    operations._pool.submit(lambda: None).result()
    assert {operations.get(one.id).status for one in begun} == {Status.DONE}
    operations.close()


def test_old_operations_are_forgotten():
    operations = Operations()
    first = operations.queue(lambda tell: tell({"percent": 5}) or {"code": 0})
    for _ in range(40):
        operations.queue(lambda tell: {})
        operations._pool.submit(lambda: None).result()
    with pytest.raises(NotFound):
        operations.get(first.id)
    with pytest.raises(NotFound):
        operations.get(new_id())
    operations.close()


def test_answers_are_forgotten_after_a_day():
    now = [0.0]
    operations = Operations(lambda: now[0])
    kept = operations.queue(lambda tell: {"code": 0})
    operations._pool.submit(lambda: None).result()
    now[0] = KEPT_S - 1
    assert operations.get(kept.id).answer == {"code": 0}
    now[0] = KEPT_S
    with pytest.raises(NotFound):
        operations.get(kept.id)
    operations.close()


def test_what_is_not_over_is_not_forgotten_however_long_it_takes():
    now, go = [0.0], threading.Event()
    operations = Operations(lambda: now[0])
    first, second = (operations.queue(lambda tell: {"went": go.wait(60)}) for _ in range(2))
    now[0] = 2 * KEPT_S
    assert not operations.get(first.id).is_over
    assert operations.get(second.id).status is Status.WAITING
    go.set()
    operations._pool.submit(lambda: None).result()
    assert operations.get(second.id).status is Status.DONE
    operations.close()


def test_after_a_restart_an_operation_is_gone_with_cause_and_remedy(all_large):
    answer = post(all_large, A_REQUEST)
    followed(all_large, answer)
    house = all_large.app.state.house
    house.operations.close()
    house.operations = Operations()
    told = all_large.client.get(answer.headers["Location"], headers=all_large.bearer(Role.SERVICE))
    problem = told.json()
    assert (told.status_code, problem["type"], problem["code"]) == (404, "/problems/not-found", 2)
    assert "until the service starts again" in problem["detail"]
    assert "Send the request again" in problem["detail"]


def test_defect_is_told_without_its_words(all_large):
    def broken(tell):
        raise RuntimeError("a name")

    operation = all_large.app.state.house.operations.queue(broken)
    all_large.app.state.house.operations._pool.submit(lambda: None).result()
    told = all_large.client.get(
        f"/v1/optimization/{operation.id}", headers=all_large.bearer(Role.ADMIN)
    ).json()
    assert (told["problem"]["status"], told["problem"]["code"]) == (500, 1)
    assert "a name" not in json.dumps(told)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(broken=faults())
def test_whatever_is_broken_is_told_all_at_once(shared, broken):
    answer = post(shared, broken_at(BASE, broken))
    assert answer.status_code == (422 if broken else 200)
    if broken:
        told = answer.json()
        assert (told["type"], told["code"]) == ("/problems/optimization-invalid", 2)
        assert all(one["message"] for one in told["errors"])
        pointers = [one["pointer"] for one in told["errors"]]
        assert [path for path, _ in broken if not told_of(pointers, path, below="/body")] == []
