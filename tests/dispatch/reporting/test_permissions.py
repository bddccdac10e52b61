"""What a permission stands at, and what it changes for the case's visits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.db import Database
from dispatch.ids import new_id
from dispatch.model import Branch, Case, Consent, Giver, Relaxation
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.reporting.permissions import Standing, effect_of, permissions_of, standing_of
from dispatch.store import law as on_record
from dispatch.store.scope import Scope
from dispatch.vault import Vault
from tests.dispatch.policy.test_law import a_visit, narrow
from tests.support.builders import NOW, a_branch, a_case, a_lender, an_account

DAY = timedelta(days=1)
LONG = {"mon-fri": ["10:00-15:00"], "public_holiday": []}


def a_relaxation(**changes: Any) -> Relaxation:
    fields: dict[str, Any] = {
        "branch_id": new_id(),
        "person_id": new_id(),
        "parameter": "visit.windows.residence",
        "value": {"is": LONG},
        "given_by": Giver.BORROWER,
        "given_at": NOW - DAY,
        "ground": "A letter, kept with the contract.",
        "first_by": new_id(),
        "recorded_at": NOW - DAY,
        "second_by": new_id(),
        "decided_at": NOW - DAY,
    }
    return Relaxation(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.IN_FORCE),
        ({"second_by": None, "decided_at": None}, Standing.WAITING),
        ({"given_at": NOW + DAY}, Standing.TO_COME),
        ({"until_at": NOW + DAY}, Standing.IN_FORCE),
        ({"until_at": NOW}, Standing.OVER),
        ({"until_at": NOW, "decided_at": None}, Standing.OVER),
        ({"revoked_at": NOW, "until_at": NOW - DAY}, Standing.WITHDRAWN),
    ],
)
def test_where_a_relaxation_stands(changes: dict[str, Any], standing: Standing) -> None:
    assert standing_of(a_relaxation(**changes), NOW) is standing


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.IN_FORCE),
        ({"given_at": NOW + DAY}, Standing.TO_COME),
        ({"revoked_at": NOW}, Standing.WITHDRAWN),
    ],
)
def test_where_a_consent_stands(changes: dict[str, Any], standing: Standing) -> None:
    given = {"given_at": NOW - DAY, **changes}
    assert standing_of(Consent(person_id=new_id(), scope="place", **given), NOW) is standing


def effect(one: Relaxation, law: Pack, visit: VisitFacts | None = None) -> tuple[Any, Any, bool]:
    facts = visit or a_visit()
    on = local_date(facts.time_zone or "UTC", NOW)
    found = effect_of(one, law=law, facts=facts, on=on, now=NOW)
    return found.before, found.after, found.is_felt


@pytest.mark.parametrize(
    "changes",
    [{}, {"second_by": None, "decided_at": None}, {"given_at": NOW + 3 * DAY}],
    ids=["vouched for", "waiting", "to come"],
)
def test_what_it_changes_is_known_before_it_counts(changes: dict[str, Any]) -> None:
    before, after, is_felt = effect(a_relaxation(**changes), narrow())
    assert is_felt
    assert before["tue"] == ["10:00-12:00"]
    assert after["tue"] == ["10:00-15:00"]


def test_what_a_stricter_rule_binds_beside_it_is_not_felt() -> None:
    everything = {"mon-sun": ["00:00-24:00"], "public_holiday": ["00:00-24:00"]}
    china = effective(load_pack("cn"))
    before, after, is_felt = effect(a_relaxation(value={"is": everything}), china)
    assert not is_felt
    assert before == after


def test_two_spellings_of_one_week_are_no_change() -> None:
    same = {"mon-fri": ["10:00-12:00"], "public_holiday": []}
    assert not effect(a_relaxation(value={"is": same}), narrow())[2]


def test_another_relaxation_of_the_person_does_not_hide_it(
    database: Database, vault: Vault
) -> None:
    """Of two the stricter binds; each is told by itself all the same."""
    with database.writing() as session:
        branch = a_branch(session, vault)
        case = a_case(session, vault, branch, a_lender(session))
        for hours in ("15:00", "11:00"):
            add_for(session, branch, case, {"mon-fri": [f"10:00-{hours}"], "public_holiday": []})
        found = permissions_of(session, case, law=narrow(), now=NOW)
        felt = sorted(found.effects[one.id].after["tue"][0] for one in found.relaxations)
    assert felt == ["10:00-11:00", "10:00-15:00"]


def add_for(
    session: Session, branch: Branch, case: Case, value: Any, **changes: Any
) -> Relaxation:
    account = an_account(session, branch)
    one = a_relaxation(
        **{
            "branch_id": branch.id,
            "person_id": case.person_id,
            "case_id": case.id,
            "value": {"is": value},
            "first_by": account.id,
            "second_by": an_account(session, branch).id,
            **changes,
        }
    )
    session.add(one)
    session.flush()
    return one


def test_a_branch_lists_what_stands_and_nothing_of_another(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        own, other = a_branch(session, vault), a_branch(session, vault)
        lender = a_lender(session)
        case, foreign = (a_case(session, vault, one, lender) for one in (own, other))
        waits = add_for(session, own, case, LONG, decided_at=None, recorded_at=NOW)
        lasts = add_for(session, own, case, LONG, until_at=NOW + DAY)
        add_for(session, own, case, LONG, until_at=NOW)
        add_for(session, own, case, LONG, revoked_at=NOW)
        add_for(session, other, foreign, LONG)

        def listed(scope: Scope, branch: Branch) -> list[Any]:
            found = on_record.relaxations_of_branch(session, scope, branch.id, now=NOW, limit=9)
            return [one.id for one in found]

        assert listed(Scope.of({own.id}), own) == [waits.id, lasts.id]
        assert listed(Scope.of({own.id}), other) == []
