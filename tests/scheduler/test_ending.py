"""A scheduler that is told to end: it begins nothing more, and what it planned goes back into the queue."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.gateways.message import Message, Receipt
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.model import Branch, Heartbeat, Plan, PlanRun, RunKind, RunReason, RunState
from dispatch.planning.request import request_plan
from dispatch.settings import DEMO_KEY
from dispatch.solver.run import Solver
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from scheduler import work
from scheduler.duties import DUTIES
from tests.architecture.house import ROOT
from tests.scheduler.test_two_services import until
from tests.support import builders as make
from tests.support.appointments import announced
from tests.support.planning import a_world
from tests.support.scheduling import a_context

ENDS_S = 30
"""Seconds after which whoever asked a scheduler to end may kill it."""

AT_ITS_TIME = f"""
from datetime import datetime
from dispatch.clock import SetClock
from dispatch.settings import Settings
from scheduler import console, context
context.SystemClock = lambda: SetClock(datetime.fromisoformat({make.NOW.isoformat()!r}))
console.serve(Settings())
"""
"""The scheduler as it is, on the day of the test's world."""

STUCK = """
import threading
from dataclasses import replace
from dispatch.settings import Settings
from scheduler import clockwork, console
clockwork.ENDS_S = 0.5
def wait(context):
    print("at work", flush=True)
    threading.Event().wait()
clockwork.DUTIES = [replace(clockwork.DUTIES[0], ring=wait)]
console.serve(Settings())
"""


@contextmanager
def a_scheduler(
    database: Database, folder: Path, program: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run a scheduler in a process of its own; it is gone after the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            **os.environ,
            "FAIRVISIT_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "FAIRVISIT_DATA_FOLDER": str(folder),
            "FAIRVISIT_MESSAGES_FOLDER": str(folder / "outbox"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def two_runs(database: Database) -> None:
    """Let two days of a branch wait to be planned, for ten minutes each."""
    world = a_world(database, Vault([DEMO_KEY], DEMO_KEY), Solver(), visits=60)
    with database.writing("test") as session:
        for days in range(2):
            request_plan(
                session,
                branch=get_any(session, Branch, world.branch.id),
                on=make.SERVICE_DATE + timedelta(days=days),
                kind=RunKind.ANNOUNCE,
                reason=RunReason.MANUAL,
                requested_by="test",
                now=make.NOW + timedelta(seconds=days),
                seconds=600,
            )


def runs(database: Database) -> list[PlanRun]:
    """Return the runs, the first asked for first."""
    with database.reading() as session:
        return sorted(session.exec(select(PlanRun)), key=lambda one: one.from_on)


@pytest.mark.fault("A5")
def test_told_to_end_while_it_plans_it_gives_the_day_back_and_takes_no_other(
    database: Database, tmp_path: Path
) -> None:
    two_runs(database)
    with a_scheduler(database, tmp_path, AT_ITS_TIME) as process:
        until(process, lambda: runs(database)[0].progress.get("phase") not in {None, "start"})
        process.send_signal(signal.SIGTERM)
        assert process.wait(ENDS_S) == 0
    assert [(one.state, one.fence) for one in runs(database)] == [
        (RunState.QUEUED, 1),
        (RunState.QUEUED, 0),
    ]
    with database.writing("test") as session:
        assert session.exec(select(Plan)).all() == []
        for one in session.exec(select(PlanRun)):
            one.seconds = 1
    with a_scheduler(database, tmp_path, AT_ITS_TIME) as process:
        until(process, lambda: {one.state for one in runs(database)} == {RunState.DONE})
        process.send_signal(signal.SIGTERM)
        assert process.wait(ENDS_S) == 0
    assert [one.fence for one in runs(database)] == [2, 1]
    with database.reading() as session:
        assert len(session.exec(select(Plan)).all()) == 2


@pytest.mark.fault("A5")
def test_a_duty_that_does_not_end_holds_nobody_up(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_scheduler(sqlite_database, tmp_path, STUCK) as process:
        assert process.stdout.readline() == "at work\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(ENDS_S) == 0


class LastOne(FakeMessenger):
    """While it sends, the process is told to end."""

    def send(self, message: Message) -> Receipt:
        self.end()
        return super().send(message)


@pytest.mark.fault("A5")
def test_told_to_end_while_it_sends_it_begins_no_other_message(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver)
    announced(world)
    messenger = LastOne()
    now = world.clock.now() + timedelta(minutes=1)  # message hours begin a second after nine
    context = replace(a_context(database, vault, Solver(), now=now), messenger=messenger)
    messenger.end = context.end
    assert work.send_messages(context) == {"sent": 1}
    assert work.send_messages(context) == {}
    context.ending.clear()
    assert work.send_messages(context)["sent"] >= 1


@pytest.mark.fault("A5")
def test_told_to_end_no_duty_begins_anything(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    two_runs(sqlite_database)
    context = a_context(sqlite_database, vault, Solver())
    context.end()
    for duty in DUTIES:
        duty.ring(context)
    assert [one.state for one in runs(sqlite_database)] == [RunState.QUEUED] * 2
    with sqlite_database.reading() as session:
        assert session.exec(select(Heartbeat)).all() == []
