"""Accounts, what they may see, and the tokens and invitations that lead to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from dispatch.model import (
    Account,
    AccountBranch,
    Branch,
    Evidence,
    Invitation,
    RefreshToken,
    Role,
)
from dispatch.store.scope import Scope


def by_login(session: Session, login: str) -> Account | None:
    """Return the account that signs in under this name, whatever the case of its letters."""
    return session.exec(select(Account).where(Account.login == folded(login))).first()


def folded(login: str) -> str:
    """Return a log-in as it is kept: without spaces around, in small letters."""
    return login.strip().casefold()


def all_branch_ids(session: Session) -> list[UUID]:
    """Return every branch there is: an admin's sight."""
    return list(session.exec(select(Branch.id)))


def branch_ids_of(session: Session, account_id: UUID) -> list[UUID]:
    """Return the branches an account was given."""
    return list(
        session.exec(select(AccountBranch.branch_id).where(AccountBranch.account_id == account_id))
    )


def branch_ids_of_each(session: Session, account_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """Return the branches of several accounts, in one question."""
    found: dict[UUID, list[UUID]] = {one: [] for one in account_ids}
    rows = session.exec(
        select(AccountBranch).where(col(AccountBranch.account_id).in_(account_ids))
    )
    for row in rows:
        found[row.account_id].append(row.branch_id)
    return found


def give_branches(session: Session, account_id: UUID, branch_ids: list[UUID]) -> None:
    """Let the account see these branches and no other."""
    session.exec(delete(AccountBranch).where(col(AccountBranch.account_id) == account_id))
    session.add_all(
        AccountBranch(account_id=account_id, branch_id=one) for one in sorted(set(branch_ids))
    )
    session.flush()


def is_in_sight(session: Session, account: Account, scope: Scope) -> bool:
    """Whether an account shares a branch with the scope; one without any is an admin's alone."""
    return any(scope.holds(one) for one in branch_ids_of(session, account.id))


def has_admin(session: Session) -> bool:
    """Whether an admin exists who is not shut out."""
    found = session.exec(
        select(Account.id).where(Account.role == Role.ADMIN, col(Account.disabled_at).is_(None))
    )
    return found.first() is not None


def open_admins(session: Session) -> int:
    """Return how many admins are not shut out; locked, so that the last two can't leave at once."""
    rows = session.exec(
        select(Account)
        .where(Account.role == Role.ADMIN, col(Account.disabled_at).is_(None))
        .order_by(col(Account.id))
        .with_for_update()
    )
    return len(list(rows))


def page(
    session: Session, *, scope: Scope | None, after: str | None = None, limit: int
) -> list[Account]:
    """Return accounts by log-in: those that share a branch with the scope; all where it is None."""
    statement = select(Account).order_by(col(Account.login)).limit(limit)
    if scope is not None:
        shared = select(AccountBranch.account_id).where(
            col(AccountBranch.branch_id).in_(scope.branch_ids)
        )
        statement = statement.where(col(Account.id).in_(shared))
    if after is not None:
        statement = statement.where(col(Account.login) > after)
    return list(session.exec(statement))


def refresh_token(session: Session, token_hash: str, *, lock: bool = False) -> RefreshToken | None:
    """Return a refresh token by its hash; `lock` lets two uses at once come one after the other."""
    statement = select(RefreshToken).where(RefreshToken.token_hash == token_hash)
    if lock:
        statement = statement.with_for_update()
    return session.exec(statement).first()


def end_family(session: Session, family_id: UUID, *, now: datetime) -> None:
    """Revoke every token of a sign-in, used ones too."""
    session.exec(
        update(RefreshToken)
        .where(
            col(RefreshToken.family_id) == family_id,
            col(RefreshToken.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )


def end_all_families(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Revoke every token of an account."""
    session.exec(
        update(RefreshToken)
        .where(
            col(RefreshToken.account_id) == account_id,
            col(RefreshToken.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )


def is_family_ended(session: Session, family_id: UUID) -> bool:
    """Whether a sign-in was ended (a program's has no refresh tokens, and ends by itself)."""
    found = session.exec(
        select(RefreshToken.id).where(
            RefreshToken.family_id == family_id, col(RefreshToken.revoked_at).is_not(None)
        )
    )
    return found.first() is not None


def invitation_by_hash(
    session: Session, token_hash: str, *, lock: bool = False
) -> Invitation | None:
    """Return an invitation by its token's hash."""
    statement = select(Invitation).where(Invitation.token_hash == token_hash)
    if lock:
        statement = statement.with_for_update()
    return session.exec(statement).first()


def open_invitations(
    session: Session, *, scope: Scope | None, now: datetime, after: UUID | None, limit: int
) -> list[Invitation]:
    """Return invitations not yet taken up, withdrawn or expired; all where the scope is None."""
    statement = (
        select(Invitation)
        .where(
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .order_by(col(Invitation.id))
        .limit(limit)
    )
    if scope is not None:
        statement = statement.where(col(Invitation.branch_id).in_(scope.branch_ids))
    if after is not None:
        statement = statement.where(col(Invitation.id) > after)
    return list(session.exec(statement))


def withdraw_earlier(
    session: Session, login: str, *, scope: Scope | None, role: Role, now: datetime
) -> None:
    """Withdraw open invitations for a log-in: only the newest link works.

    `scope` and `role` keep whoever may not withdraw an invitation from replacing it: those of
    other branches, and to another role, stay; None for an admin, who may.
    """
    chosen = update(Invitation).where(
        col(Invitation.login) == folded(login),
        col(Invitation.accepted_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )
    if scope is not None:
        chosen = chosen.where(
            col(Invitation.branch_id).in_(scope.branch_ids), col(Invitation.role) == role
        )
    session.exec(chosen.values(withdrawn_at=now))


def acts_on(session: Session, account_id: UUID) -> list[Evidence]:
    """Return what is on record about an account, in order."""
    return list(
        session.exec(
            select(Evidence)
            .where(Evidence.subject_id == account_id)
            .order_by(col(Evidence.number))
        )
    )


def desk_of(session: Session, branch_id: UUID) -> list[Account]:
    """Return who works at a branch's desk and goes out to no visits, by name."""
    given = select(AccountBranch.account_id).where(AccountBranch.branch_id == branch_id)
    chosen = select(Account).where(
        col(Account.agent_id).is_(None),
        col(Account.disabled_at).is_(None),
        (col(Account.role) == Role.ADMIN)
        | ((col(Account.role) == Role.MANAGER) & col(Account.id).in_(given)),
    )
    return list(session.exec(chosen.order_by(col(Account.name), col(Account.id))))
