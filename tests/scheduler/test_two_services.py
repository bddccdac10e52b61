"""Two whole schedulers on one database: the web rings nothing, and of two that ring one runs."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.model import DutyRun, DutyState, Heartbeat, PlanRun, RunState
from dispatch.settings import DEMO_KEY
from dispatch.vault import Vault
from tests.architecture.house import ROOT
from tests.support import builders as make


@pytest.mark.fault("B3")
def test_two_services_on_one_database_make_one_run(
    sqlite_database: Database, tmp_path: Path
) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    with sqlite_database.writing() as session:
        vault = Vault([DEMO_KEY], DEMO_KEY)
        branch = make.a_branch(session, vault, time_zone="UTC", planning_at=time(0))
        make.a_shift(session, make.an_agent(session, vault, branch), tomorrow, zone="UTC")
    environment = {
        **os.environ,
        "FAIRVISIT_DATABASE_URL": str(sqlite_database.url),
        "FAIRVISIT_DATA_FOLDER": str(tmp_path),
        "FAIRVISIT_MESSAGES_FOLDER": str(tmp_path / "outbox"),
    }
    command = [sys.executable, "-m", "scheduler"]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    try:
        until(running[0], lambda: is_done(sqlite_database))
        for one in running:
            one.terminate()
        assert [one.wait(30) for one in running] == [0, 0]
    finally:
        for one in running:
            one.kill()
    with sqlite_database.reading() as session:
        runs = [*session.exec(select(DutyRun)), *session.exec(select(PlanRun))]
    assert [run.fence for run in runs] == [1, 1]


def is_done(database: Database) -> bool:
    with database.reading() as session:
        return (
            len(session.exec(select(Heartbeat)).all()) == 2
            and [run.state for run in session.exec(select(DutyRun))] == [DutyState.DONE]
            and [run.state for run in session.exec(select(PlanRun))] == [RunState.DONE]
        )


def until(process: "subprocess.Popen[bytes]", is_so: Callable[[], bool]) -> None:
    began = monotonic()
    while not is_so():
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            pytest.fail("the scheduler ended by itself")
        assert monotonic() - began < 120
