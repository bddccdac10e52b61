"""Migrate an empty database, killed at each statement that changes it, one after another.

    python -m tests.crash.migrating URL            prints what was found, as JSON
    python -m tests.crash.migrating URL --all      at every statement of the long ones, too: some minutes

Each migration is a transaction: a process that dies in it leaves the schema of the migration before, and
the next process takes it from there. Every attempt is a process of its own that kills itself (SIGKILL)
before its n-th statement since the last migration that was completed; of long migrations a share.
"""

import json
import os
import signal
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import event

from dispatch import migrations
from dispatch.db import Database

READS: Final = ("SELECT", "PRAGMA", "BEGIN", "SHOW", "WITH")
CLOSELY: Final = 2
"""So many changes are tried one by one, then ever fewer."""

SCHEMA: Final = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2",
    "postgresql": """
        SELECT table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 3
    """,
}


@dataclass
class Found:
    """What became of all attempts."""

    kills: int = 0
    migrations: int = 0
    wrong: list[str] = field(default_factory=list)


def look(url: str) -> tuple[str | None, bool, list[Any]]:
    """Return the migration at which the database stands, whether it is the newest, and its schema."""
    database = Database(url)
    try:
        with database.reading() as session:
            asked = SCHEMA[database.url.get_backend_name()]
            schema = [tuple(row) for row in session.connection().exec_driver_sql(asked)]
        return migrations.revision(database), migrations.is_current(database), schema
    finally:
        database.dispose()


def attempt(url: str, dies_at: int) -> bool:
    """Migrate in a process that dies before its n-th change; whether it came to its end."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == 0
    database, changes = Database(url), 0

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal changes
        if not statement.lstrip().upper().startswith(READS):
            changes += 1
            if changes == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        migrations.upgrade(database)
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)


def migrate(url: str, *, at_all: bool = False) -> Found:
    """Migrate until the database is at the newest, and return what was wrong on the way."""
    found = Found()
    before, dies_at = look(url), 1
    while True:
        is_over = attempt(url, dies_at)
        after = look(url)
        if is_over:
            if not after[1]:
                found.wrong.append(f"it ended at {after[0]}, which is not the newest")
            return found
        found.kills += 1
        if after[1]:
            found.wrong.append(f"killed at change {dies_at} after {before[0]}, and yet the newest")
            return found
        if after[0] == before[0]:
            tables = {one for one in before[2] if "alembic_version" not in str(one)}
            more = {one for one in after[2] if "alembic_version" not in str(one)} ^ tables
            if more:
                found.wrong.append(f"change {dies_at} after {before[0]} left {sorted(more)[:3]}")
            dies_at += 1 if at_all or dies_at < CLOSELY else dies_at
        else:
            found.migrations += 1
            before, dies_at = after, 1


if __name__ == "__main__":
    told = migrate(sys.argv[1], at_all="--all" in sys.argv)
    print(json.dumps([told.kills, told.migrations, told.wrong]))
