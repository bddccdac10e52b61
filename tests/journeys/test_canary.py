"""Nothing of a person is heard where it may not be: a whole journey, with canaries in each field."""

import csv
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from api.sight import Part
from dispatch.evidence.export import lines
from dispatch.ids import new_id
from dispatch.model import Account, Evidence, Person
from dispatch.privacy.export import export_person
from dispatch.store import evidence
from dispatch.store.rows import get_any
from scheduler import work
from tests.journeys.canary import CANARIES, Ears, as_text, listening
from tests.journeys.journey import (
    MANAGER,
    SERVICE_DATE,
    Journey,
    a_case,
    attempts,
    number,
)

STRANGER = "manager2@example.org"
AUDITOR, PROGRAM = "auditor@example.org", "program@example.org"
ADMIN = "admin@example.org"
FIRST = {
    "name": "Qanar Finchwright",
    "phone": "+865727731049",
    "email": "qanar.coalmine@example.org",
    "address": "8841 Pitprop Lane",
    "lat": 30.612847,
    "lon": 119.903751,
    "principal": "48273.19",
    "interest": "340.50",
    "fees": "50.00",
    "paid": "25.87",
    "language": "en",
}
SECOND = {
    "name": "金丝雀小鸢",
    "phone": "+865727731052",
    "email": None,
    "address": "竖井巷77号",
    "lat": 30.618473,
    "lon": 119.907319,
    "principal": "59384.71",
    "language": "zh-CN",
}


@pytest.fixture
def ears(journey: Journey) -> Iterator[Ears]:
    with listening(journey.service) as ears:
        yield ears


def walk(journey: Journey, ears: Ears) -> None:
    """Walk two people from a lender's file to follow-up, with everybody asking for everything."""
    journey.open()
    journey.bring_in("cases", [a_case(1, **FIRST), a_case(2, **SECOND), a_case(3)])
    for of in (1, 2, 3):
        journey.bring_in("attempts", attempts(of))
    journey.sweep()
    bring_in_what_is_wrong(journey)
    for of in (1, 2, 3):
        journey.approve(of)
    plan = journey.announce()
    journey.answer(1, "confirm")
    journey.answer(2, "hardship", words="The whitedamp got into 矿灯.")
    for message in journey.service.messenger.tried:
        ears.hear("message", as_text([message.subject, message.text, message.html]))
        ears.hear("message-to", message.to)
    plan = journey.publish()
    everybody_asks(journey, plan)
    at_the_door(journey)
    everybody_asks(journey, plan)
    journey.bring_in(
        "payments",
        [
            {
                "payment_number": "PAY-1",
                "case_number": number(1),
                "amount": "7319.13",
                "currency": "CNY",
                "paid_on": str(SERVICE_DATE),
            }
        ],
    )
    journey.to(SERVICE_DATE, 18)
    work.sweep_promises(journey.service.context)
    work.send_messages(journey.service.context)
    work.seal_evidence(journey.service.context)


def bring_in_what_is_wrong(journey: Journey) -> None:
    """Bring files and bodies that are refused, whose values are canaries."""
    wrong = [
        a_case(1, **{**FIRST, "phone": FIRST["name"], "principal": FIRST["address"]}),
        a_case(4, **{**SECOND, "currency": SECOND["name"], "lat": FIRST["address"]}),
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(wrong[0]))
    writer.writeheader()
    writer.writerows(wrong)
    file = {"file": ("8841 Pitprop Lane.csv", out.getvalue().encode(), "text/csv")}
    where = {"branch_id": journey.branch_id}
    report = journey.ask("POST", "/v1/imports/cases", status=422, params=where, files=file)
    assert report.json()["errors"]
    case = journey.case(1)
    for body in (
        {"ground": 4827319, "unknown": "Pitprop"},
        {"ground": "afterdamp"},
    ):
        journey.ask("POST", f"/v1/cases/{case.id}/approval", status=422, json=body)
    journey.ask(
        "PUT",
        f"/v1/cases/{case.id}/location",
        status=422,
        json={"lat": "8841 Pitprop Lane", "lon": "Finchwright", "datum": "qanar.coalmine"},
    )


def at_the_door(journey: Journey) -> None:
    """Meet the first person: identity, what is owed, a promise in their own words."""
    journey.to(SERVICE_DATE, 10)
    login = journey.agent_of(1)
    visit = journey.visit(1)
    call = journey.service.call
    call(login, "GET", f"/v1/visits/{visit.id}/statement", status=409)
    for kind in ("arrived", "identity"):
        journey.step(1, kind, login=login)
    owed = call(login, "GET", f"/v1/visits/{visit.id}/statement").json()
    assert owed["total_minor"] == 4863782
    call(login, "GET", f"/today/visits/{visit.id}/amounts")
    promise = {"amount": "7319.13", "currency": "CNY", "due_on": "2026-03-14"}
    wrong = {"occurred_at": "afterdamp", "promise": promise | {"currency": "Pitprop"}}
    journey.service.client.put(
        f"/v1/outcomes/{new_id()}",
        json={"code": "PTP", "own_words": "afterdamp", **wrong},
        headers={"Authorization": f"Bearer {journey.service.token(login)}"},
    )
    journey.report(
        1,
        "PTP",
        login=login,
        attitude="cooperative",
        willingness="willing",
        own_words="The afterdamp is over, the 矿灯 burns.",
        promise={**promise, "is_read_back": True},
    )


def everybody_asks(journey: Journey, plan: dict[str, Any]) -> None:
    """Let every role ask for everything that can be read, with every id that there is."""
    known = {
        "case_id": [str(journey.case(of).id) for of in (1, 2)],
        "visit_id": [str(journey.visit(of).id) for of in (1, 2)],
        "plan_id": [plan["id"]],
        "branch_id": [journey.branch_id],
    }
    given = {"branch_id": journey.branch_id, "service_date": str(SERVICE_DATE)}
    given |= {"date": str(SERVICE_DATE), "branch": journey.branch_id}
    client = journey.service.client
    for operation, method, path in reading(journey):
        assert method == "GET", operation
        names = re.findall(r"{(\w+)}", path)
        for at in range(2):
            values = {
                name: known.get(name, [str(journey.case(1).id)] * 2)[-1 if at else 0]
                for name in names
            }
            for login in everybody(journey):
                headers = {"Accept": "text/html"} if not path.startswith("/v1") else {}
                if login:
                    headers["Authorization"] = f"Bearer {journey.service.token(login)}"
                client.get(
                    path.format(**values), params=given, headers=headers, follow_redirects=False
                )
            if not names:
                break


def reading(journey: Journey) -> list[tuple[str, str, str]]:
    """Return every operation that reads, by id, method and path."""
    paths = journey.service.client.app.openapi()["paths"]
    pages = [("show_day", "GET", "/day"), ("show_today", "GET", "/today")]
    pages += [("show_visit", "GET", "/today/visits/{visit_id}")]
    pages += [("show_decision", "GET", "/decisions/{visit_id}")]
    pages += [("show_branch_permissions", "GET", "/permissions")]
    pages += [("show_law", "GET", "/law"), ("show_figures", "GET", "/figures")]
    pages += [("show_conduct", "GET", "/conduct")]
    pages += [("show_permissions", "GET", "/permissions/{case_id}")]
    return [
        (item["get"]["operationId"], "GET", path) for path, item in paths.items() if "get" in item
    ] + pages


def everybody(journey: Journey) -> list[str | None]:
    """Return a log-in of each role, on the spot and elsewhere, and a stranger."""
    with journey.reading() as session:
        logins = set(session.exec(select(Account.login)))
    if AUDITOR not in logins:
        invite = journey.invite
        invite(ADMIN, AUDITOR, role="auditor")
        invite(ADMIN, PROGRAM, role="service")
        other = journey.service.call(
            ADMIN,
            "POST",
            "/v1/branches",
            status=201,
            json={
                "name": "Other",
                "time_zone": "Asia/Shanghai",
                "country": "CN",
                "depot_lat": 31.0,
                "depot_lon": 120.0,
                "lender_name": "Other Lender",
                "pack_id": "cn",
            },
        ).json()
        invite(ADMIN, STRANGER, role="manager", branch_id=other["id"])
    return [MANAGER, *journey.crew, AUDITOR, PROGRAM, ADMIN, STRANGER, None]


@pytest.mark.fault("K1", "S5")
def test_a_whole_journey_tells_nobody_more_than_they_may_know(
    journey: Journey, ears: Ears
) -> None:
    walk(journey, ears)
    service = journey.service
    with journey.reading() as session:
        for branch_id in evidence.chains(session):
            for line in lines(evidence.sealed(session, branch_id)):
                ears.hear("evidence-export", line)
        for entry in session.exec(select(Evidence)).all():
            ears.hear("evidence", as_text(entry.model_dump()))
    with service.database.writing() as session:
        person = get_any(session, Person, journey.case(1).person_id)
        copy = export_person(
            session, vault=service.vault, person=person, actor="desk", now=service.clock.now()
        )
        ears.hear("subject-export", as_text(copy))
    ears.hear("database", bytes_of(service.database.url.database))
    assert ears.leaks() == []
    told = {
        part
        for part, spellings in CANARIES.items()
        if any(one in heard.text for one in spellings for heard in ears.heard)
    }
    assert told == set(Part), "a canary that nobody ever hears proves nothing"
    assert {one.channel for one in ears.heard} >= {
        "answer", "headers", "address", "message", "message-to", "log",
        "evidence", "evidence-export", "subject-export", "database",
    }  # fmt: skip


def bytes_of(path: str) -> str:
    """Return the database file and its companions as text that can be searched."""
    folder, name = Path(path).parent, Path(path).name
    return "".join(
        file.read_bytes().decode("utf-8", "replace") for file in folder.glob(f"{name}*")
    )


@pytest.mark.parametrize("part", Part)
def test_one_line_of_the_log_is_enough_to_fail(journey: Journey, ears: Ears, part: Part) -> None:
    logging.getLogger("dispatch.somewhere").debug("sent to %s", CANARIES[part][0])
    assert [one for one in ears.leaks() if one.startswith("log")] != []


def test_ears_hear_what_is_escaped(ears: Ears) -> None:
    ears.hear("answer", '{"a": "\\u91d1\\u4e1d\\u96c0\\u5c0f\\u9e22"}', "healthz")
    ears.hear("address", "/x?y=Pit%70rop%20Lane")
    assert len(ears.leaks()) == 2
