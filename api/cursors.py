"""Cursors: where a list goes on; opaque to the client, checked when they come back."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from dispatch.errors import Invalid

LONGEST_PAGE = 200

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many rows at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=600, description="`next` of the page before; opaque.", alias="cursor"),
]


def cursor_of(*key: str | int | UUID | date) -> str:
    """Return the cursor after the row with this key."""
    plain = [
        one.isoformat() if isinstance(one, date) else one if isinstance(one, int) else str(one)
        for one in key
    ]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """Return the key in a cursor, each part made by its kind (`str`, `UUID`, `an_instant`).

    Raises
    ------
    Invalid
        If the cursor is not one that this list gave.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return tuple(kind(part) for kind, part in zip(kinds, _listed(parts), strict=True))
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        msg = "The cursor is not one that this list gave; begin again without it."
        raise Invalid(msg, [{"pointer": "/query/cursor", "message": msg}]) from error


def _listed(parts: Any) -> list[Any]:
    if not isinstance(parts, list) or any("\0" in str(part) for part in parts):
        msg = "no list of plain parts"
        raise ValueError(msg)
    return parts


def an_instant(text: str) -> datetime:
    """Return the instant that a cursor holds."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def paged[R](rows: Sequence[R], limit: int) -> tuple[Sequence[R], R | None]:
    """Return at most `limit` of the rows (one more was asked for), and the last where more follow."""
    return (rows[:limit], rows[limit - 1]) if len(rows) > limit else (rows, None)
