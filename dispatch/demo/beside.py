"""Build beside and put in place at the end, so that an interrupted demo leaves an empty database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch import migrations
from dispatch.db import Database


@contextmanager
def in_one_piece(database: Database) -> Iterator[Database]:
    """Give a database to fill; an SQLite file replaces the given one when all went well.

    On PostgreSQL the database itself is filled.
    """
    if not database.is_sqlite or not database.url.database:
        yield database
        return
    final = Path(database.url.database)
    draft = final.with_name(f"{final.name}.building")
    _remove(draft)
    beside = Database(database.url.set(database=str(draft)).render_as_string(hide_password=False))
    try:
        migrations.upgrade(beside)
        yield beside
        beside.dispose()  # the last connection writes the log back into the file
        database.dispose()
        draft.replace(final)
    finally:
        beside.dispose()
        _remove(draft)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
