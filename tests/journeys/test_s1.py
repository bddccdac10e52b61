"""S1 from intake to follow-up, each row by its id: a visit only in particular cases, and a plan that fits."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.clock import local_time
from dispatch.evidence.verify import verify
from dispatch.model import (
    Agent,
    Agreement,
    AgreementState,
    CheckInKind,
    Hold,
    HoldKind,
    NoticeChannel,
    Stage,
    Visit,
    VisitState,
)
from dispatch.model.outcome import CheckIn
from dispatch.policy.lint import lint
from dispatch.policy.pack import pack_text
from dispatch.store import evidence
from dispatch.wording.guard import NEVER, findings
from dispatch.wording.lint import lint as lint_wording
from scheduler import work
from tests.journeys.journey import (
    MONDAY,
    SERVICE_DATE,
    ZONE,
    Journey,
    a_case,
    a_shift,
    attempts,
)
from tests.journeys.rows import API, row
from tests.journeys.service import a_file_of_agents

MAIN, EARLY, UNABLE, UNWILLING, DISTRESSED, UNAWARE, UNASKED, UNREACHABLE, UNSAFE = range(1, 10)
VISITED = (MAIN, UNWILLING, DISTRESSED, UNSAFE)
EVIDENCE = "By letter of 20 February: she has the means and wishes to pay nothing."
QUIET_UNTIL = 12


def test_s1(journey: Journey) -> None:
    journey.open(playbook="S1")
    the_files_come_in(journey)
    from_afar_first(journey)
    what_is_learnt_decides(journey)
    a_human_decides(journey)
    the_person_is_told(journey)
    at_the_door(journey)
    a_plan_that_fits(journey)
    nothing_harms(journey)


def test_s1_says_nothing_that_frightens() -> None:
    with row("S1-13"):
        threat = (
            "If you do not open we will break the door and tell your neighbours. 不开门就上门闹事"
        )
        assert {str(kind) for kind, _ in findings(threat, NEVER)} >= {"threat"}
        assert lint_wording() == ()
    with row("S1-26"):
        assert findings("Legal action will begin.", NEVER)
        assert findings("再不联系就进入法律程序", NEVER)
    with row("S1-25"):
        assert findings("Late payments are reported to the credit register.", NEVER) == ()
        assert findings("This visit is reported to the credit register.", NEVER)
    with row("S1-35"):
        text = pack_text("cn").replace("GB/T 45251-2025", "《催收行业管理办法》", 1)
        refused = lint(text, name="cn", on=MONDAY.date())
        assert any("is no source" in issue.cause for issue in refused)


def the_files_come_in(journey: Journey) -> None:
    days = {EARLY: 10}
    given: dict[int, dict[str, Any]] = {
        MAIN: {"arrears_reason": "money_management"},
        UNABLE: {"ability": "none_now", "arrears_reason": "job_loss"},
        UNWILLING: {"ability": "unknown", "arrears_reason": "unknown", "email": ""},
        DISTRESSED: {"arrears_reason": "other", "preferred_channel": "phone"},
        UNAWARE: {"arrears_reason": "not_aware"},
        UNASKED: {"arrears_reason": "", "ability": "", "willingness": "", "assessed_on": ""},
        UNREACHABLE: {"phone": "", "email": ""},
    }
    rows = [
        a_case(
            of,
            oldest_unpaid_due_on=str(MONDAY.date() - timedelta(days=days.get(of, 45))),
            **given.get(of, {}),
        )
        for of in range(1, 10)
    ]
    journey.bring_in("cases", rows)
    journey.bring_in("attempts", [one for of in range(1, 10) for one in attempts(of)])
    journey.sweep()


def from_afar_first(journey: Journey) -> None:
    with row("S1-16"):
        assert journey.case(EARLY).stage is Stage.REMOTE
        told = journey.approve(EARLY, status=409)
        assert told["type"].endswith("wrong-state")
    with row("S1-18"):
        assert journey.case(UNREACHABLE).stage is Stage.INTAKE
        assert journey.case(UNREACHABLE).data_audited_until is None
        assert journey.case(MAIN).data_audited_until is not None


def what_is_learnt_decides(journey: Journey) -> None:
    with row("S1-01"):
        assert learnt(journey, MAIN)["reason"] == "money_management"
    with row("S1-02"):
        assert learnt(journey, UNABLE)["reason_class"] == "cannot_pay"
        assert journey.case(UNABLE).stage is Stage.REMOTE
    with row("S1-03"):
        assert learnt(journey, UNAWARE)["reason_class"] == "slipped"
        assert journey.case(UNAWARE).stage is Stage.REMOTE  # 45 days overdue, tried in vain
    with row("S1-17"):
        assert journey.case(UNASKED).stage is Stage.REMOTE
        assess(journey, UNASKED, reason="costs_rose", ability="unknown", willingness="willing")
        offered = relief(journey, UNASKED)
        assert [one["relief"] for one in offered["options"]] == ["deferral", "specialist"]
        journey.sweep()
        assert journey.case(UNASKED).stage is Stage.ELIGIBLE
    with row("S1-19"):
        told = learnt(journey, UNASKED)
        assert (told["ability"], told["willingness"]) == ("unknown", "willing")
        assert told["assessed_by"].startswith("account:")
    with row("S1-31"):
        assess(journey, UNABLE, budget=budget(income=400_000, essentials=250_000))
        short = relief(journey, UNABLE)["options"][0]
        assess(journey, UNABLE, budget=budget(income=400_000, essentials=350_000))
        long = relief(journey, UNABLE)["options"][0]
        assert short["relief"] == long["relief"] == "instalments"
        assert short["months"] < long["months"]
        assert short["monthly_minor"] > long["monthly_minor"]
    with row("S1-20"):
        # Unwilling is no ground by itself: a guess is refused, and who can't pay isn't visited.
        will_not = {"reason": "does_not_wish_to_pay", "ability": "adequate"}
        assess(journey, UNWILLING, **will_not, willingness="unwilling", status=422)
        assess(journey, UNWILLING, **will_not, willingness="unwilling", evidence=EVIDENCE)
        journey.sweep()
        assert journey.case(UNWILLING).stage is Stage.ELIGIBLE
        assert journey.case(UNABLE).stage is Stage.REMOTE
        told = journey.approve(UNABLE, status=409)
        assert told["type"].endswith("wrong-state")


def a_human_decides(journey: Journey) -> None:
    with row("S1-09"):
        assert journey.case(MAIN).stage is Stage.ELIGIBLE
        refused = journey.approve(MAIN, ground="because", status=422)
        assert "why this visit is needed" in refused["detail"]
    quiet = {"times": [{"weekday": "mon", "window": f"09:00-{QUIET_UNTIL}:00"}]}
    journey.ask("PUT", f"/v1/cases/{journey.case(MAIN).id}/quiet-times", json=quiet)
    for of in VISITED:
        journey.approve(of)
    decision = journey.ask("GET", f"/v1/visits/{journey.visit(MAIN).id}/decision").json()
    tried = {one["channel"]: one["tries"] for one in decision["why"]["tried"]}
    with row("S1-06"):
        assert tried["phone"] == 2
    with row("S1-33"):
        facts = dict(decision["why"]["facts"])
        assert {"dpd", "ability", "willingness"} <= set(facts)
        assert not {"amount", "principal", "total"} & set(facts)
        assert "12000" not in str(decision)
        assert {one["instrument"] for one in decision["why"]["rules"]} >= {
            "Fairvisit strict baseline"
        }


def the_person_is_told(journey: Journey) -> None:
    with row("S1-10"):
        unauthorised = crew_paper(9, authorised_until=str(MONDAY.date()))
        plan = planned_with(journey, unauthorised, 9)
        assert "Agent 9" not in members(plan)
    with row("S1-32"):
        untrained = crew_paper(8, training_until=str(MONDAY.date()))
        plan = planned_with(journey, untrained, 8)
        assert "Agent 8" not in members(plan)
    with row("S1-30"):
        assert conduct(journey) == ["suspended", "active"]
    with row("S1-27"):
        limit_shifts(journey, most=1)
        limited = journey.plan()
        assert most_stops(limited) == 1
        assert limited["unserved"]
        assert all(one["reasons"] for one in limited["unserved"])
        limit_shifts(journey, most=8)
        plan = journey.announce()
        assert most_stops(plan) > 1
    stops = {stop["visit_id"]: stop for route in plan["routes"] for stop in route["stops"]}
    assert set(stops) == {str(journey.visit(of).id) for of in VISITED}
    with row("S1-07"):
        [notice] = journey.notices(UNWILLING)
        assert notice.channel is NoticeChannel.SMS
        assert tried_by_sms(journey) == 1
        assert findings(journey.body(notice)["text"]) == ()
    with row("S1-08"):
        channels = {of: journey.notices(of)[0].channel for of in (MAIN, DISTRESSED)}
        assert channels == {MAIN: NoticeChannel.EMAIL, DISTRESSED: NoticeChannel.SMS}
    with row("S1-11"):
        for of in VISITED:
            window = journey.appointment(of)
            hours = [
                local_time(ZONE, at).hour for at in (window.window_from_at, window.window_until_at)
            ]
            assert 9 <= hours[0] <= hours[1] <= 19
        assert local_time(ZONE, journey.appointment(MAIN).window_from_at).hour >= QUIET_UNTIL
    with row("S1-21", at=API):
        [notice] = journey.notices(MAIN)
        appointment = journey.appointment(MAIN)
        assert notice.delivered_at is not None
        assert appointment.window_from_at - notice.delivered_at >= timedelta(hours=72)
        shown = journey.page(MAIN)
        assert f"{local_time(ZONE, appointment.window_from_at):%H:%M}" in shown
        assert "A personal talk about your account" in shown
    journey.answer(MAIN, "confirm")
    journey.publish()
    with row("S1-14", at=API):
        code = journey.stop_of(MAIN)["visit_code"]
        journey.to(SERVICE_DATE, 8, 30)
        assert code
        assert code in digits(journey.page(MAIN))
        assert code not in digits(journey.page(UNWILLING))


def at_the_door(journey: Journey) -> None:
    for of in journey.round(*VISITED):
        journey.step(of, "arrived")
        DOOR[of](journey)


def the_main_talk(journey: Journey) -> None:
    with row("S1-12", at=API):
        refused = journey.statement(MAIN, status=409)
        assert "identity" in refused["detail"]
        assert "12000" not in str(journey.stop_of(MAIN))
        for of in VISITED:
            for notice in journey.notices(of):
                assert findings(" ".join(map(str, journey.body(notice).values()))) == ()
    journey.step(MAIN, "identity")
    with row("S1-04", at=API):
        told = journey.statement(MAIN)
        items = {one["name"]: one["amount_minor"] for one in told["items"]}
        assert items == {
            "principal": 1_200_000,
            "interest": 34_050,
            "fees": 5_000,
            "paid": 20_000,
        }
        assert told["total_minor"] == 1_219_050
    journey.step(MAIN, "talk")
    journey.report(
        MAIN,
        "PLAN_SIGNED",
        flags=["copy_left"],
        attitude="cooperative",
        willingness="willing_if_plan",
        ability="partial",
        reason="money_management",
        own_words="我想分期, 每月还一点。",
        budget=budget(income=500_000, essentials=420_000),
        agreement={"option": "instalments", "terms": "20 x 609.53", "currency": "CNY"},
    )


def the_unwilling_talk(journey: Journey) -> None:
    journey.step(UNWILLING, "identity")
    journey.report(UNWILLING, "REFUSED_PAY", attitude="reluctant", willingness="unwilling")
    with row("S1-05"):
        case = journey.case(UNWILLING)
        assert (case.stage, case.held_from) == (Stage.ON_HOLD, Stage.LEGAL_REVIEW)
        assert "stop_visits" in journey.holds(UNWILLING)


def the_talk_that_stops(journey: Journey) -> None:
    journey.step(DISTRESSED, "identity")
    journey.report(DISTRESSED, "DISTRESS", attitude="upset")
    with row("S1-24"):
        assert "distress_flag" in journey.holds(DISTRESSED)
        assert "distress" in journey.incidents(DISTRESSED)
        [hold] = [
            one
            for one in journey.rows(Hold, Hold.person_id == journey.case(DISTRESSED).person_id)
            if one.kind is HoldKind.DISTRESS
        ]
        body = {"reason": "It is better now, the manager thinks."}
        journey.ask("POST", f"/v1/holds/{hold.id}/release", json=body, status=409)
        assert "distress_flag" in journey.holds(DISTRESSED)


def the_unsafe_door(journey: Journey) -> None:
    with row("S1-29", at=API):
        alarm = journey.step(UNSAFE, "duress")
        assert alarm.status_code == 201
        assert len(journey.rows(CheckIn, CheckIn.kind == CheckInKind.DURESS)) == 1
        assert any("duress" in kind for kind in journey.incidents(UNSAFE))
        day = {"date": str(SERVICE_DATE)}
        told = journey.service.call(
            journey.agent_of(UNSAFE), "GET", "/v1/me/itinerary", params=day
        ).json()
        assert len(told["crew"]["partners"]) == 1  # nobody goes alone
    journey.report(UNSAFE, "ABORT_SAFETY")
    with row("S1-28"):
        assert journey.visit(UNSAFE).state is VisitState.REPORTED
        assert "safety" in journey.incidents(UNSAFE)
        assert "place_barred" in journey.holds(UNSAFE)
        [hold] = [
            one
            for one in journey.rows(Hold, Hold.person_id == journey.case(UNSAFE).person_id)
            if one.kind is HoldKind.PLACE_BARRED
        ]
        assert hold.until_at is not None  # a mark that is reviewed, not for ever


DOOR = {
    MAIN: the_main_talk,
    UNWILLING: the_unwilling_talk,
    DISTRESSED: the_talk_that_stops,
    UNSAFE: the_unsafe_door,
}


def a_plan_that_fits(journey: Journey) -> None:
    with row("S1-22"):
        told = learnt(journey, MAIN)
        assert told["ability"] == "partial"
        offered = relief(journey, MAIN)
        assert offered["affordable_minor"] == 64_000  # what is left, less a fifth
        assert 0 < offered["options"][0]["monthly_minor"] <= offered["affordable_minor"]
    with row("S1-23"):
        [agreement] = journey.rows(Agreement)
        assert agreement.state is AgreementState.SIGNED
        assert agreement.copy_sent_at is not None
        assert agreement.cooling_off_until is not None
        journey.service.clock.advance(timedelta(hours=25))
        work.sweep_promises(journey.service.context)  # agreements, too
        assert journey.rows(Agreement)[0].state is AgreementState.PERFORMING
        assert "signed_plan_performing" in journey.holds(MAIN)


def nothing_harms(journey: Journey) -> None:
    with row("S1-34"):
        days = {"from_on": "2026-03-01", "to_on": "2026-03-31"}
        path = f"/v1/branches/{journey.branch_id}/figures"
        figures = journey.ask("GET", path, params=days).json()
        assert (figures["visits_made"], figures["visits_broken_off"]) == (3, 1)
        assert (figures["confirmed"], figures["complaints"]) == (1, 0)
        assert figures["holds"]["distress_flag"] == 1
        assert {"ended_well_without_visit", "refusals_honoured"} <= set(figures)
        assert not {"agents", "ranking", "amount_collected"} & set(figures)
    work.seal_evidence(journey.service.context)
    with row("S1-15"):
        kinds = journey.evidence(journey.visit(MAIN).id)
        for one in ("visit.approved", "visit.noticed", "visit.arrived", "visit.reported"):
            assert one in kinds
        with journey.reading() as session:
            assert all(verify(session, chain).is_sound for chain in evidence.chains(session))
        assert journey.rows(Visit, Visit.id == UUID(str(journey.visit(MAIN).id)))


# ---- how people ask ---------------------------------------------------------------------------


def assess(journey: Journey, of: int, *, status: int = 201, **given: Any) -> None:
    body = {"reason": "job_loss", "ability": "partial", "willingness": "willing", **given}
    path = f"/v1/cases/{journey.case(of).id}/assessments"
    journey.service.clock.advance(timedelta(minutes=1))
    journey.ask("POST", path, json=body, status=status)


def learnt(journey: Journey, of: int) -> dict[str, Any]:
    """Return the newest that was learnt of a person."""
    told = journey.ask("GET", f"/v1/cases/{journey.case(of).id}/assessments").json()
    newest: dict[str, Any] = told["items"][0]
    return newest


def relief(journey: Journey, of: int) -> dict[str, Any]:
    told: dict[str, Any] = journey.ask("GET", f"/v1/cases/{journey.case(of).id}/relief").json()
    return told


def budget(*, income: int, essentials: int) -> dict[str, int]:
    return {"income": income, "essentials": essentials, "other_payments": 0}


def conduct(journey: Journey) -> list[str]:
    """Somebody whose conduct is looked into is on no crew; who suspended does not lift it alone."""
    [someone] = journey.rows(Agent, Agent.name == "Agent 1")
    path = f"/v1/agents/{someone.id}/standing"
    assert "Agent 1" in members(journey.plan())
    journey.ask("PUT", path, status=422, json={"to": "suspended"})
    journey.ask("PUT", path, status=422, json={"to": "suspended", "reason": "breach"})
    told = journey.ask("PUT", path, json={"to": "suspended", "reason": "under_review"})
    assert "Agent 1" not in members(journey.plan())
    journey.ask("PUT", path, status=409, json={"to": "active"})
    lifted = journey.service.call("admin@example.org", "PUT", path, json={"to": "active"})
    return [one.json()["state"] for one in (told, lifted)]


def crew_paper(one: int, **given: str) -> dict[str, Any]:
    [agent] = a_file_of_agents(one, (30.60, 119.90))[-1:]
    return {**agent, **given}


def planned_with(journey: Journey, agent: dict[str, Any], one: int) -> dict[str, Any]:
    """Plan with one more agent on shift."""

    journey.bring_in("agents", [agent])
    journey.bring_in("shifts", [a_shift(one, SERVICE_DATE)])
    return journey.plan()


def limit_shifts(journey: Journey, *, most: int) -> None:
    """Let nobody make more visits a day than this."""
    day = {"from_on": str(SERVICE_DATE), "to_on": str(SERVICE_DATE)}
    asked = {"branch_id": journey.branch_id, **day}
    listed = journey.ask("GET", "/v1/shifts", params=asked).json()
    kept = ("agent_id", "starts_at", "ends_at", "break_from_at", "break_until_at", "break_minutes")
    for shift in listed["items"]:
        journey.ask("DELETE", f"/v1/shifts/{shift['id']}", status=204)
        body = {**{name: shift[name] for name in kept}, "max_visits": most}
        journey.ask("POST", "/v1/shifts", status=201, json=body)


def most_stops(plan: dict[str, Any]) -> int:
    return max(len(route["stops"]) for route in plan["routes"])


def members(plan: dict[str, Any]) -> set[str]:
    return {name for route in plan["routes"] for name in route["members"]}


def digits(page: str) -> str:
    """Return what a page shows, its tags and spaces left out."""
    return re.sub(r"<[^>]*>|\s", "", page)


def tried_by_sms(journey: Journey) -> int:
    visit = journey.visit(UNWILLING)
    decision = journey.ask("GET", f"/v1/visits/{visit.id}/decision").json()
    return {one["channel"]: one["tries"] for one in decision["why"]["tried"]}["sms"]
