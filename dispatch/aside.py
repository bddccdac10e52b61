"""Set aside: one row that can't be read or judged never stops the others.

Rows are read together, which is fast; where that fails each is read alone, and those that fail alone
are returned beside the rest, for a person to look at. What the database itself reports is no row's
fault and goes on up.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.exc import DBAPIError

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
    """
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
        values, left = sifted(half, read)
        found |= values
        bad += left
    return found, tuple(bad)
