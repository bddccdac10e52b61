"""A night of a small branch, from the lender's files to the published day, played in a process of its own.

The clock is set by hand, and a journal says which step comes next: a process that was killed is
followed by one that begins the interrupted step again, as `python -m scheduler` would. All work
is done by the product's own use cases and duties; the gateway is another process.
"""

import csv
import io
import logging
import os
import re
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from sqlmodel import select

from dispatch import failpoint
from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import confirm, refuse
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.link import LinkKeys, find_notice_by_token
from dispatch.appointments.page import Opened, open_notice
from dispatch.clock import SetClock, local_instant
from dispatch.db import Database
from dispatch.demo.answers import second_fact
from dispatch.eligibility.approve import approve_visit
from dispatch.gateways.message import Messenger
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.intake.run import import_file
from dispatch.messaging.receipts import Delivery, record_receipt
from dispatch.model import Account, Branch, Case, ImportBatch, ImportKind, Role
from dispatch.policy.pack import effective, load_pack
from dispatch.settings import Settings
from dispatch.store import branches, case_stages
from dispatch.store.accounts import by_login
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault
from scheduler.context import Context
from scheduler.duties import DUTIES
from tests.crash.gateway import SimulatedMessenger, texts
from tests.journeys.journey import GROUND, LENDER, MONDAY, a_case, attempts
from tests.support import builders as make
from tests.support.databases import KEY
from tests.support.planning import InProcessSolver

ZONE: Final = "Asia/Shanghai"
BRANCH: Final = "Night"
MANAGER: Final = "manager@example.org"
CASES: Final = 6
EVENING: Final = 4
"""The step in which the night's plans are asked for, made and announced."""
MORNING: Final = 5
"""The step in which messages leave."""
REPLIES: Final = {1: "confirm", 2: "confirm", 3: "confirm", 4: "refuse", 5: "receipt", 6: "help"}
TUESDAY: Final = MONDAY.date() + timedelta(days=1)
EVE: Final = make.SERVICE_DATE - timedelta(days=1)
LAW: Final = effective(load_pack("baseline"))

OVER: Final = "over"

type Kill = tuple[str, int]
"""A failpoint, and at which pass of it the process kills itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a process is to play, and where it dies."""

    url: str
    run: str
    folder: str
    port: int
    ledger: str
    profile: str
    kill: Kill | None = None
    until: int | None = None
    """Before which step to end; None for the whole night."""
    is_recorded: bool = False

    @property
    def journal(self) -> Path:
        """The file that says how many steps are done."""
        return Path(self.folder) / f"{self.run}.steps"

    @property
    def is_over(self) -> bool:
        """Whether every step is done."""
        return self.journal.exists() and self.journal.read_text() == OVER

    @property
    def done(self) -> int:
        """How many steps are done of a night that is not over."""
        return int(self.journal.read_text()) if self.journal.exists() else 0

    @property
    def failure(self) -> Path:
        """The file that says how a process failed that nobody killed."""
        return Path(self.folder) / f"{self.run}.failure"

    @property
    def record(self) -> Path:
        """The file of the failpoints that were passed."""
        return Path(self.folder) / f"{self.run}.points"


def set_stage(database: Database, vault: Vault) -> None:
    """Open the branch with its manager and four agents on shift: what the night finds."""
    with database.writing("stage") as session:
        lender = make.a_lender(session, name=LENDER)
        branch = make.a_branch(session, vault, name=BRANCH, auto_announce=True, auto_publish=True)
        make.an_account(session, branch, login=MANAGER, role=Role.MANAGER)
        for _ in range(4):
            agent = make.an_agent(session, vault, branch, lender)
            for on in (TUESDAY, make.SERVICE_DATE):  # the next day is too near to announce visits
                make.a_shift(session, agent, on)


def play(plot: Plot, messenger: Messenger | None = None) -> None:
    """Play every step that the journal does not hold yet."""
    logging.disable(logging.WARNING)
    gateway = SimulatedMessenger(plot.port, plot.profile, plot.run)
    night = Night(plot, messenger or gateway)
    done = plot.done
    failpoint.arm(_hook(plot))
    try:
        for number, (at, step) in enumerate(night.steps()):
            if number == plot.until:
                return
            if number >= done:
                night.clock.at = at
                step()
                note(plot, str(number + 1))
        note(plot, OVER)
    except Exception:
        plot.failure.write_text(traceback.format_exc())
        raise
    finally:
        failpoint.arm(None)
        night.context.close()


def note(plot: Plot, done: str) -> None:
    """Note in the journal how many steps are done."""
    fresh = plot.journal.with_suffix(".new")
    fresh.write_text(done)
    fresh.replace(plot.journal)


def _hook(plot: Plot) -> failpoint.Hook:
    passed: Counter[str] = Counter()

    def hook(name: str) -> None:
        passed[name] += 1
        if plot.is_recorded:
            with plot.record.open("a") as file:
                file.write(f"{name}\n")
        if (name, passed[name]) == plot.kill:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


@dataclass
class Night:
    """The hands of everybody in the story."""

    plot: Plot
    messenger: Messenger
    clock: SetClock = field(default_factory=SetClock)
    vault: Vault = field(default_factory=lambda: Vault([KEY], KEY))
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        plot = self.plot
        self.context = Context(
            settings=Settings(_env_file=None, plan_seconds=1, plan_night_seconds=1),
            database=Database(plot.url),
            vault=self.vault,
            clock=self.clock,
            roads=EstimateRoads(Estimate(24.0, 1.35)),
            solver=InProcessSolver(),
            messenger=self.messenger,
            worker="night",
        )

    def steps(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Yield each step with the instant at which it happens."""
        yield MONDAY, lambda: self.bring_in(ImportKind.CASES, _cases())
        yield MONDAY, lambda: self.bring_in(ImportKind.ATTEMPTS, _attempts())
        yield MONDAY, self.ring
        yield MONDAY, self.approve
        yield _at(MONDAY.date(), 19, 1), self.ring
        yield _at(TUESDAY, 9, 2), self.ring
        yield _at(TUESDAY, 9, 14), self.ring
        yield _at(TUESDAY, 9, 20), self.ring
        yield _at(TUESDAY, 12), self.answer
        yield _at(TUESDAY, 12, 5), self.ring
        yield _at(TUESDAY, 12, 17), self.ring
        yield _at(TUESDAY, 12, 23), self.ring
        yield _at(EVE, 19, 1), self.ring
        yield _at(EVE, 20, 2), self.ring
        yield _at(EVE, 20, 14), self.ring

    def ring(self) -> None:
        """Ring every duty in the order of the table, twice: what one leaves another picks up."""
        for duty in (*DUTIES, *DUTIES):
            duty.ring(self.context)

    def bring_in(self, kind: ImportKind, rows: list[dict[str, Any]]) -> None:
        """Take a lender's file in."""
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        with (
            _ids_of(f"import {kind}"),
            self.context.database.writing(f"night.import_{kind}") as session,
        ):
            if session.exec(select(ImportBatch).where(ImportBatch.kind == kind)).first():
                return  # it is in; the process was killed after that
            import_file(
                session,
                vault=self.vault,
                branch=self.branch(session),
                kind=kind,
                content=out.getvalue().encode(),
                filename=f"{kind}.csv",
                actor="operator",
                now=self.clock.now(),
            )

    def approve(self) -> None:
        """Let the manager decide on every case that waits, a transaction each."""
        with self.context.database.reading() as session:
            branch = self.branch(session)
            waiting = case_stages.waiting_for_approval(session, Scope.everything(), branch.id)
            numbers = {case.number: case.id for case in waiting}
            manager = by_login(session, MANAGER)
        assert isinstance(manager, Account)
        for number, case_id in sorted(numbers.items()):
            with (
                _ids_of(f"approve {number}"),
                self.context.database.writing("night.approve") as session,
            ):
                approve_visit(
                    session,
                    case=get_any(session, Case, case_id, lock=True),
                    ground=GROUND,
                    account=manager,
                    law=LAW,
                    now=self.clock.now(),
                )

    def answer(self) -> None:
        """Let everybody whom a message reached do what they do, a transaction each."""
        told = texts(Path(self.plot.ledger), self.plot.run)
        tokens = [found[1] for _, text in told if (found := re.search(r"/b/([\w-]+)", text))]
        with self.context.database.reading() as session:
            tokens.sort(key=lambda token: self._case(session, token).number)
        for token in tokens:
            with self.context.database.writing("night.answer") as session:
                self._answer(session, token)

    def _case(self, session: Any, token: str) -> Case:
        notice = find_notice_by_token(session, token, now=self.clock.now())
        return get_any(session, Case, notice.case_id)

    def _answer(self, session: Any, token: str) -> None:
        now, keys = self.clock.now(), LinkKeys("test")
        notice = find_notice_by_token(session, token, now=now)
        number = int(self._case(session, token).number[-4:])
        if notice.opened_at is not None or notice.delivered_at is not None:
            return  # the process was killed after this answer
        if REPLIES[number] == "receipt":
            record_receipt(session, state=Delivery.DELIVERED, at=now, now=now, notice_id=notice.id)
            return
        page = open_notice(
            session,
            vault=self.vault,
            notice=notice,
            second_fact=second_fact(session, self.vault, notice),
            keys=keys,
            law=LAW,
            now=now,
        )
        assert isinstance(page, Opened)
        given = {"notice": notice, "proof": page.proof, "keys": keys, "now": now}
        if REPLIES[number] == "help":
            ask_for_help(
                session, vault=self.vault, kind=Answer.HARDSHIP, words="", law=LAW, **given
            )
        else:
            {"confirm": confirm, "refuse": refuse}[REPLIES[number]](session, **given)

    def branch(self, session: Any) -> Branch:
        """Return the branch."""
        found = branches.by_name(session, BRANCH)
        assert found is not None
        return found


@contextmanager
def _ids_of(what: str) -> Iterator[None]:
    """Draw the same ids in every night: planners break ties by them."""
    dice = Random(what)
    with patch("dispatch.ids.uuid.uuid4", lambda: UUID(int=dice.getrandbits(128), version=4)):
        yield


def _at(on: date, hour: int, minute: int = 0) -> datetime:
    return local_instant(ZONE, on, time(hour, minute))


def _cases() -> list[dict[str, Any]]:
    return [a_case(number) for number in range(1, CASES + 1)]


def _attempts() -> list[dict[str, Any]]:
    return [row for number in range(1, CASES + 1) for row in attempts(number)]
