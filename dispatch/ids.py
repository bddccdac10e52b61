"""Identifiers: UUIDs for machines, eight Crockford characters for people."""

import secrets
import uuid

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, so that it can be read out on the phone."""


def new_id() -> uuid.UUID:
    """Return a new random identifier."""
    return uuid.uuid4()


def new_reference() -> str:
    """Return a new reference: 8 random Crockford characters (40 bits)."""
    bits = secrets.randbits(40)
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 40, 5))


def new_token() -> str:
    """Return a new unguessable token of 192 bits, safe in a URL."""
    return secrets.token_urlsafe(24)
