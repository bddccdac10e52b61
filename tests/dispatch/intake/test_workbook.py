import io
import resource
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from dispatch.errors import ImportInvalid
from dispatch.intake.table import read_table
from dispatch.model import Case, ContactPoint, Person
from tests.dispatch.intake.conftest import a_row, saved, xlsx_of


def book_of(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def lines(content, **given):
    return list(read_table(content, **given).rows())


def refused(content, **given):
    with pytest.raises(ImportInvalid) as caught:
        lines(content, **given)
    return caught.value.issues[0]["code"]


def archive(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {"xl/workbook.xml": "<workbook/>", **parts}.items():
            packed.writestr(name, content)
    return stream.getvalue()


def with_part(name, content, base=None):
    stream = io.BytesIO(base or saved(book_of(["a"], ["1"])))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return stream.getvalue()


def test_cells_become_the_text_that_a_person_would_type():
    values = [
        date(2026, 3, 9),
        datetime(2026, 3, 9, 14, 30),  # noqa: DTZ001  (a sheet knows no zones)
        time(9, 30),
        13800138000.0,
        46090,
        0.1 + 0.2,
        12000.5,
        True,
        "  柳荫路 ",
        None,
        1.23456789012345e17,
    ]
    [line] = lines(saved(book_of([f"c{n}" for n in range(11)], values)))
    assert line.cells == (
        "2026-03-09",
        "2026-03-09T14:30:00",
        "09:30:00",
        "13800138000",
        "46090",
        "0.3",
        "12000.5",
        "TRUE",
        "  柳荫路 ",
        "",
        "1.23456789012345E+17",
    )


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    book = openpyxl.Workbook()
    book.active["B3"], book.active["B5"] = "a", "x"
    table = read_table(saved(book))
    assert (table.header, table.header_row) == (("a",), 3)
    assert [(line.number, line.cells) for line in table.rows()] == [(5, ("x",))]


def test_hidden_sheets_are_not_read():
    book = book_of(["secret"], ["s"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Shown")
    shown.append(["a"])
    shown.append(["1"])
    assert read_table(saved(book)).header == ("a",)
    assert refused(saved(book), sheet="Sheet") == "no-sheet"


def test_named_sheet_is_read_and_the_others_are_told():
    book = book_of(["a"], ["1"])
    book.create_sheet("Other").append(["b"])
    table = read_table(saved(book), sheet="Other")
    assert table.header == ("b",)
    assert "1 further sheets were not read." in table.notes
    assert refused(saved(book), sheet="None") == "no-sheet"
    assert refused(saved(book), sheet="a\0b") == "no-sheet"


def test_stored_result_of_a_formula_is_read():
    content = saved(book_of(["a", "b"], ["=1+1", "x"]))
    source = zipfile.ZipFile(io.BytesIO(content))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")
            packed.writestr(name, data)
    [line] = lines(stream.getvalue())
    assert (line.cells, dict(line.cell_faults)) == (("2", "x"), {})


def test_formula_without_a_result_is_a_fault_of_its_cell():
    [line] = lines(saved(book_of(["a", "b"], ["x", "=1+1"])))
    assert [(at, fault.bad.code.value) for at, fault in line.cell_faults.items()] == [
        (1, "formula-without-value")
    ]


def bomb():
    """Return an archive of a few hundred kilobytes that unpacks to 201 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(201):
                part.write(b"0" * 1024 * 1024)
    return stream.getvalue()


DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
UNSAFE = {
    "bomb": (bomb, "unsafe-workbook"),
    "entries": (lambda: archive(**{f"p{n}": "" for n in range(1001)}), "unsafe-workbook"),
    "nested": (lambda: archive(**{"xl/inner.zip": "PK"}), "unsafe-workbook"),
    "embedded": (lambda: archive(**{"xl/embeddings/book": "x"}), "unsafe-workbook"),
    "external": (
        lambda: archive(**{"xl/externalLinks/externalLink1.xml": "<x/>"}),
        "unsafe-workbook",
    ),
    "dtd": (lambda: archive(**{"xl/a.xml": DTD}), "unsafe-workbook"),
    "outside": (lambda: archive(**{"../up": "x"}), "unsafe-workbook"),
    "empty": (archive, "not-a-workbook"),
    "torn": (lambda: b"PK\x03\x04", "not-a-workbook"),
    "end": (lambda: b"PK\x05\x06" + b"\0" * 18, "not-a-workbook"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_archive_is_refused_before_it_is_unpacked(name):
    make, code = UNSAFE[name]
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(content, filename="a.xlsx") == code
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_archive_with_a_password_is_refused():
    content = bytearray(saved(book_of(["a"], ["1"])))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refused(bytes(content)) == "encrypted"


def test_file_that_only_says_it_is_a_workbook_is_refused():
    assert refused(b"<html>case_number</html>", filename="cases.xlsx") == "not-a-workbook"


def test_sheet_that_spans_the_whole_grid_kills_only_the_child():
    book = book_of(["a"], ["1"])
    book.active["XFD1000000"] = "far"
    assert refused(saved(book)) in {"unsafe-workbook", "file-too-large"}


def test_part_that_lies_about_its_size_is_refused_or_read_within_bounds():
    content = bytearray(with_part("xl/media/a.bin", "0" * 5_000_000))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert [line.cells for line in lines(bytes(content))] == [("1",)]


def test_case_sheet_with_dates_phones_and_numbers_is_imported(desk):
    report = desk.take(
        xlsx_of(
            a_row(
                phone=13912345678.0,
                oldest_unpaid_due_on=date(2026, 1, 5),
                assessed_on=46073,
                principal=12000.5,
                lat=30.6101,
                lon=119.9102,
                birth_year=1985.0,
            )
        )
    )
    assert report.created == 1
    [case], [person] = desk.all(Case), desk.all(Person)
    assert case.oldest_unpaid_due_on == date(2026, 1, 5)
    assert desk.vault.read(person, case, "amounts")["principal"] == 1_200_050
    values = {desk.vault.read(person, one, "value") for one in desk.all(ContactPoint)}
    assert "+8613912345678" in values
