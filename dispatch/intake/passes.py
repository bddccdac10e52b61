"""Going through a file: read, weigh and store a chunk at a time, and count what becomes of it."""

import gc
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Final

from sqlmodel import Session

from dispatch.intake.columns import Layout, Reading, read_rows
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, BadRow, FileKind, Memory, Verdict
from dispatch.intake.report import MAX_ISSUES, BadValue, Code, Fault, RowIssue, issue_at
from dispatch.intake.table import Table

_CHUNK: Final = 1000
_KEPT_ROWS: Final = 50_000
"""Larger files are read a second time to be stored, so that memory does not grow with them."""


@dataclass(slots=True)
class Tally:
    """Counts and issues of one pass through a file."""

    rows: int = 0
    actions: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))
    issues: list[RowIssue] = field(default_factory=list)
    issue_count: int = 0
    kept: list[list[Verdict[Any]]] | None = field(default_factory=list)
    """The verdicts, chunk by chunk, while they are few enough to be kept in memory."""

    def refuse(self, issues: tuple[RowIssue, ...]) -> None:
        """Count a refused row and keep what is wrong with it, up to a bound."""
        self.actions[Action.REFUSED] += 1
        self.tell(issues)

    def tell(self, issues: tuple[RowIssue, ...]) -> None:
        """Keep issues, up to a bound."""
        self.issue_count += len(issues)
        self.issues.extend(issues[: max(0, MAX_ISSUES - len(self.issues))])


def go_through(
    session: Session,
    context: ImportContext,
    rules: FileKind[Any],
    table: Table,
    layout: Layout,
    *,
    is_storing: bool = False,
) -> Tally:
    """Go through the file once: read, weigh and, where told so, store; a chunk at a time."""
    tally = Tally()
    memory: Memory = {}
    seen: dict[Hashable, int] = {}
    readings = read_rows(table, layout, context)
    for chunk in batched(readings, _CHUNK):
        tally.rows += len(chunk)
        rows = list(_built(chunk, rules, context, seen, tally))
        verdicts = rules.weigh(session, context, rows, memory)
        texts = {reading.row: reading.texts for reading in chunk}
        for one in verdicts:
            if one.fault:
                text = texts[one.row].get(one.fault.column or "")
                tally.refuse((issue_at(one.row, one.fault, text),))
            else:
                tally.actions[one.action] += 1
        if is_storing:
            rules.store(session, context, verdicts)
        elif tally.kept is not None:
            tally.kept = [*tally.kept, verdicts] if tally.rows <= _KEPT_ROWS else None
    if not tally.rows:
        tally.tell((_no_rows(table),))
    return tally


def store_all(
    session: Session,
    context: ImportContext,
    rules: FileKind[Any],
    table: Table,
    layout: Layout,
    tally: Tally,
) -> None:
    """Store what a first pass found to be good throughout."""
    if tally.kept is None:
        go_through(session, context, rules, table, layout, is_storing=True)
        return
    for verdicts in tally.kept:
        rules.store(session, context, verdicts)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking the growing heap: a third of the time, measured.

    The rows hold no cycles; once a chunk is stored, counting references frees it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _built(
    chunk: tuple[Reading, ...],
    rules: FileKind[Any],
    context: ImportContext,
    seen: dict[Hashable, int],
    tally: Tally,
) -> Iterator[Verdict[Any]]:
    for reading in chunk:
        if reading.issues:
            tally.refuse(reading.issues)
            continue
        try:
            value = rules.build(reading.values, context)
        except BadRow as bad:
            tally.refuse(_issues(reading, bad.faults))
            continue
        first = seen.setdefault(rules.key(value), reading.row)
        if first == reading.row:
            yield Verdict(reading.row, value)
        else:
            fault = Fault(rules.key_column, _duplicate(first, reading.row))
            tally.refuse(_issues(reading, (fault,)))


def _issues(reading: Reading, faults: tuple[Fault, ...]) -> tuple[RowIssue, ...]:
    texts = reading.texts
    return tuple(issue_at(reading.row, fault, texts.get(fault.column or "")) for fault in faults)


def _duplicate(first: int, second: int) -> BadValue:
    return BadValue(
        Code.DUPLICATE,
        f"Rows {first} and {second} have the same number.",
        "Keep the row that is right and take the other out.",
    )


def _no_rows(table: Table) -> RowIssue:
    bad = BadValue(
        Code.NO_ROWS,
        "The file names its columns and has no rows.",
        "Check that the export ran; there is nothing to import.",
    )
    return issue_at(table.header_row, Fault(None, bad))
