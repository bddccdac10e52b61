"""Holds end by time, or by a person with the right and a reason; then cases go on."""

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import Refused
from dispatch.followup.holds import release_hold
from dispatch.model import Case, Evidence, Hold, HoldKind, HoldState, OutcomeCode, Role, Stage
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import at


def lift(field, kind: HoldKind, **given) -> Hold:
    with field.database.writing() as session:
        hold = session.exec(select(Hold).where(Hold.kind == kind)).one()
        how = {"reason": "The reason has gone.", "role": Role.MANAGER, **given}
        return release_hold(session, hold=hold, actor="account:x", now=at(15), **how)


def stage(field) -> Stage:
    with field.database.reading() as session:
        return get_any(session, Case, field.cases[0].id).stage


def test_a_case_goes_on_when_its_last_hold_ends(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=1)
    field.report(OutcomeCode.HARDSHIP)
    field.report(OutcomeCode.DISPUTE, by=1)
    assert stage(field) is Stage.ON_HOLD
    lift(field, HoldKind.HARDSHIP)
    assert stage(field) is Stage.ON_HOLD
    lift(field, HoldKind.DISPUTE)
    assert stage(field) is Stage.FOLLOW_UP


def test_lifting_twice_is_once(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.HARDSHIP)
    lift(field, HoldKind.HARDSHIP)
    assert lift(field, HoldKind.HARDSHIP, reason="Again").release_reason != "Again"
    with sqlite_database.reading() as session:
        kinds = list(session.exec(select(Evidence.kind)))
    assert kinds.count("hold.released") == 1


@pytest.mark.parametrize("role", [Role.AGENT, Role.SERVICE, Role.AUDITOR])
def test_whoever_collects_lifts_no_hold(
    sqlite_database: Database, vault: Vault, role: Role
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(OutcomeCode.HARDSHIP)
    with pytest.raises(Refused):
        lift(field, HoldKind.HARDSHIP, role=role)
    with pytest.raises(Refused):
        lift(field, HoldKind.HARDSHIP, reason="  ")


@pytest.mark.parametrize(
    ("code", "kind", "key"),
    [
        (OutcomeCode.STOP_VISITS, HoldKind.STOP_VISITS, "by_person"),
        (OutcomeCode.STOP_ALL, HoldKind.STOP_CONTACT, "by_person"),
        (OutcomeCode.DISTRESS, HoldKind.DISTRESS, "is_specialist"),
        (OutcomeCode.VULNERABLE, HoldKind.VULNERABLE, "is_specialist"),
    ],
)
def test_some_holds_rest_on_another_persons_word(
    sqlite_database: Database, vault: Vault, code: OutcomeCode, kind: HoldKind, key: str
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    field.report(code)
    with pytest.raises(Refused):
        lift(field, kind, role=Role.ADMIN)
    assert lift(field, kind, **{key: True}).state is HoldState.RELEASED
