"""Two hundred slow requests at the real server: those with a seat are done, all others told at once that it is busy."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlmodel import select

from api.ports import free_port
from api.run import answers
from dispatch.access.tokens import Tokens
from dispatch.clock import SystemClock
from dispatch.db import Database
from dispatch.ids import new_id
from dispatch.model import Absence
from dispatch.settings import DEMO_KEY, Settings
from dispatch.vault import Vault
from tests.architecture.house import ROOT
from tests.support import builders as make

MANY = 200
SEATS = 6
"""How many may read at once, and as many write."""
HANG_S = 90
"""When a test that hangs is given up; nothing is measured by it."""


@dataclass(frozen=True, slots=True)
class Server:
    """The web in a process of its own, with a manager who is signed in and one agent."""

    process: "subprocess.Popen[bytes]"
    port: int
    bearer: str
    absences: str

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str | None]:
        """Return the status of an answer, and after how many seconds it says to ask again."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG_S)
        headers = {"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json"}
        try:
            given = None if body is None else json.dumps(body)
            connection.request(method, path, given, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers["Retry-After"]
        finally:
            connection.close()

    def read(self) -> tuple[int, str | None]:
        """Ask for the agents."""
        return self.ask("GET", "/v1/agents")

    def write(self) -> tuple[int, str | None]:
        """Note an absence of the agent."""
        hours = {"from_at": "2026-03-09T01:00:00Z", "until_at": "2026-03-09T10:00:00Z"}
        return self.ask("POST", self.absences, hours | {"reason": "leave"})


@contextmanager
def a_server(database: Database, folder: Path) -> Iterator[Server]:
    """Serve the web on a free port until the block ends; then it ends by itself when asked."""
    vault = Vault([DEMO_KEY], DEMO_KEY)
    with database.writing("test") as session:
        branch = make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        agent = make.an_agent(session, vault, branch)
    now, port = SystemClock().now(), free_port("127.0.0.1", 18_300)
    bearer = Tokens.of(Settings(_env_file=None)).access(manager, family_id=new_id(), now=now)
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "--host", "127.0.0.1", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "FAIRVISIT_DATABASE_URL": address_of(database),
            "FAIRVISIT_DATA_FOLDER": str(folder),
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        until(process, lambda: answers(f"http://127.0.0.1:{port}/readyz"))
        yield Server(process, port, bearer, f"/v1/agents/{agent.id}/absences")
        process.terminate()
        assert process.wait(HANG_S) == -signal.SIGTERM
    finally:
        process.kill()
        process.wait()


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def until(process: "subprocess.Popen[bytes]", is_so: Callable[[], bool]) -> None:
    """Look until it is so; fail when the server ends before, or hangs."""
    for _ in range(5 * HANG_S):
        if is_so():
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            pytest.fail("the server ended by itself")
    pytest.fail("it never came to that")


@contextmanager
def slow_agents(url: str) -> Iterator[Callable[[], int]]:
    """Let whoever asks for an agent wait until the block ends; what is yielded counts who waits."""
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as looker:
        holder.execute("LOCK TABLE agent IN ACCESS EXCLUSIVE MODE")

        def waiting() -> int:
            [count] = looker.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            return count

        yield waiting
        holder.rollback()


def first[T](futures: list[Future[T]], number: int) -> dict[Future[T], T]:
    """Return the first so many that are done."""
    return {one: one.result() for one in islice(as_completed(futures, HANG_S), number)}


@pytest.mark.fault("C8")
@pytest.mark.enable_socket
def test_of_200_slow_requests_those_without_a_seat_are_told_at_once_and_all_is_well_afterwards(
    postgres_database: Database, tmp_path: Path
) -> None:
    url = address_of(postgres_database)
    with a_server(postgres_database, tmp_path) as server, ThreadPoolExecutor(MANY) as pool:
        with slow_agents(url) as waiting:
            asked = [pool.submit(server.write) for _ in range(MANY // 2)]
            until(server.process, lambda: waiting() == SEATS)
            asked += [pool.submit(server.read) for _ in range(MANY // 2)]
            # The agents stay slow until these have their answers: none of them waited for that.
            early = first(asked, MANY - 2 * SEATS)
            assert set(early.values()) == {(503, "3")}
            assert waiting() == 2 * SEATS
            assert server.ask("GET", "/healthz") == server.ask("GET", "/readyz") == (200, None)
        late = [one.result(HANG_S) for one in asked if one not in early]
        assert sorted(late) == [(200, None)] * SEATS + [(201, None)] * SEATS
        again = [*pool.map(lambda _: server.read(), range(SEATS))]
        assert again == [(200, None)] * SEATS
    with postgres_database.reading() as session:
        assert len(session.exec(select(Absence)).all()) == SEATS
