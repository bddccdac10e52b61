"""Packs of the lender's own: what was proposed, and the second person's word."""

from uuid import UUID

from fastapi.responses import Response

from api.deps import Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.law import PackChangeIn, PackChangeOut, PackDecisionIn
from api.schemas.schema import Page
from dispatch.model import Account, PackChange
from dispatch.roster.packs import decide_pack, propose_pack
from dispatch.store import law
from dispatch.store.rows import get_any

routes = router("pack-changes")

MOST = 200
"""Changes in a list; older ones are in the evidence log."""


@routes.get("")
def list_pack_changes(session: Read) -> Page[PackChangeOut]:
    """Return the newest changes of packs, with every difference."""
    found = law.changes(session, None, limit=MOST)
    return Page(items=[PackChangeOut.of(one) for one in found], next=None)


@routes.post("", status_code=201, responses=problems(403, 422))
def create_pack_change(
    body: PackChangeIn, response: Response, session: Write, me: Me, now: Now
) -> PackChangeOut:
    """Put a pack's text before a second person; nothing is changed yet."""
    change = propose_pack(
        session,
        text=body.text,
        ground=body.ground,
        account=get_any(session, Account, me.account_id),
        now=now,
    )
    response.headers["Location"] = f"/v1/pack-changes/{change.id}"
    return PackChangeOut.of(change)


@routes.post("/{change_id}/decision", responses=problems(403, 404, 409, 422))
def decide_pack_change(
    change_id: UUID, body: PackDecisionIn, session: Write, me: Me, now: Now
) -> PackChangeOut:
    """Adopt or refuse a change, by somebody else than who proposed it."""
    change = get_any(session, PackChange, change_id, lock=True)
    account = get_any(session, Account, me.account_id)
    decide_pack(session, change=change, is_adopted=body.adopt, account=account, now=now)
    return PackChangeOut.of(change)
