"""Wishes to plan over HTTP: queued once, watched, refused where they make no sense."""

import json
from uuid import UUID

import pytest

from dispatch.model import PlanRun, Role, RunState
from dispatch.store.rows import get_any
from tests.support.builders import SERVICE_DATE


def ask(world, **body):
    given = {"branch_id": str(world.own.id), "service_date": SERVICE_DATE.isoformat(), **body}
    return world.client.post("/v1/plan-runs", json=given, headers=world.bearer(Role.MANAGER))


def test_wish_is_queued_and_says_where_to_look(world):
    answer = ask(world)
    assert answer.status_code == 202
    told = answer.json()
    assert answer.headers["location"] == f"/v1/plan-runs/{told['id']}"
    assert int(answer.headers["retry-after"]) > 0
    assert (told["state"], told["kind"], told["plan_id"]) == ("queued", "announce", None)
    assert told["progress"]["percent"] is None


@pytest.mark.fault("B5")
def test_second_wish_is_the_first(lite):
    assert ask(lite).json()["id"] == ask(lite).json()["id"]
    assert ask(lite, kind="release").json()["id"] != ask(lite).json()["id"]


@pytest.mark.parametrize(
    ("progress", "state", "percent"),
    [
        ({}, RunState.RUNNING, None),
        ({"fraction": 0.414, "phase": "polish", "assigned": 5}, RunState.RUNNING, 41),
        ({"fraction": 7}, RunState.RUNNING, 100),
        ({"fraction": "half"}, RunState.RUNNING, None),
        ({"fraction": 0.9}, RunState.DONE, 100),
    ],
)
def test_run_tells_how_far_it_has_come(lite, progress, state, percent):
    address = ask(lite).headers["location"]
    with lite.database.writing() as session:
        run = get_any(session, PlanRun, ask_id(address))
        run.state, run.progress = state, progress
        session.add(run)
    told = lite.client.get(address, headers=lite.bearer(Role.MANAGER)).json()
    assert (told["state"], told["progress"]["percent"]) == (state, percent)


def ask_id(address):
    return UUID(address.rsplit("/", maxsplit=1)[-1])


@pytest.mark.parametrize("service_date", ["2026-03-01", "2026-05-30", "2027-03-09"])
def test_days_past_or_far_are_refused_with_what_to_do(lite, service_date):
    answer = ask(lite, service_date=service_date)
    assert answer.status_code == 422
    assert "choose" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"service_date": "2026-02-30"},
        {"service_date": 1e999},
        {"kind": "nightly"},
        {"branch_id": "x"},
        {"unknown": 1},
    ],
)
def test_payloads_that_can_not_be_are_refused(lite, body):
    content = {"branch_id": str(lite.own.id), "service_date": "2026-03-09", **body}
    answer = lite.client.post(
        "/v1/plan-runs",
        content=json.dumps(content),
        headers={**lite.bearer(Role.MANAGER), "Content-Type": "application/json"},
    )
    assert answer.status_code == 422
