"""Distress stops everything, is told at once, and somebody trained for it calls the person."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from dispatch.care.calls import step_call
from dispatch.care.clocks import flag_late
from dispatch.care.holds import put_hold
from dispatch.db import Database
from dispatch.errors import Invalid, Refused, WrongState
from dispatch.fieldwork.payloads import Flag
from dispatch.followup.holds import is_specialist, release_hold
from dispatch.model import (
    Account,
    Branch,
    CareCall,
    CareReason,
    CareState,
    Case,
    Evidence,
    Hold,
    HoldKind,
    HoldState,
    Incident,
    OutcomeCode,
    Person,
    PlanRun,
    Role,
    RunReason,
    VisitState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support import field as in_field
from tests.support.field import at

LAW = effective(load_pack("baseline"))
S = CareState


@pytest.fixture
def field(database: Database, vault: Vault):
    return in_field.a_field(database, vault, visits=2)


@pytest.fixture
def trained(field) -> Account:
    with field.database.writing() as session:
        return make.an_account(session, field.branch, care_trained_until=date(2026, 12, 31))


def rows(field, kind):
    with field.database.reading() as session:
        return list(session.exec(select(kind)))


def step(field, to, *, by, now=None, words="Calm now; wishes for a letter."):
    with field.database.writing() as session:
        call = session.exec(select(CareCall)).one()
        now = now or at(11)
        return step_call(session, vault=field.vault, call=call, to=to, words=words, by=by, now=now)


def put(field, kind, *, now=None, **given):
    with field.database.writing() as session:
        return put_hold(
            session,
            case=get_any(session, Case, field.cases[0].id),
            kind=kind,
            until_at=given.pop("until_at", None),
            is_for_case=given.pop("is_for_case", False),
            law=LAW,
            actor="account:desk",
            now=now or at(8),
        )


@pytest.mark.parametrize(
    ("code", "flags", "reason"),
    [
        (OutcomeCode.DISTRESS, (), CareReason.DISTRESS),
        (OutcomeCode.DECLINED_TALK, (Flag.DISTRESS,), CareReason.DISTRESS),
        (OutcomeCode.VULNERABLE, (), CareReason.VULNERABLE),
    ],
)
def test_what_came_to_light_at_the_door_is_followed_by_a_call(field, code, flags, reason) -> None:
    field.report(code, flags=flags)
    (call,) = rows(field, CareCall)
    assert (call.reason, call.state) == (reason, S.WAITING)
    assert call.due_at == at(10, 20) + timedelta(hours=24)
    assert {hold.kind for hold in rows(field, Hold)} >= {
        HoldKind.DISTRESS if reason is CareReason.DISTRESS else HoldKind.VULNERABLE
    }
    urgent = [one.kind for one in rows(field, Incident) if one.facts.get("is_urgent")]
    assert urgent == (["distress"] if reason is CareReason.DISTRESS else [])


def test_an_ordinary_report_owes_nobody_a_call(field) -> None:
    field.report(OutcomeCode.NO_ANSWER)
    assert rows(field, CareCall) == []


def test_one_call_is_owed_whatever_else_comes_to_light(field) -> None:
    put(field, HoldKind.DISTRESS)
    put(field, HoldKind.VULNERABLE)
    assert len(rows(field, CareCall)) == 1


def test_only_somebody_trained_today_takes_a_call(field, trained) -> None:
    field.report(OutcomeCode.DISTRESS)
    with pytest.raises(Refused, match="trained"):
        step(field, S.TAKEN, by=field.manager)
    with pytest.raises(Refused, match="trained"):
        step(field, S.TAKEN, by=trained, now=at(11, on=date(2027, 1, 1)))
    step(field, S.TAKEN, by=trained)
    assert rows(field, CareCall)[0].taken_by == trained.id


def test_what_came_of_it_is_sealed_and_the_hold_stays(field, trained) -> None:
    field.report(OutcomeCode.DISTRESS)
    step(field, S.TAKEN, by=trained)
    with pytest.raises(Invalid, match="how the person is"):
        step(field, S.REACHED, by=trained, words=" ")
    step(field, S.REACHED, by=trained)
    with field.database.reading() as session:
        call = session.exec(select(CareCall)).one()
        person = get_any(session, Person, call.person_id)
        assert field.vault.read(person, call, "note") == "Calm now; wishes for a letter."
        told = " ".join(str(one.facts) for one in session.exec(select(Evidence)))
        assert "letter" not in told
        hold = session.exec(select(Hold).where(Hold.kind == HoldKind.DISTRESS)).one()
        assert hold.state is HoldState.ACTIVE
    with pytest.raises(WrongState):
        step(field, S.TAKEN, by=trained)


def test_nobody_gives_up_after_one_try(field, trained) -> None:
    field.report(OutcomeCode.DISTRESS)
    for hour in (11, 13):
        step(field, S.TAKEN, by=trained, now=at(hour))
        with pytest.raises(Invalid, match="at least 3"):
            step(field, S.UNREACHABLE, by=trained, now=at(hour, 5))
        step(field, S.WAITING, by=trained, now=at(hour, 5))
    step(field, S.TAKEN, by=trained, now=at(17))
    assert step(field, S.UNREACHABLE, by=trained, now=at(17, 5)).tries == 3


def test_a_colleagues_call_is_theirs(field, trained) -> None:
    field.report(OutcomeCode.DISTRESS)
    with field.database.writing() as session:
        other = make.an_account(session, field.branch, care_trained_until=date(2026, 12, 31))
    step(field, S.TAKEN, by=trained)
    with pytest.raises(Refused, match="colleague"):
        step(field, S.REACHED, by=other)


def test_a_call_that_was_not_made_raises_an_alert_once(field) -> None:
    field.report(OutcomeCode.DISTRESS)

    def flag(hours):
        with field.database.writing() as session:
            now = at(10, 20) + timedelta(hours=hours)
            return flag_late(session, branch=field.branch, law=LAW, now=now)

    assert [flag(23), flag(24), flag(25)] == [0, 1, 0]
    assert rows(field, Incident)[-1].kind == "care-call-late"


def test_a_hold_without_an_end_is_looked_at_again(field) -> None:
    put(field, HoldKind.HARDSHIP)
    put(field, HoldKind.BEREAVEMENT, until_at=at(8) + timedelta(days=40))
    with field.database.writing() as session:
        now = at(8) + timedelta(days=30)
        assert flag_late(session, branch=field.branch, law=LAW, now=now) == 1
    assert [one.kind for one in rows(field, Incident)] == ["hold-to-review"]


def test_a_hold_put_after_publishing_takes_the_visit_off_the_day_at_once(field) -> None:
    put(field, HoldKind.BEREAVEMENT, now=at(8))
    with field.database.reading() as session:
        stopped, other = (get_any(session, type(v), v.id) for v in field.visits)
        assert (stopped.state, other.state) == (VisitState.CANCELLED, VisitState.RELEASED)
    assert RunReason.HOLD in {run.reason for run in rows(field, PlanRun)}


@pytest.mark.parametrize("kind", [HoldKind.COMPLAINT, HoldKind.PROMISE_OPEN])
def test_a_hold_that_rests_on_a_fact_is_not_put_by_hand(field, kind) -> None:
    with pytest.raises(Invalid, match="on record"):
        put(field, kind)


def test_a_hold_that_is_over_is_none(field) -> None:
    with pytest.raises(Invalid, match="past"):
        put(field, HoldKind.ILLNESS, until_at=at(7))


def test_a_specialist_lifts_the_hold_and_nobody_else(field, trained) -> None:
    hold = put(field, HoldKind.DISTRESS)

    def release(account: Account, *, names_one=False):
        with field.database.writing() as session:
            branch = get_any(session, Branch, field.branch.id)
            return release_hold(
                session,
                hold=get_any(session, Hold, hold.id),
                reason="They are well and asked for a talk.",
                role=account.role,
                actor="test",
                now=at(12),
                is_specialist=is_specialist(account, branch, names_one=names_one, now=at(12)),
            )

    with pytest.raises(Refused, match="specialist"):
        release(field.manager, names_one=True)
    with pytest.raises(Refused, match="manager"):
        release(field.accounts[0])
    assert release(trained).state is HoldState.RELEASED
    assert is_specialist(
        Account(login="a", name="a", role=Role.ADMIN, created_at=make.NOW),
        field.branch,
        names_one=True,
        now=at(12),
    )
