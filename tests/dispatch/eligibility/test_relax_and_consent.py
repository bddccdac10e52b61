"""Relaxations, consents and quiet times: dated, revocable, on record, and read as facts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from dispatch.db import Database
from dispatch.eligibility.consent import give_consent, revoke_consent, set_quiet_times
from dispatch.eligibility.relax import confirm_relaxation, relax, revoke_relaxation
from dispatch.errors import Forbidden, Invalid, PackRefused, WrongState
from dispatch.model import Account, Case, Evidence, Giver, Person, Place, Role
from dispatch.policy.facts import QuietFacts
from dispatch.policy.pack import effective, read_pack
from dispatch.store.facts import case_facts
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support.builders import NOW, SERVICE_DATE, a_branch, a_case, a_lender, an_account

HOURS = {"mon-fri": ["10:00-15:00"], "public_holiday": []}
LAW = effective(
    read_pack(
        HEAD
        + entry(
            "visit.windows.residence", '{mon-fri: ["10:00-12:00"], public_holiday: []}'
        ).replace("nobody", "borrower")
    )
)


class World:
    """A branch, a case, and two managers."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self.session = session
        self.branch = a_branch(session, vault)
        self.case: Case = a_case(session, vault, self.branch, a_lender(session))
        self.one: Account = an_account(session, self.branch, role=Role.MANAGER)
        self.other: Account = an_account(session, self.branch, role=Role.MANAGER)

    def relax(self, **changes: Any) -> Any:
        fields: dict[str, Any] = {
            "case": self.case,
            "parameter": "visit.windows.residence",
            "value": HOURS,
            "given_by": Giver.BORROWER,
            "given_at": NOW - timedelta(days=1),
            "until_at": None,
            "ground": "Her letter of the first of March, kept with the contract.",
            "account": self.one,
            "law": LAW,
            "now": NOW,
        }
        return relax(self.session, **{**fields, **changes})

    def facts(self) -> Any:
        return case_facts(self.session, [self.case], self.branch, on=SERVICE_DATE)[self.case.id]


def test_a_relaxation_takes_two_and_is_revoked_by_one(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        world = World(session, vault)
        one = world.relax()
        assert world.facts().relaxations[0].second_by is None
        with pytest.raises(Invalid, match="takes two persons"):
            confirm_relaxation(session, relaxation=one, account=world.one, now=NOW)
        confirm_relaxation(session, relaxation=one, account=world.other, now=NOW)
        (told,) = world.facts().relaxations
        assert (told.value, told.first_by, told.second_by) == (
            HOURS,
            world.one.id,
            world.other.id,
        )
        with pytest.raises(WrongState):
            confirm_relaxation(session, relaxation=one, account=world.other, now=NOW)
        revoke_relaxation(session, relaxation=one, actor="account:x", now=NOW)
        assert world.facts().relaxations[0].revoked_at == NOW
        kinds = {entry.kind for entry in session.exec(select(Evidence)).all()}
        assert {"relaxation.recorded", "relaxation.confirmed", "relaxation.revoked"} <= kinds


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"given_by": Giver.LENDER}, PackRefused, "may be relaxed by borrower, not by lender"),
        ({"parameter": "crew.min", "value": 1}, PackRefused, "may be relaxed by nobody"),
        ({"parameter": "crew.max", "value": 1}, Invalid, "no parameter"),
        ({"value": {"mon": ["23:00-01:00"], "public_holiday": []}}, Invalid, "not a window"),
        ({"value": None}, Invalid, "a value is needed"),
        ({"ground": "she said"}, Invalid, "how it was given"),
        ({"until_at": NOW - timedelta(days=2)}, Invalid, "ends before it begins"),
    ],
)
def test_what_is_no_relaxation(
    database: Database, vault: Vault, changes: dict[str, Any], error: type[Exception], says: str
) -> None:
    with database.writing() as session, pytest.raises(error, match=says):
        World(session, vault).relax(**changes)


def test_an_agent_relaxes_nothing(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        world = World(session, vault)
        with pytest.raises(Forbidden):
            world.relax(account=an_account(session, world.branch, role=Role.AGENT))


def test_a_consent_is_given_and_revoked(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        world = World(session, vault)
        place = get_any(session, Place, world.case.place_id)
        earlier, later = NOW - timedelta(days=3), NOW + timedelta(days=30)
        consent = give_consent(
            session,
            case=world.case,
            place=place,
            given_at=earlier,
            given_by="phone",
            actor="account:x",
            now=NOW,
        )
        facts = world.facts()
        assert (facts.consents[0].given_at, facts.is_place_chosen) == (earlier, True)
        revoke_consent(session, consent=consent, actor="account:x", now=NOW)
        revoke_consent(session, consent=consent, actor="account:x", now=later)
        assert world.facts().consents[0].revoked_at == NOW
        with pytest.raises(Invalid, match="how the consent was given"):
            give_consent(
                session,
                case=world.case,
                place=place,
                given_at=NOW,
                given_by="a feeling",
                actor="account:x",
                now=NOW,
            )
        with pytest.raises(Invalid, match="dated in the future"):
            give_consent(
                session,
                case=world.case,
                place=place,
                given_at=later,
                given_by="letter",
                actor="account:x",
                now=NOW,
            )


def test_quiet_times_are_facts(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        world = World(session, vault)
        person = get_any(session, Person, world.case.person_id)

        def asks(*times: tuple[str, str]) -> None:
            set_quiet_times(session, person=person, times=times, actor="account:x", now=NOW)

        asks(("tue", "13:00-15:00"))
        assert world.facts().quiet_times == (QuietFacts(weekday="tue", window="13:00-15:00"),)
        for wrong in (("tuesday", "13:00-15:00"), ("tue", "15:00-13:00")):
            with pytest.raises(Invalid):
                asks(wrong)
        asks()
        assert world.facts().quiet_times == ()
