"""Whatever comes in, it is reported; nothing else escapes."""

import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dispatch.errors import ImportInvalid
from dispatch.intake.report import Code
from dispatch.model import ImportKind
from tests.dispatch.intake.conftest import CASE, a_row, csv_of, xlsx_of

HEADER = ",".join(CASE).encode()
BOOK = xlsx_of(a_row())

CELLS = st.one_of(
    st.sampled_from(list(CASE.values())),
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["NaN", "1e999", str(2**70), "\0", "=1+1", "-0", "0.0", "²", "٣", "１"]),
)
ROWS = st.lists(st.lists(CELLS, min_size=len(CASE), max_size=len(CASE)), max_size=4)


def quoted(rows):
    return HEADER + b"\n" + b"\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row).encode("utf-8", "replace")
        for row in rows
    )  # fmt: skip


def torn(position, length):
    return BOOK[:position] + BOOK[position + length :]


ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def tell(desk, content, kind, **given):
    """Import, and check that what was refused is told in full."""
    try:
        report = desk.take(content, kind, **given)
    except ImportInvalid as error:
        issues = list(error.issues)
        assert issues
    else:
        issues = [issue.as_dict() for issue in report.issues]
        assert report.created + report.updated + report.unchanged + report.refused == report.rows
    for issue in issues:
        assert issue["code"] in set(Code)
        assert issue["cause"]
        assert issue["remedy"]
        assert not (issue["value"] or "").startswith(("=", "+", "-", "@"))
    json.dumps(issues).encode()


@ANY
@given(st.binary(max_size=300), st.sampled_from(ImportKind), st.booleans())
@example(b'"', ImportKind.CASES, False)
@example(b"\xff\xfe", ImportKind.CASES, False)
@example(b"\xff\xfea", ImportKind.CASES, False)
@example(b"PK\x03\x04", ImportKind.AGENTS, True)
@example(b"\x84\x31\xa4\x37,a", ImportKind.AGENTS, True)
def test_any_bytes_are_reported(desk, content, kind, is_dry_run):
    tell(desk, content, kind, is_dry_run=is_dry_run)


@ANY
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_below_a_good_header_are_reported(desk, content, skip_bad):
    tell(desk, HEADER + b"\n" + content, ImportKind.CASES, skip_bad=skip_bad)


@ANY
@given(ROWS, st.booleans())
def test_any_cells_are_reported(desk, rows, skip_bad):
    tell(desk, quoted(rows), ImportKind.CASES, skip_bad=skip_bad)


@settings(ANY, max_examples=15)
@given(st.integers(0, len(BOOK)), st.integers(1, 400))
def test_any_torn_workbook_is_reported(desk, position, length):
    tell(desk, torn(position, length), ImportKind.CASES, is_dry_run=True)


def test_good_file_still_imports_after_all_that(desk):
    tell(desk, b"\x00" * 50, ImportKind.CASES, is_dry_run=True)
    assert desk.take(csv_of(a_row())).created == 1
