"""One bad row never stops the others; what the database says is nobody's row's fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from dispatch.aside import sifted


@given(rows=st.lists(st.integers(), unique=True, max_size=40), bad=st.sets(st.integers()))
def test_all_good_rows_are_read_and_all_bad_ones_returned(rows: list[int], bad: set[int]) -> None:
    def read(some):
        if bad & set(some):
            msg = "a bad row"
            raise ValueError(msg)
        return {row: -row for row in some}

    found, aside = sifted(rows, read)
    assert found == {row: -row for row in rows if row not in bad}
    assert [row for row, _ in aside] == [row for row in rows if row in bad]
    assert all(isinstance(error, ValueError) for _, error in aside)


def test_the_database_is_heard() -> None:
    def read(some):
        raise OperationalError("select", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        sifted([1, 2, 3], read)
