"""S2 from intake to follow-up, each row by its id."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from dispatch.clock import local_time
from dispatch.eligibility.approve import consider_again
from dispatch.errors import Invalid
from dispatch.followup.promises import BREAK_REASONS, explain_break
from dispatch.ids import new_id
from dispatch.model import (
    Agreement,
    AgreementState,
    Appointment,
    AppointmentState,
    Case,
    Complaint,
    Outcome,
    Person,
    Promise,
    PromiseState,
    Stage,
    Visit,
    VisitState,
)
from dispatch.policy.lint import lint
from dispatch.policy.pack import load_pack, pack_text
from dispatch.policy.register import instruments
from dispatch.reporting.law import explain_case
from dispatch.store.rows import get_any
from scheduler import work
from tests.journeys.journey import GROUND, SERVICE_DATE, ZONE, Journey, a_case, attempts, number
from tests.journeys.rows import API, row
from tests.journeys.service import a_file_of_agents
from tests.journeys.told import told

ILL = {"reason": "illness", "ability": "partial", "willingness": "willing_if_plan"}
BUDGET = {"income": 600_000, "essentials": 400_000, "other_payments": 0}
UNTRAINED = "A09"


def test_s2(journey: Journey) -> None:
    journey.open(playbook="S2")
    intake(journey)
    learn(journey)
    decide(journey)
    announce(journey)
    answer(journey)
    at_the_door(journey)
    follow_up(journey)
    look_back(journey)


def intake(journey: Journey) -> None:
    """Five people; the address of the fifth is on no map. A ninth agent's training runs out."""
    journey.bring_in("cases", [a_case(1), a_case(2), a_case(3), a_case(4)])
    journey.bring_in("cases", [a_case(5, lat="", lon="")])
    journey.bring_in("attempts", [one for of in range(1, 6) for one in attempts(of)])
    late = {
        **a_file_of_agents(9, (30.6, 119.9))[-1],
        "employee_number": UNTRAINED,
        "training_until": str(SERVICE_DATE - timedelta(days=1)),
    }
    journey.bring_in("agents", [late])
    journey.sweep()
    with row("S2-05"):
        audit = journey.ask("GET", f"/v1/cases/{journey.case(5).id}/data-audit").json()
        assert (audit["is_valid"], audit["issues"]) == (False, ["place-not-located"])
        assert journey.case(5).stage is Stage.INTAKE
        sound = journey.ask("GET", f"/v1/cases/{journey.case(1).id}/data-audit").json()
        assert (sound["is_valid"], sound["issues"]) == (True, [])
        assert journey.case(1).stage is Stage.ELIGIBLE
    with row("S2-06"):
        found = contacts(journey, 1)
        assert [one["channel"] for one in found] == ["phone", "sms", "phone"]
        assert [one["at"] for one in found] == sorted(one["at"] for one in found)
    with row("S2-01"):
        shown = journey.ask("GET", f"/v1/cases/{journey.case(1).id}").json()
        assert shown["borrower"]["amounts"] == {
            "principal": 1_200_000,
            "interest": 34_050,
            "fees": 5_000,
            "paid": 20_000,
        }
    with row("S2-24"):
        refused = journey.approve(5, status=409)
        assert "when it is eligible" in refused["detail"]


def contacts(journey: Journey, of: int) -> list[dict]:
    return journey.ask("GET", f"/v1/cases/{journey.case(of).id}/timeline").json()["items"]


def learn(journey: Journey) -> None:
    with row("S2-02"):
        assert assess(journey, 4, **ILL)["reason_class"] == "cannot_pay"
        assess(journey, 4, status=422, **{**ILL, "reason": "lazy"})
    with row("S2-07"):
        newest = journey.ask("GET", f"/v1/cases/{journey.case(4).id}/assessments").json()
        assert newest["items"][0]["ability"] == "partial"
        journey.sweep()
        assert journey.case(4).stage is Stage.REMOTE  # who can pay only in part is not visited
    with row("S2-03"):
        unwilling = {**ILL, "reason": "does_not_wish_to_pay", "ability": "adequate"}
        refused = assess(journey, 3, status=422, **unwilling)
        assert "a guess is not enough" in refused["detail"]
        shown = {"evidence": "Said so in a letter that is kept in the file."}
        assert assess(journey, 3, **unwilling, **shown)["reason_class"] == "will_not_pay"


def assess(journey: Journey, of: int, *, status: int = 201, **body: object) -> dict:
    path = f"/v1/cases/{journey.case(of).id}/assessments"
    return journey.ask("POST", path, status=status, json=body).json()


def decide(journey: Journey) -> None:
    for of in (1, 2, 3):
        journey.ask(
            "POST",
            f"/v1/cases/{journey.case(of).id}/approval",
            status=201,
            json={
                "ground": GROUND,
                "purpose": "see_situation",
                "options": ["instalments", "deferral"],
            },
        )
    with row("S2-04"):
        assert sheet(journey, 1)["purpose"] == "see_situation"
        nothing = {"ground": GROUND, "options": []}
        path = f"/v1/cases/{journey.case(4).id}/approval"
        refused = journey.ask("POST", path, status=422, json=nothing).json()
        assert "offers nothing" in refused["detail"]


def sheet(journey: Journey, of: int) -> dict:
    return journey.ask("GET", f"/v1/visits/{journey.visit(of).id}/sheet").json()


def announce(journey: Journey) -> None:
    plan = journey.announce()
    with row("S2-23"):
        crews = {name for of in (1, 2, 3) for name in sheet(journey, of)["crew"]}
        assert crews
        assert "Agent 9" not in crews
        listed = journey.ask("GET", "/v1/agents", params={"branch_id": journey.branch_id}).json()
        late = next(one["id"] for one in listed["items"] if one["number"] == UNTRAINED)
        held = journey.ask("GET", f"/v1/agents/{late}").json()["qualifications"]
        until = [one["valid_until"] for one in held if one["kind"] == "training"]
        assert until == [str(SERVICE_DATE - timedelta(days=1))]
    with row("S2-08"):
        planned = sheet(journey, 1)
        assert planned["on"] == str(SERVICE_DATE)
        assert planned["window_from_at"] < planned["window_until_at"]
        assert len(planned["crew"]) >= 2
        assert planned["options"] == ["instalments", "deferral"]
        assert {"identity_card", "authority", "visit_code"} <= set(planned["materials"])
        assert planned["cash"] is False
    with row("S2-09"):
        assert len(plan["routes"]) >= 1
        assert journey.appointment(1).state is AppointmentState.OFFERED
        assert journey.notices(1)[-1].delivered_at is not None


def answer(journey: Journey) -> None:
    with row("S2-26", at=API):
        token, _ = journey._link(1)
        door = journey.service.client.get(f"/b/{token}")
        assert door.status_code == 200
        assert journey.visit(1).reference not in door.text
        assert journey.visit(1).reference in journey.page(1)
    page = journey.page(1)
    with row("S2-22", at=API):
        assert all(told(page, f"borrower.rights.{one}") for one in ("refuse", "outside", "record"))
    with row("S2-28", at=API):
        assert told(page, "borrower.guidance.outside.CN")
        assert all(journey.notices(of) for of in (1, 2, 3))
        assert all(told(journey.page(of), "borrower.guidance.outside.CN") for of in (2, 3))
    with row("S2-10", at=API):
        journey.answer(1, "confirm")
        assert journey.appointment(1).state is AppointmentState.CONFIRMED
    with row("S2-25", at=API):
        journey.answer(3, "complain", kind="conduct", words="The call was rude.")
        [complaint] = journey.rows(Complaint, Complaint.case_id == journey.case(3).id)
        assert complaint.due_at - complaint.received_at <= timedelta(days=15)
        assert "complaint" in journey.holds(3)
        assert journey.case(3).stage is Stage.ON_HOLD


def at_the_door(journey: Journey) -> None:
    journey.publish()
    with row("S2-11", at=API):
        journey.service.clock.at = journey.appointment(1).window_from_at + timedelta(minutes=5)
        journey.step(1, "arrived")
        assert journey.incidents(1) == []
    journey.step(1, "identity")
    relief_at_the_door(journey)
    due = str(SERVICE_DATE + timedelta(days=2))
    promise = {"amount": "500.00", "currency": "CNY", "due_on": due, "is_read_back": True}
    journey.report(
        1,
        "PTP",
        attitude="cooperative",
        willingness="willing",
        ability="adequate",
        promise=promise,
    )
    with row("S2-14", at=API):
        [report] = journey.rows(Outcome, Outcome.visit_id == journey.visit(1).id)
        assert "outcome.recorded" in journey.evidence(report.id)
        assert journey.visit(1).state is VisitState.REPORTED
        case = journey.case(1)
        assert (case.stage, case.held_from) == (Stage.ON_HOLD, Stage.FOLLOW_UP)
        assert journey.holds(1) == ["promise_open"]
    journey.service.clock.at = journey.appointment(2).window_until_at + timedelta(minutes=20)
    with row("S2-11", at=API):
        journey.step(2, "arrived")
        assert journey.incidents(2) == ["arrived-late"]
    with row("S2-12", at=API):
        journey.step(2, "identity")
        journey.report(
            2,
            "PLAN_SIGNED",
            flags=["copy_left"],
            own_words="Since my illness I work half days.",
            budget=BUDGET,
            agreement={"option": "instalments", "terms": "800.00 a month", "currency": "CNY"},
            **ILL,
        )
        newest = journey.ask("GET", f"/v1/cases/{journey.case(2).id}/assessments").json()["items"]
        assert newest[0]["reason"] == "illness"
        assert newest[0]["budget"]["affordable"] == 160_000
        assert newest[0]["evidence"] == "Since my illness I work half days."
    with row("S2-13", at=API):
        [agreement] = journey.rows(Agreement, Agreement.case_id == journey.case(2).id)
        assert agreement.state is AgreementState.SIGNED
        assert agreement.cooling_off_until > journey.service.clock.now()
        assert journey.holds(2) == ["signed_plan_performing"]


def relief_at_the_door(journey: Journey) -> None:
    with row("S2-27"):
        assess(journey, 2, **ILL, budget=BUDGET)
        relief = journey.ask("GET", f"/v1/cases/{journey.case(2).id}/relief").json()
        found = {one["relief"]: one for one in relief["options"]}
        assert set(found) == {"instalments", "deferral", "specialist"}
        assert found["instalments"]["monthly_minor"] <= relief["affordable_minor"]
        assert told(journey.page(2), "relief.deferral.text")


def follow_up(journey: Journey) -> None:
    visits = len(journey.rows(Visit))
    journey.to(SERVICE_DATE + timedelta(days=7), 9)
    work.sweep_promises(journey.service.context)
    with row("S2-16"):
        [broken] = journey.rows(Promise)
        assert broken.state is PromiseState.BROKEN
        with journey.service.database.writing() as session:
            explain_break(
                session,
                promise=get_any(session, Promise, broken.id),
                reason=min(BREAK_REASONS),
                actor="account:test",
                now=journey.service.clock.now(),
            )
        assert journey.rows(Promise)[0].break_reason == min(BREAK_REASONS)
    with row("S2-17"):
        work.drain_plan_runs(journey.service.context)
        assert len(journey.rows(Visit)) == visits
        refused = journey.approve(1, status=409)
        assert "when it is eligible" in refused["detail"]
        with pytest.raises(Invalid, match="what is new"):
            consider(journey, 1, reason="broken")
        assert {"cap-reached", "cooling-off"} <= forbidding(
            journey, 1, SERVICE_DATE + timedelta(days=12)
        )
    with row("S2-18"):
        held = {"before": time(9), "after": time(19)}
        windows = [(one.window_from_at, one.window_until_at) for one in journey.rows(Appointment)]
        for from_at, until_at in windows:
            assert local_time(ZONE, from_at).time() >= held["before"]
            assert local_time(ZONE, until_at).time() <= held["after"]
        assert "cooling-off" in forbidding(journey, 1, SERVICE_DATE + timedelta(days=14))


def consider(journey: Journey, of: int, *, reason: str) -> None:
    """Ask for a new decision on a case in follow-up."""
    with journey.service.database.writing() as session:
        consider_again(
            session,
            case=get_any(session, Case, journey.case(of).id),
            reason=reason,
            law=journey.law(),
            actor="account:test",
            now=journey.service.clock.now(),
        )


def forbidding(journey: Journey, of: int, on: date) -> set[str]:
    """Return the codes of the rules that forbid another visit on a date."""
    with journey.reading() as session:
        told_ = explain_case(
            session,
            branch=journey.branch(session),
            reference=journey.case(of).reference,
            on=on,
            language="en",
            pack_folder=None,
            now=journey.service.clock.now(),
        )
    return {one["code"] for one in told_["findings"]}


def look_back(journey: Journey) -> None:
    pay(journey)
    figures = journey.ask(
        "GET",
        f"/v1/branches/{journey.branch_id}/figures",
        params={"from_on": str(SERVICE_DATE), "to_on": str(SERVICE_DATE + timedelta(days=20))},
    ).json()
    with row("S2-19"):
        assert (figures["visits_made"], figures["visits_broken_off"]) == (2, 0)
        assert figures["promises"] == {"broken": 1, "kept": 1}
        assert not {"agents", "ranking", "amount_collected"} & set(figures)
    with row("S2-20"):
        breach(journey)
        whole = journey.ask(
            "GET",
            f"/v1/branches/{journey.branch_id}/figures",
            params={"from_on": "2026-03-01", "to_on": "2026-04-30"},
        ).json()
        assert (whole["complaints"], whole["breaches"]) == (1, 1)
        assert whole["incidents"]["arrived-late"] == 1
    with row("S2-21"):
        cited = instruments(load_pack("cn"))
        assert {one.name for one in cited} >= {"GB/T 45251-2025"}
        assert all(one.version and one.review_on and one.articles for one in cited)
    with row("S2-29"):
        wrong = pack_text("cn").replace("GB/T 45251-2025", "《反不正当竞争法》", 1)
        assert any("is no source" in one.cause for one in lint(wrong, name="cn", on=SERVICE_DATE))
        right = lint(pack_text("cn"), name="cn", on=SERVICE_DATE)
        assert not any("is no source" in one.cause for one in right)


def breach(journey: Journey) -> None:
    listed = journey.ask("GET", "/v1/incidents", params={"branch_id": journey.branch_id}).json()
    late = next(one for one in listed["items"] if one["kind"] == "arrived-late")
    told_at = journey.service.clock.now().isoformat()
    journey.ask(
        "POST",
        f"/v1/incidents/{late['id']}/closure",
        json={
            "remedy": "The person had an apology; the route got more time.",
            "is_breach": True,
            "person_told_at": told_at,
        },
    )


def pay(journey: Journey) -> None:
    """A second promise, by the same person, that is kept."""
    with journey.service.database.writing() as session:
        first = get_any(session, Promise, journey.rows(Promise)[0].id)
        again = Promise(
            id=new_id(),
            branch_id=first.branch_id,
            case_id=first.case_id,
            person_id=first.person_id,
            currency="CNY",
            due_on=SERVICE_DATE + timedelta(days=9),
            state=PromiseState.RECORDED,
            recorded_at=journey.service.clock.now(),
        )
        person = get_any(session, Person, first.person_id)
        journey.service.vault.write(person, again, "amount", 50_000)
        session.add(again)
    with row("S2-15"):
        journey.to(SERVICE_DATE + timedelta(days=9), 12)
        journey.bring_in(
            "payments",
            [
                {
                    "payment_number": "PAY-1",
                    "case_number": number(1),
                    "amount": "500.00",
                    "currency": "CNY",
                    "paid_on": str(SERVICE_DATE + timedelta(days=8)),
                }
            ],
        )
        work.sweep_promises(journey.service.context)
        states = {one.id: one.state for one in journey.rows(Promise)}
        assert states[UUID(str(again.id))] is PromiseState.KEPT
