"""Read the matrices of a request, whole tables at a time."""

from dataclasses import replace
from typing import Any

import numpy as np

from routing.errors import Issue
from routing.formats.vroom.document import Fields, Report, joined
from routing.matrix import DayPart, Matrix, matrix_issues
from routing.units import MAX_PLACES


def read_matrices(top: Fields) -> dict[str, Matrix]:
    """Matrices of a request by profile; VROOM's old single `matrix` is that of cars.

    A faulty table is reported cell by cell and replaced by zeros of the same size, so that the
    rest of the request can be read against it.
    """
    report = top.report
    old, given = top.take("matrix"), top.take("matrices")
    if given is None:
        return {} if old is None else {"car": _sound(old, "/matrix", report)}
    if old is not None:
        report.add("two-matrices", "/matrix", "stands beside matrices", "give matrices only")
    profiles = Fields(given, "/matrices", report)
    return {name: _profile(profiles.inner(name)) for name in profiles.rest()}


def _profile(fields: Fields) -> Matrix:
    durations = fields.take("durations")
    matrix = _sound(durations, fields.at("durations"), fields.report)
    for name in ("distances", "costs"):
        table = fields.take(name)
        if table is not None:
            read = _sound(table, fields.at(name), fields.report, size=len(matrix))
            matrix = replace(matrix, **{name: read.durations})
    parts = tuple(
        DayPart(
            inner.whole("from"),
            _sound(
                inner.take("durations"), inner.at("durations"), fields.report, size=len(matrix)
            ).durations,
        )
        for inner in fields.objects("day_parts")
    )
    fields.finish()
    return replace(matrix, day_parts=parts)


def _sound(table: Any, pointer: str, report: Report, size: int | None = None) -> Matrix:
    """A table as a matrix of durations; zeros, with the issues reported, if it is faulty."""
    rows = len(table) if isinstance(table, (list, np.ndarray)) else size or 0
    if rows > MAX_PLACES:
        report.add(
            "too-large",
            pointer,
            f"has {rows} places",
            f"give at most {MAX_PLACES}, or split the request",
        )
        return _zeros(1)
    matrix = Matrix(table)
    issues = [
        Issue(issue.code, pointer + issue.pointer.removeprefix("/durations"), issue.cause, how)
        for issue in matrix_issues(matrix, "")
        for how in (issue.remedy,)
    ]
    if not issues and size is not None and rows != size:
        cause = f"has {rows} rows where durations has {size}"
        issues = [
            Issue("matrix-size", pointer, cause, "give both the same places in the same order")
        ]
    report.issues += issues
    return _zeros(rows if size is None else size) if issues else matrix


def _zeros(size: int) -> Matrix:
    return Matrix(np.zeros((size, size), dtype=np.int32))


def grown(matrix: Matrix, rows: Fields) -> Matrix:
    """A matrix with places added, as `rows` of a repair's events describe them.

    For each table that the matrix has there are k rows of n + k entries, from each added place
    to all places, and k `columns` of n entries, from all former places to the added one. A plain
    list of rows is used both ways. With day parts, `day_parts` lists their tables in order.
    """
    tables: dict[str, Any] = {
        name: _grown(getattr(matrix, name), rows.take(name), rows.at(name), rows.report)
        for name in ("durations", "distances", "costs")
        if getattr(matrix, name) is not None
    }
    later = rows.items("day_parts")
    parts = tuple(
        DayPart(
            part.from_s,
            _grown(
                part.durations,
                later[index] if index < len(later) else None,
                joined(rows.at("day_parts"), index),
                rows.report,
            ),
        )
        for index, part in enumerate(matrix.day_parts)
    )
    rows.finish()
    return Matrix(**tables, day_parts=parts)


def _grown(table: Any, value: Any, pointer: str, report: Report) -> Any:
    """One table with rows and columns added; the table as it was if they are faulty."""
    size = len(table)
    two = isinstance(value, dict)
    below: Any = value.get("rows") if two else value
    columns: Any = value.get("columns") if two else None
    added = len(below) if isinstance(below, list) else 0
    if added and not two and _shaped(below, added, size + added):
        columns = [row[:size] for row in below]
    if not added or not _shaped(below, added, size + added) or not _shaped(columns, added, size):
        report.add(
            "rows",
            pointer,
            f"does not fit a matrix of {size} places",
            "give a row of entries to all places, and a column from all former ones, for each "
            "added place",
        )
        return table
    beside = zip(*columns, strict=True)
    whole = [[*old, *new] for old, new in zip(table.tolist(), beside, strict=True)]
    return _sound([*whole, *below], pointer, report).durations


def _shaped(rows: Any, count: int, width: int) -> bool:
    return (
        isinstance(rows, list)
        and len(rows) == count
        and all(isinstance(row, list) and len(row) == width for row in rows)
    )
