"""Accounts: the first admin, programs, and shutting an account out or letting it in again."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.access.identity import Identity
from dispatch.errors import AlreadyThere, NotFound, Refused
from dispatch.model import Account, Branch, Role, record
from dispatch.store import accounts
from dispatch.store.rows import find, get

_NONE = "There is no such account that you may see."


def first_admin(
    session: Session, *, login: str, name: str, password_hash: str, now: datetime
) -> Account:
    """Return the first admin of a fresh installation; every other account is invited.

    Raises
    ------
    AlreadyThere
        If an admin exists: ask them for an invitation.
    """
    if accounts.has_admin(session):
        msg = "There is an admin already; ask them for an invitation."
        raise AlreadyThere(msg)
    return open_account(
        session,
        login=login,
        name=name,
        role=Role.ADMIN,
        password_hash=password_hash,
        actor="operator",
        now=now,
    )


def open_account(
    session: Session,
    *,
    login: str,
    name: str,
    role: Role,
    password_hash: str,
    branch_ids: list[UUID] | None = None,
    agent_id: UUID | None = None,
    language: str = "en",
    actor: str,
    now: datetime,
) -> Account:
    """Return a new account: for the operator's command and the demo, not for requests.

    Raises
    ------
    AlreadyThere
        If the log-in is taken.
    """
    if accounts.by_login(session, login) is not None:
        msg = "There is an account with this log-in; choose another."
        raise AlreadyThere(msg)
    account = Account(
        login=accounts.folded(login),
        name=name,
        role=role,
        password_hash=password_hash,
        agent_id=agent_id,
        language=language,
        created_at=now,
    )
    session.add(account)
    session.flush()
    accounts.give_branches(session, account.id, branch_ids or [])
    record(account, "account.created", actor=actor, now=now, role=role)
    return account


def seen_account(session: Session, *, by: Identity, account_id: UUID) -> Account:
    """Return an account in sight: an admin's everything, a manager's that of the own branches.

    Raises
    ------
    NotFound
        If there is none in sight.
    """
    account = find(session, Account, account_id)
    if account is None or not (
        by.role is Role.ADMIN or accounts.is_in_sight(session, account, by.scope)
    ):
        raise NotFound(_NONE)
    return account


def disable(session: Session, *, by: Identity, account_id: UUID, now: datetime) -> Account:
    """Shut an account out: its tokens stop at once. Repeating it changes nothing.

    Raises
    ------
    Refused
        If it is the last admin, or a manager names anybody but an agent.
    """
    account = seen_account(session, by=by, account_id=account_id)
    if account.disabled_at is not None:
        return account
    if by.role is not Role.ADMIN and account.role is not Role.AGENT:
        msg = "A manager disables agents' accounts; ask an admin for this one."
        raise Refused(msg)
    if account.role is Role.ADMIN and accounts.open_admins(session) == 1:
        msg = "This is the last admin; invite another first, else nobody could let anyone in."
        raise Refused(msg)
    account.disable(actor=by.actor, now=now)
    accounts.end_all_families(session, account.id, now=now)
    return account


def enable(session: Session, *, by: Identity, account_id: UUID, now: datetime) -> Account:
    """Let a disabled account in again; earlier tokens stay dead.

    Raises
    ------
    Refused
        If a manager names anybody but an agent: whom an admin shut out, an admin lets in.
    """
    account = seen_account(session, by=by, account_id=account_id)
    if by.role is not Role.ADMIN and account.role is not Role.AGENT:
        msg = "A manager lets agents in again; ask an admin for this account."
        raise Refused(msg)
    if account.disabled_at is not None:
        account.disabled_at, account.failures, account.locked_until = None, 0, None
        account.version += 1
        record(account, "account.enabled", actor=by.actor, now=now)
    return account


def place(
    session: Session, *, by: Identity, account_id: UUID, branch_ids: list[UUID], now: datetime
) -> Account:
    """Let an account see these branches and no other.

    Raises
    ------
    NotFound
        If the account or one of the branches is out of sight.
    """
    account = seen_account(session, by=by, account_id=account_id)
    for branch_id in branch_ids:
        get(session, Branch, branch_id, by.scope)
    accounts.give_branches(session, account.id, branch_ids)
    record(account, "account.placed", actor=by.actor, now=now, branches=sorted(branch_ids))
    return account


def change_password(
    session: Session, *, account_id: UUID, password_hash: str, now: datetime
) -> Account:
    """Keep a new password; every sign-in of the account ends, this one too."""
    account = find(session, Account, account_id, lock=True)
    if account is None:
        raise NotFound(_NONE)
    account.password_hash = password_hash
    account.version += 1
    accounts.end_all_families(session, account.id, now=now)
    record(account, "account.password_changed", actor=f"account:{account.id}", now=now)
    return account


def train_for_care(
    session: Session, *, by: Identity, account_id: UUID, until: date | None, now: datetime
) -> Account:
    """Note until when somebody counts as trained to talk to people in distress.

    Raises
    ------
    Refused
        If the account is an agent's or a program's: whoever collects is no specialist of theirs.
    """
    account = seen_account(session, by=by, account_id=account_id)
    if account.role not in {Role.ADMIN, Role.MANAGER}:
        msg = "Whoever goes out to visits is no specialist for the same people; name a manager."
        raise Refused(msg)
    account.train_for_care(until, actor=by.actor, now=now)
    session.add(account)
    return account
