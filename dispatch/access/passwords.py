"""Passwords: argon2id, compared outside every transaction; the same work whoever asks."""

import secrets
import unicodedata
from dataclasses import dataclass

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from dispatch.errors import Invalid

SHORTEST, LONGEST = 12, 200
_OBVIOUS = ("password", "fairvisit", "12345678", "qwertyui", "11111111")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of comparing a password: right or not, and a fresher hash to keep."""

    is_right: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and compares passwords; slow by design, so never inside a transaction."""

    def __init__(
        self, *, time_cost: int = 3, memory_kib: int = 65536, parallelism: int = 4
    ) -> None:
        self._hasher = PasswordHash(
            (Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism),)
        )
        self._nobody = self._hasher.hash(secrets.token_urlsafe(24))

    def hash(self, password: str) -> str:
        """Return the argon2id hash to keep."""
        return self._hasher.hash(_folded(password))

    def compare(self, kept: str | None, password: str) -> Comparison:
        """Compare a password with the kept hash; without one, do the same work and say no."""
        is_right, new_hash = self._hasher.verify_and_update(
            _folded(password), kept or self._nobody
        )
        return Comparison(is_right and kept is not None, new_hash if kept else None)


def require_good(password: str, *, login: str) -> None:
    """Refuse a password that is too short, too long or easily guessed.

    Raises
    ------
    Invalid
        If the password won't do; the sentence says what would.
    """
    folded = _folded(password).casefold()
    if not SHORTEST <= len(folded) <= LONGEST:
        msg = f"Choose a password of {SHORTEST} to {LONGEST} characters; a sentence is fine."
        raise Invalid(msg)
    name = login.split("@", maxsplit=1)[0].casefold()
    is_login = len(name) > 3 and name in folded  # noqa: PLR2004
    if is_login or len(set(folded)) < 5 or folded.startswith(_OBVIOUS):  # noqa: PLR2004
        msg = "This password is easily guessed; leave out your log-in and well-known words."
        raise Invalid(msg)


def _folded(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
