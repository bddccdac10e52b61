"""What is signed begins after its cooling-off time, and is walked away from freely until then."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import WrongState
from dispatch.fieldwork.payloads import AgreementPayload
from dispatch.followup.agreements import sweep_agreements, withdraw_agreement
from dispatch.model import Agreement, AgreementState, Case, Hold, HoldState, OutcomeCode, Stage
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import at

TERMS = AgreementPayload(option="instalments", terms="Six parts of 2,000.", currency="CNY")


@pytest.fixture
def field(sqlite_database: Database, vault: Vault):
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.PLAN_SIGNED, agreement=TERMS, flags=("copy_left",))
    return field


def sweep(field, after: timedelta) -> int:
    with field.database.writing() as session:
        return sweep_agreements(session, branch=field.branch, now=at(10, 20) + after)


def withdraw(field, after: timedelta) -> Agreement:
    with field.database.writing() as session:
        agreement = session.exec(select(Agreement)).one()
        return withdraw_agreement(
            session,
            agreement=agreement,
            actor="borrower",
            now=at(10, 20) + after,
        )


def look(field):
    with field.database.reading() as session:
        return (
            session.exec(select(Agreement)).one().state,
            session.exec(select(Hold)).one().state,
            get_any(session, Case, field.cases[0].id),
        )


def test_it_begins_when_the_cooling_off_time_is_over(field) -> None:
    assert sweep(field, timedelta(hours=23)) == 0
    assert sweep(field, timedelta(hours=24)) == 1
    assert sweep(field, timedelta(hours=25)) == 0
    agreement, hold, case = look(field)
    assert (agreement, hold) == (AgreementState.PERFORMING, HoldState.ACTIVE)
    assert (case.stage, case.held_from) == (Stage.ON_HOLD, Stage.PLAN)


def test_without_a_copy_for_the_person_it_waits(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.PLAN_SIGNED, agreement=TERMS)
    assert sweep(field, timedelta(hours=48)) == 0


def test_the_person_walks_away_freely_while_it_cools_off(field) -> None:
    withdraw(field, timedelta(hours=5))
    agreement, hold, case = look(field)
    assert (agreement, hold) == (AgreementState.WITHDRAWN, HoldState.RELEASED)
    assert case.stage is Stage.FOLLOW_UP
    assert sweep(field, timedelta(hours=48)) == 0


def test_after_that_a_change_is_agreed_on(field) -> None:
    with pytest.raises(WrongState):
        withdraw(field, timedelta(hours=25))
    sweep(field, timedelta(hours=25))
    with pytest.raises(WrongState):
        withdraw(field, timedelta(hours=26))
