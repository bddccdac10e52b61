"""Visits: why one is made, deciding on one, and taking the decision back."""

from uuid import UUID

from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, SeenDep, VaultDep, Write
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.visits import ApprovalIn, ChosenReason, DecisionOut, VisitDetailOut, VisitOut
from dispatch.appointments.withdraw import withdraw
from dispatch.clock import local_date
from dispatch.eligibility.approve import approve_visit, withdraw_approval
from dispatch.errors import NotFound
from dispatch.model import Account, Branch, Case, RunReason, Visit
from dispatch.policy.why import why
from dispatch.store.decisions import decision_of
from dispatch.store.facts import visit_facts
from dispatch.store.rows import get, get_any

routes = router("visits")
of_cases = router("cases", tag="visits")


@routes.get("/{visit_id}", responses=problems(404))
def read_visit(
    visit_id: UUID, session: Read, me: Me, house: HouseDep, seen: SeenDep, now: Now
) -> VisitDetailOut:
    """Return a visit and why it is made: facts, rules with their sources, what was tried."""
    visit = get(session, Visit, visit_id, me.scope)
    branch = get_any(session, Branch, visit.branch_id)
    on = visit.service_date or local_date(branch.time_zone, now)
    known = visit_facts(session, [visit], branch, on=on)[visit.id]
    seen.note(get_any(session, Case, visit.case_id))
    return VisitDetailOut.explained(visit, why(known, law_of(house, branch)))


@routes.get("/{visit_id}/decision", responses=problems(404))
def read_visit_decision(visit_id: UUID, session: Read, me: Me, seen: SeenDep) -> DecisionOut:
    """Return why a visit is made, as it was decided and as the evidence log proves it."""
    visit = get(session, Visit, visit_id, me.scope)
    found = decision_of(session, visit)
    if found is None:
        msg = "No decision on this visit is in the evidence log."
        raise NotFound(msg)
    seen.note(get_any(session, Case, visit.case_id))
    return DecisionOut.of(visit, found)


@routes.delete("/{visit_id}/approval", responses=problems(404, 409))
def withdraw_visit_approval(
    visit_id: UUID,
    reason: ChosenReason,
    session: Write,
    me: Me,
    now: Now,
) -> VisitOut:
    """Take an approval back before the person was told; the case waits for a new decision."""
    visit = get(session, Visit, visit_id, me.scope)
    withdraw_approval(session, visit=visit, reason=reason, actor=me.actor, now=now)
    return VisitOut.of(visit)


@routes.delete("/{visit_id}/appointment", responses=problems(404, 409))
def withdraw_appointment(
    visit_id: UUID,
    reason: ChosenReason,
    session: Write,
    me: Me,
    vault: VaultDep,
    house: HouseDep,
    now: Now,
) -> VisitOut:
    """Take an announced visit back: the person is told with an apology, the slot is free."""
    visit = get(session, Visit, visit_id, me.scope)
    withdraw(
        session,
        vault=vault,
        visit=visit,
        reason=reason,
        law=law_of(house, get_any(session, Branch, visit.branch_id)),
        base_url=house.settings.base_url,
        actor=me.actor,
        now=now,
        why_replan=RunReason.MANUAL,
    )
    return VisitOut.of(visit)


@of_cases.post("/{case_id}/approval", status_code=201, responses=problems(404, 409))
def approve_case_visit(
    case_id: UUID,
    body: ApprovalIn,
    response: Response,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> VisitOut:
    """Approve a visit to the person of an eligible case, with the ground in writing."""
    case = get(session, Case, case_id, me.scope)
    visit = approve_visit(
        session,
        case=case,
        account=get_any(session, Account, me.account_id),
        law=law_of(house, get_any(session, Branch, case.branch_id)),
        now=now,
        **body.model_dump(),
    )
    response.headers["Location"] = f"/v1/visits/{visit.id}"
    return VisitOut.of(visit)
