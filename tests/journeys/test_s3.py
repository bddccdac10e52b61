"""S3 from intake to follow-up, each row by its id."""

from datetime import date, datetime, timedelta

from api.schemas.figures import FiguresOut, SegmentOut
from dispatch.clock import local_time
from dispatch.model import (
    Agent,
    Agreement,
    AppointmentState,
    CapEntry,
    CapState,
    CheckIn,
    CheckInKind,
    Person,
    Stage,
    Topic,
    VisitState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.policy.rules.base import Day
from dispatch.policy.rules.contacts import CONTACTS
from dispatch.reporting.figures import Advice
from dispatch.reporting.law import explain_case
from dispatch.store.days import calendar_of
from dispatch.store.facts import case_facts, member_facts
from dispatch.store.rows import get_any
from dispatch.wording.guard import Forbidden, findings
from scheduler import work
from tests.journeys.journey import (
    DEPOT,
    GROUND,
    MONDAY,
    SERVICE_DATE,
    ZONE,
    Journey,
    a_case,
    a_shift,
    attempts,
    number,
)
from tests.journeys.rows import API, row
from tests.journeys.service import a_file_of_agents
from tests.journeys.told import told, words_of

DAYS = (28, 25, 21, 17)
NEXT_DAY = SERVICE_DATE + timedelta(days=1)
LEARNT = {"ability": "partial", "willingness": "willing_if_plan", "reason": "costs_rose"}
BUDGET = {"income": 500_000, "essentials": 300_000, "other_payments": 50_000}


def test_s3(journey: Journey) -> None:
    journey.open(playbook="S3")
    before_any_visit(journey)
    decide(journey)
    tell(journey)
    hear(journey)
    first_visit(journey)
    other_visits(journey)
    afterwards(journey)
    no_pressure()


def before_any_visit(journey: Journey) -> None:
    journey.bring_in("cases", [a_case(of) for of in range(1, 7)])
    journey.bring_in(
        "attempts", [one for of in range(1, 5) for one in attempts(of, days_ago=DAYS)]
    )
    journey.bring_in(
        "attempts", [{**one, "channel": "phone"} for one in attempts(5, days_ago=DAYS)]
    )
    journey.bring_in("attempts", attempts(6, days_ago=(20,)))
    journey.sweep()
    with row("S3-02"):
        assert journey.case(5).stage is Stage.REMOTE  # three calls, one channel
        assert journey.case(1).stage is Stage.ELIGIBLE  # calls and messages
    with row("S3-15"):
        assert journey.case(6).stage is Stage.REMOTE  # one try is not enough
        refused = journey.approve(6, status=409)
        assert "when it is eligible" in refused["detail"]
    with row("S3-01"):
        journey.service.clock.advance(timedelta(days=2))
        seen = figures(journey, MONDAY.date(), SERVICE_DATE)
        assert seen["waiting"] == {"eligible": 4, "remote": 2}
        assert seen["longest_wait_days"] == {"eligible": 2, "remote": 2}
        journey.service.clock.at = MONDAY
    with row("S3-17"):
        renew(journey, agent=5, topics=["law", "communication"])
        renew(journey, agent=6, topics=[str(one) for one in Topic])
        listed = {one.number: one.id for one in journey.rows(Agent)}
        with journey.reading() as session:
            papers = member_facts(session, set(listed.values()), lender_id=None)
        assert papers[listed["A05"]].training_until == SERVICE_DATE - timedelta(days=4)
        assert papers[listed["A06"]].training_until == date(2027, 12, 31)


def renew(journey: Journey, *, agent: int, topics: list[str]) -> None:
    """An agent whose course runs out before the service date is trained anew in some topics."""
    late = {
        **a_file_of_agents(agent, DEPOT)[-1],
        "training_until": str(SERVICE_DATE - timedelta(days=4)),
    }
    journey.bring_in("agents", [late])
    journey.bring_in("shifts", [a_shift(agent, SERVICE_DATE)])
    [row_] = journey.rows(Agent, Agent.number == late["employee_number"])
    body = {"topics": topics, "valid_from": "2026-01-01", "valid_until": "2027-12-31"}
    journey.ask("POST", f"/v1/agents/{row_.id}/trainings", status=201, json=body)


def figures(journey: Journey, from_on: date, to_on: date) -> dict:
    path = f"/v1/branches/{journey.branch_id}/figures"
    params = {"from_on": str(from_on), "to_on": str(to_on)}
    return journey.ask("GET", path, params=params).json()


def decide(journey: Journey) -> None:
    with row("S3-03"):
        for of in (1, 2, 3, 4):
            body = {"ground": GROUND, "purpose": "see_situation"}
            path = f"/v1/cases/{journey.case(of).id}/approval"
            journey.ask("POST", path, status=201, json=body)
        assert journey.visit(1).purpose == "see_situation"
    quiet = {"times": [{"weekday": "mon", "window": "00:00-24:00"}]}
    journey.ask("PUT", f"/v1/cases/{journey.case(4).id}/quiet-times", json=quiet)
    plan = journey.announce()
    stops = [stop for route in plan["routes"] for stop in route["stops"]]
    with row("S3-12"):
        unserved = {one["visit_id"]: one["reasons"] for one in plan["unserved"]}
        assert set(unserved) == {str(journey.visit(4).id)}
        assert unserved[str(journey.visit(4).id)]
        for stop in stops:
            arrive = local_time(ZONE, datetime.fromisoformat(stop["arrive_at"]))
            assert 9 <= arrive.hour < 19
    with row("S3-18"):
        assert {one["visit_id"] for one in stops} == {
            str(journey.visit(of).id) for of in (1, 2, 3)
        }
        for route in plan["routes"]:
            assert len(route["members"]) == 2
            assert "Agent 5" not in route["members"]
            times = [(one["arrive_at"], one["leave_at"]) for one in route["stops"]]
            assert times == sorted(times)


def tell(journey: Journey) -> None:
    notice = journey.notices(1)[-1]
    appointment = journey.appointment(1)
    page = words_of(journey.page(1))
    with row("S3-04"):
        said = body_of(journey, 1)
        window = local_time(ZONE, appointment.window_from_at)
        assert f"{window:%H:%M}" in said
        assert "Willow Lane" not in said  # the place is told behind the two facts
        assert "Willow Lane" in page
        assert appointment.window_from_at - notice.delivered_at >= timedelta(hours=72)
    with row("S3-19", at=API):
        lines = ("calm", "tell_us", "charges", "record")
        assert all(told(journey.page(1), f"borrower.guidance.{one}") for one in lines)
    with row("S3-21", at=API):
        assert told(journey.page(1), "borrower.guidance.calm")
        assert told(journey.page(1), "borrower.guidance.support_text")


def body_of(journey: Journey, of: int) -> str:
    notice = journey.notices(of)[-1]
    with journey.reading() as session:
        person = get_any(session, Person, notice.person_id)
        return str(journey.service.vault.read(person, notice, "body")["text"])


def hear(journey: Journey) -> None:
    journey.answer(1, "confirm")
    with row("S3-14", at=API):
        journey.answer(3, "hardship", words="I lost my work and can pay little.")
        assert journey.holds(3) == ["hardship"]
        assert journey.case(3).stage is Stage.ON_HOLD
        assert journey.appointment(3).state is not AppointmentState.OFFERED


def first_visit(journey: Journey) -> None:
    journey.publish()
    at_window(journey, 1)
    statement = f"/v1/visits/{journey.visit(1).id}/statement"
    with row("S3-05", at=API):
        place = {"lat": 30.603, "lon": 119.904, "accuracy_m": 20}
        journey.step(1, "arrived", position=place)
        [arrived] = journey.rows(
            CheckIn, CheckIn.visit_id == journey.visit(1).id, CheckIn.kind == CheckInKind.ARRIVED
        )
        assert arrived.is_near
        assert journey.visit(1).state is VisitState.ARRIVED
    with row("S3-06", at=API):
        login = journey.agent_of(1)
        steps = script(journey, login, 1)
        assert [one["step"] for one in steps][:3] == ["introduce", "credential", "identity"]
        assert [one["step"] for one in steps if one["step"] in {"lender", "purpose"}]
        before = [one["say"] for one in steps if one["is_before_identity"]]
        assert not any(findings(say) for say in before)
        refused = journey.service.call(login, "GET", statement, status=409).json()
        assert "identity is known" in refused["detail"]
        journey.step(1, "identity")
        assert journey.service.call(login, "GET", statement).json()["total_minor"] == 1_219_050
    with row("S3-07", at=API):
        journey.report(
            1,
            "PLAN_SIGNED",
            attitude="cooperative",
            budget=BUDGET,
            own_words="Food and rent cost more each month.",
            flags=["copy_left"],
            agreement={"option": "instalments", "terms": "1000.00 a month", "currency": "CNY"},
            **LEARNT,
        )
        newest = journey.ask("GET", f"/v1/cases/{journey.case(1).id}/assessments").json()
        assert newest["items"][0]["reason_class"] == "cannot_pay"
        assert newest["items"][0]["budget"]["affordable"] == 120_000
        assert len(journey.rows(Agreement, Agreement.case_id == journey.case(1).id)) == 1


def at_window(journey: Journey, of: int) -> None:
    journey.service.clock.at = journey.appointment(of).window_from_at + timedelta(minutes=2)


def script(journey: Journey, login: str, of: int) -> list[dict]:
    visit_id = str(journey.visit(of).id)
    stop = next(one for one in journey.stops(login) if one["visit_id"] == visit_id)
    return stop["script"]["steps"]


def other_visits(journey: Journey) -> None:
    at_window(journey, 2)
    journey.step(2, "arrived")
    with row("S3-10", at=API):
        journey.report(2, "ABORT_SAFETY")
        assert "safety" in journey.incidents(2)
        [entry] = journey.rows(CapEntry, CapEntry.source_id == journey.visit(2).id)
        assert (
            entry.state is CapState.RELEASED
        )  # it counts neither against the person nor the crew
    with row("S3-08"):
        assert figures(journey, SERVICE_DATE, SERVICE_DATE)["reported_same_day"] == 2
        journey.to(NEXT_DAY, 8)
        work.missing_reports(journey.service.context)
        assert "not-reported" not in journey.incidents(1)


def afterwards(journey: Journey) -> None:
    with row("S3-09", at=API):
        journey.answer(1, "felt", felt="not_respected", words="They spoke loudly on the stairs.")
        said = journey.ask("GET", f"/v1/visits/{journey.visit(1).id}/feedback").json()["items"]
        assert [one["felt"] for one in said] == ["not_respected"]
        assert said[0]["words"] == "They spoke loudly on the stairs."
        assert "felt-not-respected" in journey.incidents(1)
    with row("S3-16"):
        waiting = journey.ask("GET", f"/v1/branches/{journey.branch_id}/reviews").json()["items"]
        assert str(journey.visit(1).id) in {one["id"] for one in waiting}
        path = f"/v1/visits/{journey.visit(1).id}/review"
        crew = journey.crew[0]
        journey.service.call(crew, "POST", path, status=403, json={"finding": "in_order"})
        journey.ask("POST", path, json={"finding": "discourtesy"})
        assert journey.visit(1).state is VisitState.REVIEWED
        assert "breach-discourtesy" in journey.incidents(1)
    with row("S3-11"):
        codes = forbidding(journey, 1, SERVICE_DATE + timedelta(days=20))
        assert "cap-reached" in codes
    with row("S3-13"):
        assert counted_together(journey)


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


def counted_together(journey: Journey) -> bool:
    """Whether contacts over several channels use up one budget (Korea: seven in seven days)."""
    on = SERVICE_DATE + timedelta(days=2)
    now = journey.service.clock.now()
    channels = ("phone", "sms", "email", "letter", "phone", "sms", "email")

    def forbids() -> bool:
        with journey.reading() as session:
            branch = journey.branch(session)
            facts = case_facts(session, [journey.case(6)], branch, on=on)[journey.case(6).id]
            calendar = calendar_of(session, branch, from_on=on, to_on=on)
        law = effective(load_pack("kr"))
        return CONTACTS.check(facts, law, Day(on=on, now=now, calendar=calendar)) is not None

    before = forbids()
    journey.bring_in(
        "attempts",
        [
            {
                "attempt_number": f"B{step}",
                "case_number": number(6),
                "channel": channel,
                "result": "none",
                "occurred_at": (now - timedelta(hours=20 - step)).isoformat(),
            }
            for step, channel in enumerate(channels)
        ],
    )
    return not before and forbids()


def no_pressure() -> None:
    with row("S3-20"):
        named = {*FiguresOut.model_fields, *SegmentOut.model_fields}
        assert not {one for one in named if "agent" in one or "amount" in one or "pressure" in one}
        assert not {one for one in Advice if "visit" in one or "press" in one}
        threats = ("We will tell your neighbours.", "我们会告诉你的邻居。")
        assert all(Forbidden.THREAT in {kind for kind, _ in findings(one)} for one in threats)
