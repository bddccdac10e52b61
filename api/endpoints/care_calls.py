"""Calls that are owed to people, and the holds that protect them."""

from uuid import UUID

from api.cursors import Cursor, Limit, an_instant, cursor_of, paged, read_cursor
from api.deps import HouseDep, Me, Now, Read, SeenDep, VaultDep, Write
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.care import CallStepIn, CareCallOut, HoldIn
from api.schemas.follow_up import HoldOut
from api.schemas.schema import Page
from dispatch.care.calls import step_call
from dispatch.care.holds import put_hold
from dispatch.model import Account, Branch, CareCall, Case, Person
from dispatch.store import care
from dispatch.store.rows import get, get_any, get_many

routes = router("care-calls", tag="care")
holds = router("holds", tag="care")


@routes.get("", responses=problems(404))
def list_care_calls(
    session: Read,
    me: Me,
    vault: VaultDep,
    seen: SeenDep,
    branch_id: UUID | None = None,
    is_open: bool | None = None,
    limit: Limit = 50,
) -> Page[CareCallOut]:
    """Return calls of branches in sight, the first due first."""
    if branch_id is not None:
        get(session, Branch, branch_id, me.scope)
    rows = care.calls(session, me.scope, branch_id=branch_id, is_open=is_open, limit=limit)
    sees = me.may_see_people()
    people = get_many(session, Person, {one.person_id for one in rows} if sees else set())
    seen.note(*get_many(session, Case, {one.case_id for one in rows} if sees else set()).values())
    return Page(
        items=[
            CareCallOut.of(one, vault.read(people[one.person_id], one, "note") if sees else None)
            for one in rows
        ]
    )


@routes.post("/{call_id}/steps", responses=problems(404, 409))
def step_one_care_call(
    call_id: UUID, body: CallStepIn, session: Write, me: Me, vault: VaultDep, now: Now
) -> CareCallOut:
    """Take a call, put it back, or say what came of it; for people trained for care."""
    call = step_call(
        session,
        vault=vault,
        call=get(session, CareCall, call_id, me.scope, lock=True),
        to=body.to,
        words=body.words,
        by=get_any(session, Account, me.account_id),
        now=now,
    )
    return CareCallOut.of(call, None)


@holds.get("", responses=problems(404))
def list_holds(
    branch_id: UUID, session: Read, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Page[HoldOut]:
    """Return a branch's holds in force, the oldest first, each with who may release it."""
    branch = get(session, Branch, branch_id, me.scope)
    found = care.standing_holds(
        session,
        me.scope,
        branch_id=branch.id,
        after=read_cursor(cursor, an_instant, UUID),
        limit=limit + 1,
    )
    rows, last = paged(found, limit)
    return Page(
        items=[HoldOut.of(one) for one in rows],
        next=cursor_of(last.from_at, last.id) if last else None,
    )


@holds.post("", status_code=201, responses=problems(404))
def create_hold(body: HoldIn, session: Write, me: Me, house: HouseDep, now: Now) -> HoldOut:
    """Stop visits for what was learnt by phone, by letter or from the news; at once, everywhere."""
    case = get(session, Case, body.case_id, me.scope)
    hold = put_hold(
        session,
        case=case,
        kind=body.kind,
        until_at=body.until_at,
        is_for_case=body.is_for_case,
        law=law_of(house, get_any(session, Branch, case.branch_id)),
        actor=me.actor,
        now=now,
    )
    return HoldOut.of(hold)
