"""Accounts: who there is, and shutting out."""

from uuid import UUID

from api.cursors import Cursor, Limit, cursor_of, paged, read_cursor
from api.deps import Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.accounts import AccountOut, BranchesIn
from api.schemas.care import CareTrainingIn
from api.schemas.schema import Page
from dispatch.access.accounts import disable, enable, place, seen_account, train_for_care
from dispatch.model import Role
from dispatch.store import accounts

routes = router("accounts")


@routes.get("")
def list_accounts(
    session: Read, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Page[AccountOut]:
    """Return accounts in sight by log-in."""
    (after,) = read_cursor(cursor, str) or (None,)
    scope = None if me.role is Role.ADMIN else me.scope
    rows, last = paged(accounts.page(session, scope=scope, after=after, limit=limit + 1), limit)
    seen = accounts.branch_ids_of_each(session, [one.id for one in rows])
    return Page(
        items=[AccountOut.of(one, seen[one.id]) for one in rows],
        next=cursor_of(last.login) if last else None,
    )


@routes.get("/{account_id}", responses=problems(404))
def read_account(account_id: UUID, session: Read, me: Me) -> AccountOut:
    """Return an account in sight."""
    account = seen_account(session, by=me, account_id=account_id)
    return AccountOut.of(account, accounts.branch_ids_of(session, account.id))


@routes.delete("/{account_id}", responses=problems(404, 409))
def disable_account(account_id: UUID, session: Write, me: Me, now: Now) -> AccountOut:
    """Shut an account out at once; it stays on record."""
    account = disable(session, by=me, account_id=account_id, now=now)
    return AccountOut.of(account, accounts.branch_ids_of(session, account.id))


@routes.post("/{account_id}/reinstatement", responses=problems(404, 409))
def enable_account(account_id: UUID, session: Write, me: Me, now: Now) -> AccountOut:
    """Let a disabled account in again."""
    account = enable(session, by=me, account_id=account_id, now=now)
    return AccountOut.of(account, accounts.branch_ids_of(session, account.id))


@routes.put("/{account_id}/branches", responses=problems(404))
def put_account_branches(
    account_id: UUID, body: BranchesIn, session: Write, me: Me, now: Now
) -> AccountOut:
    """Let an account see these branches and no other."""
    account = place(session, by=me, account_id=account_id, branch_ids=body.branch_ids, now=now)
    return AccountOut.of(account, accounts.branch_ids_of(session, account.id))


@routes.put("/{account_id}/care-training", responses=problems(404, 409))
def put_care_training(
    account_id: UUID, body: CareTrainingIn, session: Write, me: Me, now: Now
) -> AccountOut:
    """Note until when a manager or admin counts as trained to talk to people in distress."""
    account = train_for_care(session, by=me, account_id=account_id, until=body.until, now=now)
    return AccountOut.of(account, accounts.branch_ids_of(session, account.id))
