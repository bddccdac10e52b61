"""Promises run their course; a broken one plans nothing."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import Invalid, WrongState
from dispatch.fieldwork.payloads import PromisePayload
from dispatch.followup.holds import lapse_holds
from dispatch.followup.promises import explain_break, sweep_promises
from dispatch.followup.repeat import standing
from dispatch.model import (
    Case,
    Hold,
    HoldKind,
    HoldState,
    OutcomeCode,
    Payment,
    Person,
    PlanRun,
    Promise,
    PromiseState,
    RunState,
    Stage,
    Visit,
)
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import ON, at

DUE_ON = ON + timedelta(days=7)
_numbers = count(1)


def pay(field, amount: int, on: date, *, currency: str = "CNY") -> None:
    with field.database.writing() as session:
        case = get_any(session, Case, field.cases[0].id)
        payment = Payment(
            branch_id=case.branch_id,
            lender_id=case.lender_id,
            case_id=case.id,
            person_id=case.person_id,
            number=f"PAY-{next(_numbers)}",
            currency=currency,
            paid_on=on,
            recorded_at=at(8, on=on),
        )
        field.vault.write(get_any(session, Person, case.person_id), payment, "amount", amount)
        session.add(payment)


def sweep(field, on: date) -> dict[str, int]:
    with field.database.writing() as session:
        return dict(
            sweep_promises(session, vault=field.vault, branch=field.branch, now=at(7, on=on))
        )


def promise_of(database: Database) -> Promise:
    with database.reading() as session:
        return session.exec(select(Promise)).one()


@pytest.fixture
def field(database: Database, vault: Vault):
    field = in_field.a_field(database, vault, visits=1)
    field.report(OutcomeCode.PTP)  # 500.00 by the 16th, 3 days of grace
    return field


@pytest.fixture
def lite(sqlite_database: Database, vault: Vault):
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.PTP)
    return field


def test_a_promise_that_nobody_keeps_is_due_in_grace_then_broken(field) -> None:
    states = []
    for days in range(-1, 6):
        sweep(field, DUE_ON + timedelta(days=days))
        states.append(promise_of(field.database).state)
    P = PromiseState  # noqa: N806
    assert states == [P.RECORDED, P.DUE, P.GRACE, P.GRACE, P.GRACE, P.BROKEN, P.BROKEN]
    promise = promise_of(field.database)
    assert promise.break_reason == "unknown"
    with field.database.reading() as session:
        hold = session.exec(select(Hold)).one()
        case = get_any(session, Case, field.cases[0].id)
        visits = session.exec(select(Visit)).all()
        waiting = session.exec(select(PlanRun).where(PlanRun.state == RunState.QUEUED)).all()
        told = standing(session, case=case, now=at(8, on=DUE_ON + timedelta(days=6)))
    assert (hold.kind, hold.state) == (HoldKind.PROMISE_OPEN, HoldState.RELEASED)
    assert case.stage is Stage.FOLLOW_UP
    assert len(visits) == 1
    assert waiting == []
    assert told.may_be_considered


def test_sweeping_again_changes_nothing(lite) -> None:
    on = DUE_ON + timedelta(days=4)
    assert sweep(lite, on) == {"broken": 1}
    version = promise_of(lite.database).version
    assert sweep(lite, on) == {}
    assert promise_of(lite.database).version == version


@pytest.mark.parametrize(
    ("amounts", "state"),
    [
        ([50_000], PromiseState.KEPT),
        ([20_000, 30_000], PromiseState.KEPT),
        ([80_000], PromiseState.KEPT),
        ([49_999], PromiseState.PART),
    ],
)
def test_payments_keep_a_promise(lite, amounts: list[int], state: PromiseState) -> None:
    for amount in amounts:
        pay(lite, amount, DUE_ON)
    sweep(lite, DUE_ON + timedelta(days=4))
    assert promise_of(lite.database).state is state
    with lite.database.reading() as session:
        assert get_any(session, Case, lite.cases[0].id).stage is Stage.FOLLOW_UP


def test_a_promise_kept_early_ends_at_once(lite) -> None:
    pay(lite, 50_000, ON + timedelta(days=1))
    assert sweep(lite, ON + timedelta(days=2)) == {"kept": 1}


def test_money_before_the_promise_in_another_currency_or_too_late_keeps_nothing(lite) -> None:
    pay(lite, 50_000, ON - timedelta(days=5))
    pay(lite, 50_000, DUE_ON, currency="EUR")
    pay(lite, 50_000, DUE_ON + timedelta(days=4))
    sweep(lite, DUE_ON + timedelta(days=5))
    assert promise_of(lite.database).state is PromiseState.BROKEN


def test_one_payment_keeps_one_promise(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.PTP)
    with sqlite_database.writing() as session:
        first = session.exec(select(Promise)).one()
        other = Promise(
            **first.model_dump(exclude={"id", "outcome_id", "amount_sealed", "state"}),
            state=PromiseState.RECORDED,
        )
        person = get_any(session, Person, first.person_id)
        vault.write(person, other, "amount", 50_000)
        session.add(other)
    pay(field, 50_000, DUE_ON)
    assert sweep(field, DUE_ON + timedelta(days=4)) == {"kept": 1, "broken": 1}


def test_who_has_asked_for_help_since_has_broken_nothing(lite) -> None:
    with lite.database.writing() as session:
        session.add(
            Hold(
                branch_id=lite.branch.id,
                person_id=lite.visits[0].person_id,
                kind=HoldKind.HARDSHIP,
                from_at=at(12),
                requested_by="borrower",
            )
        )
    sweep(lite, DUE_ON + timedelta(days=4))
    assert promise_of(lite.database).state is PromiseState.VOID
    with lite.database.reading() as session:
        assert get_any(session, Case, lite.cases[0].id).stage is Stage.ON_HOLD


def test_a_promise_nobody_read_back_binds_nobody(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    given = PromisePayload(amount=100, currency="CNY", due_on=DUE_ON, is_read_back=False)
    field.report(OutcomeCode.PTP, promise=given)
    assert promise_of(sqlite_database).state is PromiseState.PROPOSED
    sweep(field, DUE_ON + timedelta(days=4))
    assert promise_of(sqlite_database).state is PromiseState.VOID


def test_an_erased_persons_promise_is_void(lite) -> None:
    with lite.database.writing() as session:
        get_any(session, Person, lite.visits[0].person_id).erase(actor="test", now=at(12))
    assert sweep(lite, ON + timedelta(days=1)) == {"void": 1}


def test_the_hold_lapses_with_the_promise_even_without_the_sweep(field) -> None:
    def lapse(on):
        with field.database.writing() as session:
            return lapse_holds(session, now=at(0, on=on))

    assert lapse(DUE_ON + timedelta(days=3)) == 0
    assert lapse(DUE_ON + timedelta(days=4)) == 1
    assert lapse(DUE_ON + timedelta(days=4)) == 0
    with field.database.reading() as session:
        assert get_any(session, Case, field.cases[0].id).stage is Stage.FOLLOW_UP


def test_a_reason_belongs_to_a_broken_promise_and_is_one_of_a_list(lite) -> None:
    def explain(reason):
        with lite.database.writing() as session:
            promise = session.exec(select(Promise)).one()
            return explain_break(session, promise=promise, reason=reason, actor="x", now=at(9))

    with pytest.raises(WrongState):
        explain("illness")
    sweep(lite, DUE_ON + timedelta(days=4))
    with pytest.raises(Invalid):
        explain("unwilling")
    assert explain("illness").break_reason == "illness"


@pytest.mark.fault("E7")
@pytest.mark.parametrize(
    ("due_on", "last_on"),
    [
        (date(2028, 2, 28), date(2028, 3, 2)),
        (date(2028, 2, 29), date(2028, 3, 3)),
        (date(2027, 2, 28), date(2027, 3, 3)),
        (date(2026, 12, 31), date(2027, 1, 3)),  # in week 53
        (date(2026, 4, 30), date(2026, 5, 3)),
    ],
)
def test_grace_runs_over_the_end_of_a_month(lite, due_on: date, last_on: date) -> None:
    with lite.database.writing() as session:
        promise = session.exec(select(Promise)).one()
        promise.due_on = due_on
        session.add(promise)
    sweep(lite, due_on)
    assert promise_of(lite.database).state is PromiseState.DUE
    sweep(lite, last_on)
    assert promise_of(lite.database).state is PromiseState.GRACE
    sweep(lite, last_on + timedelta(days=1))
    assert promise_of(lite.database).state is PromiseState.BROKEN
