"""Invitations: an offer of an account, taken up once by who holds the link."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.access.identity import Identity
from dispatch.access.tokens import kept_hash
from dispatch.errors import AlreadyThere, Forbidden, Invalid, NotFound
from dispatch.ids import new_token
from dispatch.model import Account, Agent, Branch, Invitation, Role, record
from dispatch.store import accounts
from dispatch.store.rows import find, get

LASTS = timedelta(days=7)
_NOT_OPEN = (
    "This invitation is not open: it was used, withdrawn or has run out; ask for a new one."
)


def invite(
    session: Session,
    *,
    by: Identity,
    login: str,
    name: str,
    role: Role,
    branch_id: UUID | None = None,
    agent_id: UUID | None = None,
    now: datetime,
) -> tuple[Invitation, str]:
    """Return a new invitation and its token, which is told once and never kept.

    Raises
    ------
    Forbidden
        If the role is not the inviter's to give.
    NotFound
        If the branch or the agent is out of the inviter's sight.
    Invalid
        If an agent's invitation names no agent of the branch, or a role other than admin no branch.
    AlreadyThere
        If the log-in has an account.
    """
    _require_right(by, role)
    _require_place(session, by, role, branch_id, agent_id)
    if accounts.by_login(session, login) is not None:
        msg = "There is an account with this log-in; disable it or choose another log-in."
        raise AlreadyThere(msg)
    reach = None if by.role is Role.ADMIN else by.scope
    accounts.withdraw_earlier(session, login, scope=reach, role=role, now=now)
    token = new_token()
    invitation = Invitation(
        login=accounts.folded(login),
        name=name,
        role=role,
        branch_id=branch_id,
        agent_id=agent_id,
        token_hash=kept_hash(token),
        invited_by=by.account_id,
        expires_at=now + LASTS,
    )
    session.add(invitation)
    record(invitation, "invitation.made", actor=by.actor, now=now, role=role)
    return invitation, token


def withdraw(session: Session, *, by: Identity, invitation_id: UUID, now: datetime) -> None:
    """Withdraw an invitation: its link stops working."""
    invitation = find(session, Invitation, invitation_id, lock=True)
    if invitation is None or not (by.role is Role.ADMIN or by.scope.holds(invitation.branch_id)):
        msg = "There is no such invitation that you may see."
        raise NotFound(msg)
    _require_right(by, invitation.role)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = now
        record(invitation, "invitation.withdrawn", actor=by.actor, now=now)


def open_invitation(
    session: Session, *, token: str, lock: bool = False, now: datetime
) -> Invitation:
    """Return the open invitation of a token.

    Raises
    ------
    NotFound
        If there is none, it was used, withdrawn or has run out, or who offered it is shut out by
        now: all look the same.
    """
    invitation = accounts.invitation_by_hash(session, kept_hash(token), lock=lock)
    if (
        invitation is None
        or invitation.accepted_at is not None
        or invitation.withdrawn_at is not None
        or now >= invitation.expires_at
        or _is_shut_out(session, invitation.invited_by)
    ):
        raise NotFound(_NOT_OPEN)
    return invitation


def _is_shut_out(session: Session, account_id: UUID | None) -> bool:
    inviter = find(session, Account, account_id) if account_id is not None else None
    return inviter is not None and inviter.disabled_at is not None


def accept(session: Session, *, token: str, password_hash: str, now: datetime) -> Account:
    """Return the account that the invitation offered, with the password of the invited person."""
    invitation = open_invitation(session, token=token, lock=True, now=now)
    if accounts.by_login(session, invitation.login) is not None:
        raise NotFound(_NOT_OPEN)  # never take over an account that exists
    account = Account(
        login=invitation.login,
        name=invitation.name,
        role=invitation.role,
        password_hash=password_hash,
        agent_id=invitation.agent_id,
        created_at=now,
    )
    session.add(account)
    session.flush()
    if invitation.branch_id is not None:
        accounts.give_branches(session, account.id, [invitation.branch_id])
    invitation.accepted_at = now
    record(
        account,
        "account.created",
        actor=f"account:{account.id}",
        now=now,
        role=account.role,
        invitation=invitation.id,
    )
    return account


def _require_right(by: Identity, role: Role) -> None:
    if by.role is Role.ADMIN or (by.role is Role.MANAGER and role is Role.AGENT):
        return
    msg = "A manager invites agents; an admin invites everybody else."
    raise Forbidden(msg)


def _require_place(
    session: Session, by: Identity, role: Role, branch_id: UUID | None, agent_id: UUID | None
) -> None:
    if branch_id is not None:
        get(session, Branch, branch_id, by.scope)
    elif role is not Role.ADMIN:
        msg = "Name the branch that the account is for; only an admin's has none."
        raise Invalid(msg)
    agent = get(session, Agent, agent_id, by.scope) if agent_id is not None else None
    if (role is Role.AGENT) != (agent is not None):
        msg = "An agent's account names the agent on the roster, and no other account does."
        raise Invalid(msg)
    if agent is not None and agent.branch_id != branch_id:
        msg = "The agent belongs to another branch than the invitation names."
        raise Invalid(msg)
