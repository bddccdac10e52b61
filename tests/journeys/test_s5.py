"""S5 from intake to follow-up, each row by its id."""

from datetime import date, timedelta

from dispatch.model import (
    Incident,
    NoticeKind,
    Outcome,
    Person,
    Place,
    Stage,
    Visit,
)
from dispatch.policy.pack import BASELINE, effective, load_pack
from dispatch.reporting.law import explain_case
from dispatch.store.rows import get_any
from dispatch.wording.guard import Forbidden, findings
from tests.journeys.journey import (
    GROUND,
    MONDAY,
    SERVICE_DATE,
    Journey,
    a_case,
    a_shift,
    attempts,
)
from tests.journeys.rows import API, row
from tests.journeys.service import a_file_of_agents
from tests.journeys.told import told, words_of

WORDS = "My shop has closed; my daughter starts school in September."
BUDGET = {"income": 450_000, "essentials": 300_000, "other_payments": 0}


def test_s5(journey: Journey) -> None:
    journey.open(playbook="S5")
    file(journey)
    law(journey)
    plan(journey)
    talk(journey)
    leave(journey)
    distress(journey)
    look_back(journey)


def file(journey: Journey) -> None:
    journey.bring_in("cases", [a_case(1), a_case(2), a_case(3)])
    journey.bring_in("cases", [a_case(4, phone="", email="")])
    journey.bring_in("cases", [a_case(5, place_kind="workplace")])
    journey.bring_in("cases", [a_case(6, oldest_unpaid_due_on=str(days_ago(100)))])
    journey.bring_in("attempts", [one for of in (1, 2, 3, 4, 5) for one in attempts(of)])
    journey.sweep()
    with row("S5-03"):
        path = f"/v1/cases/{journey.case(4).id}/data-audit"
        assert journey.ask("GET", path).json()["issues"] == ["contact-missing"]
        journey.approve(4, status=409)
        assert journey.case(4).stage is Stage.INTAKE
        shown = journey.ask("GET", f"/v1/cases/{journey.case(1).id}").json()
        assert shown["oldest_unpaid_due_on"] == str(days_ago(45))
        assert shown["borrower"]["amounts"]["principal"] == 1_200_000
    with row("S5-22"):
        assert (
            journey.case(6).stage is Stage.REMOTE
        )  # longest overdue, yet nobody has tried to call
        assert journey.case(1).stage is Stage.ELIGIBLE
    with row("S5-06"):
        assert journey.case(5).stage is Stage.REMOTE  # a workplace that nobody chose
        consent = {
            "place_id": str(journey.case(5).place_id),
            "given_at": MONDAY.isoformat(),
            "given_by": "phone",
        }
        path = f"/v1/cases/{journey.case(5).id}/consents"
        journey.ask("POST", path, status=201, json=consent)
        journey.sweep()
        assert journey.case(5).stage is Stage.ELIGIBLE
        [place] = journey.rows(Place, Place.id == journey.case(1).place_id)
        assert str(place.kind) == "residence"


def days_ago(days: int) -> date:
    return MONDAY.date() - timedelta(days=days)


def law(journey: Journey) -> None:
    with row("S5-11"):
        baseline = load_pack(BASELINE)
        for country in ("cn", "in", "us", "dk", "kr"):
            pack = load_pack(country)
            assert pack.id == country
            assert all(pack.values[one].source.instrument for one in pack.values)
            both = effective(pack)
            assert both["notice.min_hours"] >= baseline["notice.min_hours"]
            assert both["crew.min"] >= baseline["crew.min"]
    with row("S5-12"):
        said = {
            "You will regret this.": Forbidden.THREAT,
            "我们会通知你的单位。": Forbidden.THREAT,
        }
        for words, kind in said.items():
            assert kind in {found for found, _ in findings(words)}
    with row("S5-02", at=API):
        false = ("A visit harms your credit record.", "上门会影响您的信用记录。")
        assert all(Forbidden.FALSE_CLAIM in {kind for kind, _ in findings(one)} for one in false)


def plan(journey: Journey) -> None:
    for of in (1, 2, 3):
        body = {"ground": GROUND, "options": ["instalments"] if of == 1 else ["deferral"]}
        path = f"/v1/cases/{journey.case(of).id}/approval"
        journey.ask("POST", path, status=201, json=body)
    planned = journey.announce()
    with row("S5-05"):
        stops = {
            stop["visit_id"]: (route, stop)
            for route in planned["routes"]
            for stop in route["stops"]
        }
        assert set(stops) == {str(journey.visit(of).id) for of in (1, 2, 3)}
        route, stop = stops[str(journey.visit(1).id)]
        assert len(route["members"]) == 2
        assert stop["window_from_at"] <= stop["arrive_at"] < stop["leave_at"]
    with row("S5-04"):
        one, other = (sheet(journey, of) for of in (1, 2))
        assert (one["options"], other["options"]) == (["instalments"], ["deferral"])
        assert one["crew"]
        assert one["purpose"] == "talk_about_options"
    with row("S5-15"):
        for of in (1, 2, 3):
            assert findings(body_of(journey, of)) == ()
            assert "Lantern" not in body_of(journey, of)
    for of in (1, 2, 3):
        journey.answer(of, "confirm")
    journey.publish()


def sheet(journey: Journey, of: int) -> dict:
    return journey.ask("GET", f"/v1/visits/{journey.visit(of).id}/sheet").json()


def body_of(journey: Journey, of: int) -> str:
    notice = journey.notices(of, NoticeKind.ANNOUNCEMENT)[-1]
    with journey.reading() as session:
        person = get_any(session, Person, notice.person_id)
        body = journey.service.vault.read(person, notice, "body")
    return f"{body['subject'] or ''} {body['text']}".replace(body["link"], "")


def at_window(journey: Journey, of: int) -> None:
    journey.service.clock.at = journey.appointment(of).window_from_at + timedelta(minutes=2)


def talk(journey: Journey) -> None:
    at_window(journey, 1)
    login = journey.agent_of(1)
    statement = f"/v1/visits/{journey.visit(1).id}/statement"
    journey.step(1, "arrived")
    with row("S5-07", at=API):
        journey.service.call(login, "GET", statement, status=409)
        journey.step(1, "identity")
        told_ = journey.service.call(login, "GET", statement).json()
        assert {one["name"]: one["amount_minor"] for one in told_["items"]} == {
            "principal": 1_200_000,
            "interest": 34_050,
            "fees": 5_000,
            "paid": 20_000,
        }
        assert told_["total_minor"] == 1_219_050
    journey.report(
        1,
        "PLAN_REQUEST",
        attitude="upset",
        willingness="willing_if_plan",
        ability="partial",
        reason="business_loss",
        budget=BUDGET,
        own_words=WORDS,
    )
    newest = journey.ask("GET", f"/v1/cases/{journey.case(1).id}/assessments").json()["items"][0]
    with row("S5-08", at=API):
        assert (newest["willingness"], newest["ability"]) == ("willing_if_plan", "partial")
        assert newest["reason"] == "business_loss"
    with row("S5-09", at=API):
        [report] = journey.rows(Outcome, Outcome.visit_id == journey.visit(1).id)
        assert (report.code, report.attitude) == ("PLAN_REQUEST", "upset")
        body = {"code": "PLAN_REQUEST", "attitude": "lazy", "visit_id": str(journey.visit(1).id)}
        path = f"/v1/outcomes/{report.id}"
        journey.service.call(login, "PUT", path, status=422, json=body)
    with row("S5-18", at=API):
        page = words_of(journey.page(1))
        assert WORDS in page
        journey.answer(1, "contest", words="I was not upset.")
        assert "record-contested" in journey.incidents(1)
    with row("S5-19", at=API):
        assert newest["budget"]["affordable"] == 120_000
    with row("S5-20"):
        relief = journey.ask("GET", f"/v1/cases/{journey.case(1).id}/relief").json()
        monthly = [one["monthly_minor"] for one in relief["options"]]
        assert [one["relief"] for one in relief["options"]] == [
            "instalments",
            "deferral",
            "specialist",
        ]
        assert max(monthly) <= relief["affordable_minor"] == 120_000
    with row("S5-16"):
        codes = forbidding(journey, 1, SERVICE_DATE + timedelta(days=10))
        assert "cooling-off" in codes


def forbidding(journey: Journey, of: int, on: date) -> set[str]:
    with journey.reading() as session:
        found = explain_case(
            session,
            branch=journey.branch(session),
            reference=journey.case(of).reference,
            on=on,
            language="en",
            pack_folder=None,
            now=journey.service.clock.now(),
        )
    return {one["code"] for one in found["findings"]}


def leave(journey: Journey) -> None:
    at_window(journey, 2)
    with row("S5-13", at=API):
        for kind in ("arrived", "identity", "asked_to_leave"):
            journey.step(2, kind)
        journey.service.clock.advance(timedelta(minutes=8))
        journey.step(2, "left")
        assert "slow-to-leave" in journey.incidents(2)
        journey.report(2, "DECLINED_TALK")
        assert journey.holds(2) == ["cooling_off"]
        assert told(journey.page(2), "borrower.rights.outside")  # nobody need be let in
    with row("S5-14"):
        listed = journey.rows(Incident, Incident.visit_id == journey.visit(2).id)
        slow = next(one for one in listed if one.kind == "slow-to-leave")
        agent = journey.rows(Outcome, Outcome.visit_id == journey.visit(2).id)[0].agent_id
        journey.ask(
            "POST",
            f"/v1/incidents/{slow.id}/closure",
            json={
                "remedy": "Talked through with the crew; the person had an apology.",
                "is_breach": True,
                "responsible_id": str(agent),
                "person_told_at": journey.service.clock.now().isoformat(),
            },
        )
        register = journey.ask("GET", f"/v1/branches/{journey.branch_id}/breaches").json()["items"]
        assert [(one["kind"], one["lender_name"]) for one in register] == [
            ("slow-to-leave", "Lantern Bank")
        ]
        assert register[0]["responsible_name"].startswith("Agent ")
        assert register[0]["person_told_at"] is not None


def distress(journey: Journey) -> None:
    at_window(journey, 3)
    with row("S5-17", at=API):
        journey.step(3, "arrived")
        journey.report(3, "DISTRESS")
        assert "distress_flag" in journey.holds(3)
        assert "distress" in journey.incidents(3)
        assert told(journey.page(3), "borrower.guidance.support_text")
        helps = journey.ask("GET", f"/v1/branches/{journey.branch_id}/referrals").json()
        assert "crisis" in helps["missing"]  # nobody is sent to a number that nobody checked


def look_back(journey: Journey) -> None:
    path = f"/v1/branches/{journey.branch_id}/figures"
    dates = {"from_on": str(SERVICE_DATE), "to_on": str(SERVICE_DATE)}
    seen = journey.ask("GET", path, params=dates).json()
    with row("S5-01"):
        assert seen["portfolio"] == {"M2": 5, "M4": 1}
        assert seen["visits_made"] == 3
    with row("S5-10"):
        [mine] = [one for one in seen["segments"] if (one["bucket"], one["visits"]) == ("M2", 3)]
        assert (mine["reason_class"], mine["advice"]) == ("cannot_pay", "offer_relief_first")
        assert len(journey.rows(Visit)) == 3
    with row("S5-21"):
        late = {**a_file_of_agents(7, (30.6, 119.9))[-1], "training_until": str(SERVICE_DATE)}
        journey.bring_in("agents", [late])
        journey.bring_in("shifts", [a_shift(7, SERVICE_DATE + timedelta(days=1))])
        listed = journey.ask("GET", "/v1/agents", params={"branch_id": journey.branch_id}).json()
        agent = next(one["id"] for one in listed["items"] if one["number"] == "A07")
        body = {"topics": ["support"], "valid_from": "2026-03-01", "valid_until": "2026-02-01"}
        trainings = f"/v1/agents/{agent}/trainings"
        journey.ask("POST", trainings, status=422, json=body)
        body["valid_until"] = "2027-03-01"
        journey.ask("POST", trainings, status=201, json=body)
        held = journey.ask("GET", f"/v1/agents/{agent}").json()["qualifications"]
        topics = {tuple(one["topics"]): one["valid_until"] for one in held if one["topics"]}
        assert topics == {("support",): "2027-03-01"}
