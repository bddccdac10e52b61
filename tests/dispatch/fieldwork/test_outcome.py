"""An outcome is a fact: stored once, whatever the state, and never taken back."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import Invalid, NotFound
from dispatch.fieldwork.device import seen_device
from dispatch.fieldwork.outcome import record_outcome
from dispatch.fieldwork.payloads import PromisePayload, Replay, open_raw
from dispatch.messaging.desk import to_tell
from dispatch.model import (
    Account,
    Agent,
    AgentState,
    Appointment,
    AppointmentState,
    CapEntry,
    CapState,
    Case,
    ContactAttempt,
    ContactChannel,
    Device,
    Evidence,
    Hold,
    HoldKind,
    HoldState,
    Incident,
    NoticeKind,
    Outcome,
    OutcomeCode,
    OutcomeVariant,
    Person,
    PlanRun,
    Promise,
    PromiseState,
    ReportRole,
    Role,
    Stage,
    Visit,
    VisitState,
)
from dispatch.store.rows import find, get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support import field as in_field
from tests.support.appointments import LAW
from tests.support.field import at


def rows(database: Database, kind):
    with database.reading() as session:
        return session.exec(select(kind)).all()


def incidents(database: Database) -> set[str]:
    return {one.kind for one in rows(database, Incident)}


def state_of(database: Database, visit: Visit) -> VisitState:
    with database.reading() as session:
        return get_any(session, Visit, visit.id).state


def test_first_is_created_and_a_replay_is_the_same(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault)
    outcome_id = uuid4()
    first, how = field.report(OutcomeCode.NO_ANSWER, outcome_id=outcome_id)
    later, again = field.report(
        OutcomeCode.NO_ANSWER, outcome_id=outcome_id, now=at(10, 20) + timedelta(days=60)
    )
    assert (how, again) == (Replay.CREATED, Replay.SAME)
    assert later.received_at == first.received_at
    assert len(rows(database, Outcome)) == 1
    assert len([one for one in rows(database, ContactAttempt) if one.channel == "visit"]) == 1


def test_other_bytes_under_the_same_id_are_kept_and_change_nothing(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault)
    outcome_id = uuid4()
    field.report(OutcomeCode.NO_ANSWER, outcome_id=outcome_id)
    for _ in range(3):
        stored, how = field.report(OutcomeCode.HARDSHIP, outcome_id=outcome_id, raw=b"other")
        assert how is Replay.DIFFERS
        assert stored.code is OutcomeCode.NO_ANSWER
    variant = rows(database, OutcomeVariant)
    assert len(variant) == 1
    with database.reading() as session:
        person = get_any(session, Person, field.visits[0].person_id)
    assert open_raw(vault, person, variant[0]) == b"other"
    assert rows(database, Hold) == []
    assert incidents(database) == {"outcome-differs"}


def test_fifty_at_once_are_one_row_with_one_effect(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=1)
    outcome_id = uuid4()

    def send(_):
        return field.report(OutcomeCode.HARDSHIP, outcome_id=outcome_id)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(50)))
    assert Counter(how for _, how in answers) == {Replay.CREATED: 1, Replay.SAME: 49}
    assert len({(one.id, one.raw_hash, one.received_at) for one, _ in answers}) == 1
    assert len(rows(database, Outcome)) == len(rows(database, Hold)) == 1


def test_one_id_sent_at_once_for_two_visits_is_stored_once(
    postgres_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(postgres_database, vault)
    outcome_id = uuid4()

    def send(visit):
        return field.report(
            OutcomeCode.NO_ANSWER, visit=visit, outcome_id=outcome_id, raw=b"%d" % visit
        )

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert Counter(how for _, how in answers) == {Replay.CREATED: 1, Replay.DIFFERS: 1}
    assert len(rows(postgres_database, Outcome)) == 1
    assert len(rows(postgres_database, OutcomeVariant)) == 1


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_replays_in_any_order_are_one(
    sqlite_template, tmp_path_factory, vault: Vault, seed: int
) -> None:
    chance = random.Random(seed)
    path = tmp_path_factory.mktemp("replay") / "day.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    field = in_field.a_field(database, vault, visits=3)
    codes = chance.sample(list(OutcomeCode), 3)
    facts = [
        (n, code, uuid4(), by) for n, code in enumerate(codes) for by in (chance.randrange(2),)
    ]
    copies = [fact for fact in facts for _ in range(3)]
    chance.shuffle(copies)
    answers = Counter()
    for n, code, outcome_id, by in copies:
        _, how = field.report(code, visit=n, by=by, outcome_id=outcome_id)
        answers[how] += 1
    assert answers == {Replay.CREATED: 3, Replay.SAME: 6}
    assert {one.id for one in rows(database, Outcome)} == {fact[2] for fact in facts}
    assert {one.code for one in rows(database, Outcome)} == set(codes)
    assert all(one.state is VisitState.REPORTED for one in rows(database, Visit))
    database.dispose()


def test_raw_bytes_words_and_device_are_kept(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    raw = bytes(range(256))
    device_id, outcome_id = uuid4(), uuid4()
    payload = in_field.a_payload(
        field.visits[0].id, OutcomeCode.HARDSHIP, words="我下个月才发工资", sequence=7
    )
    with sqlite_database.writing() as session:
        account = get_any(session, Account, field.accounts[0].id)
        stranger = get_any(session, Account, field.accounts[1].id)
        device = seen_device(session, device_id=device_id, account=account, now=at(9))
        assert seen_device(session, device_id=device_id, account=stranger, now=at(9)) is None
        record_outcome(
            session,
            vault=vault,
            outcome_id=outcome_id,
            raw=raw,
            payload=payload,
            account=account,
            device=device,
            now=at(13),
        )
    with sqlite_database.reading() as session:
        outcome = get_any(session, Outcome, outcome_id)
        person = get_any(session, Person, outcome.person_id)
        assert open_raw(vault, person, outcome) == raw
        assert vault.read(person, outcome, "words") == "我下个月才发工资"
        assert (outcome.occurred_at, outcome.received_at) == (at(10, 20), at(13))
        assert (outcome.device_id, outcome.sequence) == (device_id, 7)
        assert get_any(session, Device, device_id).last_sequence == 7
        entry = session.exec(select(Evidence).where(Evidence.kind == "outcome.recorded")).one()
        assert entry.facts["hash"] == outcome.raw_hash
        assert "工资" not in str(entry.facts)


def test_hardship_told_offline_stops_the_visits_after_it(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=3, one_person=True)
    field.report(OutcomeCode.HARDSHIP, occurred_at=at(10, 20), now=at(13))
    hold = rows(database, Hold)[0]
    assert hold.from_at == at(10, 20)
    assert hold.case_id is None
    assert [state_of(database, visit) for visit in field.visits] == [
        VisitState.REPORTED,
        VisitState.CANCELLED,
        VisitState.CANCELLED,
    ]
    assert {one.stage for one in rows(database, Case)} == {Stage.ON_HOLD}
    with database.reading() as session:
        states = {one.visit_id: one.state for one in session.exec(select(Appointment)).all()}
    assert states[field.visits[1].id] is AppointmentState.WITHDRAWN


def test_a_visit_made_before_the_news_arrived_is_looked_at(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2, one_person=True)
    field.check_in("arrived", visit=1, occurred_at=at(11))
    field.report(OutcomeCode.NO_ANSWER, visit=1, occurred_at=at(11, 20))
    field.report(OutcomeCode.DISPUTE, visit=0, occurred_at=at(10, 20), now=at(13))
    # the dispute is of the other case only
    assert incidents(sqlite_database) == set()
    field.report(OutcomeCode.STOP_ALL, visit=0, by=1, occurred_at=at(10, 21), now=at(13))
    found = {one.kind: one for one in rows(sqlite_database, Incident)}
    assert "visit-made-after-hold" in found
    assert found["visit-made-after-hold"].visit_id == field.visits[1].id


@pytest.mark.parametrize("state", [VisitState.CANCELLED, VisitState.CONFIRMED, VisitState.CLOSED])
def test_a_fact_is_stored_whatever_the_state_and_opens_an_incident(
    sqlite_database: Database, vault: Vault, state: VisitState
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        visit = get_any(session, Visit, field.visits[0].id)
        visit.state = state
        session.add(visit)
    stored, how = field.report(OutcomeCode.HARDSHIP)
    assert how is Replay.CREATED
    assert stored.is_incident
    assert state_of(sqlite_database, visit) is state
    assert incidents(sqlite_database) == {"outcome-against-state"}
    assert rows(sqlite_database, Hold)[0].kind is HoldKind.HARDSHIP
    assert rows(sqlite_database, CapEntry)[0].state is CapState.USED


def test_a_crew_that_was_turned_back_says_so_without_an_incident(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2, one_person=True)
    field.check_in("en_route", visit=1, occurred_at=at(10, 40))
    field.report(OutcomeCode.STOP_ALL, visit=0, occurred_at=at(10, 45))
    assert state_of(sqlite_database, field.visits[1]) is VisitState.CANCELLED
    field.report(OutcomeCode.HOLD_EN_ROUTE, visit=1, occurred_at=at(10, 50))
    assert incidents(sqlite_database) == set()


def test_a_reassigned_visit_still_takes_its_first_crews_report(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        others = [make.an_agent(session, vault, field.branch, field.lender) for _ in range(2)]
        crew, version = make.a_crew(session, others)
        appointment = session.exec(select(Appointment)).one()
        fields = appointment.model_dump(exclude={"id", "number", "crew_id", "crew_version_id"})
        make.add(
            session,
            Appointment(**fields, number=2, crew_id=crew.id, crew_version_id=version.id),
        )
        plan = get_any(session, type(field.plan), field.plan.id)
        plan.move_to("recalled", actor="test", now=at(9))
    stored, how = field.report(OutcomeCode.NO_ANSWER)
    assert how is Replay.CREATED
    assert stored.is_incident
    assert incidents(sqlite_database) == {"fact-visit-reassigned"}


def test_an_agent_suspended_meanwhile_is_still_heard(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        get_any(session, Agent, field.agents[0].id).advance(
            AgentState.SUSPENDED, actor="test", now=at(9)
        )
        get_any(session, Account, field.accounts[0].id).disable(actor="test", now=at(9))
    _, how = field.report(OutcomeCode.NO_ANSWER)
    assert how is Replay.CREATED
    assert incidents(sqlite_database) == {"fact-agent-not-active"}


def test_a_report_never_brings_an_erased_person_back(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=2)
    with database.writing() as session:
        get_any(session, Person, field.visits[0].person_id).erase(actor="test", now=at(9))
    stored, how = field.report(OutcomeCode.PTP, words="secret words")
    assert how is Replay.CREATED
    assert stored.raw_sealed is None
    assert stored.words_sealed is None
    assert len(stored.raw_hash) == 64
    assert rows(database, Promise) == []
    assert incidents(database) == {"fact-person-erased"}
    assert state_of(database, field.visits[0]) is VisitState.REPORTED


def test_only_members_of_the_crew_report(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        stranger = make.an_agent(session, vault, field.branch, field.lender)
        field.accounts.append(
            make.an_account(session, field.branch, role=Role.AGENT, agent_id=stranger.id)
        )
        field.accounts.append(field.manager)
    for by in (2, 3):
        with pytest.raises(NotFound):
            field.report(OutcomeCode.NO_ANSWER, by=by)
    assert rows(sqlite_database, Outcome) == []


def test_another_crews_outcome_id_is_not_found(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    outcome_id = uuid4()
    field.report(OutcomeCode.NO_ANSWER, visit=0, outcome_id=outcome_id)
    with pytest.raises(NotFound):
        field.report(OutcomeCode.NO_ANSWER, visit=1, by=1, outcome_id=outcome_id)


def test_of_two_reports_the_first_is_the_report_and_the_other_adds(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    field.report(OutcomeCode.NO_ANSWER)
    same, _ = field.report(OutcomeCode.NO_ANSWER, by=1)
    assert same.role is ReportRole.WITNESS
    assert incidents(sqlite_database) == set()
    field.report(OutcomeCode.NO_ANSWER, visit=1)
    other, _ = field.report(OutcomeCode.HARDSHIP, visit=1, by=1)
    assert other.role is ReportRole.WITNESS
    assert incidents(sqlite_database) == {"reports-differ"}
    # a witness decides nothing, but what protects the person begins
    assert [one.kind for one in rows(sqlite_database, Hold)] == [HoldKind.HARDSHIP]


def test_a_statement_of_a_witness_has_no_effect(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.REFUSED_PAY, by=1, role=ReportRole.WITNESS, words="Calm talk.")
    assert state_of(sqlite_database, field.visits[0]) is VisitState.RELEASED
    assert rows(sqlite_database, Hold) == []
    field.report(OutcomeCode.NO_ANSWER)
    assert state_of(sqlite_database, field.visits[0]) is VisitState.REPORTED


def test_a_correction_is_a_new_row_and_reconciles_the_effects(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault, visits=1)
    first, _ = field.report(OutcomeCode.PTP)
    second, _ = field.report(
        OutcomeCode.HARDSHIP, amends_id=first.id, occurred_at=at(10, 20), now=at(12)
    )
    with database.reading() as session:
        assert get_any(session, Outcome, first.id).code is OutcomeCode.PTP
        assert get_any(session, Outcome, second.id).amends_id == first.id
        assert session.exec(select(Promise)).one().state is PromiseState.VOID
        holds = {one.kind: one for one in session.exec(select(Hold))}
        case = get_any(session, Case, field.cases[0].id)
    old = holds[HoldKind.PROMISE_OPEN]
    assert (old.state, old.release_reason) == (HoldState.RELEASED, f"amended by {second.id}")
    assert holds[HoldKind.HARDSHIP].state is HoldState.ACTIVE
    assert case.stage is Stage.ON_HOLD  # never free in between, never two reasons after


def test_a_correction_counts_and_uncounts_the_visit(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    first, _ = field.report(OutcomeCode.NO_ANSWER)
    second, _ = field.report(OutcomeCode.ABORT_LATE, amends_id=first.id)
    visits = [
        one for one in rows(sqlite_database, ContactAttempt) if one.channel is ContactChannel.VISIT
    ]
    assert visits == []
    assert rows(sqlite_database, CapEntry)[0].state is CapState.RELEASED
    field.report(OutcomeCode.DECLINED_TALK, amends_id=second.id)
    assert rows(sqlite_database, CapEntry)[0].state is CapState.USED
    assert incidents(sqlite_database) == set()


def test_what_the_person_asked_for_is_not_taken_back_by_an_agents_correction(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    first, _ = field.report(OutcomeCode.STOP_VISITS)
    field.report(OutcomeCode.NO_ANSWER, amends_id=first.id)
    assert rows(sqlite_database, Hold)[0].state is HoldState.ACTIVE
    assert incidents(sqlite_database) == {"hold-stands-after-amendment"}


def test_a_correction_of_something_unknown_is_kept_for_a_person(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    stored, how = field.report(OutcomeCode.NO_ANSWER, amends_id=uuid4())
    assert (how, stored.amends_id) == (Replay.CREATED, None)
    assert incidents(sqlite_database) == {"amends-unknown"}
    assert state_of(sqlite_database, field.visits[0]) is VisitState.REPORTED


@pytest.mark.fault("E6")
def test_a_clock_ahead_never_delays_a_stop(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.STOP_ALL, occurred_at=at(23), now=at(10, 30))
    assert rows(sqlite_database, Hold)[0].from_at == at(10, 30)
    assert incidents(sqlite_database) == {"fact-clock-ahead"}


BAD_PROMISES = [
    None,
    PromisePayload(amount=0, currency="CNY", due_on=in_field.ON),
    PromisePayload(amount=2**60, currency="CNY", due_on=in_field.ON),
    PromisePayload(amount=100, currency="XX1", due_on=in_field.ON),
    PromisePayload(amount=100, currency="CNY", due_on=in_field.ON - timedelta(days=2)),
    PromisePayload(amount=100, currency="CNY", due_on=in_field.ON.replace(year=9999)),
]


@pytest.mark.parametrize("promise", BAD_PROMISES, ids=range(len(BAD_PROMISES)))
def test_a_promise_that_cannot_be_right_is_refused_before_anything_is_stored(
    sqlite_database: Database, vault: Vault, promise: PromisePayload | None
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with pytest.raises(Invalid):
        field.report(OutcomeCode.PTP, promise=promise)
    with pytest.raises(Invalid):
        field.report(OutcomeCode.NO_ANSWER, promise=BAD_PROMISES[-1])
    assert rows(sqlite_database, Outcome) == []


def test_no_outcome_ever_asks_for_a_plan_or_makes_a_visit(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=8)
    for n, code in enumerate(list(OutcomeCode)[:8]):
        field.report(code, visit=n)
    assert len(rows(sqlite_database, Visit)) == 8
    assert len(rows(sqlite_database, PlanRun)) == 1
    with sqlite_database.reading() as session:
        assert find(session, Case, field.cases[0].id).stage is not Stage.ELIGIBLE


def test_a_crew_that_came_too_late_has_somebody_say_sorry(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    with sqlite_database.writing() as session:
        get_any(session, Person, field.visits[1].person_id).erase(actor="test", now=at(9))
    for visit in (0, 1):
        field.report(OutcomeCode.ABORT_LATE, visit=visit, occurred_at=at(12), now=at(12))
    with sqlite_database.reading() as session:
        told = to_tell(session, Scope.everything(), field.branch.id, law=LAW, now=at(13))
    assert [(one.kind, one.visit_id) for one in told] == [(NoticeKind.APOLOGY, field.visits[0].id)]


def test_a_report_is_stored_even_where_the_apology_cannot_be_written(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    _, how = field.report(OutcomeCode.ABORT_LATE, base_url="no address")
    assert how is Replay.CREATED
    assert incidents(sqlite_database) == {"apology-not-written"}
