"""Refresh: a long-lived token is used once and gives a new pair; used twice, all its kind end."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.access.issue import SignedIn, issue
from dispatch.access.tokens import Tokens, kept_hash
from dispatch.model import Account, RefreshToken, record
from dispatch.store import accounts
from dispatch.store.rows import find

NO_GRACE = timedelta(0)
PAGE_GRACE = timedelta(seconds=30)
"""A browser sends requests side by side: those that carry the token just used are no theft."""


def refresh(
    session: Session, *, token: str, tokens: Tokens, grace: timedelta = NO_GRACE, now: datetime
) -> SignedIn | None:
    """Return a new pair for a refresh token; None if it does not hold.

    A token that was used before ends its whole family: one of the two users is a thief, and
    which one can't be told.
    """
    kept = accounts.refresh_token(session, kept_hash(token), lock=True)
    account = find(session, Account, kept.account_id) if kept else None
    if kept is None or account is None or kept.revoked_at is not None:
        return None
    if account.disabled_at is not None or now >= kept.expires_at:
        return None
    if kept.used_at is not None and now - kept.used_at >= grace:
        _end_family(session, account, kept.family_id, why="used twice", now=now)
        return None
    kept.used_at = kept.used_at or now
    return issue(session, account, tokens=tokens, family_id=kept.family_id, now=now)


def revoke(session: Session, *, token: str, now: datetime) -> None:
    """End the sign-in that a refresh token belongs to; an unknown token changes nothing."""
    kept: RefreshToken | None = accounts.refresh_token(session, kept_hash(token), lock=True)
    account = find(session, Account, kept.account_id) if kept else None
    if kept is not None and account is not None and kept.revoked_at is None:
        _end_family(session, account, kept.family_id, why="signed out", now=now)


def sign_out(session: Session, *, account_id: UUID, family_id: UUID, now: datetime) -> None:
    """End one sign-in: its access tokens stop as well."""
    account = find(session, Account, account_id)
    if account is not None:
        _end_family(session, account, family_id, why="signed out", now=now)


def _end_family(
    session: Session, account: Account, family_id: UUID, *, why: str, now: datetime
) -> None:
    accounts.end_family(session, family_id, now=now)
    record(
        account,
        "account.sign_in_ended",
        actor=f"account:{account.id}",
        now=now,
        family=family_id,
        why=why,
    )
