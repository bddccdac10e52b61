import codecs

import pytest

from dispatch.errors import ImportInvalid
from dispatch.intake.table import read_table
from dispatch.model import Case, Person
from tests.dispatch.intake.conftest import a_row, csv_of


def cells(content, **given):
    table = read_table(content, **given)
    return [table.header, *(line.cells for line in table.rows())]


TEXT = "姓名,地址\n林知夏,柳荫路8号\n"
READ = [("姓名", "地址"), ("林知夏", "柳荫路8号")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), None),
        (codecs.BOM_UTF8 + TEXT.encode(), None),
        (TEXT.encode("gb18030"), None),
        (TEXT.encode("gb18030"), "GBK"),
        (TEXT.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf8"),
        (TEXT.encode("utf-16"), None),
        (TEXT.replace("\n", "\r\n").encode(), None),
        (TEXT.replace("\n", "\r").encode(), None),
        (TEXT.replace(",", ";").encode(), None),
        (TEXT.replace(",", "\t").encode(), None),
        (("\n" + TEXT + "\n , \n").encode(), None),
    ],
)
def test_text_is_read_however_it_was_written(content, encoding):
    assert cells(content, encoding=encoding) == READ


def test_gb18030_that_was_found_out_is_told():
    assert read_table(TEXT.encode("gb18030")).notes == (
        "The file is not UTF-8; it was read as GB18030.",
    )


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(TEXT.encode(), "latin-1"), (TEXT.encode(), "rot13"), (TEXT.encode("gb18030"), "utf-8")],
)
def test_declared_encoding_that_does_not_fit_is_refused(content, encoding):
    with pytest.raises(ImportInvalid) as caught:
        read_table(content, encoding=encoding)
    assert caught.value.issues[0]["code"] == "encoding"


def test_delimiter_inside_quotation_marks_does_not_count():
    assert cells(b'"a,b,c";d\n1;2\n') == [("a,b,c", "d"), ("1", "2")]


def test_broken_row_does_not_hide_the_next():
    rows = list(read_table(b'a,b\n"x"y,1\n3,4\n').rows())
    assert [(line.number, line.cells, bool(line.fault)) for line in rows] == [
        (2, (), True),
        (3, ("3", "4"), False),
    ]


def test_rows_are_counted_as_a_spreadsheet_shows_them():
    table = read_table(b'a,b\n"one\ntwo",2\n\n3,4\n')
    assert [line.number for line in table.rows()] == [2, 4]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("dispatch.intake.table.MAX_ROWS", 2)
    with pytest.raises(ImportInvalid) as caught:
        list(read_table(b"a\n1\n2\n3\n").rows())
    assert caught.value.issues[0]["code"] == "too-many-rows"


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr("dispatch.intake.table.MAX_BYTES", 10)
    with pytest.raises(ImportInvalid) as caught:
        read_table(b"a,b\n1,2\n3,4\n")
    assert caught.value.issues[0]["code"] == "file-too-large"


def test_too_many_columns_are_refused():
    with pytest.raises(ImportInvalid) as caught:
        read_table(b"a," * 501 + b"b\n")
    assert caught.value.issues[0]["code"] == "file-too-large"


def test_gb18030_file_with_chinese_headers_is_imported_whole(desk):
    text = csv_of(a_row()).decode()
    head, body = text.split("\r\n", 1)
    words = {
        "case_number": "借据号",
        "lender": "出借人",
        "person_number": "客户号",
        "name": "姓名",
        "phone": "手机",
        "address": "地址",
        "principal": "逾期本金(元)",
        "oldest_unpaid_due_on": "逾期日期",
    }
    head = ",".join(words.get(name, name) for name in head.split(","))
    assert desk.take(f"{head}\r\n{body}".encode("gb18030")).created == 1
    [person], [case] = desk.all(Person), desk.all(Case)
    assert desk.vault.read(person, person, "name") == "林知夏"
    assert case.number == "LN-1"
