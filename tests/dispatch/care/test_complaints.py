"""A complaint pauses visits, runs against the pack's clocks, and is judged by nobody concerned."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from dispatch.care.clocks import flag_late
from dispatch.care.complaints import Given, extend_complaint, receive_complaint, step_complaint
from dispatch.db import Database
from dispatch.errors import Invalid, Refused, WrongState
from dispatch.model import (
    Account,
    Case,
    Complaint,
    ComplaintState,
    Evidence,
    Extension,
    Hold,
    HoldKind,
    HoldState,
    Incident,
    OutcomeCode,
    Person,
    Role,
    Stage,
    ToldBy,
    VisitState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support import field as in_field

FOUND = "The crew came ten minutes before the window began."
CN, BASELINE = effective(load_pack("cn")), effective(load_pack("baseline"))
S = ComplaintState


@pytest.fixture
def field(database: Database, vault: Vault):
    return in_field.a_field(database, vault, visits=2)


def complain(field, *, law=CN, now=make.NOW, visit=0, **given) -> Complaint:
    with field.database.writing() as session:
        return receive_complaint(
            session,
            vault=field.vault,
            case=get_any(session, Case, field.cases[visit].id),
            words="They spoke so loudly that the neighbours looked out.",
            law=law,
            actor="account:desk",
            now=now,
            **given,
        )


def a_handler(field, **given) -> Account:
    with field.database.writing() as session:
        return make.an_account(session, field.branch, **given)


def step(field, complaint, to, *, by, now=make.NOW, **given) -> Complaint:
    with field.database.writing() as session:
        return step_complaint(
            session,
            vault=field.vault,
            complaint=get_any(session, Complaint, complaint.id),
            to=to,
            given=Given(**given),
            by=by,
            now=now,
        )


def extend(field, complaint, extension, *, by, law=CN):
    with field.database.writing() as session:
        return extend_complaint(
            session,
            complaint=get_any(session, Complaint, complaint.id),
            extension=extension,
            reason="Two witnesses have to be heard first.",
            law=law,
            by=by,
            now=make.NOW,
        )


def through(field, complaint, *steps, by):
    """Take several steps that need what every step may need."""
    for to in steps:
        step(field, complaint, to, by=by, words=FOUND, handler=by, told_by=ToldBy.LETTER)


def rows(field, kind):
    with field.database.reading() as session:
        return list(session.exec(select(kind)))


def test_it_pauses_every_visit_at_once_and_starts_the_clocks_of_the_pack(field) -> None:
    complaint = complain(field)
    assert (complaint.acknowledge_by_at, complaint.due_at) == (
        make.NOW + timedelta(days=3),
        make.NOW + timedelta(days=15),
    )
    with field.database.reading() as session:
        assert get_any(session, type(field.visits[0]), field.visits[0].id).state is (
            VisitState.CANCELLED
        )
        assert get_any(session, Case, field.cases[0].id).stage is Stage.ON_HOLD
        entry = session.exec(select(Evidence).where(Evidence.kind == "complaint.received")).one()
        assert "neighbours" not in str(entry.facts)
    (hold,) = rows(field, Hold)
    assert (hold.kind, hold.case_id, hold.state) == (HoldKind.COMPLAINT, None, HoldState.ACTIVE)


def test_nothing_said_is_no_complaint(field) -> None:
    with field.database.writing() as session, pytest.raises(Invalid, match="own words"):
        receive_complaint(
            session,
            vault=field.vault,
            case=get_any(session, Case, field.cases[0].id),
            words="  ",
            law=CN,
            actor="desk",
            now=make.NOW,
        )


def test_from_the_letter_to_the_answer_and_only_then_visits_may_be_considered(field) -> None:
    complaint, handler = complain(field), a_handler(field)
    through(field, complaint, S.ACKNOWLEDGED, S.ASSIGNED, S.INVESTIGATING, S.UPHELD, by=handler)
    through(field, complaint, S.REMEDIED, S.TOLD, by=handler)
    assert [hold.state for hold in rows(field, Hold)] == [HoldState.ACTIVE]
    through(field, complaint, S.CLOSED, by=handler)
    assert [hold.state for hold in rows(field, Hold)] == [HoldState.RELEASED]
    with field.database.reading() as session:
        kept = get_any(session, Complaint, complaint.id)
        person = get_any(session, Person, kept.person_id)
        assert field.vault.read(person, kept, "finding") == FOUND
        kinds = [
            entry.kind
            for entry in session.exec(select(Evidence).order_by(Evidence.number))
            if entry.subject == "complaint"
        ]
    assert kinds == [
        f"complaint.{state}"
        for state in [
            "received",
            "acknowledged",
            "assigned",
            "investigating",
            "upheld",
            "remedied",
            "told",
            "closed",
        ]
    ]


def test_a_second_complaint_keeps_visits_paused(field) -> None:
    first, second, handler = complain(field), complain(field), a_handler(field)
    steps = (S.ACKNOWLEDGED, S.ASSIGNED, S.INVESTIGATING, S.REJECTED, S.TOLD, S.CLOSED)
    through(field, first, *steps, by=handler)
    assert {hold.state for hold in rows(field, Hold)} == {HoldState.ACTIVE}
    through(field, second, *steps, by=handler)
    assert {hold.state for hold in rows(field, Hold)} == {HoldState.RELEASED}


def test_one_taken_to_an_authority_stays_open_until_that_has_decided(field) -> None:
    complaint, handler = complain(field), a_handler(field)
    steps = (S.ACKNOWLEDGED, S.ASSIGNED, S.INVESTIGATING, S.REJECTED, S.TOLD, S.ESCALATED)
    through(field, complaint, *steps, by=handler)
    assert {hold.state for hold in rows(field, Hold)} == {HoldState.ACTIVE}
    through(field, complaint, S.CLOSED, by=handler)
    assert {hold.state for hold in rows(field, Hold)} == {HoldState.RELEASED}


def test_no_agent_looks_into_a_complaint_least_of_all_the_one_complained_of(field) -> None:
    field.report(OutcomeCode.COMPLAINT, words="He would not leave.")
    (complaint,) = rows(field, Complaint)
    assert complaint.about_agent_id == field.agents[0].id
    handler = a_handler(field)
    step(field, complaint, S.ACKNOWLEDGED, by=handler, told_by=ToldBy.PHONE)
    for account in field.accounts:
        with pytest.raises(Refused, match="looks into no complaint"):
            step(field, complaint, S.ASSIGNED, by=handler, handler=account)
    in_disguise = a_handler(field, agent_id=field.agents[0].id)
    with pytest.raises(Refused, match="looks into no complaint"):
        step(field, complaint, S.ASSIGNED, by=handler, handler=in_disguise)


def test_nor_does_who_approved_the_visit(field) -> None:
    field.report(OutcomeCode.COMPLAINT, words="He would not leave.")
    (complaint,) = rows(field, Complaint)
    handler = a_handler(field)
    step(field, complaint, S.ACKNOWLEDGED, by=handler, told_by=ToldBy.PHONE)
    with pytest.raises(Refused, match="approved the visit"):
        step(field, complaint, S.ASSIGNED, by=handler, handler=field.manager)


def test_the_database_itself_refuses_a_handler_who_goes_out(field) -> None:
    complaint = complain(field)
    agent, manager = field.accounts[0], field.manager

    def write(handler: Account, role: str) -> None:
        with field.database.writing() as session:
            row = get_any(session, Complaint, complaint.id)
            row.handler_id, row.handler_role = handler.id, role
            session.add(row)

    for handler, role in ((agent, Role.AGENT), (agent, Role.MANAGER), (agent, None)):
        with pytest.raises(IntegrityError):
            write(handler, role)
    write(manager, Role.MANAGER)


def test_the_handler_alone_goes_on_and_says_what_was_found(field) -> None:
    complaint, handler, other = complain(field), a_handler(field), a_handler(field)
    through(field, complaint, S.ACKNOWLEDGED, S.ASSIGNED, by=handler)
    with pytest.raises(Refused, match="Somebody else"):
        step(field, complaint, S.INVESTIGATING, by=other)
    step(field, complaint, S.INVESTIGATING, by=handler)
    with pytest.raises(Invalid, match="what was found"):
        step(field, complaint, S.PARTLY, by=handler, words="no")
    with pytest.raises(WrongState):
        step(field, complaint, S.CLOSED, by=handler)


@pytest.mark.parametrize(
    ("to", "message"), [(S.ACKNOWLEDGED, "how the person was told"), (S.ASSIGNED, "Name who")]
)
def test_a_step_without_what_it_needs_is_refused(field, to, message) -> None:
    with pytest.raises(Invalid, match=message):
        step(field, complain(field), to, by=field.manager)


def test_late_clocks_raise_an_alert_once(field) -> None:
    complain(field)

    def flag(days, *, minutes=0):
        with field.database.writing() as session:
            now = make.NOW + timedelta(days=days, minutes=minutes)
            return flag_late(session, branch=field.branch, law=CN, now=now)

    assert flag(3, minutes=-1) == 0
    assert (flag(3), flag(4)) == (1, 0)
    assert (flag(15), flag(16)) == (1, 0)
    assert [one.kind for one in rows(field, Incident)] == [
        "complaint-not-acknowledged",
        "complaint-not-answered",
    ]


def test_an_answered_complaint_is_never_late(field) -> None:
    complaint, handler = complain(field), a_handler(field)
    steps = (S.ACKNOWLEDGED, S.ASSIGNED, S.INVESTIGATING, S.REJECTED, S.TOLD)
    through(field, complaint, *steps, by=handler)
    with field.database.writing() as session:
        flag_late(session, branch=field.branch, law=CN, now=make.NOW + timedelta(days=90))
    assert [one.kind for one in rows(field, Incident)] == ["hold-to-review"]


def test_more_time_only_as_the_pack_knows_it_and_the_last_step_by_another(field) -> None:
    complaint, handler, other = complain(field), a_handler(field), a_handler(field)
    through(field, complaint, S.ACKNOWLEDGED, S.ASSIGNED, by=handler)
    longer = extend(field, complaint, Extension.COMPLEX, by=handler)
    assert longer.due_at == make.NOW + timedelta(days=30)
    with pytest.raises(WrongState):
        extend(field, complaint, Extension.COMPLEX, by=handler)
    with pytest.raises(Refused, match="Somebody else"):
        extend(field, complaint, Extension.APPROVED, by=handler)
    longest = extend(field, complaint, Extension.APPROVED, by=other)
    assert longest.due_at == make.NOW + timedelta(days=60)


def test_the_baseline_gives_no_more_time(field) -> None:
    complaint = complain(field, law=BASELINE)
    with pytest.raises(Refused, match="no more time"):
        extend(field, complaint, Extension.COMPLEX, by=field.manager, law=BASELINE)


def test_nothing_of_what_was_said_stands_in_the_database_in_clear(field) -> None:
    complain(field)
    with field.database.reading() as session:
        kept = session.connection().execute(text("SELECT text_sealed FROM complaint")).scalar()
    assert b"neighbours" not in bytes(kept)
