"""Set aside: one row that can't be read or judged never stops the others.

Rows are read together, which is fast; where that fails each is read alone, and those that fail alone
are returned beside the rest, for a person to look at. What the database itself reports is no row's
fault and goes on up, and so does what befalls every one of more than a few rows: that is the program.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from traceback import extract_tb
from typing import Final

from sqlalchemy.exc import DBAPIError

FEW: Final = 3
"""So many rows may all be bad: where more fail and none is read, no row is to blame."""

_log = logging.getLogger(__name__)

type Bad[T] = tuple[T, Exception]
"""A row that could not be read, and why."""


def sifted[T, K, V](
    rows: Sequence[T], read: Callable[[Sequence[T]], Mapping[K, V]]
) -> tuple[dict[K, V], tuple[Bad[T], ...]]:
    """Return what could be read of some rows, and the rows that could not.

    Parameters
    ----------
    read
        Reads several rows; it must leave nothing behind where it fails.

    Raises
    ------
    DBAPIError
        As the database reports it.
    Exception
        The first one, where more than `FEW` rows fail and none can be read.
    """
    found, bad = _halved(rows, read)
    if len(bad) > FEW and not found:
        raise bad[0][1]
    for _, error in bad:
        _log.warning("A row is set aside: %s", _where(error))
    return found, bad


def _halved[T, K, V](
    rows: Sequence[T], read: Callable[[Sequence[T]], Mapping[K, V]]
) -> tuple[dict[K, V], tuple[Bad[T], ...]]:
    try:
        return dict(read(rows)), ()
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it was, it is one row's
        if len(rows) <= 1:
            return {}, tuple((row, error) for row in rows)
    middle = len(rows) // 2
    found: dict[K, V] = {}
    bad: list[Bad[T]] = []
    for half in (rows[:middle], rows[middle:]):
        values, left = _halved(half, read)
        found |= values
        bad += left
    return found, tuple(bad)


def _where(error: Exception) -> str:
    """Name what went wrong and where, never what it says: a message may hold what the row holds."""
    at = extract_tb(error.__traceback__)[-1]
    return (
        f"{type(error).__name__} in {at.name}, {at.filename.rpartition('/')[2]} line {at.lineno}"
    )
