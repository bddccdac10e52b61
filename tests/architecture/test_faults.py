"""Every fault that must be survived is tested by its row id, and the page says where."""

from tests.architecture import faults
from tests.architecture.faults import OPEN, PAGE, PARTLY, marked, page, rows


def test_no_row_that_must_be_tested_is_without_a_test():
    tested = {row_id for row_id, _ in marked()}
    wanted = {row["id"] for row in rows().values() if row["priority"] == "P0"}
    assert wanted - tested - set(OPEN) == set()
    assert tested & set(OPEN) == set(), "Take them off the list of open rows."
    assert set(PARTLY) <= tested


def test_no_row_is_invented():
    assert {row_id for row_id, _ in marked()} | set(OPEN) <= set(rows())


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == page(), "Run `make reliability-doc`."


def test_marks_are_read_from_functions_and_classes(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "ROOT", tmp_path)
    path = tmp_path / "tests" / "test_some.py"
    path.parent.mkdir()
    path.write_text('@pytest.mark.fault("E1", "E3")\ndef test_a():\n    pass\n')
    assert list(faults._of(path)) == [
        ("E1", "test_some.py::test_a"),
        ("E3", "test_some.py::test_a"),
    ]
