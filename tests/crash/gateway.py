"""A gateway in a process of its own, with a ledger of its own, that it writes before it answers.

    python -m tests.crash.gateway LEDGER      prints its port

`POST /PROFILE/RUN` takes a message. Profile `idempotent` knows the client's reference and answers a
repeat without sending again, and `GET /idempotent/RUN?key=…` says what became of one; `dumb` sends
whatever it is given. The ledger holds what was sent and, apart, each call.
"""

import json
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from dispatch.gateways.message import Message, Receipt, ReceiptState

IDEMPOTENT: Final = "idempotent"
DUMB: Final = "dumb"
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

    def send(self, message: Message) -> Receipt:
        """Post the message; a lost reply leaves it in doubt."""
        body = {"key": message.id, "to": message.to, "text": message.text}
        try:
            told = self._ask("", body)
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                return Receipt(ReceiptState.REJECTED, detail="The gateway is not there.")
            return Receipt(ReceiptState.UNKNOWN, detail="The reply was lost.")
        except OSError:
            return Receipt(ReceiptState.UNKNOWN, detail="The reply was lost.")
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
        with urllib.request.urlopen(request, timeout=10) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


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
    wbufsize = -1  # an answer is one packet

    def do_POST(self) -> None:
        _, profile, run = self.path.split("/")
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.file:
            self.file.execute("INSERT INTO call (run, key) VALUES (?, ?)", (run, given["key"]))
            known = self._number(run, given["key"]) if profile == IDEMPOTENT else None
            if known is None:
                known = self.file.execute(
                    "INSERT INTO sent (run, key, receiver, text) VALUES (?, ?, ?, ?)",
                    (run, given["key"], given["to"], given["text"]),
                ).lastrowid
        self._answer({"id": f"sim-{known}"})

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

    def _answer(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
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
