"""Each bad file is refused with a row, a column, a cause and a remedy; nothing is half stored."""

import codecs
from datetime import date

import openpyxl
import pytest

from dispatch.errors import ImportInvalid
from dispatch.model import ImportKind
from tests.dispatch.intake.conftest import CASE, a_row, csv_of, saved, xlsx_of

GOOD = csv_of(a_row())
HEADER = ",".join(CASE)


def with_cell(column, text):
    return csv_of(a_row(case_number="LN-0", person_number="P-0"), a_row(**{column: text}))


def cell(column, text, code, *, at=None):
    return pytest.param(
        with_cell(column, text), 3, at or column, code, id=f"{column}-{code}-{text[:12]!a}"
    )


def sheet(**cells):
    return xlsx_of(a_row(**cells))


def headed(header, body=""):
    return f"{header}\n{body}".encode()


HIDDEN = openpyxl.Workbook()
HIDDEN.active.sheet_state = "hidden"
HIDDEN.active.append(["case_number"])
HIDDEN.create_sheet("Shown")

CELLS = [
    cell("case_number", "", "missing"),
    cell("name", " ", "missing"),
    cell("person_number", "1.23457E+11", "digits-lost"),
    cell("case_number", "LN\u200b7", "control-character"),
    cell("case_number", "L" * 65, "too-long"),
    cell("case_number", "=1+1", "formula"),
    cell("name", "N" * 10_000, "too-long"),
    cell("name", "a\0b", "control-character"),
    cell("name", "a\x07b", "control-character"),
    cell("name", "ab\u202eba", "control-character"),
    cell("name", "=HYPERLINK(1)", "formula"),
    cell("name", "@SUM(A1)", "formula"),
    cell("name", "+cmd|' /C calc'!A0", "formula"),
    cell("name", "-2+3", "formula"),
    cell("address", "a" * 501, "too-long"),
    cell("lender", "Nobody's Bank", "unknown-lender"),
    cell("language", "tlh", "unknown-choice"),
    cell("phone", "12", "not-a-phone"),
    cell("phone", "call me", "not-a-phone"),
    cell("phone", "1.38E+10", "digits-lost"),
    cell("email", "nobody", "not-an-email"),
    cell("email", "a@b.example\nBcc: c@d.example", "not-an-email"),
    cell("place_kind", "castle", "unknown-choice"),
    cell("lat", "NaN", "not-a-number"),
    cell("lat", "inf", "not-a-number"),
    cell("lat", "1e999", "not-a-number"),
    cell("lat", "999", "out-of-range"),
    cell("lon", "181", "out-of-range", at="lat"),
    cell("lat", "", "incomplete"),
    cell("currency", "ABC", "not-a-currency"),
    cell("principal", "NaN", "not-a-number"),
    cell("principal", "Infinity", "not-a-number"),
    cell("principal", "1e999", "not-a-number"),
    cell("principal", str(2**70), "out-of-range"),
    cell("principal", "9" * 41, "not-a-number"),
    cell("principal", "-5", "out-of-range"),
    cell("principal", "1.234,56", "not-a-number"),
    cell("principal", "12.345", "out-of-range"),
    cell("interest", "12,34", "not-a-number"),
    cell("oldest_unpaid_due_on", "03/09/2026", "not-a-date"),
    cell("oldest_unpaid_due_on", "2026-02-30", "not-a-date"),
    cell("oldest_unpaid_due_on", "2026-04-01", "in-future"),
    cell("oldest_unpaid_due_on", "0001-01-01", "out-of-range"),
    cell("ability", "rich", "unknown-choice"),
    cell("willingness", "maybe", "unknown-choice"),
    cell("assessed_on", "yesterday", "not-a-date"),
    cell("service_minutes", "1.5", "not-a-number"),
    cell("service_minutes", "9999", "out-of-range"),
    cell("value", "-1", "not-a-number"),
    cell("birth_year", "85", "not-a-date"),
    cell("birth_year", "1820", "out-of-range"),
    cell("birth_year", "2012", "minor"),
]

SWAPPED = csv_of(a_row(lat="119.9102", lon="30.6101"))
SWAPPED_IN_RANGE = csv_of(
    a_row(lat="30.6101", lon="119.9102"), a_row(case_number="2", lat="0", lon="0")
)
DUPLICATE = csv_of(a_row(), a_row(case_number="LN-2"), a_row(interest="9"))

FILES = [
    pytest.param(b"", None, None, "empty-file", id="empty"),
    pytest.param(b"\n\r\n , ,\n", None, None, "empty-file", id="blank"),
    pytest.param(codecs.BOM_UTF8, None, None, "empty-file", id="bom-only"),
    pytest.param(headed(HEADER), 1, None, "no-rows", id="only-header"),
    pytest.param(headed("name,phone", "a,b"), 1, None, "missing-column", id="missing-columns"),
    pytest.param(
        headed(HEADER.replace("address,", "")), 1, "address", "missing-column", id="missing-one"
    ),
    pytest.param(headed(HEADER + ",姓名"), 1, "name", "duplicate-column", id="duplicate-header"),
    pytest.param(GOOD + b'"LN-2,open', 3, None, "broken-row", id="unclosed-quote"),
    pytest.param(GOOD + b'"a"b,c\n', 3, None, "broken-row", id="text-after-quote"),
    pytest.param(GOOD + b"LN-2,Lantern Bank\n", 3, None, "ragged-row", id="short-row"),
    pytest.param(GOOD.rstrip() + b",extra\n", 2, None, "ragged-row", id="long-row"),
    pytest.param(GOOD + b"\x00" * 9, 3, None, "ragged-row", id="nul-row"),
    pytest.param(GOOD + "柳荫".encode()[:-1], 3, None, "encoding", id="broken-utf8"),
    pytest.param(b"\xff\xff\xff" + GOOD, 1, None, "encoding", id="no-encoding"),
    pytest.param(
        codecs.BOM_UTF8 + GOOD.decode().encode("gb18030"), 2, None, "encoding", id="bom-but-gb"
    ),
    pytest.param(
        GOOD.replace("林".encode(), b"\xed\xa0\x80"), 2, None, "encoding", id="lone-surrogate"
    ),
    pytest.param(DUPLICATE, 4, "case_number", "duplicate-number", id="duplicate-number"),
    pytest.param(SWAPPED, 2, "lat", "swapped-coordinates", id="swapped"),
    pytest.param(SWAPPED_IN_RANGE, 3, "lat", "out-of-range", id="null-island"),
    pytest.param(b"PK\x03\x04 broken", None, None, "not-a-workbook", id="broken-zip"),
    pytest.param(
        b"\xd0\xcf\x11\xe0" + b"\0" * 600, None, None, "encrypted", id="old-or-encrypted"
    ),
    pytest.param(saved(HIDDEN), None, None, "empty-file", id="shown-sheet-empty"),
    pytest.param(sheet(principal="=1+1"), 2, "principal", "formula-without-value", id="formula"),
    pytest.param(sheet(fees="=1+1"), 2, "fees", "formula-without-value", id="formula-in-optional"),
    pytest.param(sheet(value="#N/A"), 2, "value", "formula-without-value", id="error-cell"),
    pytest.param(
        sheet(case_number=123456789012345678.0),
        2,
        "case_number",
        "digits-lost",
        id="rounded-number",
    ),
    pytest.param(sheet(principal=1e300), 2, "principal", "not-a-number", id="huge-number"),
    pytest.param(sheet(lat=999.0), 2, "lat", "out-of-range", id="sheet-lat-999"),
    pytest.param(sheet(name="a_x0000_b"), 2, "name", "control-character", id="sheet-nul"),
    pytest.param(
        sheet(oldest_unpaid_due_on=date(2026, 12, 1)),
        2,
        "oldest_unpaid_due_on",
        "in-future",
        id="sheet-future",
    ),
    pytest.param(
        sheet(oldest_unpaid_due_on=3), 2, "oldest_unpaid_due_on", "not-a-date", id="sheet-serial-3"
    ),
]


@pytest.fixture(scope="module")
def shared_desk(sqlite_template, vault, tmp_path_factory):
    """One desk for the whole table: a bad file that left anything behind would show in the next."""
    import shutil

    from dispatch.db import Database
    from tests.dispatch.intake.conftest import a_desk

    path = tmp_path_factory.mktemp("desk") / "fairvisit.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield a_desk(database, vault)
    database.dispose()


@pytest.mark.parametrize(("content", "row", "column", "code"), CELLS + FILES)
def test_bad_file_is_refused_where_it_is_bad(shared_desk, content, row, column, code):
    before = shared_desk.counts()
    with pytest.raises(ImportInvalid) as caught:
        shared_desk.take(content)
    issue = caught.value.issues[0]
    assert (issue["row"], issue["column"], issue["code"]) == (row, column, code)
    assert issue["cause"].endswith(".")
    assert issue["remedy"].endswith((".", '"".'))
    assert shared_desk.counts() == before
    report = shared_desk.take(GOOD)
    assert (report.created + report.unchanged, report.refused) == (1, 0)


@pytest.mark.parametrize(("content", "row", "column", "code"), CELLS + FILES)
def test_dry_run_tells_the_same_and_raises_nothing(shared_desk, content, row, column, code):
    before = shared_desk.counts()
    issue = shared_desk.take(content, is_dry_run=True).issues[0]
    assert (issue.row, issue.column, issue.code) == (row, column, code)
    assert shared_desk.counts() == before


@pytest.mark.parametrize(("content", "row", "column", "code"), CELLS[:6] + FILES[-3:])
def test_bad_file_leaves_nothing_on_either_database(any_desk, content, row, column, code):
    before = any_desk.counts()
    with pytest.raises(ImportInvalid):
        any_desk.take(content)
    assert any_desk.counts() == before
    assert any_desk.take(GOOD).created == 1


def test_name_of_ten_thousand_characters_is_masked_to_one(shared_desk):
    with pytest.raises(ImportInvalid) as caught:
        shared_desk.take(with_cell("name", "林" + "x" * 10_000))
    assert caught.value.issues[0]["value"] == "林***"


def test_duplicate_names_both_rows(shared_desk):
    with pytest.raises(ImportInvalid) as caught:
        shared_desk.take(DUPLICATE)
    assert "Rows 2 and 4" in caught.value.issues[0]["cause"]


def test_minor_is_kept_apart_by_night_and_the_rest_goes_on(desk):
    report = desk.take(with_cell("birth_year", "2012"), skip_bad=True)
    assert (report.created, report.refused) == (1, 1)


def test_only_a_thousand_issues_are_told_and_all_are_counted(desk):
    rows = [a_row(case_number=f"LN-{n}", lat="x") for n in range(1200)]
    with pytest.raises(ImportInvalid) as caught:
        desk.take(csv_of(*rows))
    assert len(caught.value.issues) == 1000
    assert caught.value.extra["issue_count"] == 1200


def test_empty_night_file_is_told_and_stops_nothing(desk):
    report = desk.take(headed(HEADER), skip_bad=True)
    assert (report.rows, [one.code for one in report.issues]) == (0, ["no-rows"])


def test_bad_files_of_other_kinds(desk):
    for kind in ImportKind:
        with pytest.raises(ImportInvalid):
            desk.take(b"", kind)
        with pytest.raises(ImportInvalid):
            desk.take(b"a,b\n1,2\n", kind)
