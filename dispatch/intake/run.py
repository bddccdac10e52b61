"""import_file: one file into the database, all of it or nothing; or what is good of it."""

import logging
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import batched
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.coordinates import Datum
from dispatch.errors import AlreadyThere, ImportInvalid
from dispatch.ids import new_id
from dispatch.intake import agents, attempts, cases, holidays, payments, shifts
from dispatch.intake.case_row import lender_key
from dispatch.intake.columns import Layout, Reading, lay_out, read_rows
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, BadRow, FileKind, Memory, Verdict
from dispatch.intake.report import (
    MAX_ISSUES,
    BadValue,
    Code,
    Fault,
    ImportReport,
    RowIssue,
    issue_at,
    issues_of,
    listed,
)
from dispatch.intake.table import Table, read_table
from dispatch.model import Branch, ImportBatch, ImportKind, record
from dispatch.store.lenders import all_lenders, own_lender
from dispatch.store.rows import find
from dispatch.vault import Vault

log = logging.getLogger(__name__)

KINDS: Final[Mapping[ImportKind, FileKind[Any]]] = {
    ImportKind.CASES: cases.KIND,
    ImportKind.ATTEMPTS: attempts.KIND,
    ImportKind.PAYMENTS: payments.KIND,
    ImportKind.AGENTS: agents.KIND,
    ImportKind.SHIFTS: shifts.KIND,
    ImportKind.HOLIDAYS: holidays.KIND,
}

_CHUNK: Final = 1000


@dataclass(slots=True)
class _Tally:
    """Counts and issues of one pass through a file."""

    rows: int = 0
    actions: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))
    issues: list[RowIssue] = field(default_factory=list)
    issue_count: int = 0

    def refuse(self, issues: tuple[RowIssue, ...]) -> None:
        """Count a refused row and keep what is wrong with it, up to a bound."""
        self.actions[Action.REFUSED] += 1
        self.tell(issues)

    def tell(self, issues: tuple[RowIssue, ...]) -> None:
        """Keep issues, up to a bound."""
        self.issue_count += len(issues)
        self.issues.extend(issues[: max(0, MAX_ISSUES - len(self.issues))])


def import_file(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    kind: ImportKind,
    content: bytes,
    filename: str = "",
    mapping: Mapping[str, str] | None = None,
    datum: Datum = Datum.WGS84,
    encoding: str | None = None,
    sheet: str | None = None,
    is_dry_run: bool = False,
    skip_bad: bool = False,
    actor: str,
    now: datetime,
) -> ImportReport:
    """Take a file in for a branch and report row by row.

    By default any issue refuses the whole file: `ImportInvalid` carries the issues, and nothing
    was written. With `skip_bad` good rows are stored and the report tells the others. A dry run
    writes nothing, raises nothing, and reports what would happen.

    Raises
    ------
    ImportInvalid
        If the file can't be read, or a row is bad and `skip_bad` is off; never in a dry run.
    AlreadyThere
        If another import took the same people or cases in at the same moment.
    """
    find(session, Branch, branch.id, lock=not is_dry_run)  # one import of a branch at a time
    context = _context(session, vault, branch, datum, actor, now)
    try:
        table = read_table(content, filename=filename, encoding=encoding, sheet=sheet)
        layout = lay_out(
            KINDS[kind].columns,
            table,
            mapping,
            optional=frozenset({"lender"} if context.own_lender else ()),
        )
        if is_dry_run or not skip_bad:
            report = _report(kind, table, layout, _pass(session, context, kind, table, layout))
            if is_dry_run:
                return replace(report, is_dry_run=True)
            if report.issue_count:
                raise _refusal(report)
        tally = _pass(session, context, kind, table, layout, is_storing=True)
    except ImportInvalid as error:
        if is_dry_run:
            return _unread(kind, error)
        raise
    except IntegrityError as error:
        msg = "Another import took the same rows in at the same moment; import the file again."
        raise AlreadyThere(msg) from error
    report = replace(_report(kind, table, layout, tally), batch_id=context.batch_id)
    _record_batch(session, context, report, content, layout.used(table.header))
    return report


def _context(
    session: Session, vault: Vault, branch: Branch, datum: Datum, actor: str, now: datetime
) -> ImportContext:
    lenders = all_lenders(session)
    names = {lender_key(one.name): one for one in lenders}
    names |= {lender_key(one.name_zh): one for one in lenders if one.name_zh}
    return ImportContext(
        branch=branch,
        vault=vault,
        datum=datum,
        lenders=names,
        own_lender=own_lender(session, branch),
        actor=actor[:80],
        now=now,
        today=local_date(branch.time_zone, now),
        batch_id=new_id(),
    )


def _pass(
    session: Session,
    context: ImportContext,
    kind: ImportKind,
    table: Table,
    layout: Layout,
    *,
    is_storing: bool = False,
) -> _Tally:
    """Go through the file once: read, weigh and, where told so, store; a chunk at a time."""
    rules = KINDS[kind]
    tally = _Tally()
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
    if not tally.rows:
        tally.tell((_no_rows(table),))
    return tally


def _built(
    chunk: tuple[Reading, ...],
    rules: FileKind[Any],
    context: ImportContext,
    seen: dict[Hashable, int],
    tally: _Tally,
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


def _report(kind: ImportKind, table: Table, layout: Layout, tally: _Tally) -> ImportReport:
    notes = list(table.notes)
    if layout.unknown:
        notes.append(f"Not imported, because nobody asks for them: {listed(layout.unknown)}.")
    if layout.missing:
        notes.append(f"Not in the file: {listed(one.name for one in layout.missing)}.")
    if tally.issue_count > len(tally.issues):
        notes.append(f"Only the first {MAX_ISSUES:,} of {tally.issue_count:,} issues are told.")
    return ImportReport(
        kind=kind.value,
        rows=tally.rows,
        created=tally.actions[Action.CREATED],
        updated=tally.actions[Action.UPDATED],
        unchanged=tally.actions[Action.UNCHANGED],
        refused=tally.actions[Action.REFUSED],
        issues=tuple(tally.issues),
        issue_count=tally.issue_count,
        notes=tuple(notes),
        is_dry_run=False,
        batch_id=None,
    )


def _unread(kind: ImportKind, error: ImportInvalid) -> ImportReport:
    issues = issues_of(error)
    return ImportReport(
        kind.value, 0, 0, 0, 0, 0, issues, len(issues), (), is_dry_run=True, batch_id=None
    )


def _refusal(report: ImportReport) -> ImportInvalid:
    first = report.issues[0]
    where = f"row {first.row}" + (f", column {first.column}" if first.column else "")
    msg = (
        f"{report.issue_count:,} issues; nothing was imported. The first, {where}: "
        f"{first.cause} {first.remedy}"
    )
    return ImportInvalid(
        msg,
        issues=[issue.as_dict() for issue in report.issues],
        issue_count=report.issue_count,
        rows=report.rows,
        refused=report.refused,
    )


def _record_batch(
    session: Session,
    context: ImportContext,
    report: ImportReport,
    content: bytes,
    used: Mapping[str, str],
) -> None:
    """Keep what came in and what became of it; the report without the values."""
    counts = {
        name: getattr(report, name)
        for name in ("rows", "created", "updated", "unchanged", "refused")
    }
    told = [
        {"row": issue.row, "column": issue.column, "code": issue.code} for issue in report.issues
    ]
    batch = ImportBatch(
        id=context.batch_id,
        branch_id=context.branch.id,
        kind=ImportKind(report.kind),
        file_hash=sha256(content).hexdigest(),
        report=told,
        mapping_used=dict(used),
        imported_by=context.actor,
        imported_at=context.now,
        **counts,
    )
    session.add(batch)
    record(batch, "import_batch.stored", actor=context.actor, now=context.now, **counts)
    session.flush()
    log.info("imported %s: %s", report.kind, counts)
