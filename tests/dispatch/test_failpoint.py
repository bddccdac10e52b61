"""Failpoints: before and after each commit, and nowhere unless tests arm them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from dispatch import failpoint
from dispatch.db import Database
from dispatch.model import Agency
from tests.architecture.house import ROOT


@pytest.fixture
def passed() -> Iterator[list[str]]:
    """The names of the points that are passed."""
    names: list[str] = []
    failpoint.arm(names.append)
    yield names
    failpoint.arm(None)


def committed(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.name for one in session.exec(select(Agency))]


def test_a_transaction_passes_one_before_and_one_after_its_commit(
    database: Database, passed: list[str]
) -> None:
    with database.writing("open agency") as session:
        session.add(Agency(name="Team"))
        assert passed == []
    assert passed == ["before open agency", "after open agency"]


@pytest.mark.parametrize(("where", "there"), [("before", []), ("after", ["Team"])])
def test_what_stops_before_the_commit_leaves_nothing_and_after_it_everything(
    where: str, there: list[str], database: Database
) -> None:
    def stop(name: str) -> None:
        if name == f"{where} open agency":
            raise RuntimeError

    failpoint.arm(stop)
    try:
        with pytest.raises(RuntimeError), database.writing("open agency") as session:
            session.add(Agency(name="Team"))
    finally:
        failpoint.arm(None)
    assert committed(database) == there


def test_they_are_off_whatever_the_environment_says(tmp_path: Path) -> None:
    program = (
        "from dispatch import failpoint\n"
        "from dispatch.db import Database\n"
        "with Database('sqlite://').writing('x'):\n"
        "    pass\n"
        "assert failpoint._hook is None\n"
    )
    said = {"FAILPOINTS": "before x", "FAIRVISIT_FAILPOINT": "before x", "FAIRVISIT_TEST": "on"}
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, **said, "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )
