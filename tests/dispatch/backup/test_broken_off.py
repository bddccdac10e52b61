"""Backups and restores that die on the way, and a backup while others write: nothing is lost, nothing sent twice."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from dispatch import migrations
from dispatch.db import Database
from dispatch.evidence.verify import verdicts
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.messaging.runner import send_due
from dispatch.model import Lender, Person, record
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.store import duties
from dispatch.vault import Vault
from tests.architecture.house import ROOT
from tests.support import builders as make
from tests.support.appointments import announced
from tests.support.planning import a_world

DIES = """
import os, signal, sys
from pathlib import Path
from dispatch.backup import take
def die(*given):
    Path(given[-1]).write_bytes(b"half of it")
    os.kill(os.getpid(), signal.SIGKILL)
setattr(take, sys.argv[1], die)
from dispatch.__main__ import app
app(["backup", sys.argv[2]])
"""
"""A backup that dies, in its copying or before its manifest, with half a file."""

Desk = Callable[..., str]


@pytest.mark.fault("C10")
@pytest.mark.parametrize("dies_in", ["copy_out", "digest"])
def test_a_backup_that_is_killed_is_found_bad_and_the_old_one_is_good(
    dies_in: str,
    database: Database,
    desk: Desk,
    people: list,
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "monday", tmp_path / "tuesday"
    desk("backup", old)
    done = subprocess.run(
        [sys.executable, "-c", DIES, dies_in, str(new)],
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
    )
    assert done.returncode == -9
    desk("restore", new, "--replace", status=2)
    database.dispose()
    assert "verifies" in desk("restore", old, "--replace")
    with database.reading() as session:
        assert session.get(Person, people[0]) is not None


class Died(BaseException):
    """The process dies here."""


@pytest.mark.fault("C9")
def test_a_restore_that_dies_half_way_sends_nothing_until_it_is_done_again(
    database: Database,
    vault: Vault,
    solver: Solver,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = a_world(database, vault, solver, visits=2)
    announced(world)
    desk("backup", tmp_path / "monday")
    world.clock.advance(timedelta(minutes=1))
    assert sent(world) == 2
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "upgrade", die)
        with pytest.raises(Died):
            desk("restore", tmp_path / "monday", "--replace")
    database.dispose()
    assert sent(world) == 0  # as the backup has it, both wait to be sent
    assert "broke off" in desk("send-nothing", "off", status=2)
    assert sent(world) == 0
    database.dispose()
    desk("restore", tmp_path / "monday", "--replace")
    assert sent(world) == 0
    desk("send-nothing", "off")
    assert sent(world) == 2


def die(*_given: object) -> None:
    raise Died


def sent(world) -> int:
    """Send what is due; how many left."""
    messenger = FakeMessenger()
    send_due(
        world.database,
        vault=world.vault,
        messenger=messenger,
        clock=world.clock,
        settings=Settings(_env_file=None),
    )
    return len(messenger.sent)


@pytest.mark.fault("C9")
def test_a_backup_while_others_write_is_whole_and_holds_what_was_acknowledged_before(
    database: Database,
    desk: Desk,
    people: list,
    tmp_path: Path,
) -> None:
    written, enough, ends = [0], threading.Event(), threading.Event()

    def write() -> None:
        while not ends.is_set():
            with database.writing("test") as session:
                lender = Lender(name=f"Bank {written[0]}")
                session.add(lender)
                record(lender, "lender.added", actor="test", now=make.NOW)
            written[0] += 1
            if written[0] == 20:
                enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert enough.wait(60)
        before = written[0]
        desk("backup", tmp_path / "monday")
    finally:
        ends.set()
        writer.join()
    database.dispose()
    assert "verifies" in desk("restore", tmp_path / "monday", "--replace")
    with database.reading() as session:
        kept = len([one for one in session.exec(select(Lender)) if one.name.startswith("Bank ")])
        assert before <= kept <= written[0]
        assert all(one.is_sound for _, one in verdicts(session))
        assert duties.is_switched(session, duties.SEND_NOTHING)
