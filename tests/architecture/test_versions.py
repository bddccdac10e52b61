"""A bulk update past the versions that people's edits name fails the build."""

import pytest

from tests.architecture import house
from tests.architecture.house import Module
from tests.architecture.versions import UNVERSIONED, excused, past_version, versioned

BAD = [
    "session.execute(update(Case).where(col(Case.branch_id) == id).values(stage=Stage.OPEN))",
    "session.exec(sa.update(Visit).values({'state': 'withdrawn'}))",
    "session.execute(update(PlanRun).values({'state': 'x', **more}))",
    "session.execute(update(table).where(condition).values(gone))",
    "chosen = update(Notice)",
    "session.query(Case).filter_by(number='1').update({'stage': 'x'})",
    "session.execute(Case.__table__.update().values(stage='x'))",
    "session.execute(text('UPDATE plan SET state = 1'))",
    'connection.exec_driver_sql("update visit set state = 1")',
]
GOOD = [
    "session.execute(update(Case).values(stage=Stage.OPEN, version=Case.version + 1))",
    "session.execute(update(Case).values({'stage': 'x', 'version': Case.version + 1}))",
    "session.execute(update(DutyRun).where(col(DutyRun.id) == id).values(lease_until=at))",
    "session.execute(text('UPDATE duty_run SET state = 1'))",
    "found.update(version=1)",
    "session.execute(text('updated plan'))",
]


@pytest.mark.fault("C13")
def test_no_update_of_many_rows_goes_past_their_versions() -> None:
    assert [finding for module in house.modules() for finding in past_version(module)] == []


@pytest.mark.fault("C13")
@pytest.mark.parametrize("line", BAD)
def test_a_bulk_update_of_a_table_with_versions_is_found(line: str) -> None:
    assert past_version(Module("dispatch/store/plans.py", f"def change(session):\n    {line}\n"))


@pytest.mark.parametrize("line", GOOD)
def test_what_keeps_the_versions_passes(line: str) -> None:
    text = f"def change(session):\n    {line}\n"
    assert past_version(Module("dispatch/store/plans.py", text)) == []


def test_every_exception_is_needed() -> None:
    used = {name for module in house.modules() for name in excused(module)}
    assert used == set(UNVERSIONED)


def test_the_tables_that_people_edit_have_versions() -> None:
    assert {"visit", "plan", "plan_run", "notice", "Case", "Visit"} <= set(versioned())
