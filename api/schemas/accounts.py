"""Tokens, accounts and invitations as they come in and go out."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from api.schemas.schema import Instant, Line, Schema
from dispatch.access.identity import Identity
from dispatch.access.issue import SignedIn
from dispatch.model import Account, Invitation, Role


def _login(text: str) -> str:
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        msg = "a log-in holds no spaces"
        raise ValueError(msg)
    return text


Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=3, max_length=200),
    AfterValidator(_login),
]


class TokenForm(Schema):
    """What `POST /v1/token` takes, as a form (OAuth 2)."""

    grant_type: Literal["password", "client_credentials", "refresh_token"]
    username: str | None = Field(default=None, max_length=200)
    password: SecretStr | None = Field(default=None, max_length=200)
    client_id: str | None = Field(default=None, max_length=200)
    client_secret: SecretStr | None = Field(default=None, max_length=200)
    refresh_token: SecretStr | None = Field(default=None, max_length=200)
    scope: str | None = Field(default=None, max_length=200)


class RevocationForm(Schema):
    """What `POST /v1/token/revocation` takes, as a form (RFC 7009)."""

    token: SecretStr = Field(max_length=2000)
    token_type_hint: str | None = Field(default=None, max_length=40)


class TokenOut(Schema):
    """Tokens of a sign-in; the refresh token works once and gives the next."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    refresh_token: str | None = None

    @classmethod
    def of(cls, signed_in: SignedIn) -> "TokenOut":
        """Return the tokens as they go out."""
        return cls(
            access_token=signed_in.access,
            expires_in=signed_in.access_lasts_s,
            refresh_token=signed_in.refresh,
        )


class MeOut(Schema):
    """Who is signed in."""

    id: UUID
    login: str
    name: str
    role: Role
    language: str
    agent_id: UUID | None
    branch_ids: list[UUID]

    @classmethod
    def of(cls, me: Identity) -> "MeOut":
        """Return the identity as it goes out."""
        return cls(
            id=me.account_id,
            login=me.login,
            name=me.name,
            role=me.role,
            language=me.language,
            agent_id=me.agent_id,
            branch_ids=sorted(me.scope.branch_ids),
        )


class AccountOut(Schema):
    """An account."""

    id: UUID
    login: str
    name: str
    role: Role
    agent_id: UUID | None
    branch_ids: list[UUID]
    created_at: Instant
    disabled_at: Instant | None
    version: int

    @classmethod
    def of(cls, account: Account, branch_ids: list[UUID]) -> "AccountOut":
        """Return the account as it goes out."""
        return cls.model_validate(
            {
                **account.model_dump(include=cls.model_fields.keys() - {"branch_ids"}),
                "branch_ids": sorted(branch_ids),
            }
        )


class BranchesIn(Schema):
    """The branches that an account may see."""

    branch_ids: Annotated[list[UUID], Field(max_length=200)]


class InvitationIn(Schema):
    """An offer of an account."""

    login: Login
    name: Line
    role: Role
    branch_id: UUID | None = None
    agent_id: UUID | None = None


class InvitationOut(Schema):
    """An open invitation."""

    id: UUID
    login: str
    name: str
    role: Role
    branch_id: UUID | None
    agent_id: UUID | None
    expires_at: Instant

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationOut":
        """Return the invitation as it goes out."""
        return cls.model_validate(invitation)


class InvitationMadeOut(InvitationOut):
    """A new invitation with its token and link, told this once."""

    token: str
    link: str


class AcceptanceIn(Schema):
    """The invited person's own password."""

    password: SecretStr = Field(min_length=1, max_length=400)


class PasswordIn(Schema):
    """A new password, and the present one to prove who asks."""

    present: SecretStr = Field(max_length=200)
    new: SecretStr = Field(min_length=1, max_length=400)
