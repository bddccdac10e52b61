"""Travel between places: square tables of whole, non-negative numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.errors import Issue
from routing.units import MAX_DAY_PARTS, MAX_MATRIX, MAX_TIME_S

type Table = NDArray[np.int32]
"""Square, read-only. As `blank_table` makes it, a view into a table with an open place behind it."""

_SHOWN_CELLS = 5
"""Faulty cells named one by one; the rest are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class DayPart:
    """Travel from a time of the day on, until the next part begins.

    A leg takes the part in which it departs; where it would arrive earlier by waiting for the
    next part it waits, so that who leaves first arrives first.

    Parameters
    ----------
    from_s
        Second from which these durations hold.
    durations
        Seconds, as in `Matrix`.
    """

    from_s: int
    durations: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "durations", _frozen(self.durations))


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel by one profile: row is origin, column destination; need not be symmetric.

    Whatever reads as a square of whole numbers is kept as a read-only int32 array; anything else
    is kept as given, for `matrix_issues` to report.

    Parameters
    ----------
    durations
        Seconds, at least 0.
    distances
        Metres, at least 0; needed where `max_distance_m` or `per_km` is used.
    costs
        Units of cost, at least 0; replaces travel seconds in the cost of a route.
    day_parts
        Other durations from some second on, in order of time; `durations` hold before the first.
    """

    durations: Any
    distances: Any = None
    costs: Any = None
    day_parts: tuple[DayPart, ...] = ()

    def __post_init__(self) -> None:
        for name in ("durations", "distances", "costs"):
            table = getattr(self, name)
            if table is not None:
                object.__setattr__(self, name, _frozen(table))

    def __len__(self) -> int:
        return len(self.durations) if hasattr(self.durations, "__len__") else 0


def matrix_issues(matrix: Matrix, pointer: str) -> Iterator[Issue]:
    """Every reason why a matrix cannot be travelled by.

    Parameters
    ----------
    matrix
        The matrix to inspect.
    pointer
        Where it stands in the problem, such as ``/matrices/car``.
    """
    for name in ("durations", "distances", "costs"):
        table = getattr(matrix, name)
        if table is not None or name == "durations":
            yield from _like_issues(matrix, table, f"{pointer}/{name}")
    yield from _part_issues(matrix, f"{pointer}/day_parts")


def _like_issues(matrix: Matrix, table: Any, pointer: str) -> Iterator[Issue]:
    """Faults of a table, or that it is not as large as the durations."""
    issues = list(_table_issues(table, pointer))
    yield from issues
    if not issues and len(table) != len(matrix):
        yield Issue(
            "matrix-size",
            pointer,
            f"has {len(table)} rows where durations has {len(matrix)}",
            "give both the same places in the same order",
        )


def _part_issues(matrix: Matrix, pointer: str) -> Iterator[Issue]:
    parts: Any = matrix.day_parts
    if not isinstance(parts, (tuple, list)) or not all(isinstance(p, DayPart) for p in parts):
        yield Issue("day-parts", pointer, "is no list of day parts", "give a list of `DayPart`")
        return
    if len(parts) > MAX_DAY_PARTS:
        yield Issue(
            "day-parts", pointer, f"has {len(parts)} parts", f"give at most {MAX_DAY_PARTS}"
        )
    before = -1
    for index, part in enumerate(parts):
        at = f"{pointer}/{index}"
        if type(part.from_s) is not int or not 0 <= part.from_s <= MAX_TIME_S:
            remedy = f"give a whole number from 0 to {MAX_TIME_S}"
            yield Issue("number", f"{at}/from_s", f"is {part.from_s!r}", remedy)
        elif part.from_s <= before:
            yield Issue(
                "day-parts",
                f"{at}/from_s",
                f"is {part.from_s}, not after {before}",
                "give the parts in order of time",
            )
        else:
            before = part.from_s
        yield from _like_issues(matrix, part.durations, f"{at}/durations")


def blank_table(size: int) -> Table:
    """A table of zeros, to be filled in and then made read-only by `closed`.

    It is a view into one that has a row and a column more: the open place, near to all, at which
    tours of vehicles without a start or an end begin or end.
    """
    return np.zeros((size + 1, size + 1), dtype=np.int32)[:size, :size]


def closed(table: Table) -> Table:
    """The same table, read-only, as is what it is a view into."""
    if table.base is not None:
        table.base.setflags(write=False)
    table.setflags(write=False)
    return table


def with_open_place(table: Table) -> Table:
    """A table with a last row and column of zeros, without a copy where `blank_table` made it."""
    whole, size = table.base, len(table)
    if (
        isinstance(whole, np.ndarray)
        and whole.dtype == np.int32
        and whole.shape == (size + 1, size + 1)
        and not whole.flags.writeable
        and whole.ctypes.data == table.ctypes.data
        and whole.strides == table.strides
        and not whole[size].any()
        and not whole[:, size].any()
    ):
        return whole
    return np.pad(table, (0, 1)).astype(np.int32, copy=False)


def _frozen(table: Any) -> Any:
    if _is_sound(table):
        return table
    try:
        if not isinstance(table, np.ndarray) and bool in set(
            map(type, chain.from_iterable(table))
        ):
            return table  # numpy would read true as 1
        array = np.asarray(table)
    except (ValueError, OverflowError, TypeError):
        return table
    if not _is_faultless(array):
        return table
    kept = blank_table(len(array))
    kept[:] = array
    return closed(kept)


def _is_sound(table: object) -> bool:
    """Whether a table can be kept as it is."""
    return (
        isinstance(table, np.ndarray)
        and table.dtype == np.int32
        and not table.flags.writeable
        and _is_faultless(table)
    )


def _is_faultless(table: NDArray[Any]) -> bool:
    """Whether an array is a square of whole numbers that travel may take.

    An array that came from another process is writeable, whatever it was there.
    """
    return (
        table.ndim == 2  # noqa: PLR2004
        and table.dtype.kind in "iu"
        and table.shape[0] == table.shape[1]
        and (table.size == 0 or (int(table.min()) >= 0 and int(table.max()) <= MAX_MATRIX))
    )


def _table_issues(table: Any, pointer: str) -> Iterator[Issue]:
    if isinstance(table, np.ndarray) and _is_faultless(table):
        return
    rows = table.tolist() if isinstance(table, np.ndarray) else table
    if not isinstance(rows, (list, tuple)) or not all(
        isinstance(row, (list, tuple)) for row in rows
    ):
        yield Issue("matrix-shape", pointer, "is not a table of rows", "give a list of rows")
        return
    size = len(rows)
    for index, row in enumerate(rows):
        if len(row) != size:
            yield Issue(
                "matrix-shape",
                f"{pointer}/{index}",
                f"has {len(row)} entries in a matrix of {size} rows",
                "give one entry for each place",
            )
    yield from _cell_issues(rows, pointer)


def _cell_issues(rows: Any, pointer: str) -> Iterator[Issue]:
    found = 0
    for origin, row in enumerate(rows):
        for destination, cell in enumerate(row):
            cause = _cell_fault(cell)
            if cause is None:
                continue
            found += 1
            if found <= _SHOWN_CELLS:
                yield Issue(
                    "matrix-entry",
                    f"{pointer}/{origin}/{destination}",
                    f"from place {origin} to place {destination} is {cause}",
                    f"give a whole number from 0 to {MAX_MATRIX}; estimate unreachable pairs",
                )
    if found > _SHOWN_CELLS:
        yield Issue(
            "matrix-entry",
            pointer,
            f"has {found - _SHOWN_CELLS} more faulty entries",
            "repair every entry",
        )


def _cell_fault(cell: object) -> str | None:
    if cell is None:
        return "missing"
    if isinstance(cell, bool) or not isinstance(cell, (int, np.integer)):
        if isinstance(cell, float) and not math.isfinite(cell):
            return "not a finite number"
        return "not a whole number"
    if cell < 0:
        return "negative"
    return "too large" if cell > MAX_MATRIX else None
