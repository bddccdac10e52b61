"""Large tables are lifted out of a text before it is read; nobody can tell but by the memory."""

import json

import numpy as np
import pytest

from routing import InvalidProblem
from routing.formats.vroom import parse, read

SIZE = 256


def table(change=None, size=SIZE):
    rows = np.random.default_rng(1).integers(0, 9_000, (size, size)).tolist()
    if change is not None:
        change(rows)
    return rows


def request(rows, name="durations"):
    tables = {"durations": table(), name: rows}
    return {
        "jobs": [{"id": 1, "location_index": 3, "description": 'says "durations": [[1, 2]]'}],
        "vehicles": [{"id": 1, "start_index": 0}],
        "matrices": {"car": tables},
    }


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", ["durations", "distances", "costs"])
def test_a_large_table_is_read_as_an_array_of_the_same_entries(name, indent):
    rows = table()
    document = parse(json.dumps(request(rows, name), indent=indent).encode())
    told = document["matrices"]["car"][name]
    assert isinstance(told, np.ndarray)
    assert told.tolist() == rows
    assert document["jobs"] == request(rows)["jobs"]
    matrix = read(document).problem.matrices["car"]
    assert getattr(matrix, name) is told  # not copied again


def test_the_old_matrix_and_parts_of_the_day_are_read_so_too():
    rows = table()
    old = {"matrix": rows, "other": {"day_parts": [{"from": 5, "durations": rows}]}}
    document = parse(json.dumps(old).encode())
    assert document["matrix"].tolist() == rows
    assert document["other"]["day_parts"][0]["durations"].tolist() == rows


def _negative(rows):
    rows[7][9] = -1


def _huge(rows):
    rows[7][9] = 10**30


def _real(rows):
    rows[7][9] = 1.5


def _missing(rows):
    rows[7][9] = None


def _true(rows):
    rows[7][9] = True


def _short(rows):
    rows[7].pop()


def _fewer(rows):
    rows.pop()


def _more(rows):
    rows.append(rows[0])


def _empty(rows):
    rows[7] = []


def _deeper(rows):
    rows[7][9] = [1]


FAULTS = [_negative, _huge, _real, _missing, _true, _short, _fewer, _more, _empty, _deeper]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_table_is_told_of_as_if_nothing_were_lifted_out(fault):
    document = request(table(fault))
    with pytest.raises(InvalidProblem) as lifted:
        read(parse(json.dumps(document).encode()))
    with pytest.raises(InvalidProblem) as plain:
        read(document)
    assert lifted.value.issues == plain.value.issues


def test_what_is_no_json_is_refused_within_a_table_too():
    text = json.dumps(request(table()))
    begin = '"durations": [['
    for broken in (text[:-3], text.replace("], [", "] [", 1), text.replace(begin, begin + "01, ")):
        with pytest.raises(InvalidProblem, match="JSON"):
            parse(broken.encode())


@pytest.mark.parametrize("where", ["jobs", "vehicles", "options", "tuning", "else"])
def test_a_table_where_none_belongs_is_refused_or_passed_over_in_plain_words(where):
    document = request(table())
    document[where] = {"costs": table()} if where != "vehicles" else [{"id": 1, "costs": table()}]
    raw = json.dumps(document).encode()
    if where in {"jobs", "vehicles"}:
        with pytest.raises(InvalidProblem, match=f"/{where}"):
            read(parse(raw))
    else:
        assert read(parse(raw)).notes


def test_small_tables_stay_lists_and_no_text_can_pose_as_a_table():
    small = {"durations": table(size=SIZE - 1), "grid": 0, "inner": {"grid": 0}}
    assert parse(json.dumps(small).encode()) == small
    posing = {"durations": table(), "inner": {"grid": 0}}
    told = parse(json.dumps(posing).encode())
    assert told["inner"] == {"grid": 0}
    assert told["durations"].tolist() == posing["durations"]
