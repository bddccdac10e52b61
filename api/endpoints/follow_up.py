"""After a visit: promises, lifting holds, and incidents for a person to look at."""

from datetime import date
from uuid import UUID

from api.cursors import Cursor, Limit, an_instant, cursor_of, paged, read_cursor
from api.deps import Me, Now, Read, SeenDep, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.follow_up import ClosureIn, HoldOut, IncidentOut, PromiseOut, ReleaseIn
from api.schemas.schema import Page
from dispatch.fieldwork.close_incident import close_incident
from dispatch.followup.holds import is_specialist, release_hold
from dispatch.model import (
    Account,
    Branch,
    Case,
    Hold,
    Incident,
    IncidentState,
    Person,
    PromiseState,
)
from dispatch.store import incidents
from dispatch.store import promises as kept
from dispatch.store.rows import get, get_any, get_many

promises = router("promises", tag="follow-up")
holds = router("holds", tag="follow-up")
of_incidents = router("incidents", tag="follow-up")


@promises.get("", responses=problems(404))
def list_promises(
    branch_id: UUID,
    session: Read,
    me: Me,
    vault: VaultDep,
    seen: SeenDep,
    state: PromiseState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PromiseOut]:
    """Return a branch's promises, the earliest due first; amounts for roles that see people."""
    branch = get(session, Branch, branch_id, me.scope)
    after = read_cursor(cursor, date.fromisoformat, UUID)
    found = kept.page(
        session,
        me.scope,
        branch_id=branch.id,
        state=state,
        after=after,
        limit=limit + 1,
    )
    rows, last = paged(found, limit)
    people = get_many(session, Person, {one.person_id for one in rows})
    sees = me.may_see_people()
    seen.note(*get_many(session, Case, {one.case_id for one in rows} if sees else set()).values())
    return Page(
        items=[
            PromiseOut.of(one, vault.read(people[one.person_id], one, "amount") if sees else None)
            for one in rows
        ],
        next=cursor_of(last.due_on, last.id) if last else None,
    )


@holds.post("/{hold_id}/release", responses=problems(404, 409))
def release_one_hold(hold_id: UUID, body: ReleaseIn, session: Write, me: Me, now: Now) -> HoldOut:
    """Lift a hold, with a reason; some rest on the person's own word, some on a specialist's."""
    hold = get(session, Hold, hold_id, me.scope)
    lifted = release_hold(
        session,
        hold=hold,
        reason=body.told(),
        role=me.role,
        actor=me.actor,
        now=now,
        is_specialist=is_specialist(
            get_any(session, Account, me.account_id),
            get_any(session, Branch, hold.branch_id),
            names_one=body.specialist is not None,
            now=now,
        ),
        by_person=body.persons_word is not None,
    )
    return HoldOut.of(lifted)


@of_incidents.get("", responses=problems(404))
def list_incidents(
    session: Read,
    me: Me,
    branch_id: UUID | None = None,
    state: IncidentState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[IncidentOut]:
    """Return incidents of branches in sight, the newest first."""
    after = read_cursor(cursor, an_instant, UUID)
    if branch_id is not None:
        get(session, Branch, branch_id, me.scope)
    found = incidents.page(
        session,
        me.scope,
        branch_id=branch_id,
        state=state,
        after=after,
        limit=limit + 1,
    )
    rows, last = paged(found, limit)
    return Page(
        items=[IncidentOut.of(one) for one in rows],
        next=cursor_of(last.opened_at, last.id) if last else None,
    )


@of_incidents.post("/{incident_id}/closure", responses=problems(404))
def close_one_incident(
    incident_id: UUID, body: ClosureIn, session: Write, me: Me, now: Now
) -> IncidentOut:
    """Close an incident with what was done about it."""
    incident = get(session, Incident, incident_id, me.scope, lock=True)
    closed = close_incident(
        session, incident=incident, actor=me.actor, now=now, **body.model_dump()
    )
    return IncidentOut.of(closed)
