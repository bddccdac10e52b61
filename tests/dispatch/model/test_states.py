"""State machines: the written table is all there is; every step leaves evidence in its transaction."""

from enum import StrEnum
from typing import Any

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import Refused, WrongState
from dispatch.model import (
    Case,
    Evidence,
    Hold,
    HoldKind,
    HoldState,
    Lender,
    Stage,
    Visit,
    VisitState,
    agent,
    appointment,
    care_call,
    complaint,
    disaster,
    duty,
    follow_up,
    hold,
    notice,
    plan,
)
from dispatch.model.case import STAGES
from dispatch.model.evidence import record
from dispatch.model.visit import VISIT_STATES
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make

TABLES: dict[str, Any] = {
    "case": (Stage, STAGES),
    "visit": (VisitState, VISIT_STATES),
    "appointment": (appointment.AppointmentState, appointment._STATES),
    "notice": (notice.NoticeState, notice._STATES),
    "agent": (agent.AgentState, agent._STATES),
    "plan run": (plan.RunState, plan._RUN_STATES),
    "plan": (plan.PlanState, plan._PLAN_STATES),
    "promise": (follow_up.PromiseState, follow_up._PROMISES),
    "agreement": (follow_up.AgreementState, follow_up._AGREEMENTS),
    "complaint": (complaint.ComplaintState, complaint.COMPLAINTS),
    "care call": (care_call.CareState, care_call.CARE_CALLS),
    "disaster": (disaster.DisasterState, disaster.DISASTERS),
    "hold": (HoldState, hold._STATES),
    "duty": (duty.DutyState, duty._STATES),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached_and_no_step_leads_to_itself(name: str) -> None:
    states, table = TABLES[name]
    reached = {next(iter(states)), *(target for targets in table.values() for target in targets)}
    if name == "case":
        reached.add(Stage.INTAKE)
    assert reached == set(states)
    assert not any(state in targets for state, targets in table.items())


def visit_in(session, vault: Vault, state: VisitState) -> Visit:
    lender, branch = make.a_lender(session), make.a_branch(session, vault)
    case = make.a_case(session, vault, branch, lender)
    return make.a_visit(session, case, make.an_account(session, branch), state=state)


@pytest.mark.parametrize("state", VisitState)
def test_a_visit_takes_the_written_steps_and_refuses_all_others(
    sqlite_database: Database, vault: Vault, state: VisitState
) -> None:
    with sqlite_database.writing() as session:
        visit = visit_in(session, vault, state)
        for target in VisitState:
            visit.state, version = state, visit.version
            if target in VISIT_STATES.get(state, ()):
                visit.move_to(target, actor="test", now=make.NOW)
                assert (visit.state, visit.version) == (target, version + 1)
            else:
                with pytest.raises(WrongState, match=visit.reference):
                    visit.move_to(target, actor="test", now=make.NOW)
                assert (visit.state, visit.version) == (state, version)


def test_the_evidence_of_a_step_is_written_in_its_transaction_or_not_at_all(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        visit = visit_in(session, vault, VisitState.DRAFT)

    def step_and_stumble() -> None:
        with database.writing() as session:
            row = find(session, Visit, visit.id)
            row.move_to(VisitState.PLANNED, actor="test", now=make.NOW)
            raise LookupError

    with pytest.raises(LookupError):
        step_and_stumble()
    with database.reading() as session:
        assert find(session, Visit, visit.id).state is VisitState.DRAFT
        assert (
            session.exec(select(Evidence).where(Evidence.kind == "visit.planned")).first() is None
        )
    with database.writing() as session:
        find(session, Visit, visit.id).move_to(VisitState.PLANNED, actor="test", now=make.NOW)
    with database.reading() as session:
        entry = session.exec(select(Evidence).where(Evidence.kind == "visit.planned")).one()
    assert (entry.actor, entry.facts["state_before"], entry.case_id) == (
        "test",
        "draft",
        visit.case_id,
    )


def test_an_act_on_a_row_outside_any_session_is_refused() -> None:
    with pytest.raises(RuntimeError, match="session"):
        record(Lender(name="Lantern Bank"), "lender.noted", actor="test", now=make.NOW)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Stage.REMOTE, Stage.REMOTE),
        (Stage.ELIGIBLE, Stage.REMOTE),
        (Stage.VISIT_APPROVED, Stage.FOLLOW_UP),
        (Stage.VISITING, Stage.FOLLOW_UP),
        (Stage.FOLLOW_UP, Stage.FOLLOW_UP),
        (Stage.PLAN, Stage.PLAN),
    ],
)
def test_a_case_comes_back_from_a_hold_without_its_approval(
    sqlite_database: Database, vault: Vault, before: Stage, after: Stage
) -> None:
    with sqlite_database.writing() as session:
        case: Case = make.a_case(
            session, vault, make.a_branch(session, vault), make.a_lender(session), stage=before
        )
        case.put_on_hold(actor="test", now=make.NOW, why="hardship")
        assert (case.stage, case.held_from) == (Stage.ON_HOLD, before)
        case.put_on_hold(actor="test", now=make.NOW, why="dispute")
        case.resume(actor="test", now=make.NOW)
        assert (case.stage, case.held_from) == (after, None)


def test_no_way_leads_from_follow_up_to_a_visit_but_through_eligible() -> None:
    assert not STAGES[Stage.FOLLOW_UP] & {Stage.VISIT_APPROVED, Stage.VISITING}


def test_a_specialist_hold_is_lifted_by_a_specialist_and_with_a_reason(
    sqlite_database: Database, vault: Vault
) -> None:
    with sqlite_database.writing() as session:
        branch, person = make.a_branch(session, vault), make.a_person(session, vault)
        hold = make.add(
            session,
            Hold(
                branch_id=branch.id,
                person_id=person.id,
                kind=HoldKind.DISTRESS,
                from_at=make.NOW,
                requested_by="agent",
            ),
        )
        with pytest.raises(Refused, match="specialist"):
            hold.release(reason="better now", actor="test", now=make.NOW)
        with pytest.raises(Refused, match="why"):
            hold.release(reason="  ", actor="test", now=make.NOW, is_specialist=True)
        hold.release(reason="seen by a specialist", actor="test", now=make.NOW, is_specialist=True)
        assert hold.state is HoldState.RELEASED
        assert not hold.is_active(make.NOW)


def test_enumerations_are_stored_by_value() -> None:
    kinds: list[type[StrEnum]] = [Stage, VisitState, HoldKind]
    assert all(member.value == str(member) for kind in kinds for member in kind)
