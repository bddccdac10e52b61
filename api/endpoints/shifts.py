"""Shifts."""

from datetime import date
from uuid import UUID

from fastapi.responses import Response

from api.cursors import Cursor, Limit, an_instant, cursor_of, paged, read_cursor
from api.deps import Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.roster import ShiftIn, ShiftOut
from api.schemas.schema import Page
from dispatch.model import Agent, Branch, Shift
from dispatch.roster.shifts import add_shift, remove_shift
from dispatch.store import listing
from dispatch.store.rows import get

routes = router("shifts")


@routes.get("")
def list_shifts(
    session: Read,
    me: Me,
    from_on: date,
    to_on: date,
    branch_id: UUID | None = None,
    agent_id: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[ShiftOut]:
    """Return the shifts of these service dates, both included, by start."""
    rows, last = paged(
        listing.shifts(
            session,
            me.scope,
            from_on=from_on,
            to_on=to_on,
            branch_id=branch_id,
            agent_id=agent_id,
            after=read_cursor(cursor, an_instant, UUID),
            limit=limit + 1,
        ),
        limit,
    )
    return Page(
        items=[ShiftOut.of(one) for one in rows],
        next=cursor_of(last.starts_at, last.id) if last else None,
    )


@routes.post("", status_code=201, responses=problems(404, 409))
def create_shift(body: ShiftIn, response: Response, session: Write, me: Me, now: Now) -> ShiftOut:
    """Add a shift to the roster."""
    agent = get(session, Agent, body.agent_id, me.scope, lock=True)
    branch = get(session, Branch, agent.branch_id, me.scope)
    times = body.model_dump(exclude={"agent_id"})
    shift = add_shift(session, branch=branch, agent=agent, **times, actor=me.actor, now=now)
    response.headers["Location"] = f"/v1/shifts/{shift.id}"
    return ShiftOut.of(shift)


@routes.get("/{shift_id}", responses=problems(404))
def read_shift(shift_id: UUID, session: Read, me: Me) -> ShiftOut:
    """Return a shift."""
    return ShiftOut.of(get(session, Shift, shift_id, me.scope))


@routes.delete("/{shift_id}", status_code=204, responses=problems(404))
def delete_shift(shift_id: UUID, session: Write, me: Me, now: Now) -> None:
    """Take a shift off the roster."""
    shift = get(session, Shift, shift_id, me.scope)
    remove_shift(session, shift=shift, actor=me.actor, now=now)
