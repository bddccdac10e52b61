"""Sign in: the result of a comparison becomes tokens, or a failure that is counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.access.issue import SignedIn, issue
from dispatch.access.passwords import Comparison
from dispatch.access.tokens import Tokens
from dispatch.ids import new_id
from dispatch.model import Account, Role, record
from dispatch.store import accounts
from dispatch.store.rows import find

FREE_TRIES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)

REFUSAL = (
    "The log-in or the password is wrong, or there were too many tries; "
    "check both, wait a minute, and try again."
)
"""One sentence for every reason: it must not tell which log-ins exist."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is kept for a log-in that somebody claims: nothing, where it is unknown."""

    account_id: UUID | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Presented:
    """Who claims to be whom, with the password already compared (before the transaction)."""

    account_id: UUID | None
    comparison: Comparison


def claim(session: Session, login: str) -> Claimed:
    """Return what is kept for a log-in, known or not; compare it after the session is closed."""
    account = accounts.by_login(session, login)
    return Claimed(account.id, account.password_hash) if account else Claimed(None, None)


def sign_in(
    session: Session,
    *,
    presented: Presented,
    tokens: Tokens,
    is_program: bool = False,
    now: datetime,
) -> SignedIn | None:
    """Return tokens for a right password; None, with the failure counted, for anything else.

    Persons sign in with a password, programs with client credentials; neither way opens for the
    other. A pause after failures holds even for the right password, so that guesses sent side by
    side gain nothing.
    """
    if presented.account_id is None:
        return None
    account = find(session, Account, presented.account_id, lock=True)
    if account is None:
        return None
    is_paused = account.locked_until is not None and now < account.locked_until
    is_open = account.disabled_at is None and (account.role is Role.SERVICE) is is_program
    if is_paused or not is_open:
        return None
    if not presented.comparison.is_right:
        _count_failure(account, now=now)
        return None
    account.failures, account.locked_until = 0, None
    account.password_hash = presented.comparison.new_hash or account.password_hash
    signed_in = issue(
        session, account, tokens=tokens, family_id=new_id(), can_refresh=not is_program, now=now
    )
    record(account, "account.signed_in", actor=f"account:{account.id}", now=now)
    return signed_in


def _count_failure(account: Account, *, now: datetime) -> None:
    account.failures += 1
    over = account.failures - FREE_TRIES
    if over >= 0:
        account.locked_until = now + min(FIRST_PAUSE * 2 ** min(over, 10), LONGEST_PAUSE)
        record(
            account,
            "account.paused",
            actor="service",
            now=now,
            failures=account.failures,
            until=account.locked_until,
        )
