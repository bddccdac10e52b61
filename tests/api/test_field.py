"""The field over HTTP: the agent's day, steps at the door, outcomes, and what follows."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from dispatch.model import (
    Account,
    CheckIn,
    Evidence,
    Hold,
    HoldState,
    Incident,
    Outcome,
    OutcomeVariant,
    Promise,
    PromiseState,
    RiskFlag,
    Role,
    Visit,
    VisitState,
)
from dispatch.model.visit_code import visit_code
from dispatch.store.rows import get_any
from tests.api.examples import Side, a_field_visit
from tests.api.test_problems import require_problem


def a_body(visit, **body):
    return {"visit_id": str(visit.id), "occurred_at": "2026-03-02T01:00:00Z", **body}


def put(world, kind, body, *, uuid=None, role=Role.AGENT, content=None):
    return world.client.put(
        f"/v1/{kind}/{uuid or uuid4()}",
        content=content or json.dumps(body).encode(),
        headers={**world.bearer(role), "Content-Type": "application/json"},
    )


def rows(world, kind):
    with world.database.reading() as session:
        return session.exec(select(kind)).all()


def my_day(world, visit, **headers):
    return world.client.get(
        "/v1/me/itinerary",
        params={"date": visit.service_date.isoformat()},
        headers={**world.bearer(Role.AGENT), **headers},
    )


def test_first_is_201_the_same_again_200_other_bytes_409(world):
    visit, uuid = a_field_visit(world, Side.OWN), uuid4()
    body = a_body(visit, code="HARDSHIP", own_words="下个月才发工资")
    first = put(world, "outcomes", body, uuid=uuid)
    again = put(world, "outcomes", body, uuid=uuid)
    other = put(world, "outcomes", {**body, "code": "NO_ANSWER"}, uuid=uuid)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["id"] == str(uuid)
    stop = first.json()["itinerary"]["stops"][0]
    assert (stop["progress"], stop["state"]) == ("reported", "reported")
    assert require_problem(other, 409)["type"] == "/problems/outcome-differs"
    assert len(rows(world, Outcome)) == len(rows(world, OutcomeVariant)) == 1
    assert rows(world, Hold)[0].state is HoldState.ACTIVE


def test_fifty_at_once_are_answered_alike(lite):
    visit, uuid = a_field_visit(lite, Side.OWN), uuid4()
    body = a_body(visit, code="NO_ANSWER")
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: put(lite, "outcomes", body, uuid=uuid), range(50)))
    counted = Counter(one.status_code for one in answers)
    assert counted == {201: 1, 200: 49}
    assert len({one.text for one in answers}) == 1
    assert len(rows(lite, Outcome)) == 1


def test_the_bytes_are_kept_as_they_came(lite):
    visit, uuid = a_field_visit(lite, Side.OWN), uuid4()
    content = json.dumps(a_body(visit, code="NO_ANSWER"), indent=3).encode() + b"\n"
    first = put(lite, "outcomes", None, uuid=uuid, content=content)
    spaced = put(lite, "outcomes", None, uuid=uuid, content=content + b" ")
    assert (first.status_code, spaced.status_code) == (201, 409)


def test_a_promise_in_decimals_or_in_minor_units(lite):
    for given in ({"amount": "500.25"}, {"amount_minor": 50_025}):
        visit = a_field_visit(lite, Side.OWN)
        promise = {**given, "currency": "CNY", "due_on": "2026-03-20"}
        answer = put(lite, "outcomes", a_body(visit, code="PTP", promise=promise))
        assert answer.status_code == 201, answer.text
    branch_id = str(lite.own.id)
    listed = lite.client.get(
        "/v1/promises", params={"branch_id": branch_id}, headers=lite.bearer(Role.MANAGER)
    ).json()["items"]
    assert [one["amount_minor"] for one in listed] == [50_025, 50_025]
    seen_by_auditor = lite.client.get(
        "/v1/promises", params={"branch_id": branch_id}, headers=lite.bearer(Role.AUDITOR)
    ).json()["items"]
    assert [one["amount_minor"] for one in seen_by_auditor] == [None, None]


WRONG = {
    "no such code": {"code": "REFUSED_EVERYTHING"},
    "no promise": {"code": "PTP"},
    "promise beside another code": {
        "code": "NO_ANSWER",
        "promise": {"amount": "5", "currency": "CNY", "due_on": "2026-03-20"},
    },
    "three decimals": {
        "code": "PTP",
        "promise": {"amount": "5.123", "currency": "CNY", "due_on": "2026-03-20"},
    },
    "negative amount": {
        "code": "PTP",
        "promise": {"amount_minor": -5, "currency": "CNY", "due_on": "2026-03-20"},
    },
    "no such currency": {
        "code": "PTP",
        "promise": {"amount": "5", "currency": "QQQ", "due_on": "2026-03-20"},
    },
    "a day far away": {
        "code": "PTP",
        "promise": {"amount": "5", "currency": "CNY", "due_on": "9999-12-31"},
    },
    "naive instant": {"code": "NO_ANSWER", "occurred_at": "2026-03-02T01:00:00"},
    "year 9999": {"code": "NO_ANSWER", "occurred_at": "9999-12-31T23:59:59Z"},
    "unknown flag": {"code": "NO_ANSWER", "flags": ["rude"]},
    "unknown field": {"code": "NO_ANSWER", "note": "x"},
    "long words": {"code": "NO_ANSWER", "own_words": "x" * 10_001},
    "great sequence": {"code": "NO_ANSWER", "sequence": 2**40},
    "other id": {"code": "NO_ANSWER", "id": str(uuid4())},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_right_is_422_and_nothing_is_stored(lite, wrong):
    visit = a_field_visit(lite, Side.OWN)
    problem = require_problem(put(lite, "outcomes", {**a_body(visit), **wrong}), 422)
    assert problem["errors"]
    assert rows(lite, Outcome) == []


@pytest.mark.parametrize(
    "content",
    [
        b'{"visit_id": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"own_words": "\\ud800"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=["nan", "twice", "surrogate", "deep", "no utf-8"],
)
def test_hostile_bodies_are_refused(lite, content):
    require_problem(put(lite, "outcomes", None, content=content), 422)
    require_problem(put(lite, "check-ins", None, content=content), 422)


def test_an_itinerary_tells_the_day_and_never_an_amount(lite):
    visit = a_field_visit(lite, Side.OWN)
    answer = my_day(lite, visit)
    shown = answer.json()
    stop = shown["stops"][0]
    assert stop["visit_code"] == visit_code(visit, visit.service_date)
    assert stop["address"].endswith("Willow Lane")
    assert stop["neighbourhood"] == "Willow Lane"
    assert stop["person_name"].startswith("Person")
    assert len(shown["crew"]["partners"]) == 1
    assert "amount" not in answer.text
    assert "1200000" not in answer.text
    unknown = lite.client.get(
        "/v1/me/itinerary", params={"date": "2031-01-01"}, headers=lite.bearer(Role.AGENT)
    ).json()
    assert (unknown["stops"], unknown["crew"]) == ([], None)


def test_an_unchanged_itinerary_is_304_and_read_only_once(lite):
    visit = a_field_visit(lite, Side.OWN)
    first = my_day(lite, visit)
    again = my_day(lite, visit, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    reads = [one for one in rows(lite, Evidence) if one.kind == "read.case"]
    assert len(reads) == 1
    put(lite, "check-ins", a_body(visit, kind="arrived"))
    changed = my_day(lite, visit, **{"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json()["stops"][0]["progress"] == "arrived"


def test_after_the_day_names_and_addresses_are_no_longer_told(lite):
    visit = a_field_visit(lite, Side.OWN)
    after = visit.service_date + timedelta(days=2)
    lite.clock.at = datetime(after.year, after.month, after.day, tzinfo=UTC)
    stop = my_day(lite, visit).json()["stops"][0]
    assert (stop["address"], stop["person_name"], stop["lat"]) == (None, None, None)


def test_amounts_are_told_after_identity_only_and_each_time_on_record(lite):
    visit = a_field_visit(lite, Side.OWN)

    def ask():
        return lite.client.get(f"/v1/visits/{visit.id}/statement", headers=lite.bearer(Role.AGENT))

    require_problem(ask(), 409)
    body = a_body(visit, kind="identified", method="id_card", position=None)
    assert put(lite, "check-ins", body).status_code == 201
    assert ask().headers["cache-control"] == "no-store"
    told = ask().json()
    assert told["total_minor"] == 1_200_000 + 34_500 + 5_000 - 20_000
    assert len([one for one in rows(lite, Evidence) if one.kind == "read.statement"]) == 2


def test_a_check_in_twice_is_one_and_far_away_is_no_obstacle(lite):
    visit, uuid = a_field_visit(lite, Side.OWN), uuid4()
    body = a_body(visit, kind="arrived", position={"lat": 31.0, "lon": 121.0, "accuracy_m": 10})
    assert put(lite, "check-ins", body, uuid=uuid).status_code == 201
    assert put(lite, "check-ins", body, uuid=uuid).status_code == 200
    stored = rows(lite, CheckIn)
    assert len(stored) == 1
    assert stored[0].is_near is False
    other = put(lite, "check-ins", {**body, "kind": "left"}, uuid=uuid)
    require_problem(other, 409)
    assert len(rows(lite, CheckIn)) == 2
    with lite.database.reading() as session:
        assert get_any(session, Visit, visit.id).state is VisitState.ARRIVED


def test_duress_becomes_an_incident_that_is_closed_with_what_was_done(lite):
    visit = a_field_visit(lite, Side.OWN)
    assert put(lite, "check-ins", a_body(visit, kind="duress")).status_code == 201
    manager = lite.bearer(Role.MANAGER)
    found = lite.client.get("/v1/incidents", params={"state": "open"}, headers=manager).json()
    assert [one["kind"] for one in found["items"]] == ["duress"]
    address = f"/v1/incidents/{found['items'][0]['id']}/closure"
    require_problem(lite.client.post(address, json={"remedy": "ok"}, headers=manager), 422)
    closed = lite.client.post(
        address, json={"remedy": "Called them; both are safe."}, headers=manager
    )
    assert closed.json()["state"] == "closed"
    assert rows(lite, Incident)[0].closed_by == f"account:{lite.accounts[Role.MANAGER]}"


def test_a_correction_names_what_it_amends(lite):
    visit, uuid = a_field_visit(lite, Side.OWN), uuid4()
    promise = {"amount": "5", "currency": "CNY", "due_on": "2026-03-20"}
    put(lite, "outcomes", a_body(visit, code="PTP", promise=promise), uuid=uuid)
    amended = put(lite, "outcomes", a_body(visit, code="DISPUTE", amends=str(uuid)))
    assert amended.status_code == 201
    told = amended.json()["itinerary"]["stops"][0]["outcomes"]
    assert [one["amends_id"] for one in told] == [None, str(uuid)]
    assert rows(lite, Promise)[0].state is PromiseState.VOID


def test_holds_rest_on_whose_word_they_may(lite):
    for code, body, right in (
        ("HARDSHIP", {"reason": "A new job since June"}, {Role.MANAGER: 200}),
        ("STOP_VISITS", {"reason": "By mistake"}, {Role.MANAGER: 409, Role.ADMIN: 409}),
        (
            "STOP_VISITS",
            {"reason": "Their wish", "persons_word": "Do come, I want to talk"},
            {Role.MANAGER: 200},
        ),
        (
            "DISTRESS",
            {"reason": "Seen by a specialist", "specialist": "Dr Wen"},
            {Role.MANAGER: 409, Role.ADMIN: 200},
        ),
    ):
        visit = a_field_visit(lite, Side.OWN)
        put(lite, "outcomes", a_body(visit, code=code))
        hold = max(rows(lite, Hold), key=lambda one: one.person_id == visit.person_id)
        for role, status in right.items():
            answer = lite.client.post(
                f"/v1/holds/{hold.id}/release", json=body, headers=lite.bearer(role)
            )
            assert answer.status_code == status, (code, role, answer.text)


def test_an_account_of_no_agent_has_no_itinerary_and_reports_nothing(lite):
    visit = a_field_visit(lite, Side.OWN)
    with lite.database.writing() as session:
        get_any(session, Account, lite.accounts[Role.AGENT]).agent_id = None
    require_problem(my_day(lite, visit), 404)
    require_problem(put(lite, "outcomes", a_body(visit, code="NO_ANSWER")), 404)


def test_a_shared_phone_is_registered_by_its_first_fact(lite):
    visit, device_id = a_field_visit(lite, Side.OWN), str(uuid4())
    for sequence, kind in enumerate(("en_route", "arrived", "left"), 1):
        body = a_body(visit, kind=kind, device_id=device_id, sequence=sequence)
        assert put(lite, "check-ins", body).status_code == 201
    assert {str(one.device_id) for one in rows(lite, CheckIn)} == {device_id}


def test_a_report_may_tell_of_risks_by_the_list_alone(world):
    visit = a_field_visit(world, Side.OWN)
    body = a_body(visit, code="NO_ACCESS", risks=["loose_dog", "loose_dog", "no_light"])

    assert put(world, "outcomes", {**body, "risks": ["bad_neighbour"]}).status_code == 422
    assert put(world, "outcomes", body).status_code == 201
    assert sorted(one.kind for one in rows(world, RiskFlag)) == ["loose_dog", "no_light"]
    stop = my_day(world, visit).json()["stops"][0]
    assert stop["risks"] == []  # the crew has been there
