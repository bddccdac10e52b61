"""The child's own steps, in process; test_workbook.py runs it as a child."""

import datetime
import json
import resource

import openpyxl
import pytest

from dispatch.intake import unpack
from tests.dispatch.intake.conftest import saved


def told(capsys, content, wanted=None, most=100):
    status = unpack.main(content, wanted, most)
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def a_book():
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append([1.0, "=1+1", "#N/A"])
    return book


def test_first_line_says_what_was_read_then_come_the_rows(capsys):
    status, lines = told(capsys, saved(a_book()))
    assert status == 0
    assert lines == [
        {"sheet": "Sheet", "others": 0},
        [1, ["a", "b", "c"]],
        [2, ["1", {"fault": "formula"}, {"fault": "error"}]],
    ]


def test_sheet_is_found_by_its_name_among_others(capsys):
    book = a_book()
    book.create_sheet("Other").append(["=1+1"])
    _, lines = told(capsys, saved(book), "Other")
    assert lines == [{"sheet": "Other", "others": 1}, [1, [{"fault": "formula"}]]]


def test_row_of_nothing_but_formulas_without_values_is_not_lost(capsys):
    book = a_book()
    book.active.append(["=1", None, None, "=2"])
    _, lines = told(capsys, saved(book))
    assert lines[-1] == [3, [{"fault": "formula"}, "", "", {"fault": "formula"}]]


@pytest.mark.parametrize(
    ("content", "wanted", "most", "code"),
    [
        (b"PK\x03\x04 torn", None, 9, "not-a-workbook"),
        (saved(a_book()), "None", 9, "no-sheet"),
        (saved(a_book()), None, 1, "too-many-rows"),
    ],
)
def test_what_can_not_be_read_is_refused(capsys, content, wanted, most, code):
    status, lines = told(capsys, content, wanted, most)
    assert (status, lines[0]["refused"]) == (unpack.REFUSED, code)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e15, "1E+15"),
        (-3.0, "-3"),
        (1e-7, "1E-07"),
        (float("inf"), "INF"),
        (float("nan"), "NAN"),
        (False, "FALSE"),
        (datetime.timedelta(hours=9, minutes=30), "09:30:00"),
        (datetime.timedelta(hours=30), "30:00:00"),
        ("x", "x"),
    ],
)
def test_value_becomes_text(value, text):
    assert unpack.as_text(value) == text


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("A1", (1, 0)),
        ("C7", (7, 2)),
        ("XFD1048576", (1_048_576, 16_383)),
        ("1A", None),
        ("", None),
    ],
)
def test_reference_names_row_and_column(reference, place):
    assert unpack.place_of(reference) == place


def test_child_bounds_its_memory_and_time(monkeypatch):
    asked = {}
    monkeypatch.setattr(resource, "setrlimit", lambda limit, pair: asked.update({limit: pair[0]}))
    unpack.bound()
    assert asked[resource.RLIMIT_AS] <= unpack.MEMORY_BYTES
    assert asked[resource.RLIMIT_CPU] <= unpack.CPU_S
