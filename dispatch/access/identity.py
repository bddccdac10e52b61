"""Identity: who is asking, as what, and which branches are in their sight."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.access.tokens import NOT_SIGNED_IN, Claims
from dispatch.errors import Unauthenticated
from dispatch.model import Account, Role
from dispatch.store import accounts
from dispatch.store.rows import find
from dispatch.store.scope import Scope


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody signed in, as the account's row says at this moment."""

    account_id: UUID
    family_id: UUID
    role: Role
    scope: Scope
    login: str
    name: str
    language: str
    agent_id: UUID | None = None

    @property
    def actor(self) -> str:
        """The name under which acts are recorded."""
        return f"account:{self.account_id}"

    def may_see_people(self) -> bool:
        """Whether names, addresses, contacts and amounts of borrowers are shown to this role."""
        return self.role is Role.MANAGER


def identify(session: Session, claims: Claims, *, now: datetime) -> Identity:
    """Return who holds these claims, asked of the rows: a disabled account is out at once.

    Raises
    ------
    Unauthenticated
        If the account is gone, disabled or changed since, or the sign-in was ended.
    """
    account = find(session, Account, claims.account_id)
    if (
        account is None
        or (account.disabled_at is not None and account.disabled_at <= now)
        or account.version != claims.version
        or accounts.is_family_ended(session, claims.family_id)
    ):
        raise Unauthenticated(NOT_SIGNED_IN)
    return Identity(
        account_id=account.id,
        family_id=claims.family_id,
        role=account.role,
        scope=sight(session, account),
        login=account.login,
        name=account.name,
        language=account.language,
        agent_id=account.agent_id,
    )


def sight(session: Session, account: Account) -> Scope:
    """Return the branches in the account's sight: all for an admin, else those it was given."""
    if account.role is Role.ADMIN:
        return Scope.of(accounts.all_branch_ids(session))
    return Scope.of(accounts.branch_ids_of(session, account.id))
