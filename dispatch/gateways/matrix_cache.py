"""One cache in front of every road service: in this process, bounded, and never on disk.

A file would hold the places where borrowers live, in the clear, for as long as nobody cleans up;
and a table of a branch-day costs a second to ask for again. See docs/decisions/0010-roads.md.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.gateways.travel import Matrix, Point, Roads

BUDGET_BYTES = 64 * 2**20
"""Seven matrices of 1000 places, or some hundreds of a usual branch-day."""

_BYTES_A_PAIR = 4 + 4 + 1
_BYTES_A_LINE_POINT = 150
_LINES = 512


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: dict[Point, int]
    matrix: Matrix

    @property
    def size(self) -> int:
        return len(self.matrix) ** 2 * _BYTES_A_PAIR + len(self.rows) * _BYTES_A_LINE_POINT


class CachedRoads:
    """A road service that remembers what it was told, keyed by data set and places.

    Points at one place are asked for once, and in one order, so that the same places in another
    order, or fewer of them, are answered from memory.
    """

    def __init__(self, inner: Roads, *, budget_bytes: int = BUDGET_BYTES) -> None:
        self._inner = inner
        self._budget = budget_bytes
        self._lock = threading.Lock()
        self._matrices: OrderedDict[tuple[str, tuple[Point, ...]], _Kept] = OrderedDict()
        self._lines: OrderedDict[
            tuple[str, tuple[Point, ...]], tuple[tuple[float, float], ...]
        ] = OrderedDict()

    @property
    def data_set(self) -> str:
        """The identity of the data that the inner service answers from."""
        return self._inner.data_set

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Return the travel between all pairs, from memory where it is known."""
        places = [point.place() for point in points]
        distinct = tuple(sorted(set(places)))
        kept = self._known(distinct)
        if kept is None:
            rows = {place: row for row, place in enumerate(distinct)}
            kept = _Kept(rows, self._inner.matrix(distinct))
            self._keep(distinct, kept)
        return kept.matrix.pick([kept.rows[place] for place in places])

    def geometry(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return the line along the points, from memory where it is known."""
        key = (self.data_set, tuple(points))
        with self._lock:
            line = self._lines.get(key)
            if line is not None:
                self._lines.move_to_end(key)
                return list(line)
        fresh = self._inner.geometry(points)
        with self._lock:
            self._lines[key] = tuple(fresh)
            while len(self._lines) > _LINES:
                self._lines.popitem(last=False)
        return fresh

    def close(self) -> None:
        """Forget everything and close the inner service."""
        with self._lock:
            self._matrices.clear()
            self._lines.clear()
        self._inner.close()

    def _known(self, distinct: tuple[Point, ...]) -> _Kept | None:
        with self._lock:
            key = (self.data_set, distinct)
            if key not in self._matrices:
                wanted = set(distinct)
                larger = (
                    known
                    for known, kept in self._matrices.items()
                    if known[0] == key[0] and wanted <= kept.rows.keys()
                )
                found = next(larger, None)
                if found is None:
                    return None
                key = found
            self._matrices.move_to_end(key)
            return self._matrices[key]

    def _keep(self, distinct: tuple[Point, ...], kept: _Kept) -> None:
        if kept.size > self._budget:
            return
        with self._lock:
            self._matrices[(self.data_set, distinct)] = kept
            while sum(each.size for each in self._matrices.values()) > self._budget:
                self._matrices.popitem(last=False)
