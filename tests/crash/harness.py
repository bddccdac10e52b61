"""Play a night, kill it, start it again until it is done, and look at what is left."""

import multiprocessing
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Final

import psycopg
from sqlalchemy import text
from sqlmodel import select

from dispatch import migrations
from dispatch.db import Database
from dispatch.evidence.verify import verdicts
from dispatch.model import DutyRun, DutyState, PlanRun, RunState, SendAttempt, SendState
from dispatch.vault import Vault
from tests.crash import night
from tests.crash.gateway import DUMB, Gateway
from tests.crash.state import State, differences, state_of
from tests.support.databases import KEY

PATIENCE_S: Final = 120
WITH_A_PERSON_S: Final = 15 * 60

FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.crash.rehearsal"])


@dataclass(frozen=True, slots=True)
class Played:
    """What a night came to."""

    plot: night.Plot
    state: State
    outline: State
    """The state without when and how often messages were handed over."""
    sent: Counter[str]
    attempts: tuple[SendAttempt, ...]
    wrong: tuple[str, ...]
    """What may be wrong with any night, whatever its twin."""
    missed: tuple[night.Kill, ...]
    """Kills at points that were never passed."""
    kills: int
    seconds: float

    @property
    def points(self) -> list[str]:
        """Every failpoint that the night passed, in order; only of a night that recorded them."""
        return self.plot.record.read_text().splitlines()

    @property
    def has_lost_a_send(self) -> bool:
        """Whether the process was killed between the note of a try and the note of its end."""
        return any(
            one.number > 1 or one.started_at != one.ended_at or one.state is SendState.UNKNOWN
            for one in self.attempts
        )

    def findings(self, twin: "Played") -> list[str]:
        """Return what is wrong beside a night without a crash."""
        found = [*self.wrong, *(f"no kill at {name}" for name, _ in self.missed)]
        found += [f"{key} was sent {count} times" for key, count in self.sent.items() if count > 1]
        if not self.has_lost_a_send:
            return found + differences(twin.state, self.state)
        if self.plot.profile == DUMB:
            return found + self._left_alone()
        if len(self.sent) != len(twin.sent):
            found.append(f"{len(self.sent)} of {len(twin.sent)} messages were sent")
        return found + differences(twin.outline, self.outline)

    def _left_alone(self) -> list[str]:
        """What is wrong with lost sends where the gateway can't tell: each is a person's, in time."""
        found = []
        for one in self.attempts:
            assert one.ended_at is not None
            is_in_doubt = one.state is SendState.UNKNOWN
            if is_in_doubt and (one.ended_at - one.started_at).total_seconds() > WITH_A_PERSON_S:
                found.append(f"{one.notice_id} was in doubt for long")
            if not is_in_doubt and self.sent[str(one.notice_id)] != 1:
                found.append(f"{one.notice_id} was {one.state} and not sent")
        return found


@dataclass(frozen=True, slots=True)
class Theatre:
    """Where nights are played: a stage to copy, a gateway, a folder; PostgreSQL where there is one."""

    folder: Path
    gateway: Gateway
    stage: Path
    postgres: str | None = None

    def play(
        self,
        profile: str,
        *,
        kills: Sequence[night.Kill | float] = (),
        is_recorded: bool = False,
        on_postgres: bool = False,
    ) -> Played:
        """Play a night to its end; each start dies as the next kill says: at a point or after seconds."""
        plot = self.a_plot(profile, on_postgres=on_postgres, is_recorded=is_recorded)
        began, missed, killed = monotonic(), [], 0
        for kill in [*kills, None]:
            if start(plot, kill):
                missed += [kill] if isinstance(kill, tuple) else []
                break
            killed += 1
            let_leases_run_out(plot.url)
        return self.looked_at(plot, tuple(missed), killed, monotonic() - began)

    def a_plot(self, profile: str, *, on_postgres: bool, is_recorded: bool = False) -> night.Plot:
        """Return the plot of a night that has not begun, on a fresh copy of the stage."""
        run = uuid.uuid4().hex
        return night.Plot(
            url=self._fresh(run, on_postgres=on_postgres),
            run=run,
            folder=str(self.folder),
            port=self.gateway.port,
            ledger=str(self.gateway.ledger),
            profile=profile,
            is_recorded=is_recorded,
        )

    def looked_at(
        self,
        plot: night.Plot,
        missed: tuple[night.Kill, ...] = (),
        kills: int = 0,
        seconds: float = 0.0,
    ) -> Played:
        """Return what a night that was played came to."""
        database = Database(plot.url)
        sent = self.gateway.counts(plot.run)
        try:
            with database.reading() as session:
                attempts = tuple(session.exec(select(SendAttempt)))
            return Played(
                plot=plot,
                state=state_of(database),
                outline=state_of(database, is_late=True),
                sent=sent,
                attempts=attempts,
                wrong=tuple(_wrong(database, sent, attempts)),
                missed=missed,
                kills=kills,
                seconds=seconds,
            )
        finally:
            database.dispose()

    def _fresh(self, run: str, *, on_postgres: bool) -> str:
        if not on_postgres:
            path = self.folder / f"{run}.db"
            shutil.copy(self.stage, path)
            return f"sqlite:///{path}"
        assert self.postgres is not None
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE n_{run} TEMPLATE fairvisit_stage")
        return self.postgres.replace("/postgres?", f"/n_{run}?")


@contextmanager
def a_theatre(folder: Path, postgres: str) -> Iterator[Theatre]:
    """Build the stage on SQLite and beside a PostgreSQL's template, and open the gateway."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE fairvisit_stage TEMPLATE fairvisit_template")
    stage = folder / "stage.db"
    for url in (f"sqlite:///{stage}", postgres.replace("/postgres?", "/fairvisit_stage?")):
        database = Database(url)
        migrations.upgrade(database)
        night.set_stage(database, Vault([KEY], KEY))
        database.dispose()
    gateway = Gateway(folder)
    try:
        yield Theatre(folder, gateway, stage, postgres)
    finally:
        gateway.close()


def _wrong(database: Database, sent: Counter[str], attempts: tuple[SendAttempt, ...]) -> list[str]:
    noted = {str(one.notice_id) for one in attempts}
    found = [f"{key} was sent and is not on record" for key in sent if key not in noted]
    found += [f"a try is {one.state}" for one in attempts if one.state is SendState.STARTED]
    with database.reading() as session:
        found += [f"{name}: {one.fault}" for name, one in verdicts(session) if not one.is_sound]
        runs = [*session.exec(select(DutyRun)), *session.exec(select(PlanRun))]
    over = {DutyState.DONE, RunState.DONE}
    return found + [
        f"{type(run).__name__} is {run.state}" for run in runs if run.state not in over
    ]


def start(plot: night.Plot, kill: night.Kill | float | None) -> bool:
    """Start the night; True when it came to its end, False when it was killed as told."""
    told = replace(plot, kill=kill) if isinstance(kill, tuple) else plot
    process = FORKS.Process(target=night.play, args=(told,))
    process.start()
    process.join(kill if isinstance(kill, float) else PATIENCE_S)
    is_late = process.is_alive()
    process.kill()
    process.join()
    if is_late and not isinstance(kill, float):
        raise AssertionError(f"the night hangs: {plot}")
    # Not the exit code: two threads that start processes steal it from each other.
    if plot.failure.exists():
        raise AssertionError(plot.failure.read_text())
    return plot.is_over or (plot.until is not None and plot.done >= plot.until)


def let_leases_run_out(url: str) -> None:
    """Do to the leases of the dead what half a minute does."""
    database = Database(url)
    with suppress(Exception), database.writing("time passes") as session:
        for table in ("plan_run", "duty_run"):
            long_ago = "UPDATE {} SET lease_until = '2020-01-01 00:00:00' WHERE state = 'running'"
            session.execute(text(long_ago.format(table)))
    database.dispose()
