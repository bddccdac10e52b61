"""Complaints: taken down, stepped through, answered in time."""

from uuid import UUID

from fastapi.responses import Response

from api.cursors import Cursor, Limit, an_instant, cursor_of, paged, read_cursor
from api.deps import HouseDep, Me, Now, Read, SeenDep, Write
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.care import ComplaintIn, ComplaintOut, ExtensionIn, StepIn
from api.schemas.schema import Page
from dispatch.care.complaints import (
    Given,
    extend_complaint,
    receive_complaint,
    said,
    step_complaint,
)
from dispatch.model import Account, Agent, Branch, Case, Complaint, Person, Visit
from dispatch.store import complaints
from dispatch.store.rows import get, get_any, get_many

routes = router("complaints", tag="care")

_SILENT = (None, None, None)


@routes.get("", responses=problems(404))
def list_complaints(
    session: Read,
    me: Me,
    house: HouseDep,
    seen: SeenDep,
    branch_id: UUID | None = None,
    is_open: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ComplaintOut]:
    """Return complaints of branches in sight, the first received first."""
    if branch_id is not None:
        get(session, Branch, branch_id, me.scope)
    found = complaints.page(
        session,
        me.scope,
        branch_id=branch_id,
        is_open=is_open,
        after=read_cursor(cursor, an_instant, UUID),
        limit=limit + 1,
    )
    rows, last = paged(found, limit)
    sees = me.may_see_people()
    people = get_many(session, Person, {one.person_id for one in rows} if sees else set())
    seen.note(*get_many(session, Case, {one.case_id for one in rows} if sees else set()).values())
    return Page(
        items=[
            ComplaintOut.of(
                one, said(house.vault, people[one.person_id], one) if sees else _SILENT
            )
            for one in rows
        ],
        next=cursor_of(last.received_at, last.id) if last else None,
    )


@routes.post("", status_code=201, responses=problems(404))
def create_complaint(
    body: ComplaintIn, response: Response, session: Write, me: Me, house: HouseDep, now: Now
) -> ComplaintOut:
    """Take down a complaint that came by letter, phone or in person; visits pause at once."""
    case = get(session, Case, body.case_id, me.scope)
    taken = receive_complaint(
        session,
        vault=house.vault,
        case=case,
        words=body.words,
        law=law_of(house, get_any(session, Branch, case.branch_id)),
        actor=me.actor,
        now=now,
        visit=get(session, Visit, body.visit_id, me.scope) if body.visit_id else None,
        about=get(session, Agent, body.about_agent_id, me.scope) if body.about_agent_id else None,
    )
    response.headers["Location"] = f"/v1/complaints/{taken.id}"
    return ComplaintOut.of(taken, _SILENT)


@routes.post("/{complaint_id}/steps", responses=problems(404, 409))
def step_one_complaint(
    complaint_id: UUID, body: StepIn, session: Write, me: Me, house: HouseDep, now: Now
) -> ComplaintOut:
    """Take the next step; from the investigation on it is the handler's, who is no agent."""
    stepped = step_complaint(
        session,
        vault=house.vault,
        complaint=get(session, Complaint, complaint_id, me.scope, lock=True),
        to=body.to,
        given=Given(
            words=body.words,
            handler=get_any(session, Account, body.handler_id) if body.handler_id else None,
            told_by=body.told_by,
        ),
        by=get_any(session, Account, me.account_id),
        now=now,
    )
    return ComplaintOut.of(stepped, _SILENT)


@routes.post("/{complaint_id}/extension", responses=problems(404, 409))
def extend_one_complaint(
    complaint_id: UUID, body: ExtensionIn, session: Write, me: Me, house: HouseDep, now: Now
) -> ComplaintOut:
    """Give the answer more time, where the pack knows of it; the last step takes another person."""
    complaint = get(session, Complaint, complaint_id, me.scope, lock=True)
    longer = extend_complaint(
        session,
        complaint=complaint,
        extension=body.extension,
        reason=body.reason,
        law=law_of(house, get_any(session, Branch, complaint.branch_id)),
        by=get_any(session, Account, me.account_id),
        now=now,
    )
    return ComplaintOut.of(longer, _SILENT)
