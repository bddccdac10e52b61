"""Every row of the five processes is asserted by a journey, and the page says where."""

from tests.journeys import stated
from tests.journeys.coverage import PAGE, page
from tests.journeys.rows import OPEN, all_rows
from tests.journeys.stated import statements


def test_no_row_is_missing_and_none_is_invented():
    tested = {one.row_id for one in statements()}
    assert tested | set(OPEN) == set(all_rows())
    assert tested & set(OPEN) == set(), "Take them off the list of open rows."


def test_every_block_asserts_something():
    assert [one for one in statements() if not one.asserts] == []


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == page(), "Run `make coverage-doc`."


def test_a_block_without_an_assertion_is_seen(tmp_path):
    path = tmp_path / "test_nothing.py"
    path.write_text(
        'def test_a(x):\n    step(x)\n\ndef step(x):\n    with row("S1-01", at=API):\n        x()\n'
    )
    [found] = stated.statements_of(path)
    assert (found.row_id, found.test, found.at, found.asserts) == ("S1-01", "test_a", "API", False)
