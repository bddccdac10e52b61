"""Tokens: short signed access tokens, and the hashes by which long-lived secrets are kept."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from dispatch.errors import Unauthenticated
from dispatch.ids import new_id
from dispatch.model import Account, Role
from dispatch.settings import Settings

_ALGORITHM = "HS256"
_AUDIENCE = "fairvisit"
_CLAIMS = ["aud", "exp", "iat", "role", "sid", "sub", "version"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says; whether it still holds is asked of the account's row."""

    account_id: UUID
    family_id: UUID
    role: Role
    version: int


class Tokens:
    """Signs and reads access tokens; derives the keys of one process from the token key."""

    def __init__(self, key: str, *, access_minutes: int, refresh_days: int) -> None:
        self._signing = _derived("access-token", key)
        self._marking = _derived("form-mark", key)
        self.access_lasts = timedelta(minutes=access_minutes)
        self.refresh_lasts = timedelta(days=refresh_days)

    @classmethod
    def of(cls, settings: Settings) -> "Tokens":
        """Return the tokens that the settings' key signs."""
        return cls(
            settings.token_key.get_secret_value(),
            access_minutes=settings.access_minutes,
            refresh_days=settings.refresh_days,
        )

    def access(self, account: Account, *, family_id: UUID, now: datetime) -> str:
        """Return a signed access token for the account."""
        content = {
            "aud": _AUDIENCE,
            "sub": str(account.id),
            "sid": str(family_id),
            "jti": str(new_id()),
            "role": account.role.value,
            "version": account.version,
            "iat": int(now.timestamp()),
            "exp": int((now + self.access_lasts).timestamp()),
        }
        return jwt.encode(content, self._signing, algorithm=_ALGORITHM)

    def read(self, token: str, *, now: datetime) -> Claims:
        """Return what an access token says.

        Raises
        ------
        Unauthenticated
            If it was not signed here, was altered, or has run out.
        """
        try:
            content = jwt.decode(
                token,
                self._signing,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                # Expiry is compared with `now` below: the library would read the clock itself.
                options={
                    "require": _CLAIMS,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            claims = _claims(content)
            is_over = now.timestamp() >= int(content["exp"])
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Unauthenticated(NOT_SIGNED_IN) from error
        if is_over:
            raise Unauthenticated(NOT_SIGNED_IN)
        return claims

    def mark(self, purpose: str, of: str) -> str:
        """Return the keyed mark of a value: what a form must carry to prove where it came from."""
        return hmac.new(self._marking, f"{purpose}\0{of}".encode(), hashlib.sha256).hexdigest()


NOT_SIGNED_IN = "Your sign-in is missing, altered or over; sign in again."


def kept_hash(token: str) -> str:
    """Return the hash under which a random token is kept; the token itself never is."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _claims(content: dict[str, Any]) -> Claims:
    return Claims(
        account_id=UUID(content["sub"]),
        family_id=UUID(content["sid"]),
        role=Role(content["role"]),
        version=int(content["version"]),
    )


def _derived(purpose: str, key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=purpose.encode()[:16]).digest()
