"""One bad row never stops the others; what the database says, or befalls all, is nobody's row's fault."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from dispatch.aside import FEW, sifted


@given(rows=st.lists(st.integers(), unique=True, max_size=40), bad=st.sets(st.integers()))
def test_all_good_rows_are_read_and_all_bad_ones_returned(rows: list[int], bad: set[int]) -> None:
    def read(some):
        if bad & set(some):
            msg = "a bad row"
            raise ValueError(msg)
        return {row: -row for row in some}

    if len(rows) > FEW and bad.issuperset(rows):
        with pytest.raises(ValueError, match="a bad row"):
            sifted(rows, read)
        return
    found, aside = sifted(rows, read)
    assert found == {row: -row for row in rows if row not in bad}
    assert [row for row, _ in aside] == [row for row in rows if row in bad]
    assert all(isinstance(error, ValueError) for _, error in aside)


def test_the_database_is_heard() -> None:
    def read(some):
        raise OperationalError("select", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        sifted([1, 2, 3], read)


def test_what_befalls_every_row_is_no_rows_fault() -> None:
    def read(some):
        msg = "the program is broken"
        raise KeyError(msg)

    assert len(sifted(range(FEW), read)[1]) == FEW
    with pytest.raises(KeyError, match="the program is broken"):
        sifted(range(FEW + 1), read)


def test_where_it_went_wrong_is_logged_and_never_what_the_row_holds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def read(some):
        if 2 in some:
            msg = "cannot read 13800138000"
            raise ValueError(msg)
        return {row: row for row in some}

    with caplog.at_level(logging.WARNING):
        sifted([1, 2, 3], read)
    (line,) = caplog.messages
    assert line.startswith("A row is set aside: ValueError in read, test_aside.py line ")
    assert "138" not in caplog.text
