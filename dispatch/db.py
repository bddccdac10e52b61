"""The database: engines, sessions to read and to write, column types, naming convention.

SQLite runs with foreign keys on, synchronous=FULL, and WAL only on a library without the
WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6; the pysqlite3 wheel brings one), else with the
rollback journal. Writers `BEGIN IMMEDIATE` one at a time in this process.
"""

import sqlite3 as stdlib_sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import DateTime, Engine, Enum, create_engine, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from dispatch.errors import Unavailable
from dispatch.failpoint import failpoint

try:
    from pysqlite3 import dbapi2 as fixed_sqlite3
except ImportError:  # no wheel for this platform
    fixed_sqlite3 = None

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_FIXED_FROM = (3, 51, 3)
_BACK_PORTS = ((3, 50, 7), (3, 44, 6))
_WRITER_WAIT_S = 15


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, stores UTC, returns aware UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC; refuse a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant must carry its offset; this one has none"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[StrEnum], name: str | None = None) -> Enum:
    """Return the column type of an enumeration: stored by value, with a CHECK of this name."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        name=name or kind.__name__.lower(),
        length=40,
    )


class ReadSession(Session):
    """A session that only reads."""


class WriteSession(Session):
    """A session that may write."""


@contextmanager
def apart(session: Session) -> Iterator[None]:
    """Do a part of a transaction that is undone alone where it fails; the error goes on up."""
    with session.begin_nested():
        yield


class Database:
    """The engines of one database, and the sessions on it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = threading.Lock()
        if self.is_sqlite:
            self._read, self._write = (
                _sqlite_engine(self.url, "DEFERRED"),
                _sqlite_engine(self.url, "IMMEDIATE"),
            )
        else:
            self._write = _postgres_engine(self.url)
            self._read = self._write.execution_options(postgresql_readonly=True)

    @property
    def engine(self) -> Engine:
        """The engine that writes: for migrations."""
        return self._write

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Open a session that only reads; it is rolled back at the end."""
        with ReadSession(self._read, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, act: str = "write") -> Iterator[WriteSession]:
        """Open one transaction: committed when the block returns, rolled back when it raises.

        `act` says in a word or two what is done: tests interrupt the program before and after
        the commit that it names.
        """
        with self._one_writer(), WriteSession(self._write, expire_on_commit=False) as session:
            try:
                yield session
                failpoint(f"before {act}")
                session.commit()
                failpoint(f"after {act}")
            except BaseException:
                session.rollback()
                raise

    def scrub(self) -> None:
        """Make what was deleted unreadable in the files too, as far as the database lets us."""
        with self._one_writer():
            connection = self._write.raw_connection()  # both commands refuse a transaction
            try:
                driver: Any = connection.driver_connection
                if self.is_sqlite:
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                else:
                    driver.autocommit = True
                    driver.execute("VACUUM")
                    driver.autocommit = False
            finally:
                connection.close()

    def dispose(self) -> None:
        """Close every connection."""
        self._read.dispose()
        self._write.dispose()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        # A queue of our own: SQLite's busy polling starves writers. No re-entrant lock: a web
        # request begins and ends its transaction in different threads of the pool.
        if not self._writer.acquire(timeout=_WRITER_WAIT_S):
            msg = "The database is busy writing; try again in a few seconds."
            raise Unavailable(msg)
        try:
            yield
        finally:
            self._writer.release()


def sqlite_library() -> ModuleType:
    """Return the SQLite module to use: the wheel's where there is one, else Python's."""
    return fixed_sqlite3 or stdlib_sqlite3


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version is free of the WAL-reset bug."""
    return version >= _FIXED_FROM or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in _BACK_PORTS
    )


def _sqlite_engine(url: URL, begin: str) -> Engine:
    library = sqlite_library()
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        module=library,
        connect_args={"timeout": _wait_of(url), "check_same_thread": False},
        hide_parameters=True,
    )
    journal = "WAL" if wal_is_safe(library.sqlite_version_info) else "DELETE"

    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA journal_mode={journal}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what is erased leaves no bytes behind
        cursor.close()

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(f"BEGIN {begin}"))
    return engine


def _wait_of(url: URL) -> float:
    """Return how many seconds to wait for another process that writes; the address may say it."""
    return float(str(url.query.get("timeout", _WRITER_WAIT_S)))


def _postgres_engine(url: URL) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(
        url, pool_size=10, max_overflow=5, pool_timeout=2, pool_pre_ping=True, hide_parameters=True
    )
