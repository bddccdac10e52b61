"""Sample views for the template tests: an ordinary day of an invented city, and its odd states."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from api.pages import (
    agent_views,
    borrower_views,
    care_views,
    choices,
    decision_views,
    telling,
    views,
)
from api.pages.page import PAGES
from api.pages.views import Sentence
from dispatch.care.alerts import URGENT
from dispatch.model import CareState, ComplaintState, HoldKind, releaser_of
from dispatch.model.care_call import CARE_CALLS
from dispatch.model.complaint import COMPLAINTS
from dispatch.wording.door import door_script
from tests.support import (
    samples_of_conduct,
    samples_of_figures,
    samples_of_law,
    samples_of_permissions,
)

ZONE = "Asia/Shanghai"
SERVICE_ON = date(2026, 11, 24)
NAMESPACE = UUID("6f1a3c1e-3f0b-4b5e-9b1f-2d9a51f0c001")
PLACES = (
    ("桂园一区", "Osmanthus Garden", 116.3109, 40.0019),
    ("河湾里", "Riverbend", 116.3176, 40.0096),
    ("东塘街", "East Pond Street", 116.3226, 39.9989),
    ("松风苑", "Pinewind Court", 116.3056, 40.0120),
    ("望湖家园", "Lakeview Homes", 116.3005, 40.0050),
    ("银杏路", "Ginkgo Road", 116.3039, 39.9946),
    ("学府南里", "College South", 116.3271, 40.0066),
    ("清泉花园", "Clearwell Garden", 116.3319, 40.0001),
    ("北桥胡同", "North Bridge Lane", 116.3291, 40.0153),
    ("枫林居", "Maple House", 116.3137, 40.0188),
    ("石榴巷", "Pomegranate Lane", 116.3204, 39.9911),
    ("南苑小区", "South Court", 116.3098, 39.9880),
)
CREWS = (("林悦", "赵恒"), ("周岚", "陈牧"), ("吴桐", "何静"))
LATIN_CREWS = (("Lin Yue", "Zhao Heng"), ("Zhou Lan", "Chen Mu"), ("Wu Tong", "He Jing"))


def an_id(name: object) -> UUID:
    return uuid5(NAMESPACE, str(name))


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A branch wall-clock time of the sample day, as an instant."""
    return datetime(2026, 11, 24, tzinfo=UTC) + timedelta(
        days=days, hours=hour - 8, minutes=minute
    )


def a_page(locale: str = "en", path: str = "/", **changes: object) -> views.Page:
    page = views.Page(
        locale=locale,
        path=path,
        time_zone=ZONE,
        csrf_token="sample-token",
        viewer_name="Mei Tan",
        pages=tuple(PAGES),
    )
    return replace(page, **changes)  # type: ignore[arg-type]


def a_stop(index: int, position: int, start: datetime, state: str, locale: str) -> views.StopView:
    chinese, latin, lon, lat = PLACES[index % len(PLACES)]
    window = start.replace(minute=0 if start.minute < 30 else 30)
    return views.StopView(
        visit_id=an_id(f"visit-{index}"),
        reference=f"7K{index:02d}QX4N"[:8],
        position=position,
        neighbourhood=chinese if locale == "zh-CN" else latin,
        start_at=start,
        leave_at=start + timedelta(minutes=25),
        window_from_at=window - timedelta(minutes=30),
        window_until_at=window + timedelta(minutes=90),
        state=state,
        lat=lat,
        lon=lon,
        travel_s=780 + 60 * (index % 5),
        lock={"confirmed": "promise", "announced": "crew"}.get(state, "none"),
        is_required=state == "confirmed",
    )


def a_route(crew: int, locale: str) -> views.RouteView:
    states = ("confirmed", "announced", "confirmed", "no_answer", "moved")
    order = (0, 3, 4, 5, 11) if crew == 0 else (1, 9, 8, 6) if crew == 1 else (2, 10, 7)
    stops = tuple(
        a_stop(
            place,
            at_ + 1,
            at(9, 15) + timedelta(minutes=70 * at_ + 15 * crew + (60 if at_ > 2 else 0)),
            states[(at_ + crew) % 5],
            locale,
        )
        for at_, place in enumerate(order)
    )
    return views.RouteView(
        id=an_id(f"route-{crew}"),
        label="ABC"[crew],
        members=(CREWS if locale == "zh-CN" else LATIN_CREWS)[crew],
        from_at=at(8, 30),
        until_at=at(17, 30),
        travel_s=4200 + 600 * crew,
        stops=stops,
        breaks=(views.BreakView(at(12, 30), at(13, 15)),),
    )


def a_day(locale: str = "en") -> views.DayPage:
    routes = tuple(a_route(crew, locale) for crew in range(3))
    branch = views.BranchChoice(
        an_id("branch"), "海淀分部" if locale == "zh-CN" else "Haidian branch"
    )
    plan = views.PlanView(
        id=an_id("plan"),
        number=3,
        version=5,
        state="draft",
        made_at=at(6, 12),
        is_estimated=True,
        is_incomplete=True,
        release_faults=(
            views.ReleaseFault("7K03QX4N", Sentence("fault.notice-undelivered")),
            views.ReleaseFault("7K10QX4N", Sentence("fault.hold")),
        ),
        pack_name="baseline",
        pack_version="2026.1",
        flags=(
            (Sentence("plan.flag.unpolished.title"), Sentence("plan.flag.unpolished.text")),
            (Sentence("plan.flag.stale.title"), Sentence("plan.flag.stale.text")),
        ),
    )
    places = [name[0 if locale == "zh-CN" else 1] for name in PLACES]
    return views.DayPage(
        page=a_page(locale, "/day?date=2026-11-24"),
        branch=branch,
        branches=(
            branch,
            views.BranchChoice(
                an_id("other"), "通州分部" if locale == "zh-CN" else "Tongzhou branch"
            ),
        ),
        service_on=SERVICE_ON,
        today_on=SERVICE_ON - timedelta(days=1),
        previous_on=SERVICE_ON - timedelta(days=1),
        next_on=SERVICE_ON + timedelta(days=1),
        plan=plan,
        run=None,
        figures=views.Figures(
            visits=12,
            confirmed=5,
            announced=4,
            unserved=2,
            unserved_required=1,
            crews=3,
            travel_s=14400,
            travel_m=61400,
        ),
        routes=routes,
        unserved=(
            views.UnservedView(
                an_id("u1"),
                "9M2TR0AX",
                places[3],
                True,
                (
                    Sentence("reason.outside_shift"),
                    Sentence("reason.no_time_left"),
                ),
                Sentence("remedy.extend_shift", {"crew": "A", "minutes": 12, "kilometres": "3.1"}),
            ),
            views.UnservedView(
                an_id("u2"), "4C8PW6ZE", places[7], False, (Sentence("reason.not_worth_its_cost"),)
            ),
        ),
        approvals=(
            views.ApprovalView(
                an_id("a1"),
                "2F7HN3KD",
                places[1],
                (
                    Sentence("ground_fact.past_due", {"count": 41}),
                    Sentence("ground_fact.attempts", {"count": 5, "days": 4, "channels": 2}),
                    Sentence("ground_fact.never_reached"),
                    Sentence("ground_fact.first_visit"),
                    Sentence("ground_fact.no_hold"),
                ),
                at(18, 40),
            ),
            views.ApprovalView(
                an_id("a2"),
                "8V5JB1QS",
                places[9],
                (Sentence("ground_fact.asked_for_visit"), Sentence("ground_fact.no_hold")),
                at(12, 0, days=1),
            ),
        ),
        unlocated=(views.UnlocatedView(an_id("l1"), "5D0GY9WT", Sentence("unlocated.no_match")),),
    )


def an_itinerary_stop(
    position: int, locale: str = "en", **changes: object
) -> agent_views.ItineraryStop:
    chinese, latin, lon, lat = PLACES[position]
    in_chinese = locale == "zh-CN"
    stop = agent_views.ItineraryStop(
        visit_id=an_id(f"visit-{position}"),
        reference=f"7K{position:02d}QX4N",
        position=position,
        neighbourhood=chinese if in_chinese else latin,
        address=f"样例街 {position} 号 2 单元 301"
        if in_chinese
        else f"{position} Sample Street, unit 2, 301",
        lat=lat,
        lon=lon,
        window_from_at=at(8 + position),
        window_until_at=at(10 + position),
        state="confirmed" if position % 2 else "announced",
        progress="waiting",
        door_code="482913",
        person_name="样例女士" if in_chinese else "Ms Sample",
        latest_end_at=at(18, 45),
        why=(Sentence("ground_fact.never_reached"), Sentence("ground_fact.first_visit")),
        risks=choices.RISKS if position == 1 else (),
        script=door_script(
            locale,
            crew="林悦、赵恒" if in_chinese else "Lin Yue, Zhao Heng",
            person="样例女士" if in_chinese else "Ms Sample",
            code="482913",
            lender="样例消费金融" if in_chinese else "Sample Lending",
            purpose="talk_about_options",
        ),
    )
    return replace(stop, **changes)  # type: ignore[arg-type]


def a_crew(locale: str = "en") -> agent_views.CrewView:
    return agent_views.CrewView(
        "A", ("赵恒",) if locale == "zh-CN" else ("Zhao Heng",), at(8, 30), at(17, 30)
    )


HELP_LINES = agent_views.HelpLines(supervisor_phone="+861000000000", emergency_phone="110")


def a_today(locale: str = "en") -> agent_views.TodayPage:
    stops = (
        an_itinerary_stop(1, locale, progress="reported", state="done"),
        an_itinerary_stop(2, locale),
        an_itinerary_stop(3, locale),
        an_itinerary_stop(4, locale, progress="cancelled", state="held"),
        an_itinerary_stop(5, locale),
    )
    return agent_views.TodayPage(
        page=a_page(locale, "/today"),
        service_on=SERVICE_ON,
        crew=a_crew(locale),
        stops=stops,
        help_lines=HELP_LINES,
        changes=(Sentence("change.removed", {"place": stops[3].neighbourhood}),),
    )


def a_visit(locale: str = "en") -> agent_views.VisitPage:
    return agent_views.VisitPage(
        page=a_page(locale, "/today/visits/1"),
        stop=an_itinerary_stop(2, locale),
        crew=a_crew(locale),
        outcome_id=an_id("outcome"),
        currency="CNY",
        service_on=SERVICE_ON,
        help_lines=HELP_LINES,
    )


def a_landing(locale: str = "en", **changes: object) -> borrower_views.LandingPage:
    page = a_page(locale, "/b/sample", viewer_name=None)
    return replace(
        borrower_views.LandingPage(page=page, token="sample", contact_phone="400 000 0000"),
        **changes,
    )  # type: ignore[arg-type]


def an_appointment(locale: str = "en", **changes: object) -> borrower_views.AppointmentPage:
    in_chinese = locale == "zh-CN"
    slots = tuple(
        borrower_views.SlotView(f"slot-{day}-{hour}", at(hour, days=day), at(hour + 2, days=day))
        for day, hour in ((2, 9), (2, 15), (3, 10), (4, 17))
    )
    view = borrower_views.AppointmentPage(
        page=a_page(locale, "/b/sample", viewer_name=None),
        token="sample",
        proof="sample-proof",
        reference="7K02QX4N",
        state="announced",
        lender_name="样例消费金融" if in_chinese else "Sample Lending",
        crew=(
            borrower_views.CrewMember("林悦" if in_chinese else "Lin Yue", "FV-2043"),
            borrower_views.CrewMember("赵恒" if in_chinese else "Zhao Heng", "FV-1187"),
        ),
        substitute=borrower_views.CrewMember("周岚" if in_chinese else "Zhou Lan", "FV-3310"),
        door_code="482913",
        window_from_at=at(9, 30),
        window_until_at=at(11, 30),
        place_kind="residence",
        address="样例街 2 号 2 单元 301" if in_chinese else "2 Sample Street, unit 2, 301",
        purpose="talk_about_options",
        why=(
            Sentence("why.attempts", {"count": 5, "channels": 2, "reached": 0}),
            Sentence("why.options"),
            Sentence("why.approved"),
            Sentence("why.once"),
        ),
        replies=frozenset(choices.REPLIES),
        slots=slots,
        contact_phone="400 000 0000",
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def a_reply(locale: str = "en", reply: str = "confirm") -> borrower_views.ReplyPage:
    return borrower_views.ReplyPage(
        page=a_page(locale, "/b/sample", viewer_name=None),
        token="sample",
        proof="sample-proof",
        reference="7K02QX4N",
        reply=reply,
        recorded_at=at(8, 3),
        slot=borrower_views.SlotView("slot", at(15, days=2), at(17, days=2))
        if reply == "move"
        else None,
        contact_phone="400 000 0000",
    )


def a_login(locale: str = "en", fault: str | None = None) -> views.LoginPage:
    return views.LoginPage(
        page=a_page(locale, "/login", viewer_name=None),
        email="mei@example.org" if fault else "",
        fault=fault,
    )


def an_error(locale: str = "en", kind: str = "not_found") -> views.ErrorPage:
    return views.ErrorPage(
        page=a_page(locale, "/x", viewer_name=None), status=404, kind=kind, request_id="r-1"
    )


def a_decision(locale: str = "en", **changes: object) -> decision_views.DecisionPage:
    zh = locale == "zh-CN"
    tries = {"phone": (3, 0), "sms": (2, 0), "email": (1, 1), "letter": (1, 0), "chat": (2, 0)}
    page = decision_views.DecisionPage(
        page=a_page(locale, "/decisions/x", viewer_name="Lin"),
        visit_id=an_id("visit"),
        case_id=an_id("case"),
        reference="7K2M9QXD",
        branch_id=an_id("branch"),
        service_on="2026-11-24",
        ground="三次电话均未联系到本人，上门可说明可选的还款安排。"
        if zh
        else "Three calls found nobody; a talk may show a way out.",
        approver_name="Lin",
        decided_at=at(9),
        facts=(("dpd", "62"), ("ability", "未知" if zh else "not known"), ("holds", "0")),
        tried=tuple(
            Sentence(f"decision.tried.{channel}", {"count": count, "reached": reached})
            for channel, (count, reached) in tries.items()
        ),
        rules=tuple(
            decision_views.RuleView(
                "crew.min", "2", "An instrument", "Article 22", url, force, "F2"
            )
            for force, url in (("law", "https://example.org/law"), ("self-regulation", None))
        ),
        pack="baseline 1",
        risks=("no_light",),
        chain="service",
        sequence=17,
        hash="9b1e" * 16,
        is_intact=True,
        agrees=True,
    )
    return replace(page, **changes)  # type: ignore[arg-type]


def a_desk(locale: str = "en") -> telling.TellingPage:
    zh = locale == "zh-CN"
    branch = views.BranchChoice(an_id("branch"), "样例分部" if zh else "Sample branch")
    return telling.TellingPage(
        page=a_page(locale=locale, path="/desk"),
        branch=branch,
        branches=(branch,),
        to_tell=tuple(
            telling.ToTell(
                id=an_id(f"tell-{channel}"),
                reference="7K2M9QXD",
                kind=kind,
                channel=channel,
                tell_by=at(9),
                name="样例人" if zh else "Sample Person",
                where=("+86 572 010 0000",),
                text="样例文字" if zh else "Sample words",
                link="http://127.0.0.1:8000/b/x",
            )
            for kind, channel in (("announcement", "phone_desk"), ("apology", "letter"))
        ),
        in_doubt=(telling.InDoubt(an_id("doubt"), "7K2M9QXD", "cancellation", "sms", at(9)),),
    )


def a_care(locale: str = "en") -> care_views.CarePage:
    zh = locale == "zh-CN"
    branch = views.BranchChoice(an_id("branch"), "样例分部" if zh else "Sample branch")
    kinds = (*URGENT, "complaint-not-answered", "something-new" if not zh else "其他")
    complaints = tuple(
        care_views.ComplaintView(
            id=an_id(f"complaint-{state}"),
            reference="7K2M9QXD",
            state=state,
            received_at=at(8),
            acknowledge_by_at=at(8, days=3) if state == "received" else None,
            due_at=at(8, days=15),
            is_late=state == "received",
            words="说话声音太大。" if zh else "They spoke too loudly.",
            handler_name="林悦" if zh else "Lin",
            steps=tuple(COMPLAINTS.get(state, ())),
            needs=frozenset({"handler", "words", "told_by"}),
            is_others=state == "told",
        )
        for state in ComplaintState
    )
    calls = tuple(
        care_views.CallView(
            id=an_id(f"call-{state}"),
            reference="7K2M9QXD",
            reason="distress",
            state=state,
            due_at=at(9),
            is_late=state == "waiting",
            tries=1,
            taken_by=None,
            steps=tuple(CARE_CALLS.get(state, ())),
        )
        for state in CareState
    )
    holds = tuple(
        care_views.HoldView(
            id=an_id(f"hold-{kind}"),
            reference="7K2M9QXD",
            kind=kind,
            from_at=at(8),
            until_at=at(8, days=3) if kind == "cooling_off" else None,
            releaser=releaser_of(kind),
            may_release=releaser_of(kind) == "manager",
        )
        for kind in HoldKind
    )
    return care_views.CarePage(
        page=a_page(locale, "/care"),
        branch=branch,
        branches=(branch,),
        alerts=tuple(
            care_views.AlertView(an_id(f"alert-{kind}"), kind, kind in URGENT, at(9), "7K2M9QXD")
            for kind in kinds
        ),
        complaints=complaints,
        calls=calls,
        holds=holds,
        risks=tuple(
            care_views.RiskView(
                an_id(f"risk-{kind}"),
                kind,
                ("7K2M9QXD",),
                at(9),
                number % 2 == 0,
                SERVICE_ON,
                number == 0,
            )
            for number, kind in enumerate(choices.RISKS)
        ),
        handlers=(views.BranchChoice(an_id("desk"), "林悦" if zh else "Lin"),),
        is_trained=False,
    )


def every_page(locale: str) -> dict[str, tuple[str, object]]:
    """Every template in every state that shows other words, by a name for the test's report."""
    day = a_day(locale)
    empty = replace(
        day,
        plan=None,
        routes=(),
        unserved=(),
        approvals=(),
        unlocated=(),
        figures=views.Figures(),
        is_send_nothing=True,
        run=views.RunView(an_id("run"), "running", 40),
    )
    assert day.plan is not None
    published = replace(
        day,
        plan=replace(
            day.plan,
            state="published",
            published_at=at(7),
            release_faults=(),
            is_pack_signed=True,
        ),
        page=replace(day.page, flash=Sentence("flash.published")),
    )
    ready = replace(
        day,
        plan=replace(day.plan, release_faults=(), is_incomplete=False),
        run=views.RunView(an_id("run"), "failed", None, Sentence("run.why.time_out")),
    )
    pages: dict[str, tuple[str, object]] = {
        "day": ("day.html", day),
        "day-empty": ("day.html", empty),
        "day-published": ("day.html", published),
        "day-ready": ("day.html", ready),
        "login": ("login.html", a_login(locale)),
        "login-refused": ("login.html", a_login(locale, "refused")),
        "error": ("error.html", an_error(locale)),
        "error-other": ("error.html", an_error(locale, "surprise")),
        "today": ("today.html", a_today(locale)),
        "today-none": ("today.html", replace(a_today(locale), stops=(), crew=None, changes=())),
        "visit": ("visit.html", a_visit(locale)),
        "decision": ("decision.html", a_decision(locale)),
        "decision-missing": (
            "decision_missing.html",
            decision_views.DecisionMissing(
                page=a_page(locale, "/decisions/x", viewer_name="Lin"),
                reference="7K2M9QXD",
                branch_id=an_id("branch"),
                service_on=None,
            ),
        ),
        "decision-odd": (
            "decision.html",
            a_decision(
                locale,
                sequence=None,
                hash=None,
                is_intact=False,
                agrees=False,
                tried=(),
                ground=None,
                service_on=None,
            ),
        ),
        "desk": ("desk.html", a_desk(locale)),
        "care": ("care.html", a_care(locale)),
        "care-empty": (
            "care.html",
            replace(a_care(locale), alerts=(), complaints=(), calls=(), holds=(), is_trained=True),
        ),
        "offline": ("offline.html", a_login(locale)),
        "landing-wrong": ("borrower/landing.html", a_landing(locale, state="wrong", tries_left=2)),
        "appointment": ("borrower/appointment.html", an_appointment(locale)),
        "appointment-fault": (
            "borrower/appointment.html",
            an_appointment(locale, fault="slot_gone"),
        ),
        "appointment-held": (
            "borrower/appointment.html",
            an_appointment(
                locale,
                state="held",
                replies=frozenset({"complain", "stop"}),
                slots=(),
                answered_at=at(7, 40),
            ),
        ),
    }
    branch = views.BranchChoice(
        an_id("branch"), "样例分部" if locale == "zh-CN" else "Sample branch"
    )
    pages |= samples_of_permissions.samples(a_page(locale, "/permissions"), branch)
    pages |= samples_of_law.samples(a_page(locale, "/law"), branch)
    pages |= samples_of_figures.samples(a_page(locale, "/figures"), branch)
    pages |= samples_of_conduct.samples(a_page(locale, "/conduct"), branch)
    for state in ("open", "locked", "closed"):
        pages[f"landing-{state}"] = ("borrower/landing.html", a_landing(locale, state=state))
    for reply in (*choices.REPLIES, "wish"):
        pages[f"reply-{reply}"] = ("borrower/reply.html", a_reply(locale, reply))
    return pages


@pytest.fixture
def pages() -> Callable[[str], dict[str, tuple[str, object]]]:
    """All pages of a language."""
    return every_page
