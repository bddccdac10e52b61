"""Cases come to a decision by stages; a human decides, in writing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.eligibility.approve import approve_visit, consider_again, withdraw_approval
from dispatch.eligibility.sweep import sweep_cases
from dispatch.errors import Invalid, VisitNotEligible, WrongState
from dispatch.model import (
    Ability,
    Account,
    Branch,
    Case,
    Lender,
    LocationState,
    Person,
    Place,
    Role,
    Stage,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make

LAW = effective(load_pack("baseline"))
GROUND = "Three remote attempts on three days reached nobody."


def swept(database: Database, vault: Vault, **given) -> Stage:
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        case = make.a_case(
            session, vault, branch, lender, stage=Stage.INTAKE, data_audited_until=None, **given
        )
        sweep_cases(session, branch=branch, law=LAW, actor="test", now=make.NOW)
    with database.reading() as session:
        return find(session, Case, case.id).stage


def test_a_case_tried_from_afar_in_vain_becomes_eligible(database: Database, vault: Vault) -> None:
    assert swept(database, vault) is Stage.ELIGIBLE


@pytest.mark.parametrize(
    "given",
    [
        {"attempts": 2},
        {"attempts": 0},
        {"oldest_unpaid_due_on": make.NOW.date()},
        {"ability": Ability.NONE_NOW},
    ],
    ids=["two attempts", "no attempt", "not overdue", "cannot pay"],
)
def test_less_than_that_stays_with_remote_contact(
    sqlite_database: Database, vault: Vault, given: dict
) -> None:
    assert swept(sqlite_database, vault, **given) is Stage.REMOTE


def test_a_place_that_nobody_located_keeps_the_case_at_intake(
    sqlite_database: Database, vault: Vault
) -> None:
    with sqlite_database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, lender, stage=Stage.INTAKE)
        find(session, Place, case.place_id).location = LocationState.NEEDS_LOCATING
        session.flush()
        sweep_cases(session, branch=branch, law=LAW, actor="test", now=make.NOW)
        assert case.stage is Stage.INTAKE


@pytest.fixture
def eligible(sqlite_database: Database, vault: Vault):
    with sqlite_database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        case = make.a_case(session, vault, branch, lender)
        yield session, case, manager


def test_a_manager_approves_in_writing(eligible) -> None:
    session, case, manager = eligible
    visit = approve_visit(
        session, case=case, ground=GROUND, account=manager, law=LAW, now=make.NOW
    )
    assert (visit.state, case.stage) == (VisitState.DRAFT, Stage.VISIT_APPROVED)


def test_no_ground_no_visit(eligible) -> None:
    session, case, manager = eligible
    with pytest.raises(Invalid):
        approve_visit(session, case=case, ground="  ok ", account=manager, law=LAW, now=make.NOW)


def test_neither_a_program_nor_an_agent_approves(eligible) -> None:
    session, case, _ = eligible
    for role in (Role.SERVICE, Role.AGENT, Role.AUDITOR):
        account = make.an_account(session, find(session, Branch, case.branch_id), role=role)
        with pytest.raises(VisitNotEligible):
            approve_visit(
                session, case=case, ground=GROUND, account=account, law=LAW, now=make.NOW
            )


@pytest.mark.fault("V2")
def test_one_person_one_open_visit(eligible, vault: Vault) -> None:
    session, case, manager = eligible
    approve_visit(session, case=case, ground=GROUND, account=manager, law=LAW, now=make.NOW)
    other = make.a_case(
        session,
        vault,
        find(session, Branch, case.branch_id),
        find(session, Lender, case.lender_id),
        person=find(session, Person, case.person_id),
    )
    with pytest.raises(VisitNotEligible, match="open already"):
        approve_visit(session, case=other, ground=GROUND, account=manager, law=LAW, now=make.NOW)


def test_of_two_decisions_at_once_about_one_person_one_stands(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        lender = make.a_lender(session)
        person = make.a_person(session, vault)
        cases, managers = [], []
        for _ in range(2):
            branch = make.a_branch(session, vault)
            cases.append(make.a_case(session, vault, branch, lender, person=person))
            managers.append(make.an_account(session, branch))
    met = Barrier(2)

    def decides(number: int) -> bool:
        try:
            with database.writing() as session:
                case = find(session, Case, cases[number].id)
                if not database.is_sqlite:
                    met.wait(10)
                account = find(session, Account, managers[number].id)
                approve_visit(
                    session, case=case, ground=GROUND, account=account, law=LAW, now=make.NOW
                )
                if not database.is_sqlite:
                    with suppress(BrokenBarrierError):
                        met.wait(1)  # both have decided, unless one waits for the other
        except VisitNotEligible:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decides, range(2))) == [False, True]
    with database.reading() as session:
        assert len(session.exec(select(Visit)).all()) == 1


def test_an_approval_may_be_withdrawn_before_the_person_is_told(eligible) -> None:
    session, case, manager = eligible
    visit = approve_visit(
        session, case=case, ground=GROUND, account=manager, law=LAW, now=make.NOW
    )
    withdraw_approval(session, visit=visit, reason=TakenBack.PAID, actor="test", now=make.NOW)
    assert (visit.state, case.stage) == (VisitState.CANCELLED, Stage.ELIGIBLE)


def test_a_case_in_follow_up_is_eligible_again_only_by_a_new_decision(eligible) -> None:
    session, case, manager = eligible
    visit = approve_visit(
        session, case=case, ground=GROUND, account=manager, law=LAW, now=make.NOW
    )
    case.advance(Stage.FOLLOW_UP, actor="test", now=make.NOW)
    visit.move_to(VisitState.CANCELLED, actor="test", now=make.NOW)
    with pytest.raises(WrongState):
        approve_visit(session, case=case, ground=GROUND, account=manager, law=LAW, now=make.NOW)
    sweep_cases(
        session, branch=find(session, Branch, case.branch_id), law=LAW, actor="test", now=make.NOW
    )
    assert case.stage is Stage.FOLLOW_UP
    wish = {"case": case, "reason": "The person asked for a second visit.", "law": LAW}
    with pytest.raises(VisitNotEligible, match="stage-time-not-over"):
        consider_again(session, **wish, actor="test", now=make.NOW + timedelta(days=13))
    consider_again(session, **wish, actor="test", now=make.NOW + timedelta(days=14))
    assert case.stage is Stage.ELIGIBLE
