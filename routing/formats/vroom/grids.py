"""Large tables of a JSON text, read a row at a time.

The 16 million entries of a matrix of 4,000 places are 64 MB as an array, and ten times as much as
lists of Python's numbers. So they are lifted out of the text before it is read as a whole. Only
sound tables are; anything else stays where it is, to be read, and refused, like the rest.
"""

import json
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.matrix import Table, blank_table, closed
from routing.units import MAX_MATRIX, MAX_PLACES

_LEAST = 256
"""Places from which on a table is lifted out; smaller ones are no burden."""

_NAMED = re.compile(rb'"(?:durations|distances|costs|matrix)"\s*:\s*\[(?=\s*\[)')
"""A table's key and first bracket. Within a text the quotes would have a backslash before them."""

_ROW = re.compile(rb"\s*(\[[-0-9,\s]*\])\s*([,\]])")


class Grids:
    """A JSON text, and the tables that were lifted out of it.

    Attributes
    ----------
    text
        What is left: an object with one key stands in each table's stead; see `restored`.
    """

    def __init__(self, raw: bytes) -> None:
        self._mark = b"grid"
        while b'"' + self._mark + b'"' in raw:
            self._mark += b"-"
        self._tables: list[Table] = []
        pieces: list[bytes] = []
        done = 0
        while (found := _NAMED.search(raw, done)) is not None:
            grid = _grid(raw, found.end())
            end = found.end() if grid is None else grid[1]
            if grid is None:
                pieces.append(raw[done:end])
            else:
                pieces.append(raw[done : found.end() - 1])
                pieces.append(b'{"%b": %d}' % (self._mark, len(self._tables)))
                self._tables.append(grid[0])
            done = end
        self.text = b"".join([*pieces, raw[done:]]) if pieces else raw

    def restored(self, pairs: list[tuple[str, Any]]) -> Table | None:
        """The table in whose stead an object with these keys and values stands, if it does."""
        if not self._tables or len(pairs) != 1 or pairs[0][0] != self._mark.decode():
            return None
        number: int = pairs[0][1]
        return self._tables[number]


def _grid(raw: bytes, begin: int) -> tuple[Table, int] | None:
    """The sound table whose rows begin somewhere, and where it ends; None for any other."""
    table: Table | None = None
    count = 0
    while (found := _ROW.match(raw, begin)) is not None:
        row = _row(found[1])
        if row is None:
            return None
        if table is None:
            if not _LEAST <= len(row) <= MAX_PLACES:
                return None
            table = blank_table(len(row))
        if len(row) != len(table) or count == len(table):
            return None
        table[count] = row
        count += 1
        begin = found.end()
        if found[2] == b"]":
            return (closed(table), begin) if count == len(table) else None
    return None


def _row(text: bytes) -> NDArray[np.int64] | None:
    try:
        row: NDArray[np.int64] = np.array(json.loads(text))
    except ValueError:
        return None
    if row.dtype != np.int64 or row.min() < 0 or row.max() > MAX_MATRIX:
        return None
    return row
