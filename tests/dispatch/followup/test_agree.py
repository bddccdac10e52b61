"""A plan is offered within what can be afforded, read back, freely signed, and refused under distress."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import Invalid, Refused, WrongState
from dispatch.fieldwork.payloads import AgreementPayload
from dispatch.followup.agree import draft_agreement, send_copy, step_agreement
from dispatch.followup.agreements import sweep_agreements, withdraw_agreement
from dispatch.followup.promises import sweep_promises
from dispatch.followup.renegotiate import renegotiate
from dispatch.model import (
    Ability,
    Agreement,
    AgreementState,
    ArrearsReason,
    Assessment,
    Case,
    Hold,
    HoldKind,
    HoldState,
    OutcomeCode,
    Person,
    PlanRun,
    Promise,
    PromiseState,
    Stage,
    ToldBy,
    Visit,
    Willingness,
)
from dispatch.policy.relief import Budget, Relief
from dispatch.store.holds import apply_hold
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import at

G = AgreementState
BUDGET = Budget(income=400_000, essentials=300_000)  # leaves 80,000 a month


@pytest.fixture
def field(database: Database, vault: Vault):
    """A visited person whose budget is known: 12,195.00 open, 800.00 a month affordable."""
    field = in_field.a_field(database, vault, visits=1)
    field.report(OutcomeCode.NO_ANSWER)
    with database.writing() as session:
        case = get_any(session, Case, field.cases[0].id)
        row = Assessment(
            branch_id=case.branch_id,
            case_id=case.id,
            person_id=case.person_id,
            reason=ArrearsReason.JOB_LOSS,
            ability=Ability.PARTIAL,
            willingness=Willingness.WILLING_IF_PLAN,
            assessed_by="test",
            assessed_at=at(11),
        )
        note = {"budget": BUDGET.as_told(), "words": None}
        vault.write(get_any(session, Person, case.person_id), row, "note", note)
        session.add(row)
    return field


def draft(field, *, option=Relief.INSTALMENTS, months=20, monthly=62_000):
    with field.database.writing() as session:
        return draft_agreement(
            session,
            vault=field.vault,
            case=get_any(session, Case, field.cases[0].id),
            option=option,
            months=months,
            monthly=monthly,
            actor="desk",
            now=at(12),
        )


def step(field, to, *, now=None, told_by=ToldBy.PHONE):
    with field.database.writing() as session:
        row = session.exec(select(Agreement)).one()
        return step_agreement(
            session, agreement=row, to=to, told_by=told_by, actor="desk", now=now or at(13)
        )


def hold(field, kind) -> None:
    with field.database.writing() as session:
        case = get_any(session, Case, field.cases[0].id)
        given = {"branch_id": case.branch_id, "person_id": case.person_id, "kind": kind}
        row = Hold(**given, from_at=at(11), requested_by="test")
        apply_hold(session, row, actor="test", now=at(11))


def rows(field, kind):
    with field.database.reading() as session:
        return list(session.exec(select(kind)))


def sweep(field, hours: int) -> int:
    with field.database.writing() as session:
        now = at(13) + timedelta(hours=hours)
        return sweep_agreements(session, branch=field.branch, now=now)


def test_more_than_the_person_can_afford_is_refused(field) -> None:
    with pytest.raises(Refused, match="afford"):
        draft(field, months=10, monthly=122_000)
    assert draft(field, months=16, monthly=80_000).state is G.DRAFT


@pytest.mark.parametrize(
    "given",
    [
        {"months": 10, "monthly": 50_000},  # does not pay what is open
        {"option": Relief.DEFERRAL, "months": 4, "monthly": 0},  # none of what is offered
        {"option": Relief.SPECIALIST, "months": 1, "monthly": 0},
    ],
)
def test_what_is_none_of_the_options_is_refused(field, given) -> None:
    with pytest.raises(Invalid):
        draft(field, **given)


@pytest.mark.parametrize("kind", [HoldKind.DISTRESS, HoldKind.INCAPACITY])
def test_nothing_is_offered_or_signed_under_distress(field, kind) -> None:
    draft(field)
    step(field, G.READ_BACK)
    hold(field, kind)
    with pytest.raises(Refused, match="specialist"):
        step(field, G.SIGNED)
    with pytest.raises(Refused, match="specialist"):
        draft(field)
    assert rows(field, Agreement)[0].state is G.READ_BACK


def test_it_is_read_back_before_it_is_signed_and_begins_with_a_copy_after_a_day(field) -> None:
    draft(field)
    with pytest.raises(WrongState):
        step(field, G.SIGNED)
    with pytest.raises(Invalid, match="told"):
        step(field, G.READ_BACK, told_by=None)
    step(field, G.READ_BACK)
    signed = step(field, G.SIGNED)
    assert signed.cooling_off_until == at(13) + timedelta(hours=24)
    assert [one.kind for one in rows(field, Hold)] == [HoldKind.SIGNED_PLAN]
    assert (sweep(field, 23), sweep(field, 25)) == (0, 0)  # no copy yet
    with field.database.writing() as session:
        row = session.exec(select(Agreement)).one()
        send_copy(session, agreement=row, by=ToldBy.LETTER, actor="desk", now=at(14))
    assert (sweep(field, 23), sweep(field, 24)) == (0, 1)


def test_the_person_walks_away_and_the_pause_ends(field) -> None:
    draft(field)
    step(field, G.READ_BACK)
    step(field, G.SIGNED)
    with field.database.writing() as session:
        row = session.exec(select(Agreement)).one()
        withdraw_agreement(session, agreement=row, actor="x", now=at(15))
    assert [one.state for one in rows(field, Hold)] == [HoldState.RELEASED]
    assert rows(field, Case)[0].stage is Stage.FOLLOW_UP


def test_a_default_comes_after_the_person_was_told_and_plans_no_visit(field) -> None:
    draft(field)
    step(field, G.READ_BACK)
    step(field, G.SIGNED)
    with field.database.writing() as session:
        row = session.exec(select(Agreement)).one()
        send_copy(session, agreement=row, by=ToldBy.LETTER, actor="desk", now=at(14))
    sweep(field, 24)
    before = (len(rows(field, Visit)), len(rows(field, PlanRun)))
    with pytest.raises(Invalid, match="told"):
        step(field, G.DEFAULTED, told_by=None)
    step(field, G.DEFAULTED, now=at(13) + timedelta(days=60))
    assert rows(field, Case)[0].stage is Stage.FOLLOW_UP
    assert (len(rows(field, Visit)), len(rows(field, PlanRun))) == before


def test_what_was_not_read_back_at_the_door_stays_a_draft(database, vault) -> None:
    field = in_field.a_field(database, vault, visits=1)
    terms = AgreementPayload(
        option="instalments", terms="Six.", currency="CNY", is_read_back=False
    )
    field.report(OutcomeCode.PLAN_SIGNED, agreement=terms)
    assert [one.state for one in rows(field, Agreement)] == [G.DRAFT]
    assert [one.kind for one in rows(field, Hold)] == [HoldKind.SIGNED_PLAN]


def again(field, *, due_on=date(2026, 3, 30), amount=40_000):
    with field.database.writing() as session:
        old = session.exec(select(Promise).where(Promise.state != PromiseState.RENEGOTIATED)).one()
        return renegotiate(
            session,
            vault=field.vault,
            promise=old,
            amount=amount,
            due_on=due_on,
            actor="desk",
            now=at(13),
        )


@pytest.fixture
def promised(database: Database, vault: Vault):
    field = in_field.a_field(database, vault, visits=1)
    field.report(OutcomeCode.PTP)
    return field


def test_a_promise_is_made_anew_and_visits_stay_paused_until_its_day(promised) -> None:
    again(promised)
    assert [one.state for one in rows(promised, Promise)] == [
        PromiseState.RENEGOTIATED,
        PromiseState.RECORDED,
    ]
    states = {one.state: one.until_at for one in rows(promised, Hold)}
    assert set(states) == {HoldState.RELEASED, HoldState.ACTIVE}
    assert rows(promised, Case)[0].stage is Stage.ON_HOLD
    with promised.database.writing() as session:
        now = at(9, on=date(2026, 4, 10))
        sweep_promises(session, vault=promised.vault, branch=promised.branch, now=now)
    assert {one.state for one in rows(promised, Hold)} == {HoldState.RELEASED}
    assert rows(promised, Promise)[1].state is PromiseState.BROKEN


def test_nothing_is_asked_anew_of_somebody_in_distress(promised) -> None:
    hold(promised, HoldKind.DISTRESS)
    with pytest.raises(Refused, match="distress"):
        again(promised)


def test_a_new_promise_is_for_a_day_to_come(promised) -> None:
    with pytest.raises(Invalid):
        again(promised, due_on=date(2026, 3, 1))
