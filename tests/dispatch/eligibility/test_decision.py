"""The decision record: told again from the log alone, and honest where rows or log were changed."""

from datetime import timedelta

import pytest
from sqlmodel import select, text

from dispatch.db import Database
from dispatch.eligibility.approve import approve_visit
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verify
from dispatch.model import (
    Account,
    Branch,
    Case,
    ContactAttempt,
    ContactChannel,
    ContactResult,
    Evidence,
    Visit,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.store.decisions import decided, decision_of
from dispatch.vault import Vault
from tests.support import builders as make

GROUND = "Three calls found nobody; a talk may show a way out."
LAW = effective(load_pack("baseline"))


@pytest.fixture
def approved(database: Database, vault: Vault):
    """The id of a visit that a manager has approved, its log sealed."""
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        case = make.a_case(session, vault, branch, lender)
        visit = approve_visit(
            session, case=case, ground=GROUND, account=manager, law=LAW, now=make.NOW
        )
        seal_pending(session, now=make.NOW)
        return visit.id


def the_decision(database: Database, visit_id):
    with database.reading() as session:
        return decision_of(session, session.get(Visit, visit_id))


def test_the_log_tells_again_what_was_decided(database: Database, approved) -> None:
    found = the_decision(database, approved)
    with database.reading() as session:
        visit = session.get(Visit, approved)
        branch = session.get(Branch, visit.branch_id)
        manager = session.exec(select(Account)).one()
        now = decided(session, visit, branch, LAW, now=make.NOW)
        assert verify(session, branch.id).is_sound
    assert (found.is_intact, found.agrees) == (True, True)
    assert found.why == now
    assert (found.why.ground, found.why.approved_by) == (GROUND, manager.id)
    assert {one.channel: one.tries for one in found.why.tried} == {"phone": 2, "sms": 1}
    assert dict(found.why.facts)["dpd"] == "60"
    assert all(one.instrument and one.article for one in found.why.rules)


def test_the_record_holds_nothing_that_names_anybody(database: Database, approved) -> None:
    with database.reading() as session:
        entry = session.exec(select(Evidence).where(Evidence.kind == "visit.approved")).one()
        case = session.exec(select(Case)).one()
    assert GROUND not in str(entry.facts)
    assert case.number not in str(entry.facts)


def test_what_is_learnt_later_does_not_change_the_record(database: Database, approved) -> None:
    before = the_decision(database, approved)
    with database.writing() as session:
        case = session.exec(select(Case)).one()
        case.oldest_unpaid_due_on -= timedelta(days=100)
        add_a_call(session, case, make.NOW + timedelta(days=1))
    assert the_decision(database, approved) == before


def test_tries_put_in_afterwards_are_told(database: Database, approved) -> None:
    with database.writing() as session:
        add_a_call(session, session.exec(select(Case)).one(), make.NOW - timedelta(days=3))
    found = the_decision(database, approved)
    assert (found.is_intact, found.agrees) == (True, False)


def test_a_record_that_was_changed_in_the_log_is_told(database: Database, approved) -> None:
    with database.writing() as session:
        session.exec(text("UPDATE evidence SET facts = replace(facts, '60', '90')"))
    assert not the_decision(database, approved).is_intact


def test_a_visit_without_a_recorded_decision_has_none(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, make.a_lender(session))
        visit = make.a_visit(session, case, make.an_account(session, branch))
        assert decision_of(session, visit) is None


def add_a_call(session, case: Case, at) -> None:
    session.add(
        ContactAttempt(
            branch_id=case.branch_id,
            lender_id=case.lender_id,
            case_id=case.id,
            person_id=case.person_id,
            number=f"later {at}",
            channel=ContactChannel.PHONE,
            result=ContactResult.NONE,
            occurred_at=at,
            recorded_at=make.NOW + timedelta(days=2),
        )
    )
