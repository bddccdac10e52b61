"""import_file: one file into the database, all of it or nothing; or what is good of it."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.coordinates import Datum
from dispatch.errors import AlreadyThere, ImportInvalid
from dispatch.ids import new_id
from dispatch.intake import agents, attempts, cases, holidays, payments, shifts
from dispatch.intake.case_row import lender_key
from dispatch.intake.columns import Layout, lay_out
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, FileKind
from dispatch.intake.passes import Tally, collector_at_rest, go_through, store_all
from dispatch.intake.report import (
    MAX_ISSUES,
    ImportReport,
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
        with collector_at_rest():
            if is_dry_run or not skip_bad:
                tally = go_through(session, context, KINDS[kind], table, layout)
                report = _report(kind, table, layout, tally)
                if is_dry_run:
                    return replace(report, is_dry_run=True)
                if report.issue_count:
                    raise _refusal(report)
                store_all(session, context, KINDS[kind], table, layout, tally)
            else:
                tally = go_through(session, context, KINDS[kind], table, layout, is_storing=True)
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


def _report(kind: ImportKind, table: Table, layout: Layout, tally: Tally) -> ImportReport:
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
