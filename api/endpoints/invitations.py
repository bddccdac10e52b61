"""Invitations: offered by an admin or a manager, taken up once by who holds the link."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from api.cursors import Cursor, Limit, cursor_of, paged, read_cursor
from api.deps import HouseDep, Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.accounts import (
    AcceptanceIn,
    AccountOut,
    InvitationIn,
    InvitationMadeOut,
    InvitationOut,
)
from api.schemas.schema import Page
from dispatch.access.invitations import accept, invite, open_invitation, withdraw
from dispatch.access.passwords import require_good
from dispatch.model import Role
from dispatch.store import accounts

routes = router("invitations")


@routes.get("")
def list_invitations(
    session: Read, me: Me, now: Now, limit: Limit = 50, cursor: Cursor = None
) -> Page[InvitationOut]:
    """Return open invitations in sight."""
    (after,) = read_cursor(cursor, UUID) or (None,)
    scope = None if me.role is Role.ADMIN else me.scope
    found = accounts.open_invitations(session, scope=scope, now=now, after=after, limit=limit + 1)
    rows, last = paged(found, limit)
    return Page(
        items=[InvitationOut.of(one) for one in rows], next=cursor_of(last.id) if last else None
    )


@routes.post("", status_code=201, responses=problems(404, 409))
def create_invitation(
    body: InvitationIn, session: Write, me: Me, house: HouseDep, now: Now
) -> InvitationMadeOut:
    """Offer an account; token and link are told this once, to be handed to the person."""
    invitation, token = invite(session, by=me, **dict(body), now=now)
    link = f"{house.settings.base_url.rstrip('/')}/invitation/{token}"
    shown = InvitationOut.of(invitation).model_dump()
    return InvitationMadeOut(**shown, token=token, link=link)


@routes.delete("/{invitation_id}", status_code=204, responses=problems(404))
def delete_invitation(invitation_id: UUID, session: Write, me: Me, now: Now) -> None:
    """Withdraw an invitation: its link stops working."""
    withdraw(session, by=me, invitation_id=invitation_id, now=now)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A token with the hash of the new password, made before the transaction began."""

    token: str
    password_hash: str


async def _acceptance(
    token: Annotated[str, Path(min_length=20, max_length=100)],
    body: AcceptanceIn,
    house: HouseDep,
    now: Now,
) -> Acceptance:
    invitation = await house.read(lambda session: open_invitation(session, token=token, now=now))
    password = body.password.get_secret_value()
    require_good(password, login=invitation.login)
    return Acceptance(token, await house.hash(password))


@routes.post("/{token}/acceptance", status_code=201, responses=problems(404))
def accept_invitation(
    given: Annotated[Acceptance, Depends(_acceptance)], session: Write, now: Now
) -> AccountOut:
    """Take up an invitation with a password of one's own; works once."""
    account = accept(session, token=given.token, password_hash=given.password_hash, now=now)
    return AccountOut.of(account, accounts.branch_ids_of(session, account.id))
