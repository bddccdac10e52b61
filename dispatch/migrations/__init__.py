"""Migrations: Alembic, each runs on SQLite and on PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from dispatch.db import Database

FOLDER = Path(__file__).parent


def config_of(database: Database) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest migration; does nothing when it is there."""
    command.upgrade(config_of(database), "head")


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(config_of(database)).get_current_head()
    return revision(database) == head


def revision(database: Database) -> str | None:
    """Return the migration at which the database stands."""
    with database.reading() as session:  # never waits for a writer
        return MigrationContext.configure(session.connection()).get_current_revision()


def new(database: Database, slug: str) -> None:
    """Write a new migration from the difference between tables and metadata."""
    command.revision(config_of(database), message=slug, autogenerate=True)
