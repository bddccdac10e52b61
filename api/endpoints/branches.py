"""Branches, and the days of their own calendars."""

from datetime import date
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from api.cursors import LONGEST_PAGE, Cursor, Limit, cursor_of, paged, read_cursor
from api.deps import IfMatch, Me, Now, Read, VaultDep, Write
from api.etags import tag_of, tagged
from api.problems import problems
from api.router import router
from api.schemas.branches import BranchIn, BranchOut, BranchPatch, HolidayIn, HolidayOut
from api.schemas.schema import Page
from dispatch.errors import NotFound
from dispatch.model import Branch, CalendarReason
from dispatch.roster.branches import change_branch as change
from dispatch.roster.branches import open_branch
from dispatch.roster.holidays import remove_holiday, set_holiday
from dispatch.store import branches, listing
from dispatch.store.rows import get

routes = router("branches")


@routes.get("")
def list_branches(
    session: Read, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Page[BranchOut]:
    """Return branches in sight by name."""
    after = read_cursor(cursor, str, UUID)
    found = branches.page(session, me.scope, after=after, limit=limit + 1)
    rows, last = paged(found, limit)
    return Page(
        items=[BranchOut.of(one) for one in rows],
        next=cursor_of(last.name, last.id) if last else None,
    )


@routes.post("", status_code=201, responses=problems(409))
def create_branch(
    body: BranchIn, response: Response, session: Write, me: Me, vault: VaultDep, now: Now
) -> BranchOut:
    """Open a branch with its lender, its agency and a data key."""
    fields = body.model_dump(exclude_none=True)
    branch, _ = open_branch(session, vault=vault, actor=me.actor, now=now, **fields)
    response.headers["Location"] = f"/v1/branches/{branch.id}"
    return BranchOut.of(branch)


@routes.get("/{branch_id}", response_model=BranchOut, responses=problems(404))
def read_branch(request: Request, branch_id: UUID, session: Read, me: Me) -> Response:
    """Return a branch with its ETag."""
    return tagged(request, BranchOut.of(get(session, Branch, branch_id, me.scope)))


@routes.patch("/{branch_id}", response_model=BranchOut, responses=problems(404, 409, 428))
def change_branch(
    request: Request,
    branch_id: UUID,
    body: BranchPatch,
    seen: IfMatch,
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Change a branch's habits; If-Match names the version they were read from."""
    branch = get(session, Branch, branch_id, me.scope, lock=True)
    seen.require(tag_of(BranchOut.of(branch)))
    changes = body.model_dump(exclude_unset=True)
    change(session, branch=branch, changes=changes, actor=me.actor, now=now)
    return tagged(request, BranchOut.of(branch))


@routes.get("/{branch_id}/holidays", responses=problems(404))
def list_holidays(branch_id: UUID, session: Read, me: Me) -> Page[HolidayOut]:
    """Return the newest 200 days of a branch's own calendar."""
    branch = get(session, Branch, branch_id, me.scope)
    rows = listing.holidays(session, branch.id, limit=LONGEST_PAGE)
    return Page(items=[HolidayOut.of(one) for one in rows])


@routes.put("/{branch_id}/holidays/{day_on}", responses=problems(404))
def put_holiday(
    branch_id: UUID, day_on: date, body: HolidayIn, session: Write, me: Me, now: Now
) -> HolidayOut:
    """Set what a day is in the branch's own calendar."""
    branch = get(session, Branch, branch_id, me.scope)
    return HolidayOut.of(
        set_holiday(
            session,
            branch=branch,
            day_on=day_on,
            name=body.name,
            kind=body.kind,
            reason=body.reason,
            actor=me.actor,
            now=now,
        )
    )


@routes.delete("/{branch_id}/holidays/{day_on}", status_code=204, responses=problems(404))
def delete_holiday(
    branch_id: UUID,
    day_on: date,
    session: Write,
    me: Me,
    now: Now,
    reason: CalendarReason | None = None,
) -> None:
    """Let the country's calendar speak for the day again."""
    branch = get(session, Branch, branch_id, me.scope)
    holiday = listing.holiday_on(session, branch.id, day_on)
    if holiday is None:
        msg = f"The branch's own calendar says nothing about {day_on}."
        raise NotFound(msg)
    remove_holiday(session, holiday=holiday, actor=me.actor, now=now, reason=reason)
