"""A migration that is killed at any of its statements is as if it had not begun; the next one completes it."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel
from typer.testing import CliRunner

from api.__main__ import app as api
from dispatch import migrations
from dispatch.db import Database
from scheduler.__main__ import app as scheduler
from tests.architecture.house import ROOT


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"e_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.fault("C11")
def test_killed_at_its_statements_it_leaves_the_schema_before_and_is_completed(
    empty: str,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.migrating", empty],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    kills, passed, wrong = json.loads(done.stdout)
    assert wrong == []
    database = Database(empty)
    known = ScriptDirectory.from_config(migrations.config_of(database)).walk_revisions()
    assert 1 < passed <= len([*known]) - 1
    assert kills > 3 * passed
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.dispose()


@pytest.mark.fault("C11")
@pytest.mark.parametrize("app", [api, scheduler], ids=["web", "scheduler"])
def test_neither_web_nor_scheduler_starts_on_a_database_that_lacks_a_migration(
    app, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command.downgrade(migrations.config_of(database), "-1")
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", url)
    monkeypatch.setenv("FAIRVISIT_DATA_FOLDER", str(tmp_path))
    done = CliRunner().invoke(app, [])
    assert done.exit_code in {1, 2}
    assert "python -m dispatch migrate" in done.output
