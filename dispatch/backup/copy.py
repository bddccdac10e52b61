"""Copy a whole database to a file and back: SQLite by itself, PostgreSQL by its own programs."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy.engine import URL

from dispatch.db import Database, sqlite_library
from dispatch.errors import Invalid, Unavailable


def copy_out(database: Database, file: Path) -> None:
    """Write a consistent copy while others go on writing.

    Raises
    ------
    Unavailable
        If PostgreSQL's programs are missing or refuse.
    Invalid
        If the copy of a SQLite file is not sound.
    """
    if not database.is_sqlite:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={file}", _uri(database.url))
        return
    connection = sqlite_library().connect(_path(database.url))
    try:
        connection.execute("VACUUM INTO ?", (str(file),))
    finally:
        connection.close()
    _require_sound(file)


def copy_in(url: URL, file: Path, *, also: str) -> None:
    """Put a copy in the place of a database; nobody else may have it open.

    `also` is a statement that is done with it: there is no instant at which the copy is in place
    and the statement is not done.

    Raises
    ------
    Unavailable
        If PostgreSQL's programs are missing or refuse.
    Invalid
        If the copy of a SQLite file is not sound.
    """
    if url.get_backend_name() != "sqlite":
        _restore(url, file, also)
        return
    _require_sound(file)
    target = Path(_path(url))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(file, part)
    _do(part, also)
    with part.open("rb") as opened:
        os.fsync(opened.fileno())
    for leftover in ("-wal", "-shm", "-journal"):
        target.with_name(f"{target.name}{leftover}").unlink(missing_ok=True)
    part.replace(target)


def _restore(url: URL, file: Path, also: str) -> None:
    """Put a dump back and do the statement, in one transaction."""
    with tempfile.TemporaryDirectory() as folder:  # for this user's eyes alone
        script, last = Path(folder) / "dump.sql", Path(folder) / "also.sql"
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(file))
        last.write_text(f"SET search_path = public;\n{also};\n", "utf-8")
        _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
             f"--dbname={_uri(url)}", f"--file={script}", f"--file={last}")  # fmt: skip


def _do(file: Path, statement: str) -> None:
    connection = sqlite_library().connect(file)
    try:
        with connection:
            connection.execute(statement)
    finally:
        connection.close()


def _require_sound(file: Path) -> None:
    connection = sqlite_library().connect(file)
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite_library().DatabaseError as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        msg = f"The copy {file} is no sound database: {found}."
        raise Invalid(msg)


def _run(program: str, *words: str) -> None:
    path = shutil.which(program)
    if path is None:
        msg = f"{program} is not on the PATH; install PostgreSQL's client programs."
        raise Unavailable(msg)
    done = subprocess.run([path, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["it did not say why"]
        msg = f"{program} failed: {last[0]}"
        raise Unavailable(msg)


def _path(url: URL) -> str:
    if not url.database or url.database == ":memory:":
        msg = "A database in memory can't be backed up; set FAIRVISIT_DATABASE_URL to a file."
        raise Invalid(msg)
    return url.database


def _uri(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
