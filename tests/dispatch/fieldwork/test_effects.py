"""Every code has the effects that the domain's table demands."""

import re

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.fieldwork.effects import EFFECTS, Reach, Until
from dispatch.model import (
    Agreement,
    AgreementState,
    Appointment,
    AppointmentState,
    CapEntry,
    CapState,
    Case,
    Complaint,
    ContactAttempt,
    ContactChannel,
    ContactResult,
    Hold,
    HoldKind,
    HoldState,
    Incident,
    LocationState,
    OutcomeCode,
    Person,
    Place,
    PlanRun,
    Promise,
    PromiseState,
    RunState,
    Stage,
    Visit,
    VisitState,
)
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field

# The table of the domain, written down by hand from its rows: contact, cap, holds, place,
# appointment (of a confirmed one).
TABLE = """
PAID_FULL      right_party y paid_unposted@case/14        -        kept
PAID_PART      right_party y paid_unposted@case/14        -        kept
PTP            right_party y promise_open@case/promise    -        kept
PLAN_SIGNED    right_party y signed_plan_performing@case  -        kept
PLAN_REQUEST   right_party y plan_request@case            -        kept
HARDSHIP       right_party y hardship@person              -        kept
DISPUTE        right_party y dispute@case                 -        kept
ALREADY_PAID   right_party y paid_unposted@case           -        kept
REFUSED_PAY    right_party y stop_visits@case             -        kept
DECLINED_TALK  right_party y cooling_off@person/cooling   -        kept
RESCHEDULE     right_party n -                            -        countered
STOP_VISITS    right_party y stop_visits@person           -        kept
STOP_ALL       right_party y stop_contact@person          -        kept
REPRESENTED    right_party y represented@person           -        kept
COMPLAINT      right_party y complaint@person             -        kept
DISTRESS       right_party y distress_flag@person         -        kept
VULNERABLE     right_party y vulnerable@person            -        kept
LANGUAGE       right_party y language@person              -        kept
ID_UNVERIFIED  third_party y identity_doubt@case          -        kept
TP_ABSENT      third_party y -                            -        kept
TP_UNKNOWN     third_party y -                            doubtful kept
TP_MOVED       third_party y -                            wrong    kept
TP_DECEASED    third_party y deceased@person              -        kept
TP_AWAY        third_party y away@person                  -        kept
TP_OBJECTS     third_party y place_barred@place           -        kept
MINOR_ONLY     third_party y minor_only@person/cooling    -        kept
NO_ANSWER      none        y -                            -        missed_borrower
NO_ACCESS      none        n -                            -        kept
BAD_ADDRESS    none        n -                            wrong    kept
VACANT         none        n -                            wrong    kept
APPT_MISSED_B  none        n -                            -        missed_borrower
WORK_BARRED    third_party y place_barred@place           -        kept
ABORT_SAFETY   -           n place_barred@place/90        -        withdrawn
INCIDENT       -           n place_barred@place/90        -        withdrawn
ABORT_POLICY   -           n -                            -        withdrawn
ABORT_LATE     -           n -                            -        missed_agent
PAID_EN_ROUTE  -           n paid_unposted@case/14        -        withdrawn
HOLD_EN_ROUTE  -           n -                            -        withdrawn
CANCELLED_B    -           n -                            -        declined
CANCELLED_L    -           n -                            -        withdrawn
"""
ROWS = {OutcomeCode(line.split()[0]): line.split()[1:] for line in TABLE.strip().splitlines()}
_UNTIL = {
    None: Until.OPEN,
    "14": Until.POSTING,
    "90": Until.REVIEW,
    "promise": Until.PROMISE,
    "cooling": Until.COOLING,
}


def test_the_table_holds_every_code() -> None:
    assert set(ROWS) == set(OutcomeCode) == set(EFFECTS)


@pytest.mark.parametrize("code", OutcomeCode, ids=str)
def test_declared_effects_are_those_of_the_domain(code: OutcomeCode) -> None:
    contact, cap, hold, place, _ = ROWS[code]
    effect = EFFECTS[code]
    assert effect.contact == (None if contact == "-" else ContactResult(contact))
    assert effect.is_capped is (cap == "y")
    assert effect.place == (None if place == "-" else LocationState(place))
    told = re.fullmatch(r"(\w+)@(\w+)(?:/(\w+))?", hold)
    found = [(rule.kind, rule.reach, rule.until) for rule in effect.holds]
    assert found == (
        [(HoldKind(told[1]), Reach(told[2]), _UNTIL[told[3]])] if told is not None else []
    )


@pytest.mark.parametrize("code", OutcomeCode, ids=str)
def test_a_report_takes_every_effect(
    sqlite_database: Database, vault: Vault, code: OutcomeCode
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(code, words="We talked at the door.")
    contact, cap, hold, place, appointment = ROWS[code]
    with sqlite_database.reading() as session:
        visit = get_any(session, Visit, field.visits[0].id)
        case = get_any(session, Case, field.cases[0].id)
        holds = session.exec(select(Hold)).all()
        entry = session.exec(select(CapEntry)).one()
        attempts = session.exec(
            select(ContactAttempt).where(ContactAttempt.channel == ContactChannel.VISIT)
        ).all()
        assert visit.state is VisitState.REPORTED
        assert session.exec(select(Appointment)).one().state is AppointmentState(appointment)
        assert entry.state is (CapState.USED if cap == "y" else CapState.RELEASED)
        assert [one.result for one in attempts] == ([] if contact == "-" else [contact])
        assert get_any(session, Place, visit.place_id).location is (
            LocationState.LOCATED if place == "-" else LocationState(place)
        )
        assert len(holds) == (0 if hold == "-" else 1)
        for one in holds:
            assert (one.state, one.from_at) == (HoldState.ACTIVE, in_field.at(10, 20))
        followed = case.held_from if case.stage is Stage.ON_HOLD else case.stage
        expected = Stage.LEGAL_REVIEW if code is OutcomeCode.REFUSED_PAY else Stage.FOLLOW_UP
        assert followed is expected
        stopped = any(one.place_id is None for one in holds)
        assert (case.stage is Stage.ON_HOLD) is stopped
        assert len(session.exec(select(Promise)).all()) == (code is OutcomeCode.PTP)
        assert len(session.exec(select(Agreement)).all()) == (code is OutcomeCode.PLAN_SIGNED)
        assert len(session.exec(select(Complaint)).all()) == (code is OutcomeCode.COMPLAINT)
        incidents = {one.kind for one in session.exec(select(Incident))}
        waiting = session.exec(select(PlanRun).where(PlanRun.state == RunState.QUEUED)).all()
    kinds = {
        OutcomeCode.DISTRESS: {"distress"},
        OutcomeCode.ABORT_SAFETY: {"safety"},
        OutcomeCode.INCIDENT: {"safety"},
        OutcomeCode.ABORT_POLICY: {"found-unlawful-at-the-door"},
    }
    assert incidents == kinds.get(code, set())
    assert waiting == []


def test_a_promise_holds_visits_until_due_and_grace(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.PTP)
    with sqlite_database.reading() as session:
        promise = session.exec(select(Promise)).one()
        hold = session.exec(select(Hold)).one()
        case = get_any(session, Case, field.cases[0].id)
        amount = vault.read(get_any(session, Person, case.person_id), promise, "amount")
    assert promise.state is PromiseState.RECORDED
    assert amount == 50_000
    # due on 16 March, three days of grace: until the local midnight after the 19th
    assert hold.until_at is not None
    assert hold.until_at.isoformat() == "2026-03-19T16:00:00+00:00"


def test_what_is_signed_has_a_cooling_off_time_and_nothing_binds_in_distress(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    field.report(OutcomeCode.PLAN_SIGNED)
    field.report(OutcomeCode.PLAN_SIGNED, visit=1, flags=("distress",))
    with sqlite_database.reading() as session:
        agreement = session.exec(select(Agreement)).one()
        kinds = {one.kind for one in session.exec(select(Incident))}
        holds = {one.kind for one in session.exec(select(Hold))}
    assert agreement.case_id == field.cases[0].id
    assert agreement.state is AgreementState.SIGNED
    assert agreement.cooling_off_until is not None
    assert agreement.cooling_off_until.isoformat() == "2026-03-10T02:20:00+00:00"
    assert kinds == {"agreement-under-distress", "distress"}
    assert HoldKind.DISTRESS in holds
