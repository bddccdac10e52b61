"""The borrower's link: the second fact, confirm, refuse, ask again, ask for help."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.appointments.allowed import Answer, Standing
from dispatch.appointments.answer import ask_again, confirm, refuse
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.link import Challenge, challenges, find_notice_by_token
from dispatch.appointments.page import Opened, Shut, show_again
from dispatch.db import Database
from dispatch.errors import StaleVersion, Unauthenticated, WrongState
from dispatch.model import (
    Appointment,
    AppointmentState,
    Branch,
    CapEntry,
    CapState,
    Case,
    Commitment,
    CommitmentCell,
    Complaint,
    ContactAttempt,
    ContactPoint,
    ContactResult,
    Evidence,
    Hold,
    Incident,
    Notice,
    NoticeState,
    Person,
    PlanRun,
    RunKind,
    RunReason,
    Stage,
    Visit,
    VisitState,
)
from dispatch.model.visit_code import visit_code
from dispatch.solver.run import Solver
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import LAW, announced, caller_of, send
from tests.support.planning import World, a_world


def a_told_world(database: Database, vault: Vault, solver: Solver, *, visits: int = 1) -> World:
    world = a_world(database, vault, solver, visits=visits)
    announced(world)
    send(world)
    return world


def rows(world: World, kind):
    with world.database.reading() as session:
        return session.exec(select(kind)).all()


def test_the_right_second_fact_shows_the_visit_and_proves_the_notice(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver)
    with database.writing() as session:
        visit = get_any(session, Visit, world.visits[0].id)
        make.a_decision(session, visit, world.branch, LAW, now=world.clock.now())
        for one in session.exec(select(ContactAttempt)).all():  # what came after changes nothing
            one.result = ContactResult.RIGHT_PARTY
    page = caller_of(world, world.visits[0]).open()
    assert isinstance(page, Opened)
    visit, notice = rows(world, Visit)[0], rows(world, Notice)[0]
    assert (visit.state, notice.state) == (VisitState.NOTICED, NoticeState.OPENED)
    assert notice.opened_at == world.clock.now()
    assert page.lender_name == world.lender.name
    assert page.lender_phone == world.lender.complaint_phone
    assert {one.name for one in page.crew} <= {one.name for one in world.agents}
    assert (len(page.crew), page.standing) == (2, Standing.ANNOUNCED)
    assert all(one.photo_code for one in page.crew)
    assert page.door_code == visit_code(visit, make.SERVICE_DATE)
    assert "Willow Lane" in page.address
    assert [code for code, _ in page.why] == ["attempts", "options", "approved", "once", "rules"]
    assert page.why[-1][1] == {"title": LAW.title["zh-CN"], "version": LAW.version}
    assert page.why[0][1] == {"count": 3, "channels": 2, "reached": 0}
    assert page.answers == frozenset(Answer) - {Answer.CONTEST, Answer.HOW_IT_WAS}


def test_of_a_visit_decided_before_there_were_records_the_page_says_so(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    page = caller_of(world, world.visits[0]).open()
    assert isinstance(page, Opened)
    assert [code for code, _ in page.why] == ["not_recorded", "options", "once", "rules"]


@pytest.mark.parametrize(
    "wrong",
    [{"phone_last4": "0000x"}, {"birth_year": "1900"}, {"phone_last4": "", "birth_year": ""}],
)
def test_a_wrong_second_fact_shows_and_proves_nothing(
    wrong: dict[str, str], sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    assert caller.open(**wrong) is Shut.WRONG
    assert rows(world, Notice)[0].guesses == 1
    assert rows(world, Notice)[0].state is NoticeState.SENT
    assert rows(world, Visit)[0].state is VisitState.AUDITED


def test_five_wrong_answers_pause_the_link_for_right_ones_too_and_each_pause_is_longer(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    for _ in range(5):
        assert caller.open(birth_year="1900") is Shut.WRONG
    assert caller.open() is Shut.PAUSED
    world.clock.advance(timedelta(minutes=15))
    for _ in range(5):
        assert caller.open(birth_year="1900") is Shut.WRONG
    world.clock.advance(timedelta(minutes=16))
    assert caller.open() is Shut.PAUSED
    world.clock.advance(timedelta(minutes=45))
    assert isinstance(caller.open(), Opened)


def test_an_unknown_link_looks_like_a_wrong_answer(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.token = "no-such-token"
    assert caller.open() is Shut.WRONG
    with sqlite_database.reading() as session:
        asked = challenges(session, vault=vault, notice=None)
        assert asked == (Challenge.PHONE, Challenge.BIRTH_YEAR)


def test_who_has_no_phone_is_asked_for_the_end_of_the_case_number(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    with sqlite_database.writing() as session:
        for point in session.exec(select(ContactPoint).where(ContactPoint.kind == "phone")):
            session.delete(point)
        number = session.exec(select(Case.number)).one()
        notice = find_notice_by_token(session, caller.token, now=caller.now)
        asked = challenges(session, vault=vault, notice=notice)
    assert asked == (Challenge.BIRTH_YEAR, Challenge.CASE)
    assert isinstance(caller.open(case_last4=number[-4:]), Opened)


def test_opened_too_late_for_the_notice_time_the_visit_can_be_moved_but_not_confirmed(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    world.clock.advance(timedelta(days=5))
    page = caller_of(world, world.visits[0]).open()
    assert rows(world, Visit)[0].state is VisitState.AUDITED
    assert Answer.CONFIRM not in page.answers
    assert {Answer.MOVE, Answer.REFUSE} <= page.answers


def test_a_yes_confirms_and_a_second_one_changes_nothing(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    first = caller.does(confirm)
    versions = rows(world, Appointment)[0].version
    world.clock.advance(timedelta(minutes=5))
    assert caller.does(confirm).recorded_at == first.recorded_at
    assert rows(world, Appointment)[0].version == versions
    assert rows(world, Appointment)[0].state is AppointmentState.CONFIRMED
    assert rows(world, Visit)[0].state is VisitState.CONFIRMED
    page = caller.does(show_again, vault=vault, law=LAW)
    assert (page.standing, page.answered_at) == (Standing.CONFIRMED, first.recorded_at)


def test_no_step_without_a_proof_of_this_link_and_of_this_quarter_hour(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver, visits=2)
    first, second = (caller_of(world, one) for one in world.visits)
    first.open()
    second.open()
    right = first.proof
    ends, _, rest = right.partition(".")
    for proof in ("", "x.y.z", right[:-1], second.proof, f"{int(ends) + 60}.{rest}"):
        first.proof = proof
        with pytest.raises(Unauthenticated):
            first.does(confirm)
    first.proof = right
    world.clock.advance(timedelta(minutes=21))
    with pytest.raises(Unauthenticated):
        first.does(confirm)
    assert {one.state for one in rows(world, Appointment)} == {AppointmentState.OFFERED}


def test_an_answer_to_a_version_that_was_replaced_is_not_taken(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    with sqlite_database.writing() as session:
        old = session.exec(select(Appointment)).one()
        old.state = AppointmentState.WITHDRAWN
        fresh = old.model_dump(exclude={"id", "number", "state"})
        session.add(Appointment(**fresh, number=2))
    with pytest.raises(StaleVersion):
        caller.does(confirm)


def test_a_refusal_frees_the_slot_and_takes_the_case_back_without_a_trace_against_the_person(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver, visits=3)
    caller = caller_of(world, world.visits[0])
    page = caller.open()
    before = {one.id: one.value for one in rows(world, Case)}
    caller.does(refuse)
    caller.does(refuse)  # a second click
    visit = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    case = next(one for one in rows(world, Case) if one.id == visit.case_id)
    appointment = next(one for one in rows(world, Appointment) if one.visit_id == visit.id)
    assert (visit.state, appointment.state) == (VisitState.CANCELLED, AppointmentState.DECLINED)
    assert case.stage is Stage.FOLLOW_UP
    assert {one.id: one.value for one in rows(world, Case)} == before
    assert not [one for one in rows(world, Commitment) if one.appointment_id == appointment.id]
    assert len(rows(world, Commitment)) == 4
    cells = {one.commitment_id for one in rows(world, CommitmentCell)}
    assert cells <= {one.id for one in rows(world, Commitment)}
    caps = {one.source_id: one.state for one in rows(world, CapEntry)}
    assert caps[visit.id] is CapState.RELEASED
    run = next(one for one in rows(world, PlanRun) if one.reason is RunReason.ANSWER)
    assert (run.from_on, run.kind) == (make.SERVICE_DATE, RunKind.ANNOUNCE)
    assert caller.does(show_again, vault=vault, law=LAW).standing is Standing.REFUSED
    assert isinstance(page, Opened)
    assert "notice.superseded" in {one.kind for one in rows(world, Evidence)}


def test_late_refusals_leave_the_rest_of_the_day_as_it_was_told(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    world.clock.advance(timedelta(days=5))
    caller.open()
    caller.does(refuse)
    run = next(one for one in rows(world, PlanRun) if one.reason is RunReason.ANSWER)
    assert run.kind is RunKind.RELEASE


def test_a_branch_may_leave_a_slot_free_that_was_given_back(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    with sqlite_database.writing() as session:
        branch = find(session, Branch, world.branch.id)
        branch.refills = False
        session.add(branch)
    caller = caller_of(world, world.visits[0])
    caller.open()
    caller.does(refuse)
    run = next(one for one in rows(world, PlanRun) if one.reason is RunReason.ANSWER)
    assert run.kind is RunKind.RELEASE


def test_asking_for_another_time_gives_the_slot_back_and_keeps_the_visit(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    caller.does(ask_again, vault=vault, words="After six, please\x00")
    visit, appointment = rows(world, Visit)[0], rows(world, Appointment)[0]
    assert (visit.state, appointment.state) == (VisitState.DRAFT, AppointmentState.WITHDRAWN)
    assert visit.earliest_on == make.SERVICE_DATE + timedelta(days=1)
    assert rows(world, Commitment) == []
    with sqlite_database.reading() as session:
        notice = session.exec(select(Notice)).one()
        body = vault.read(session.get(Person, notice.person_id), notice, "body")
    assert body["answers"][0]["words"] == "After six, please"


@pytest.mark.parametrize(
    "kind",
    [Answer.HARDSHIP, Answer.DISPUTE, Answer.COMPLAINT, Answer.STOP_VISITS, Answer.STOP_CONTACT],
)
def test_asking_for_help_stops_every_visit_at_once(
    kind: Answer, sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver, visits=2)
    caller = caller_of(world, world.visits[0])
    caller.open()
    caller.does(confirm)
    caller.does(ask_for_help, vault=vault, kind=kind, words="please", law=LAW)
    visit = next(one for one in rows(world, Visit) if one.id == world.visits[0].id)
    case = next(one for one in rows(world, Case) if one.id == visit.case_id)
    mine = next(one for one in rows(world, Appointment) if one.visit_id == visit.id)
    hold = rows(world, Hold)[0]
    assert (visit.state, case.stage) == (VisitState.CANCELLED, Stage.ON_HOLD)
    assert mine.state is AppointmentState.WITHDRAWN
    assert (hold.kind, hold.requested_by, hold.case_id) == (kind, "borrower", None)
    assert len(rows(world, Complaint)) == (kind is Answer.COMPLAINT)
    assert any(one.reason is RunReason.HOLD for one in rows(world, PlanRun))
    page = caller.does(show_again, vault=vault, law=LAW)
    assert (page.standing, page.crew, page.door_code) == (Standing.HELD, (), None)
    assert Answer.COMPLAINT in page.answers
    assert not page.answers & {Answer.CONFIRM, Answer.MOVE, Answer.REFUSE}
    with pytest.raises(WrongState):
        caller.does(confirm)
    with pytest.raises(WrongState):
        caller.does(refuse)


def test_help_reaches_visits_of_other_branches_and_flags_one_under_way(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver)
    with database.writing() as session:
        elsewhere = make.a_branch(session, vault)
        person = session.get(Person, world.visits[0].person_id)
        lender = make.a_lender(session)
        draft, talking = (
            make.a_visit(
                session,
                make.a_case(session, vault, elsewhere, lender, person=person),
                world.manager,
                state=state,
            ).id
            for state in (VisitState.DRAFT, VisitState.TALK)
        )
    caller = caller_of(world, world.visits[0])
    caller.open()
    effect = caller.does(ask_for_help, vault=vault, kind=Answer.HARDSHIP, words="", law=LAW)
    assert set(effect.cancelled) == {world.visits[0].id, draft}
    assert effect.flagged == (talking,)
    assert [one.visit_id for one in rows(world, Incident)] == [talking]
    again = caller.does(ask_for_help, vault=vault, kind=Answer.HARDSHIP, words="", law=LAW)
    assert again.cancelled == ()
    assert len(rows(world, Hold)) == 1
