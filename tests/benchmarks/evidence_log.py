"""Entries a second that are appended to, sealed in and verified of the evidence log, on SQLite.

    python -m tests.benchmarks.evidence_log [ENTRIES]

Three ways to append: fifty threads with one entry a transaction (each waits for the disk), fifty
threads with as many as a page of cases delivers (20 a transaction), and one after the other.
Sealing and verifying run on all that was appended.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dispatch import migrations
from dispatch.clock import stopwatch
from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verify
from dispatch.model import Branch
from dispatch.store import evidence as log
from dispatch.vault import Vault
from tests.support import builders as make

APPENDERS, A_PAGE = 50, 20
GOALS = {f"appended by {APPENDERS} at once, {A_PAGE} a transaction": 1_500, "verified": 100_000}


@dataclass
class Rate:
    """Entries a second: of the clock, and of this process's own processor time."""

    entries: int
    seconds: float
    processor_s: float

    def __str__(self) -> str:
        return f"{self.entries / self.seconds:>12,.0f} {self.entries / self.processor_s:>12,.0f}"


def main(entries: int) -> None:
    """Measure, and print a table."""
    with a_branch() as (database, branch):
        many = partial(appended, database, branch)
        works: dict[str, Callable[[], int]] = {
            f"appended by {APPENDERS} at once, 1 a transaction": partial(
                many, entries // 50, APPENDERS, 1
            ),
            f"appended by {APPENDERS} at once, {A_PAGE} a transaction": partial(
                many, entries // 5, APPENDERS, A_PAGE
            ),
            "appended by one, 2000 a transaction": partial(many, entries, 1, 2000),
            "sealed": partial(sealed, database),
            "verified": partial(verified, database, branch),
        }
        load = os.getloadavg()[0]
        print(
            f"{'entries of the evidence log':42} {'a second':>12} {'a CPU second':>12} {'goal':>9}"
        )
        for name, work in works.items():
            print(f"{name:42} {timed(work)} {GOALS.get(name, ''):>9}")
    print(f"load of the machine at the beginning: {load:.1f} on {os.cpu_count()} processors")


def timed(work: Callable[[], int]) -> Rate:
    """Do the work, which returns how many entries it handled, and measure it."""
    began, at_work = stopwatch(), time.process_time()
    entries = work()
    return Rate(entries, stopwatch() - began, time.process_time() - at_work)


def appended(database: Database, branch: Branch, entries: int, appenders: int, each: int) -> int:
    """Append so many entries in so many threads."""

    done: list[int] = []

    def append(turns: int) -> None:
        for _ in range(turns):
            with suppress(Unavailable), database.writing() as session:
                log.append(session, [an_entry(branch) for _ in range(each)])
                done.append(each)

    turns = max(1, entries // appenders // each)
    threads = [threading.Thread(target=append, args=(turns,)) for _ in range(appenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def sealed(database: Database) -> int:
    """Seal all that waits."""
    number = 0
    while True:
        with database.writing() as session:
            now = seal_pending(session, now=make.NOW)
        if not now:
            return number
        number += now


def verified(database: Database, branch: Branch) -> int:
    """Recompute the chain."""
    with database.reading() as session:
        verdict = verify(session, branch.id)
    if not verdict.is_sound:
        raise SystemExit(verdict.fault)
    return verdict.entries


def an_entry(branch: Branch) -> dict[str, Any]:
    """Return an entry such as a move of a visit writes."""
    return {
        "branch_id": branch.id,
        "kind": "visit.confirmed",
        "subject": "visit",
        "subject_id": branch.id,
        "case_id": branch.id,
        "person_id": branch.id,
        "actor": f"account:{branch.id}",
        "at": make.NOW,
        "facts": {"state_before": "noticed", "why": "borrower"},
    }


@contextmanager
def a_branch() -> Iterator[tuple[Database, Branch]]:
    """Yield a migrated SQLite file with one branch."""
    key = "bench-key-bench-key-bench-key-1"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'evidence.db'}")
        migrations.upgrade(database)
        with database.writing() as session:
            branch = make.a_branch(session, Vault([key], key))
        yield database, branch
        database.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
