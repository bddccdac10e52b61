"""Decide on a visit: a human, in writing, for a case that meets the pack's conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from dispatch.eligibility.sweep import findings
from dispatch.errors import Invalid, VisitNotEligible, WrongState
from dispatch.ids import new_token
from dispatch.model import (
    Account,
    Approval,
    ApprovalKind,
    Branch,
    Case,
    Person,
    Role,
    Stage,
    TakenBack,
    Visit,
    VisitPurpose,
    VisitState,
    record,
)
from dispatch.model.appointment import STANDING
from dispatch.policy.pack import Pack
from dispatch.policy.playbook import load_playbook
from dispatch.policy.relief import Relief
from dispatch.store import case_stages
from dispatch.store.decisions import KIND, as_facts, decided
from dispatch.store.facts import newest_appointments
from dispatch.store.holds import lock_people, locked_visits
from dispatch.store.rows import get_any

SHORTEST_GROUND = 12
"""Characters that a written ground has at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """What a visit is decided to be: what for, what may be offered, and between which dates."""

    purpose: VisitPurpose = VisitPurpose.TALK_ABOUT_OPTIONS
    options: Sequence[Relief] = tuple(Relief)
    earliest_on: date | None = None
    latest_on: date | None = None


def approve_visit(
    session: Session,
    *,
    case: Case,
    ground: str,
    account: Account,
    law: Pack,
    now: datetime,
    purpose: VisitPurpose = VisitPurpose.TALK_ABOUT_OPTIONS,
    options: Sequence[Relief] = tuple(Relief),
    earliest_on: date | None = None,
    latest_on: date | None = None,
) -> Visit:
    """Approve a visit and return it, still to be planned.

    Parameters
    ----------
    options
        What the crew may offer; a visit with nothing to offer is none.

    Raises
    ------
    VisitNotEligible
        If a condition of the pack is not met, the approver is no human, or the person has a visit
        open already, here or elsewhere.
    WrongState
        If the case is not eligible.
    Invalid
        If the ground is missing or too short to mean anything.
    """
    ground = ground.strip()
    if len(ground) < SHORTEST_GROUND:
        msg = (
            "Write down why this visit is needed and what was tried before; one sentence at least."
        )
        raise Invalid(msg)
    if not options:
        msg = "Name at least one thing that the crew may offer; a visit that offers nothing is not made."
        raise Invalid(msg)
    if account.role not in {Role.ADMIN, Role.MANAGER}:
        msg = "A visit is approved by a manager, in person; a program or an agent can't."
        raise VisitNotEligible(msg)
    # The person first: of two decisions at once, here and in another branch, the second sees the first.
    lock_people(session, {case.person_id})
    case = get_any(session, Case, case.id, lock=True)
    if case.stage is not Stage.ELIGIBLE:
        msg = f"The case {case.reference} is at stage {case.stage}; a visit is decided on when it is eligible."
        raise WrongState(msg, state=str(case.stage))
    branch = get_any(session, Branch, case.branch_id)
    found = findings(session, [case], branch=branch, law=law, now=now)[case.reference]
    if found:
        msg = f"The case {case.reference} does not meet the conditions ({found[0].code}); remote contact goes on."
        raise VisitNotEligible(msg, violations=[one.code for one in found])
    if case.place_id is None or case_stages.open_visits_of_person(session, case.person_id):
        msg = "The person has a visit open already; a second one is decided on when that is over."
        raise VisitNotEligible(msg)
    terms = _Terms(
        purpose=purpose, options=tuple(options), earliest_on=earliest_on, latest_on=latest_on
    )
    return _store(session, branch, case, ground, account, law, now, terms)


def _store(
    session: Session,
    branch: Branch,
    case: Case,
    ground: str,
    account: Account,
    law: Pack,
    now: datetime,
    terms: _Terms,
) -> Visit:
    actor = f"account:{account.id}"
    person = get_any(session, Person, case.person_id)
    assert case.place_id is not None  # noqa: S101  checked by the caller
    visit = Visit(
        branch_id=case.branch_id,
        case_id=case.id,
        person_id=case.person_id,
        place_id=case.place_id,
        ground=ground,
        pack_id=branch.pack_id,
        pack_version=law.version,
        state=VisitState.DRAFT,
        service_s=case.service_minutes * 60,
        value=case.value,
        languages=[person.language] if person.language else [],
        code_seed=new_token(),
        purpose=terms.purpose,
        options=[str(one) for one in terms.options],
        earliest_on=terms.earliest_on,
        latest_on=terms.latest_on,
        created_at=now,
    )
    approval = Approval(
        branch_id=case.branch_id,
        case_id=case.id,
        kind=ApprovalKind.VISIT,
        subject_id=visit.id,
        ground=ground,
        approver_id=account.id,
        decided_at=now,
    )
    session.add(approval)
    session.flush()
    visit.approval_id = approval.id
    session.add(visit)
    session.flush()
    case.advance(Stage.VISIT_APPROVED, actor=actor, now=now)
    law = load_playbook(branch.playbook).bound(law)
    told = decided(session, visit, branch, law, now=now)
    record(visit, KIND, actor=actor, now=now, approval=approval.id, decision=as_facts(told))
    return visit


def withdraw_approval(
    session: Session, *, visit: Visit, reason: TakenBack, actor: str, now: datetime
) -> None:
    """Take an approval back before the person was told: the visit is cancelled, the case waits.

    Raises
    ------
    WrongState
        If the visit has been announced; then it is cancelled with a notice instead.
    """
    visit = locked_visits(session, {visit.id})[visit.id]
    told = newest_appointments(session, {visit.id}).get(visit.id)
    is_told = told is not None and told.state in STANDING
    if is_told or visit.state not in {VisitState.DRAFT, VisitState.PLANNED, VisitState.AUDITED}:
        msg = f"The visit {visit.reference} is {visit.state}: cancel it with a notice to the person instead."
        raise WrongState(msg, state=str(visit.state))
    visit.move_to(VisitState.CANCELLED, actor=actor, now=now, why=reason)
    session.add(visit)
    if visit.approval_id is not None:
        get_any(session, Approval, visit.approval_id).withdrawn_at = now
    case = get_any(session, Case, visit.case_id)
    if case.stage is Stage.VISIT_APPROVED:
        case.advance(Stage.ELIGIBLE, actor=actor, now=now, why=reason)


def consider_again(
    session: Session, *, case: Case, reason: str, law: Pack, actor: str, now: datetime
) -> None:
    """Let a case in follow-up be decided on anew: a repeat is a decision of its own, never automatic.

    Raises
    ------
    VisitNotEligible
        If a condition of the pack is not met.
    Invalid
        If no reason is given.
    """
    if len(reason.strip()) < SHORTEST_GROUND:
        msg = "Write down what is new since the last visit; one sentence at least."
        raise Invalid(msg)
    lock_people(session, {case.person_id})
    case = get_any(session, Case, case.id, lock=True)
    branch = get_any(session, Branch, case.branch_id)
    found = findings(session, [case], branch=branch, law=law, now=now)[case.reference]
    if found:
        msg = f"The case {case.reference} does not meet the conditions ({found[0].code})."
        raise VisitNotEligible(msg, violations=[one.code for one in found])
    case.advance(Stage.ELIGIBLE, actor=actor, now=now, why="considered again")
