"""Visits over HTTP: decided on in writing, explained with sources, taken back in time."""

import pytest
from sqlmodel import select

from dispatch.model import (
    Account,
    AppointmentState,
    Case,
    Evidence,
    RiskFlag,
    RiskKind,
    Role,
    Stage,
    Visit,
    VisitState,
)
from dispatch.store.facts import newest_appointments
from dispatch.store.rows import get_any
from tests.api.examples import EXAMPLES, Side, a_field_visit, read_visit
from tests.support.builders import NOW, a_case, a_visit, add

GROUND = "Three calls found nobody; a talk may show a way out."


def a_waiting_case(world, **given):
    with world.database.writing() as session:
        return a_case(session, world.vault, world.own, world.lender, **given)


def decide(world, case, role=Role.MANAGER, **body):
    given = {"ground": GROUND, **body}
    path = f"/v1/cases/{case.id}/approval"
    return world.client.post(path, json=given, headers=world.bearer(role))


def row(world, kind, row_id):
    with world.database.reading() as session:
        return get_any(session, kind, row_id)


def test_decision_makes_a_visit_and_is_on_record(world):
    case = a_waiting_case(world)
    answer = decide(world, case, earliest_on="2026-03-10")
    assert answer.status_code == 201
    told = answer.json()
    assert answer.headers["location"] == f"/v1/visits/{told['id']}"
    assert (told["state"], told["earliest_on"]) == ("draft", "2026-03-10")
    assert row(world, Case, case.id).stage is Stage.VISIT_APPROVED
    with world.database.reading() as session:
        (entry,) = session.exec(select(Evidence).where(Evidence.kind == "visit.approved"))
    assert entry.actor == f"account:{world.accounts[Role.MANAGER]}"


@pytest.mark.parametrize(
    ("given", "body", "status"),
    [
        ({"stage": Stage.REMOTE}, {}, 409),
        ({"attempts": 0}, {}, 409),
        ({}, {"ground": "why not"}, 422),
        ({}, {"ground": ""}, 422),
        ({}, {"ground": f"{GROUND}\x07"}, 422),
        ({}, {"unknown": 1}, 422),
    ],
)
def test_decision_that_may_not_be_changes_nothing(lite, given, body, status):
    case = a_waiting_case(lite, **given)
    assert decide(lite, case, **body).status_code == status
    assert row(lite, Case, case.id).stage is case.stage


def test_second_decision_on_one_person_is_refused(lite):
    case = a_waiting_case(lite)
    assert decide(lite, case).status_code == 201
    assert decide(lite, case).status_code == 409


def an_approved_visit(world):
    case = a_waiting_case(world)
    with world.database.writing() as session:
        manager = get_any(session, Account, world.accounts[Role.MANAGER])
        return a_visit(session, get_any(session, Case, case.id), manager)


def test_visit_explains_itself_with_sources(lite):
    visit = an_approved_visit(lite)
    answer = lite.client.get(f"/v1/visits/{visit.id}", headers=lite.bearer(Role.AUDITOR))
    why = answer.json()["why"]
    assert why["ground"] == visit.ground
    assert why["facts"]["dpd"] == "60"
    assert why["approved_by"] == str(lite.accounts[Role.MANAGER])
    assert {one["channel"] for one in why["tried"]} == {"phone", "sms"}
    assert all(one["instrument"] and one["article"] for one in why["rules"])


def test_approval_is_taken_back_before_the_person_was_told(lite):
    visit = an_approved_visit(lite)
    path = f"/v1/visits/{visit.id}/approval"
    asked = {"params": {"reason": "person_in_touch"}}
    done = lite.client.delete(path, **asked, headers=lite.bearer(Role.MANAGER))
    assert done.json()["state"] == "cancelled"
    assert row(lite, Case, visit.case_id).stage is Stage.ELIGIBLE
    again = lite.client.delete(path, **asked, headers=lite.bearer(Role.MANAGER))
    assert again.status_code == 409
    assert row(lite, Visit, visit.id).state is VisitState.CANCELLED


def test_an_announced_visit_is_taken_back_with_an_apology(world):
    visit = a_field_visit(world, Side.OWN)
    answer = world.client.delete(
        f"/v1/visits/{visit.id}/appointment",
        params={"reason": "crew_away"},
        headers=world.bearer(Role.MANAGER),
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "draft")
    again = world.client.delete(
        f"/v1/visits/{visit.id}/appointment",
        params={"reason": "crew_away"},
        headers=world.bearer(Role.MANAGER),
    )
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    with world.database.reading() as session:
        appointment = newest_appointments(session, {visit.id})[visit.id]
    assert appointment.state is AppointmentState.WITHDRAWN


def test_the_page_of_a_visit_decided_before_there_were_records_says_so(lite):
    visit_id = read_visit(lite, Side.OWN).path["visit_id"]
    page = lite.client.get(
        f"/decisions/{visit_id}", headers={**lite.bearer("manager"), "Accept": "text/html"}
    )
    assert page.status_code == 200
    assert "before decisions were recorded in full" in page.text
    record = lite.client.get(f"/v1/visits/{visit_id}/decision", headers=lite.bearer("manager"))
    assert record.status_code == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_the_page_of_a_decision_tells_of_risks_on_the_way_while_they_stand(lite, role):
    visit_id = EXAMPLES["show_decision"](lite, Side.OWN).path["visit_id"]

    def page() -> str:
        answer = lite.client.get(
            f"/decisions/{visit_id}", headers={**lite.bearer(role), "Accept": "text/html"}
        )
        assert answer.status_code == 200
        return answer.text

    assert "no light on the stairs" not in page()
    with lite.database.writing() as session:
        visit = get_any(session, Visit, visit_id)
        flag = add(
            session,
            RiskFlag(
                branch_id=visit.branch_id,
                place_id=visit.place_id,
                kind=RiskKind.NO_LIGHT,
                set_at=NOW,
                set_by="test",
                review_on=NOW.date(),
            ),
        )
    assert "no light on the stairs" in page()
    with lite.database.writing() as session:
        get_any(session, RiskFlag, flag.id).lifted_at = NOW
    assert "no light on the stairs" not in page()
