"""A running service speaks to nobody but the hosts that were configured, and asks nobody else's name."""

import json
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from socket import gethostname

import pytest
from aiosmtpd.controller import Controller

from dispatch.db import Database
from dispatch.settings import DEMO_KEY
from dispatch.vault import Vault
from tests.dispatch.gateways.conftest import Answer, Asked, Loopback
from tests.dispatch.gateways.test_messenger_apprise import Inbox, free_port, mail_url
from tests.dispatch.gateways.test_roads_http import osrm_table
from tests.scheduler.test_two_services import until
from tests.support import builders as make
from tests.support.outward import Outward, heard

HANG_S = 240.0


class Hosts:
    """Every service outside that can be configured, each on a port of its own on this machine."""

    def __init__(self) -> None:
        self.roads, self.places, self.alarm, self.anchor = (Loopback() for _ in range(4))
        self.roads.answer = _road_server
        self.places.answer = lambda _: _json([{"lat": "30.61", "lon": "119.91", "place_rank": 30}])
        self.alarm.answer = self.anchor.answer = lambda _: Answer(b"ok")
        self.inbox = Inbox()
        self.mail = Controller(self.inbox, hostname="127.0.0.1", port=free_port())
        self.mail.start()

    @property
    def settings(self) -> dict[str, str]:
        """The environment that names them."""
        return {
            "FAIRVISIT_ROADS": "osrm-http",
            "FAIRVISIT_ROADS_URL": self.roads.url,
            "FAIRVISIT_GEOCODER": "nominatim",
            "FAIRVISIT_GEOCODER_URL": self.places.url,
            "FAIRVISIT_PING_URL": self.alarm.url,
            "FAIRVISIT_EVIDENCE_ANCHOR_URL": self.anchor.url,
            "FAIRVISIT_MESSAGES_EMAIL_URL": mail_url(self.mail.port),
        }

    @property
    def addresses(self) -> set[str]:
        """Where they listen."""
        web = (self.roads, self.places, self.alarm, self.anchor)
        return {one.host for one in web} | {f"127.0.0.1:{self.mail.port}"}

    def close(self) -> None:
        """Stop listening."""
        self.mail.stop()
        for one in (self.roads, self.places, self.alarm, self.anchor):
            one.stop()


def _road_server(asked: Asked) -> Answer:
    """Answer tables; of the way itself nothing is known."""
    return _json(osrm_table(asked)) if "/table/" in asked.path else Answer(status=404)


def _json(value: object) -> Answer:
    return Answer(json.dumps(value).encode())


@pytest.fixture
def hosts(socket_enabled: None) -> Iterator[Hosts]:
    hosts = Hosts()
    yield hosts
    hosts.close()


def environment(hosts: Hosts, folder: Path) -> dict[str, str]:
    return {
        "FAIRVISIT_DATABASE_URL": f"sqlite:///{folder / 'fairvisit.db'}",
        "FAIRVISIT_DATA_FOLDER": str(folder),
        "FAIRVISIT_MESSAGES_FOLDER": str(folder / "outbox"),
        "FAIRVISIT_PLAN_SECONDS": "1",
        "FAIRVISIT_PLAN_NIGHT_SECONDS": "1",
        **hosts.settings,
    }


def require_nothing_else(outward: Outward, hosts: set[str]) -> None:
    """Require that these hosts were spoken to and no others, by processes that were all heard."""
    assert outward.connections == hosts
    # Whoever sends a mail says who it is: its own name.
    assert outward.names <= {"127.0.0.1", gethostname()}
    assert outward.programs <= {sys.executable}, "only Python can be heard"


@pytest.mark.fault("S7")
def test_while_days_are_lived_nobody_is_spoken_to_but_the_hosts_of_the_settings(
    hosts: Hosts, tmp_path: Path
) -> None:
    command = ["-m", "tests.journeys.lived_day"]
    with heard(command, tmp_path, environment(hosts, tmp_path), hang_s=HANG_S) as (process, out):
        said = process.stdout.read()
        assert process.wait() == 0, said
    require_nothing_else(out, hosts.addresses)
    assert len(hosts.inbox.envelopes) >= 3, said
    assert any("apprise_child" in one for one in out.began.values())
    assert any("spawn_main" in one for one in out.began.values()), "the planner's own process"


@pytest.mark.fault("S7")
def test_web_and_scheduler_as_they_are_started_speak_to_nobody_else(
    hosts: Hosts, sqlite_database: Database, tmp_path: Path
) -> None:
    tonight(sqlite_database)
    port = free_port()
    command = ["-m", "api", "run", "--port", str(port)]
    with heard(command, tmp_path, environment(hosts, tmp_path), hang_s=HANG_S) as (process, out):
        for line in process.stdout:
            if found := re.search(r"ready: (http://\S+)", line):
                for path in ("/login", "/readyz", "/metrics", "/v1/openapi.json"):
                    with urllib.request.urlopen(f"{found[1]}{path}") as answer:
                        assert answer.status == 200
                until(process, lambda: is_told(hosts))
                process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    # They look whether their own web answers; no notice, visit or address was waiting.
    require_nothing_else(out, {hosts.alarm.host, f"127.0.0.1:{port}"})
    assert {"api", "scheduler"} <= {one.split()[1] for one in out.began.values()}


def tonight(database: Database) -> None:
    """Leave a night to be planned at once, with a crew for tomorrow."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    vault = Vault([DEMO_KEY], DEMO_KEY)
    with database.writing("test") as session:
        branch = make.a_branch(session, vault, time_zone="UTC", planning_at=time(0))
        make.a_shift(session, make.an_agent(session, vault, branch), tomorrow, zone="UTC")


def is_told(hosts: Hosts) -> bool:
    """Whether the night's beginning and its end were told."""
    return {"/start", "/"} <= {one.path for one in hosts.alarm.asked}


@pytest.mark.parametrize("how", ["thread", "child", "datagram", "loop"])
def test_whoever_speaks_to_somebody_else_is_heard(how: str, tmp_path: Path) -> None:
    command = ["-c", STRANGERS[how]]
    with heard(command, tmp_path, {}, hang_s=HANG_S) as (process, out):
        said = process.stdout.read()
        process.wait()
    assert "192.0.2.1:9" in out.connections, said


_CALL = "import socket; s = socket.socket(); s.settimeout(0); s.connect_ex(('192.0.2.1', 9))"
STRANGERS = {
    "thread": f"import threading; threading.Thread(target=lambda: exec({_CALL!r})).start()",
    "child": f"import subprocess, sys; subprocess.run([sys.executable, '-P', '-c', {_CALL!r}])",
    "datagram": (
        "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.setblocking(False)\n"
        "s.sendto(b'', ('192.0.2.1', 9))"
    ),
    "loop": (
        "import asyncio\n"
        "async def call(): await asyncio.wait_for(asyncio.open_connection('192.0.2.1', 9), 0.01)\n"
        "asyncio.run(call())"
    ),
}
"""Ways of speaking to an address that is nobody's (RFC 5737); none waits for an answer."""
