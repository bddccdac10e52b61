"""What Alembic runs: one engine, handed over by `dispatch.migrations.config_of`."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import dispatch.model  # noqa: F401  declares the tables


def migrate(connection: Connection) -> None:
    """Run what is missing; on SQLite rows may name others that are gone while a table is altered.

    SQLite alters a table by making it anew, and dropping the old one would be refused wherever
    rows of another name its rows. So keys are looked at once everything is in place.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    driver = connection.connection.driver_connection
    if is_sqlite and driver is not None:  # within a transaction the pragma would do nothing
        driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            refuse_lost_rows(connection)
    finally:
        connection.rollback()
        if is_sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=ON")


def refuse_lost_rows(connection: Connection) -> None:
    """Refuse a database in which rows name others that are gone."""
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if lost:
        msg = f"Rows of {lost[0][0]} name others that are gone; restore the backup and tell us."
        raise RuntimeError(msg)


with context.config.attributes["engine"].connect() as open_connection:
    context.configure(
        connection=open_connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    migrate(open_connection)
