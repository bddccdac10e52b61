"""S4 from intake to follow-up, each row by its id: stage by stage, each with its time."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dispatch.eligibility.stage_gates import days_in_stage
from dispatch.model import Agent, Hold, HoldKind, Outcome, Stage, Topic, Visit, VisitState
from dispatch.policy.lint import lint
from dispatch.policy.pack import pack_text
from dispatch.store.facts import member_facts
from dispatch.wording.door import ORDER
from dispatch.wording.guard import NEVER, findings
from scheduler import work
from tests.journeys.journey import (
    DEPOT,
    MANAGER,
    MONDAY,
    SERVICE_DATE,
    Journey,
    a_case,
    a_shift,
    attempts,
)
from tests.journeys.rows import API, row
from tests.journeys.service import a_file_of_agents
from tests.journeys.told import told

MAIN, YOUNG, FRESH, LONG, UNABLE, DISPUTING, ANXIOUS, AVOIDING = range(1, 9)
VISITED = (MAIN, ANXIOUS, AVOIDING)
DAYS_OVERDUE = {YOUNG: 30, LONG: 200}
DAY = timedelta(days=1)


def test_s4(journey: Journey) -> None:
    journey.open(playbook="S4")
    stage_by_stage(journey)
    each_situation_has_its_way(journey)
    a_decision_in_writing(journey)
    told_before_anybody_comes(journey)
    at_the_door(journey)
    after_the_visit(journey)


def test_s4_says_nothing_false_and_nothing_that_frightens() -> None:
    with row("S4-11"):
        assert findings("We know where you work, and we will tell your employer.", NEVER)
        assert findings("最后警告：不还钱就通知您的单位。", NEVER)
    with row("S4-15"):
        for claim in (
            "A visit will appear on your credit record.",
            "Whether or not you repay, this visit harms your credit score.",
        ):
            assert {str(kind) for kind, _ in findings(claim, NEVER)} == {"false_claim"}
        assert findings("上门催收会影响您的征信记录。", NEVER)
    with row("S4-20"):
        text = pack_text("cn").replace("GB/T 45251-2025", "中华人民共和国合同法", 1)
        refused = lint(text, name="cn", on=MONDAY.date())
        assert any("replaced by the Civil Code" in issue.cause for issue in refused)


def stage_by_stage(journey: Journey) -> None:
    given: dict[int, dict[str, Any]] = {UNABLE: {"ability": "none_now"}}
    journey.bring_in(
        "cases",
        [
            a_case(
                of,
                oldest_unpaid_due_on=str((MONDAY - DAYS_OVERDUE.get(of, 60) * DAY).date()),
                **given.get(of, {}),
            )
            for of in range(1, 9)
        ],
    )
    tried = {FRESH: attempts(FRESH, days_ago=(13, 9, 5))}
    journey.bring_in(
        "attempts", [one for of in range(1, 9) for one in tried.get(of) or attempts(of)]
    )
    journey.sweep()
    with row("S4-01"):
        kinds = [kind for kind in journey.evidence(journey.case(MAIN).id) if "loan_case." in kind]
        assert kinds[-3:] == ["loan_case.audited", "loan_case.remote", "loan_case.eligible"]
    with row("S4-02"):
        assert journey.case(YOUNG).stage is Stage.REMOTE  # 30 days; this process begins at 45
        refused = journey.approve(YOUNG, status=409)
        assert refused["type"].endswith("wrong-state")
        assert journey.rows(Visit) == []
    with row("S4-03"):
        # Tried three times by two channels, and yet the stage's fifteen days are not over.
        assert journey.case(FRESH).stage is Stage.REMOTE
        with journey.reading() as session:
            branch = journey.branch(session)
        now = journey.service.clock.now()
        assert days_in_stage(journey.case(FRESH), branch, now=now) == 13
        journey.service.clock.advance(2 * DAY)
        journey.sweep()
        assert journey.case(FRESH).stage is Stage.ELIGIBLE
        journey.service.clock.advance(-2 * DAY)


def each_situation_has_its_way(journey: Journey) -> None:
    with row("S4-17"):
        stages = {of: journey.case(of).stage for of in (MAIN, YOUNG, LONG, UNABLE)}
        assert stages == {
            MAIN: Stage.ELIGIBLE,
            YOUNG: Stage.REMOTE,
            LONG: Stage.REMOTE,
            UNABLE: Stage.REMOTE,
        }


def a_decision_in_writing(journey: Journey) -> None:
    too_soon = journey.approve(MAIN, status=409)
    assert too_soon["violations"] == ["stage-time-not-over"]
    journey.to(MONDAY.date() + DAY, 10)
    for of in (*VISITED, DISPUTING):
        journey.approve(of)
    path = f"/v1/visits/{journey.visit(MAIN).id}/decision"
    decision = journey.ask("GET", path).json()
    with row("S4-04"):
        assert decision["why"]["ground"].startswith("Calls and messages")
        with journey.reading() as session:
            manager = journey.account(session, MANAGER)
        assert decision["why"]["approved_by"] == str(manager.id)
        assert decision["is_intact"]
    with row("S4-05"):
        facts = dict(decision["why"]["facts"])
        assert (facts["dpd"], facts["ability"]) == ("61", "unknown")
        assert facts["willingness"] == "not_discussed"
        cited = {one["instrument"] for one in decision["why"]["rules"]}
        assert "Playbook S4" in cited
    with row("S4-10"):
        # Only what the contract may loosen is loosened by it, and nothing else in its name.
        body = {
            "parameter": "notice.min_hours",
            "value": 1,
            "given_by": "contract",
            "given_at": journey.service.clock.now().isoformat(),
            "ground": "Clause 12 of the contract says that visits need no notice.",
        }
        path = f"/v1/cases/{journey.case(MAIN).id}/relaxations"
        refused = journey.ask("POST", path, status=409, json=body)
        assert "may be relaxed by nobody" in refused.json()["detail"]


def told_before_anybody_comes(journey: Journey) -> None:
    all_but = [str(one) for one in Topic if one is not Topic.DE_ESCALATION]
    late = {**a_file_of_agents(9, DEPOT)[-1], "training_until": str(MONDAY.date())}
    journey.bring_in("agents", [late])
    journey.bring_in("shifts", [a_shift(9, SERVICE_DATE)])
    train(journey, all_but)
    plan = journey.announce()
    with row("S4-16"):
        # Trained in all but de-escalation: on shift, and yet in no crew.
        assert "Agent 9" not in {name for route in plan["routes"] for name in route["members"]}
        assert trained_until(journey) == MONDAY.date()
        train(journey, [str(Topic.DE_ESCALATION)])
        assert trained_until(journey) == date(2027, 12, 31)
    with row("S4-19", at=API):
        page = journey.page(MAIN)
        assert told(page, "borrower.guidance.calm")
        assert told(page, "borrower.guidance.tell_us")
    with row("S4-06"):
        for route in plan["routes"]:
            assert len(route["members"]) == 2
        for of in VISITED:
            [notice] = journey.notices(of)
            window = journey.appointment(of).window_from_at
            assert notice.delivered_at is not None
            assert window - notice.delivered_at >= timedelta(hours=72)
    with row("S4-12", at=API):
        journey.answer(DISPUTING, "dispute", words="这笔金额不对。")
        assert "dispute" in journey.holds(DISPUTING)
        assert journey.case(DISPUTING).stage is Stage.ON_HOLD
        assert journey.visit(DISPUTING).state in {VisitState.CANCELLED, VisitState.DRAFT}
    journey.answer(MAIN, "confirm")
    released = journey.publish()
    with row("S4-18"):
        audit = journey.ask("GET", f"/v1/plans/{released['id']}/audit").json()
        assert (audit["is_lawful"], audit["findings"]) == (True, [])
        served = {stop["visit_id"] for route in released["routes"] for stop in route["stops"]}
        assert served == {str(journey.visit(of).id) for of in VISITED}


def at_the_door(journey: Journey) -> None:
    for of in journey.round(*VISITED):
        journey.step(of, "arrived")
        DOOR[of](journey)


def the_main_talk(journey: Journey) -> None:
    script = journey.stop_of(MAIN)["script"]
    journey.step(MAIN, "identity")
    journey.step(MAIN, "talk")
    with row("S4-09", at=API):
        journey.report(MAIN, "RESCHEDULE", attitude="a rude woman", status=422)
        journey.report(MAIN, "PLAN_REQUEST", willingness="hopeless", status=422)
        journey.report(
            MAIN,
            "PLAN_REQUEST",
            attitude="cooperative",
            willingness="willing_if_plan",
            ability="partial",
            reason="costs_rose",
            own_words="房租涨了, 能不能分期？",
        )
        [kept] = journey.rows(Outcome, Outcome.visit_id == journey.visit(MAIN).id)
        assert (kept.attitude, kept.willingness) == ("cooperative", "willing_if_plan")
    with row("S4-07", at=API):
        assert [one["step"] for one in script["steps"]] == [str(step) for step in ORDER]
        path = f"/v1/cases/{journey.case(MAIN).id}/assessments"
        learnt = journey.ask("GET", path).json()["items"][0]
        assert (learnt["reason"], learnt["ability"]) == ("costs_rose", "partial")
        assert learnt["evidence"] == "房租涨了, 能不能分期？"


def the_anxious_talk(journey: Journey) -> None:
    journey.step(ANXIOUS, "identity")
    journey.report(ANXIOUS, "RESCHEDULE", flags=["distress"], attitude="upset")
    with row("S4-13"):
        assert "distress_flag" in journey.holds(ANXIOUS)
        [hold] = [
            one
            for one in journey.rows(Hold, Hold.person_id == journey.case(ANXIOUS).person_id)
            if one.kind is HoldKind.DISTRESS
        ]
        body = {"reason": "The manager wishes to go on with the visits."}
        journey.ask("POST", f"/v1/holds/{hold.id}/release", status=409, json=body)
        assert "distress_flag" in journey.holds(ANXIOUS)


def the_closed_door(journey: Journey) -> None:
    journey.step(AVOIDING, "no_one")


DOOR = {MAIN: the_main_talk, ANXIOUS: the_anxious_talk, AVOIDING: the_closed_door}


def after_the_visit(journey: Journey) -> None:
    with row("S4-08"):
        work.missing_reports(journey.service.context)
        assert "not-reported" not in journey.incidents(AVOIDING)
        journey.to(SERVICE_DATE + DAY, 9)
        work.missing_reports(journey.service.context)
        assert "not-reported" in journey.incidents(AVOIDING)
        assert "not-reported" not in journey.incidents(MAIN)
    with row("S4-14"):
        value = journey.case(AVOIDING).value
        journey.report(AVOIDING, "NO_ANSWER", login=crew_login(journey))
        journey.sweep()
        case = journey.case(AVOIDING)
        # Nobody opened: the way leads back to remote contact, and to no second visit.
        assert (case.stage, case.value) == (Stage.FOLLOW_UP, value)
        assert len(journey.rows(Visit, Visit.case_id == case.id)) == 1
        again = journey.approve(AVOIDING, status=409)
        assert again["type"].endswith("wrong-state")


def agent_nine(journey: Journey) -> UUID:
    [agent] = journey.rows(Agent, Agent.number == "A09")
    return UUID(str(agent.id))


def train(journey: Journey, topics: list[str]) -> None:
    path = f"/v1/agents/{agent_nine(journey)}/trainings"
    body = {"topics": topics, "valid_from": "2026-03-01", "valid_until": "2027-12-31"}
    journey.ask("POST", path, status=201, json=body)


def trained_until(journey: Journey) -> date | None:
    """Return until when agent 9 is trained in every topic."""
    agent = agent_nine(journey)
    with journey.reading() as session:
        return member_facts(session, {agent}, lender_id=None)[agent].training_until


def crew_login(journey: Journey) -> str:
    """Return a member of the crew that stood at the closed door; the day is over by now."""
    return journey.agent_of(AVOIDING)
