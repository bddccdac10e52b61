"""Identifiers: UUIDs for machines, eight Crockford characters for people."""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, so that it can be read out on the phone."""


_DICE: ContextVar[Random | None] = ContextVar("dice", default=None)


@contextmanager
def repeating(seed: int) -> Iterator[None]:
    """Draw the same identifiers each time: for the twin, where nothing real is named by them."""
    token = _DICE.set(Random(seed))  # noqa: S311  invented people need no secrets
    try:
        yield
    finally:
        _DICE.reset(token)


def new_id() -> uuid.UUID:
    """Return a new random identifier."""
    dice = _DICE.get()
    return uuid.uuid4() if dice is None else uuid.UUID(int=dice.getrandbits(128), version=4)


def new_reference() -> str:
    """Return a new reference: 8 random Crockford characters (40 bits)."""
    dice = _DICE.get()
    bits = secrets.randbits(40) if dice is None else dice.getrandbits(40)
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 40, 5))


def new_token() -> str:
    """Return a new unguessable token of 192 bits, safe in a URL."""
    return secrets.token_urlsafe(24)
