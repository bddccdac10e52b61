"""Account: who may sign in, as what, for which branches; and the devices agents carry."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, maybe_to, some_instant, to
from dispatch.model.evidence import record


class Role(StrEnum):
    """What an account may do."""

    ADMIN = "admin"
    MANAGER = "manager"
    AGENT = "agent"
    AUDITOR = "auditor"
    SERVICE = "service"


class Account(Row, table=True):
    """A person or a program that signs in."""

    __tablename__ = "account"
    # Others may name an account together with its role (a complaint's handler).
    __table_args__ = (Index("ix_account_id_role", "id", "role", unique=True),)

    login: str = Field(max_length=200, unique=True)
    name: str = Field(max_length=200)
    role: Role = choice(Role, index=True)
    password_hash: str | None = Field(default=None, max_length=300)
    agent_id: UUID | None = maybe_to("agent")
    language: str = Field(default="en", max_length=10)
    created_at: datetime = instant()
    disabled_at: datetime | None = some_instant()
    failures: int = 0
    locked_until: datetime | None = some_instant()
    care_trained_until: date | None = None
    """The last day on which this person counts as trained to talk to people in distress."""
    version: int = 1

    def is_care_trained(self, on: date) -> bool:
        """Whether this person may call people in distress, and decide about their holds."""
        return self.care_trained_until is not None and on <= self.care_trained_until

    def train_for_care(self, until: date | None, *, actor: str, now: datetime) -> None:
        """Note until when this person counts as trained; None ends it.

        The version stays: it is what tokens name, and nothing is taken from anybody here.
        """
        self.care_trained_until = until
        record(self, "account.care_trained", actor=actor, now=now, until=until)

    def disable(self, *, actor: str, now: datetime) -> None:
        """Shut the account out: tokens already given stop working too."""
        self.disabled_at = now
        self.version += 1
        record(self, "account.disabled", actor=actor, now=now)


class AccountBranch(Row, table=True):
    """A branch that an account may see."""

    __tablename__ = "account_branch"
    __table_args__ = (UniqueConstraint("account_id", "branch_id"),)

    account_id: UUID = to("account")
    branch_id: UUID = to("branch")


class Invitation(Row, table=True):
    """An offer of an account, taken up once with a token of which only the hash is kept."""

    __tablename__ = "invitation"

    login: str = Field(max_length=200, index=True)
    name: str = Field(max_length=200)
    role: Role = choice(Role)
    branch_id: UUID | None = maybe_to("branch")
    agent_id: UUID | None = maybe_to("agent")
    token_hash: str = Field(max_length=64, unique=True)
    invited_by: UUID | None = maybe_to("account")
    expires_at: datetime = instant()
    accepted_at: datetime | None = some_instant()
    withdrawn_at: datetime | None = some_instant()


class RefreshToken(Row, table=True):
    """A long-lived token of which only the hash is kept; each use gives a new one.

    All tokens of one sign-in are a family: a token used twice ends the whole family.
    """

    __tablename__ = "refresh_token"

    account_id: UUID = to("account")
    family_id: UUID = Field(index=True)
    token_hash: str = Field(max_length=64, unique=True)
    issued_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = some_instant()
    revoked_at: datetime | None = some_instant()


class Device(Row, table=True):
    """A phone that an agent carries; its entries form a chain of their own."""

    __tablename__ = "device"

    account_id: UUID = to("account")
    name: str = Field(max_length=200)
    registered_at: datetime = instant()
    revoked_at: datetime | None = some_instant()
    last_sequence: int = 0
    last_hash: str | None = Field(default=None, max_length=64)
