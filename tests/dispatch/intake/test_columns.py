from pathlib import Path

import pytest

from dispatch.errors import ImportInvalid
from dispatch.intake.columns import folded, lay_out, read_mapping
from dispatch.intake.report import Code
from dispatch.intake.run import KINDS
from dispatch.intake.table import read_table
from dispatch.model import ImportKind
from tests.dispatch.intake.conftest import a_row, csv_of

HOLIDAYS = KINDS[ImportKind.HOLIDAYS].columns


def laid_out(header, mapping=None):
    return lay_out(HOLIDAYS, read_table(f"{header}\n1,2,3\n".encode()), mapping)


@pytest.mark.parametrize(
    "header",
    [
        "date,name,class",
        "Date, NAME ,Class",
        "日期,名称,类别",
        "DATE(yyyy-mm-dd),Name*,ｃｌａｓｓ",
        "type,day,holiday",
    ],
)
def test_headers_are_known_by_many_words(header):
    assert {column.name for column, _ in laid_out(header).places} == {"date", "name", "class"}


def test_mapping_comes_before_words():
    layout = laid_out("name,Tag,kind", {"date": "name", "name": "Tag"})
    assert {column.name: place for column, place in layout.places} == {
        "date": 0,
        "name": 1,
        "class": 2,
    }


@pytest.mark.parametrize(
    "mapping", [{"colour": "name"}, {"date": "not there"}, {"date": "name", "class": "x"}]
)
def test_mapping_that_names_what_is_not_there_is_refused(mapping):
    with pytest.raises(ImportInvalid) as caught:
        laid_out("date,name,class", mapping)
    assert caught.value.issues[0]["code"] == "bad-mapping"


def test_unknown_columns_are_told_and_missing_ones_named(desk):
    row = a_row(**{"Risk grade\x07": "A"})
    del row["product"]
    notes = desk.take(csv_of(row)).notes
    assert any("Risk grade." in note for note in notes)
    assert any(note == "Not in the file: product." for note in notes)


def test_all_missing_columns_are_one_issue_that_repeats_nothing_of_the_file():
    with pytest.raises(ImportInvalid) as caught:
        laid_out("林知夏,13912345678,x")
    [issue] = caught.value.issues
    assert issue["cause"] == "The first row names no column for date, name, class."


@pytest.mark.parametrize(
    "text",
    ["date: 日期\nname: Tag", '{"date": "日期", "name": "Tag"}', "\ufeffdate: 日期\nname: Tag"],
)
def test_mapping_file_is_yaml_or_json(text):
    assert read_mapping(text.encode()) == {"date": "日期", "name": "Tag"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- date",
        b"date: 1",
        b"date: [a]",
        b"\xff",
        b"a: &a [*a]",
        b"!!python/object:os.system x",
        b"a: b\n" * 20_000,
        b"[" * 20_000,
    ],
)
def test_mapping_file_that_is_none_is_refused(content):
    with pytest.raises(ImportInvalid) as caught:
        read_mapping(content)
    assert caught.value.issues[0]["code"] == "bad-mapping"


@pytest.mark.parametrize("kind", list(ImportKind))
def test_no_two_columns_of_a_kind_share_a_word(kind):
    words = [
        folded(word)
        for column in KINDS[kind].columns
        for word in {folded(one) for one in (column.name, *column.synonyms)}
    ]
    assert sorted(words) == sorted(set(words))


def test_every_column_and_every_code_is_told_in_the_docs():
    page = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
    names = {column.name for kind in KINDS.values() for column in kind.columns}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
    assert [code.value for code in Code if f"`{code.value}`" not in page] == []
