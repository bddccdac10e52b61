"""What a sign-in hands out: an access token and, to a person, a refresh token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.access.tokens import Tokens, kept_hash
from dispatch.ids import new_token
from dispatch.model import Account, RefreshToken


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that succeeded: the tokens, each handed out once."""

    account_id: UUID
    family_id: UUID
    access: str
    access_lasts_s: int
    refresh: str | None
    refresh_lasts_s: int


def issue(
    session: Session,
    account: Account,
    *,
    tokens: Tokens,
    family_id: UUID,
    can_refresh: bool = True,
    now: datetime,
) -> SignedIn:
    """Return an access token and, unless it is a program's, a refresh token of the family."""
    secret = new_token() if can_refresh else None
    if secret is not None:
        session.add(
            RefreshToken(
                account_id=account.id,
                family_id=family_id,
                token_hash=kept_hash(secret),
                issued_at=now,
                expires_at=now + tokens.refresh_lasts,
            )
        )
    return SignedIn(
        account_id=account.id,
        family_id=family_id,
        access=tokens.access(account, family_id=family_id, now=now),
        access_lasts_s=int(tokens.access_lasts.total_seconds()),
        refresh=secret,
        refresh_lasts_s=int(tokens.refresh_lasts.total_seconds()) if secret else 0,
    )
