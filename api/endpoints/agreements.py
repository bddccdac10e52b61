"""Agreements within what people can afford, and promises that are made anew."""

from uuid import UUID

from fastapi.responses import Response

from api.cursors import Limit
from api.deps import Me, Now, Read, SeenDep, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.agreements import (
    AgreementDraftIn,
    AgreementOut,
    AgreementStepIn,
    BreakReasonIn,
    CopyIn,
    NewPromiseIn,
)
from api.schemas.follow_up import PromiseOut
from api.schemas.schema import Page
from dispatch.followup.agree import draft_agreement, send_copy, step_agreement
from dispatch.followup.agreements import withdraw_agreement
from dispatch.followup.promises import explain_break
from dispatch.followup.renegotiate import renegotiate
from dispatch.model import Agreement, AgreementState, Branch, Case, Person, Promise
from dispatch.store import promises as kept
from dispatch.store.rows import get, get_many

routes = router("agreements", tag="follow-up")
of_promises = router("promises", tag="follow-up")


@routes.get("", responses=problems(404))
def list_agreements(
    branch_id: UUID, session: Read, me: Me, vault: VaultDep, seen: SeenDep, limit: Limit = 50
) -> Page[AgreementOut]:
    """Return a branch's agreements, the newest first; terms for roles that see people."""
    branch = get(session, Branch, branch_id, me.scope)
    rows = kept.agreements(session, me.scope, branch_id=branch.id, limit=limit)
    sees = me.may_see_people()
    people = get_many(session, Person, {one.person_id for one in rows} if sees else set())
    seen.note(*get_many(session, Case, {one.case_id for one in rows} if sees else set()).values())
    return Page(
        items=[
            AgreementOut.of(one, vault.read(people[one.person_id], one, "terms") if sees else None)
            for one in rows
        ]
    )


@routes.post("", status_code=201, responses=problems(404, 409))
def create_agreement(
    body: AgreementDraftIn, response: Response, session: Write, me: Me, vault: VaultDep, now: Now
) -> AgreementOut:
    """Draft a repayment plan within what the person can afford; refused to one in distress."""
    drafted = draft_agreement(
        session,
        vault=vault,
        case=get(session, Case, body.case_id, me.scope),
        option=body.option,
        months=body.months,
        monthly=body.monthly_minor,
        actor=me.actor,
        now=now,
    )
    response.headers["Location"] = f"/v1/agreements/{drafted.id}"
    return AgreementOut.of(drafted, None)


@routes.post("/{agreement_id}/steps", responses=problems(404, 409))
def step_one_agreement(
    agreement_id: UUID, body: AgreementStepIn, session: Write, me: Me, now: Now
) -> AgreementOut:
    """Read it back, sign it, walk away from it, or say that it was kept or could not be."""
    row = get(session, Agreement, agreement_id, me.scope, lock=True)
    if body.to is AgreementState.WITHDRAWN:
        withdraw_agreement(session, agreement=row, actor=me.actor, now=now)
    else:
        step_agreement(
            session, agreement=row, to=body.to, told_by=body.told_by, actor=me.actor, now=now
        )
    return AgreementOut.of(row, None)


@routes.put("/{agreement_id}/copy", responses=problems(404))
def put_agreement_copy(
    agreement_id: UUID, body: CopyIn, session: Write, me: Me, now: Now
) -> AgreementOut:
    """Note that the person has a copy; without one nothing that was signed begins."""
    row = get(session, Agreement, agreement_id, me.scope, lock=True)
    return AgreementOut.of(
        send_copy(session, agreement=row, by=body.by, actor=me.actor, now=now), None
    )


@of_promises.post("/{promise_id}/renegotiation", status_code=201, responses=problems(404, 409))
def renegotiate_promise(
    promise_id: UUID, body: NewPromiseIn, session: Write, me: Me, vault: VaultDep, now: Now
) -> PromiseOut:
    """End a promise as renegotiated and return the new one."""
    new = renegotiate(
        session,
        vault=vault,
        promise=get(session, Promise, promise_id, me.scope, lock=True),
        amount=body.amount_minor,
        due_on=body.due_on,
        actor=me.actor,
        now=now,
    )
    return PromiseOut.of(new, None)


@of_promises.put("/{promise_id}/break-reason", responses=problems(404, 409))
def put_break_reason(
    promise_id: UUID, body: BreakReasonIn, session: Write, me: Me, now: Now
) -> PromiseOut:
    """Say why a promise was broken; it plans no visit, ever."""
    row = get(session, Promise, promise_id, me.scope, lock=True)
    explain_break(session, promise=row, reason=body.reason, actor=me.actor, now=now)
    return PromiseOut.of(row, None)
