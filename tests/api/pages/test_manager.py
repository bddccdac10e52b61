"""The manager's day: what it shows, to whom, and what its forms do."""

import re
import shutil
from datetime import timedelta

import pytest

from api.wording import LOCALES, translator
from dispatch.db import Database
from dispatch.model import (
    AppointmentState,
    Case,
    Person,
    PlanState,
    Role,
    RunKind,
    RunState,
    Stage,
    Visit,
    VisitState,
)
from dispatch.planning.runner import run_next
from dispatch.solver.day import FLAGS
from dispatch.store import days, plan_runs, plans
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from tests.support import builders as make
from tests.support.appointments import caller_of, send
from tests.support.planning import a_world
from tests.support.web import a_web, copied, counted

GROUND = "Three calls found nobody; a talk may show a way out."


def a_template(sqlite_template, folder, vault, solver):
    shutil.copy(sqlite_template, folder / "branch.db")
    return a_world(Database(f"sqlite:///{folder / 'branch.db'}"), vault, solver)


@pytest.fixture(scope="module")
def branch(sqlite_template, tmp_path_factory, vault, solver):
    """A branch with six approved visits and two crews; each test gets a copy."""
    world = a_template(sqlite_template, tmp_path_factory.mktemp("branch"), vault, solver)
    world.database.dispose()
    return world


@pytest.fixture(scope="module")
def drafted(sqlite_template, tmp_path_factory, vault, solver):
    """The same with its day planned; each test gets a copy."""
    world = a_template(sqlite_template, tmp_path_factory.mktemp("drafted"), vault, solver)
    world.plan()
    world.database.dispose()
    return world


@pytest.fixture
def web(branch, tmp_path, quick_passwords):
    """A manager's browser before anything is planned."""
    with copied(branch, tmp_path) as world, a_web(world, quick_passwords) as web:
        yield web.sign_in(world.manager)


@pytest.fixture
def planned(drafted, tmp_path, quick_passwords):
    """A manager's browser at a planned day."""
    with copied(drafted, tmp_path) as world, a_web(world, quick_passwords) as web:
        yield web.sign_in(world.manager)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL))


def announced(web):
    """Announce from the page and let every person open the link, which proves the notice."""
    plan = web.plan_of(web.world.plan())
    assert web.post("/day/announcement", plan=plan.id, version=plan.version).status_code == 303
    send(web.world)
    for visit in web.visits():
        caller_of(web.world, visit).open()
    return web.row(type(plan), plan.id)


def published(web):
    plan = announced(web)
    answer = web.post("/day/publication", plan=plan.id, version=plan.version)
    assert answer.status_code == 303
    return web.row(type(plan), plan.id)


def an_eligible_case(web):
    with web.world.database.writing() as session:
        return make.a_case(session, web.world.vault, web.world.branch, web.world.lender)


# --- what it shows ----------------------------------------------------------------------------


def test_day_shows_every_visit_of_the_plan(planned):
    html = planned.day().text
    assert "Draft v1" in html
    for visit in planned.visits():
        assert visit.reference in html
    assert html.count("Willow Lane") >= 6


def test_day_tells_no_name_no_house_and_no_amount(planned):
    html = planned.day().text
    shown = words(html)
    world = planned.world
    with world.database.reading() as session:
        for visit in world.visits:
            person = session.get(Person, visit.person_id)
            assert not re.search(rf"\b{world.vault.read(person, person, 'name')}\b", html)
    assert not re.search(r"No\. \d+ Willow Lane", shown)
    assert not re.search(r"12,000|345\.00|CNY|CN¥", shown)


@pytest.mark.fault("K3")
def test_day_puts_every_case_it_tells_of_on_record(planned):
    case = an_eligible_case(planned)
    planned.day()
    told = {one.case_id for one in planned.reads()}
    assert told == {visit.case_id for visit in planned.visits()} | {case.id}
    assert {one.actor for one in planned.reads()} == {f"account:{planned.world.manager.id}"}


def test_day_asks_as_many_questions_for_many_visits_as_for_few(
    sqlite_database, vault, solver, quick_passwords
):
    counts = []
    for visits in (2, 9):
        world = a_world(sqlite_database, vault, solver, visits=visits)
        world.plan()
        with a_web(world, quick_passwords) as web, counted(web.sign_in(world.manager)) as sent:
            assert web.day().status_code == 200
            counts.append(len([one for one in sent if one.startswith("SELECT")]))
    assert counts[0] == counts[1]


def test_day_opens_with_the_next_day_that_has_a_shift(web):
    html = web.get("/day").text
    assert 'value="2026-03-09"' in html


def test_day_without_a_plan_says_what_to_do(web):
    assert "No plan for this day yet" in web.day(date="2026-03-10").text


def test_day_speaks_the_language_that_was_asked_for_and_keeps_it(planned):
    assert "草稿" in planned.day(lang="zh-CN").text
    assert "草稿" in planned.day().text


def test_left_out_visit_says_why_and_what_to_do(web):
    lone = web.world.visits[0]
    with web.world.database.writing() as session:
        case = session.get(Case, lone.case_id)
        case.data_audited_until = make.NOW
        session.add(case)
    web.world.plan()
    shown = words(web.day().text)
    assert "The check of the case&#39;s data does not reach" in shown
    assert "Check the data anew." in shown
    assert "案件数据核验的有效期不及" in web.day(lang="zh-CN").text


def test_crews_without_agents_leave_visits_out_with_a_plain_reason(
    sqlite_database, vault, solver, quick_passwords
):
    world = a_world(sqlite_database, vault, solver, agents=1)
    world.plan()
    with a_web(world, quick_passwords) as web:
        assert "No full crew is on duty." in words(web.sign_in(world.manager).day().text)


def test_failed_run_is_told_with_its_cause(web):
    with web.world.database.writing() as session:
        run = plan_runs.queue_run(
            session,
            web.world.branch,
            make.SERVICE_DATE,
            kind=RunKind.ANNOUNCE,
            reason="manual",
            requested_by="test",
            now=make.NOW,
        )
        run.state, run.failure = RunState.FAILED, "The crew list could not be read."
    assert "The crew list could not be read." in words(web.day().text)


def test_page_brings_its_own_policy_and_is_not_kept(web):
    answer = web.day()
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


# --- to whom ----------------------------------------------------------------------------------


def test_manager_of_another_branch_finds_nothing(planned):
    with planned.world.database.writing() as session:
        elsewhere = make.a_branch(session, planned.world.vault)
        stranger = make.an_account(session, elsewhere)
    answer = planned.sign_in(stranger).day()
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert planned.visits()[0].reference not in answer.text


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN, Role.AUDITOR])
def test_other_roles_are_refused_with_a_page(planned, role):
    with planned.world.database.writing() as session:
        account = make.an_account(session, planned.world.branch, role=role)
    answer = planned.sign_in(account).day()
    assert answer.status_code == 403
    assert "This is not open to you" in answer.text


def test_stranger_is_led_to_the_log_in(web):
    web.client.cookies.clear()
    answer = web.get("/day")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")


@pytest.mark.parametrize("form", ["announcement", "publication", "recall"])
def test_forms_on_a_foreign_plan_change_nothing(planned, form):
    plan = planned.plan_of(next(iter_runs(planned)))
    with planned.world.database.writing() as session:
        stranger = make.an_account(session, make.a_branch(session, planned.world.vault))
    answer = planned.sign_in(stranger).post(
        f"/day/{form}",
        plan=plan.id,
        version=plan.version,
        explanation="It was mine to take.",
        reason="mistake",
    )
    assert answer.status_code == 404
    assert planned.row(type(plan), plan.id) == plan


def iter_runs(web):
    with web.world.database.reading() as session:
        yield from plan_runs.runs_of(
            session, Scope.everything(), web.world.branch.id, make.SERVICE_DATE
        )


def test_form_without_its_mark_changes_nothing(web):
    web.mark = "forged"
    answer = web.post("/day/plan-runs", branch=web.world.branch.id, date="2026-03-09")
    assert answer.status_code == 403
    assert list(iter_runs(web)) == []


# --- what its forms do ------------------------------------------------------------------------


def test_plan_this_day_queues_a_run_and_says_so(web):
    answer = web.post("/day/plan-runs", branch=web.world.branch.id, date="2026-03-09")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/day?branch=")
    (run,) = iter_runs(web)
    assert (run.state, run.kind) == (RunState.QUEUED, RunKind.ANNOUNCE)
    assert run.requested_by == f"account:{web.world.manager.id}"
    assert "being planned" in web.flash()
    assert web.flash() == ""


def test_day_that_is_past_is_refused_and_the_page_says_why(web):
    answer = web.post("/day/plan-runs", branch=web.world.branch.id, date="2026-03-01")
    assert answer.status_code == 303
    assert "is past" in web.flash()
    assert list(iter_runs(web)) == []


def test_draft_that_nobody_was_told_of_offers_to_announce_it(planned):
    html = planned.day().text
    assert "Announce this day" in html
    assert "6 people get a notice" in html
    assert "6 visits may not be released yet" in html


def test_announcing_makes_appointments_and_says_how_many(planned):
    plan = planned.plan_of(next(iter_runs(planned)))
    planned.post("/day/announcement", plan=plan.id, version=plan.version)
    assert "6 visits are announced" in planned.flash()
    with planned.world.database.reading() as session:
        told = days.standing_appointments(session, planned.world.branch.id, make.SERVICE_DATE)
    assert {one.state for one in told.values()} == {AppointmentState.OFFERED}
    assert "Announce this day" not in planned.day().text


def test_announcing_what_changed_meanwhile_is_stale(planned):
    plan = planned.plan_of(next(iter_runs(planned)))
    planned.post("/day/announcement", plan=plan.id, version=plan.version + 1)
    assert "Someone changed this plan" in planned.flash()
    assert planned.row(type(plan), plan.id).announced_at is None


def test_plan_with_unproven_notices_is_not_published(planned):
    plan = planned.plan_of(next(iter_runs(planned)))
    planned.post("/day/publication", plan=plan.id, version=plan.version)
    assert "Nothing was changed." in planned.flash()
    assert planned.row(type(plan), plan.id).state is PlanState.DRAFT


def test_announced_and_proven_day_is_published_and_recalled(web):
    plan = published(web)
    assert plan.state is PlanState.PUBLISHED
    assert {visit.state for visit in web.visits()} == {VisitState.RELEASED}
    assert "Published v" in web.day().text
    web.post("/day/recall", plan=plan.id, version=plan.version, reason="roads_or_weather")
    assert web.row(type(plan), plan.id).state is PlanState.RECALLED
    assert "Recalled v" in web.day().text


def test_published_day_is_repaired_on_the_day_and_the_page_says_what_moved(web):
    plan = published(web)
    assert "Repair the day" not in web.day().text  # its day has not come
    with web.world.database.reading() as session:
        stops = plans.parts_of(session, plan).stops
    late = timedelta(minutes=15)
    web.world.clock.advance(stops[0].arrive_at + late - web.world.clock.now())
    web.sign_in(web.world.manager)
    with web.world.database.writing() as session:
        visit = get_any(session, Visit, stops[0].visit_id)
        visit.move_to(VisitState.ARRIVED, actor="test", now=web.world.clock.now())
        visit.arrived_at = web.world.clock.now()
    assert "Repair the day" in web.day().text
    web.post("/day/repairs", branch=web.world.branch.id, date="2026-03-09")
    assert "planned anew" in web.flash()
    assert run_next(web.world.planner).kind is RunKind.REPAIR
    html = words(web.day().text)
    assert "Published v2" in html
    assert "The repair moved 6 visits" in html
    assert f"{visit.reference} 09:15 → 09:30" in html


def test_day_without_a_published_plan_is_not_repaired(planned):
    planned.post("/day/repairs", branch=planned.world.branch.id, date="2026-03-09")
    assert "there is none to repair" in planned.flash()


def test_planning_again_what_people_were_told_of_keeps_to_it(web):
    announced(web)
    web.post("/day/plan-runs", branch=web.world.branch.id, date="2026-03-09")
    assert next(iter_runs(web)).kind is RunKind.RELEASE


def test_approving_turns_a_case_into_a_visit(web):
    case = an_eligible_case(web)
    html = web.day().text
    assert case.reference in html
    assert "60 days past due" in words(html)
    assert "3 tries to reach the person on 3 days, by 2 channels" in words(html)
    web.post("/day/approvals", case=case.id, date="2026-03-09", ground=GROUND)
    assert web.row(Case, case.id).stage is Stage.VISIT_APPROVED
    assert "is approved" in web.flash()
    assert case.reference not in web.day().text


def test_ground_that_says_nothing_is_refused(web):
    case = an_eligible_case(web)
    web.post("/day/approvals", case=case.id, date="2026-03-09", ground="because")
    assert "Write down why" in web.flash()
    assert web.row(Case, case.id).stage is Stage.ELIGIBLE


@pytest.mark.parametrize("ground", ["", "\0" * 30, "x" * 3000, GROUND + "\x07"])
def test_ground_that_can_not_be_kept_is_refused_in_plain_words(web, ground):
    case = an_eligible_case(web)
    web.post("/day/approvals", case=case.id, date="2026-03-09", ground=ground)
    assert "Nothing was changed." in web.flash()
    assert web.row(Case, case.id).stage is Stage.ELIGIBLE


def test_case_of_a_person_with_an_open_visit_does_not_wait(web):
    with web.world.database.writing() as session:
        visit = web.world.visits[0]
        person = session.get(Person, visit.person_id)
        case = make.a_case(
            session, web.world.vault, web.world.branch, web.world.lender, person=person
        )
    assert case.reference not in web.day().text


def test_foreign_case_is_not_approved(web):
    with web.world.database.writing() as session:
        elsewhere = make.a_branch(session, web.world.vault)
        case = make.a_case(session, web.world.vault, elsewhere, web.world.lender)
    answer = web.post("/day/approvals", case=case.id, date="2026-03-09", ground=GROUND)
    assert answer.status_code == 404
    assert web.row(Case, case.id).stage is Stage.ELIGIBLE


def test_forged_flash_is_not_said(web):
    web.client.cookies.set("flash", "WyJmbGFzaC5wdWJsaXNoZWQiLCB7fV0=.00")
    assert web.flash() == ""


# --- what the planner could not do --------------------------------------------------------------


def flagged(web, *flags, state=PlanState.DRAFT):
    with web.world.database.writing() as session:
        plan = plans.newest(session, web.world.branch.id, make.SERVICE_DATE, [PlanState.DRAFT])
        plan.flags, plan.state = list(flags), state
        session.add(plan)
    return web


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_what_the_planner_could_not_do_is_said_in_plain_words(planned, flag, locale):
    html = flagged(planned, flag).day(lang=locale).text
    t = translator(locale)
    (alert,) = re.findall(r'<p class="banner" role="alert">(.*?)</p>', html)
    assert t(f"plan.flag.{flag}.title") in alert
    assert t(f"plan.flag.{flag}.text") in alert


def test_a_flag_without_words_of_its_own_is_shown_all_the_same(planned):
    assert "It says: odd. Ask" in words(flagged(planned, "odd").day().text)


def test_a_plan_without_flags_or_no_longer_of_use_alerts_nobody(planned):
    assert 'class="banner" role="alert"' not in planned.day().text
    html = flagged(planned, "stale", state=PlanState.RECALLED).day().text
    assert "Recalled v1" in html
    assert 'class="banner" role="alert"' not in html


def test_only_a_reason_of_the_list_recalls_a_plan(web):
    plan = published(web)
    answer = web.post("/day/recall", plan=plan.id, version=plan.version, reason="he was rude")
    assert answer.status_code in {303, 422}
    assert web.row(type(plan), plan.id).state is PlanState.PUBLISHED
