"""A gateway in a process of its own, with a ledger of its own, that it writes before it answers.

    python -m tests.crash.gateway LEDGER      prints its port

`POST /PROFILE/RUN` takes a message. Profile `idempotent` knows the client's reference and answers a
repeat without sending again, and `GET /idempotent/RUN?key=…` says what became of one; `dumb` sends
whatever it is given. The ledger holds what was sent and, apart, each call.

`PUT /FAULT/RUN?times=N` makes the next N calls of a run fail: `500`, `429` (with Retry-After: 120),
`drop` (takes the message and drops the reply), `drip` (a byte now and then), `error` (200 with an error
in the body), `cut` (half a body). A gateway that is closed refuses connections.
"""

import json
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from dispatch.gateways.message import Message, Receipt, ReceiptState

IDEMPOTENT: Final = "idempotent"
DUMB: Final = "dumb"
_REFUSALS: Final[Mapping[str, tuple[int, Mapping[str, str]]]] = {
    "500": (500, {}),
    "429": (429, {"Retry-After": "120"}),
    "error": (200, {}),
}
_LOST: Final = Receipt(ReceiptState.UNKNOWN, detail="The reply was lost.")
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS sent (number INTEGER PRIMARY KEY, run, key, receiver, text);"
    "CREATE TABLE IF NOT EXISTS call (number INTEGER PRIMARY KEY, run, key)"
)


@dataclass(frozen=True, slots=True)
class SimulatedMessenger:
    """The product's side of the wire."""

    port: int
    profile: str
    run: str
    at_once: int = 1
    timeout_s: float = 10.0

    def send(self, message: Message) -> Receipt:
        """Post the message; a lost reply leaves it in doubt."""
        body = {"key": message.id, "to": message.to, "text": message.text}
        try:
            told = self._ask("", body)
        except urllib.error.URLError as error:
            return _failed(error)
        except (OSError, ValueError, HTTPException):
            return _LOST
        if "error" in told:
            return Receipt(ReceiptState.REJECTED, detail=told["error"])
        return Receipt(ReceiptState.ACCEPTED, told["id"])

    def look_up(self, message_id: str) -> Receipt | None:
        """Ask the gateway that remembers; the other knows nothing."""
        if self.profile == DUMB:
            return None
        known = self._ask(f"?key={message_id}", None)["id"]
        if known is None:
            return Receipt(ReceiptState.REJECTED, detail="It never arrived.")
        return Receipt(ReceiptState.ACCEPTED, known)

    def close(self) -> None:
        """Do nothing."""

    def _ask(self, more: str, body: dict[str, Any] | None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{self.profile}/{self.run}{more}",
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


def _failed(error: urllib.error.URLError) -> Receipt:
    if isinstance(error, urllib.error.HTTPError) and error.code == HTTPStatus.TOO_MANY_REQUESTS:
        asked = float(error.headers["Retry-After"])
        return Receipt(ReceiptState.REJECTED, is_outage=True, retry_after_s=asked)
    if isinstance(error.reason, ConnectionRefusedError):
        detail = "The gateway is not there."
        return Receipt(ReceiptState.REJECTED, detail=detail, is_outage=True)
    return _LOST


class Gateway:
    """The process, as a test holds it."""

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "gateway.db"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.gateway", str(self.ledger)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def sent(self, run: str) -> list[tuple[str, str]]:
        """Return the reference and text of everything that was sent in a run, in order."""
        return texts(self.ledger, run)

    def counts(self, run: str) -> Counter[str]:
        """Return how often each reference was sent in a run."""
        return Counter(key for key, _ in self.sent(run))

    def fails(self, run: str, fault: str, times: int = 1_000_000) -> None:
        """Let the next calls of a run fail; zero times ends it."""
        where = f"http://127.0.0.1:{self.port}/{fault}/{run}?times={times}"
        with urllib.request.urlopen(urllib.request.Request(where, method="PUT"), timeout=10):
            pass

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def texts(ledger: Path, run: str) -> list[tuple[str, str]]:
    """Read the reference and text of everything that was sent in a run from the ledger's file."""
    if not ledger.exists():
        return []
    with closing(sqlite3.connect(ledger, timeout=30)) as file:
        asked = "SELECT key, text FROM sent WHERE run = ? ORDER BY number"
        return file.execute(asked, (run,)).fetchall()


class _Server(HTTPServer):
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    file: sqlite3.Connection
    faults: ClassVar[dict[str, tuple[str, int]]] = {}
    wbufsize = -1  # an answer is one packet

    def do_PUT(self) -> None:
        address = urlsplit(self.path)
        _, fault, run = address.path.split("/")
        self.faults[run] = (fault, int(parse_qs(address.query)["times"][0]))
        self._answer({})

    def do_POST(self) -> None:
        _, profile, run = self.path.split("/")
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fault = self._fault(run)
        if fault in _REFUSALS:
            self._answer({"error": "no"}, *_REFUSALS[fault])
            return
        known = self._take(profile, run, given)
        told = {"id": f"sim-{known}"}
        if fault is None:
            self._answer(told)
        elif fault == "drip":
            self.connection.settimeout(20)
            with suppress(OSError):
                while True:
                    self.connection.sendall(b"H")
                    time.sleep(0.2)
        elif fault == "cut":
            self._answer(told, body=json.dumps(told).encode()[:5])
        self.close_connection = True

    def _fault(self, run: str) -> str | None:
        fault, times = self.faults.get(run, ("", 0))
        self.faults[run] = (fault, times - 1)
        return fault if times > 0 else None

    def _take(self, profile: str, run: str, given: dict[str, str]) -> int | None:
        with self.file:
            self.file.execute("INSERT INTO call (run, key) VALUES (?, ?)", (run, given["key"]))
            known = self._number(run, given["key"]) if profile == IDEMPOTENT else None
            if known is None:
                known = self.file.execute(
                    "INSERT INTO sent (run, key, receiver, text) VALUES (?, ?, ?, ?)",
                    (run, given["key"], given["to"], given["text"]),
                ).lastrowid
        return known

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        _, _, run = address.path.split("/")
        known = self._number(run, parse_qs(address.query)["key"][0])
        self._answer({"id": f"sim-{known}" if known else None})

    def _number(self, run: str, key: str) -> int | None:
        found = self.file.execute(
            "SELECT number FROM sent WHERE run = ? AND key = ?", (run, key)
        ).fetchone()
        return found and found[0]

    def _answer(
        self,
        told: dict[str, Any],
        status: int = 200,
        more: Mapping[str, str] = MappingProxyType({}),
        *,
        body: bytes | None = None,
    ) -> None:
        body = json.dumps(told).encode() if body is None else body
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _serve(ledger: str) -> None:
    _Handler.file = sqlite3.connect(ledger)
    # It outlives what it is called by, and need not outlive the machine.
    _Handler.file.execute("PRAGMA synchronous=OFF")
    _Handler.file.executescript(_TABLES)
    server = _Server(("127.0.0.1", 0), _Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve(sys.argv[1])
