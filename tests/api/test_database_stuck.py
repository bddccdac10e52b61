"""Another process holds SQLite's write lock, or the disk is full: said plainly, nothing half written."""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx2 import Response

from api.deps import Now, Write
from dispatch.db import Database
from dispatch.model import Branch, Lender, Role, record
from dispatch.store.rows import get_any
from tests.api.conftest import World
from tests.api.test_problems import require_problem
from tests.api.test_transactions import with_route

HOLDER = """
import sys
from dispatch.db import sqlite_library
connection = sqlite_library().connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@contextmanager
def another_process_writes(database: Database) -> Iterator[Callable[[], object]]:
    """Let another process hold the write lock until what is yielded is called, or the block ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database.url.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:  # at its end the pipe is closed, which lets the lock go
        assert holder.stdout.readline() == "held\n"
        yield holder.stdin.close


def a_writer(world: World) -> Callable[[], Response]:
    """Return a request that stores a hundred kilobytes of rows, a change and an entry of the log."""

    def store(session: Write, now: Now) -> str:
        branch = get_any(session, Branch, world.own.id, lock=True)
        branch.horizon_days += 1
        mark = branch.horizon_days
        session.add_all(Lender(name=f"{mark}-{one}".ljust(190, ".")) for one in range(400))
        record(branch, "branch.changed", actor="test", now=now)
        return "done"

    return with_route(world, store)


def counted(world: World) -> tuple[int, int, int]:
    """Return how many writes are kept, by their rows, by the entries, and by what was changed."""
    with world.database.reading() as session:
        ask = session.connection().exec_driver_sql
        lenders = ask("SELECT count(*) FROM lender WHERE name LIKE '%-%....'").scalar_one()
        entries = ask("SELECT count(*) FROM evidence WHERE kind = 'branch.changed'").scalar_one()
        changed = get_any(session, Branch, world.own.id).horizon_days - world.own.horizon_days
        return lenders // 400, entries, changed


@pytest.mark.fault("C3")
def test_who_waits_for_another_process_writes_when_it_is_done(lite: World) -> None:
    write = a_writer(lite)
    with another_process_writes(lite.database) as let_go, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(write)
        assert lite.client.get("/healthz").status_code == 200
        assert lite.client.get("/readyz").status_code == 200
        assert not waiting.done()
        let_go()
        assert waiting.result().status_code == 200
    assert counted(lite) == (1, 1, 1)


@pytest.mark.fault("C3")
def test_whoever_waited_as_long_as_it_may_is_told_and_nothing_is_half_written(lite: World) -> None:
    write = a_writer(lite)
    house = lite.app.state.house
    patient, impatient = house.database, Database(f"{house.database.url}?timeout=0.2")
    house.database = impatient
    with another_process_writes(lite.database):
        refused = write()
        assert lite.client.get("/healthz").status_code == 200
        read = lite.client.get("/v1/branches", headers=lite.bearer(Role.MANAGER))
        assert read.status_code == 200
    require_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    assert counted(lite) == (0, 0, 0)
    assert write().status_code == 200
    assert counted(lite) == (1, 1, 1)
    house.database = patient
    impatient.dispose()


@contextmanager
def a_full_disk(database: Database, *, room: int) -> Iterator[None]:
    """Let no file of this process grow by more than `room` beyond the database's largest."""
    path = Path(str(database.url.database))
    largest = max(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.fault("C5")
def test_on_a_full_disk_what_was_acknowledged_stays_and_the_rest_is_refused(lite: World) -> None:
    write = a_writer(lite)
    with a_full_disk(lite.database, room=600_000):
        answers = [write() for _ in range(40)]
        kept = sum(one.status_code == 200 for one in answers)
        assert 0 < kept < len(answers)
        for one in answers:
            if one.status_code != 200:
                require_problem(one, 503)
        assert counted(lite) == (kept, kept, kept)
        read = lite.client.get("/v1/branches", headers=lite.bearer(Role.MANAGER))
        assert read.status_code == 200
    assert write().status_code == 200
    assert counted(lite) == (kept + 1, kept + 1, kept + 1)
