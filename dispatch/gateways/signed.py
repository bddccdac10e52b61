"""Signed calls, as Standard Webhooks lay down: symmetric, over id, instant and the very bytes.

Source: standard-webhooks, specification 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from dispatch.errors import Unauthenticated

ID, MOMENT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

OLDEST_S: Final = 300.0
"""Seconds that a call may be old, or ahead, before it is held for a replay."""

_LONGEST: Final = 20
_REFUSED: Final = (
    "The call is not signed as it must be; check the secret, the clock and the bytes."
)


def headers_of(secret: str, name: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Return the headers that sign a body under its own id."""
    moment = str(int(now.timestamp()))
    return {ID: name, MOMENT: moment, SIGNATURE: f"v1,{_sign(secret, name, moment, body)}"}


def require_signed(
    secrets: Iterable[str], headers: Mapping[str, str], body: bytes, *, now: datetime
) -> str:
    """Return the id of a call that one of the secrets signed lately.

    Raises
    ------
    Unauthenticated
        If it is unsigned, altered, too old or ahead of time; which of these is not told.
    """
    name, moment = headers.get(ID, ""), headers.get(MOMENT, "")
    given = [one[3:] for one in headers.get(SIGNATURE, "").split(" ") if one.startswith("v1,")]
    is_right = False
    for secret in secrets:
        expected = _sign(secret, name, moment, body).encode()
        for one in given[:_LONGEST]:
            is_right |= hmac.compare_digest(expected, one.encode("utf-8", "replace"))
    is_plain = moment.isascii() and moment.isdecimal() and len(moment) < _LONGEST
    if not (name and is_plain and is_right) or abs(now.timestamp() - int(moment)) > OLDEST_S:
        raise Unauthenticated(_REFUSED)
    return name


def _sign(secret: str, name: str, moment: str, body: bytes) -> str:
    signed = f"{name}.{moment}.".encode("utf-8", "surrogatepass") + body
    return base64.b64encode(hmac.digest(_key_of(secret), signed, hashlib.sha256)).decode()


def _key_of(secret: str) -> bytes:
    prefix, _, coded = secret.partition("whsec_")
    if not prefix and coded:
        try:
            return base64.b64decode(coded, validate=True)
        except binascii.Error:
            pass
    return secret.encode()
