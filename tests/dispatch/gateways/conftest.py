"""Loopback servers that answer as a test says, and the real extracts where they are present."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

EXTRACTS = Path(os.environ.get("FAIRVISIT_TEST_OSM", Path(__file__).parents[4] / "shared" / "osm"))


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip_s: float = 0.0
    """Seconds between single bytes, headers included."""


class Loopback:
    """A web server on 127.0.0.1 that records what it was asked and answers by a function."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Answer] = lambda asked: Answer(status=404)
        self._stopping = threading.Event()
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = Asked(self.command, self.path, dict(self.headers), body)
                loopback.asked.append(asked)
                loopback._write(self.wfile, loopback.answer(asked))

            do_GET = do_POST = handle_any  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    def _write(self, wfile, answer: Answer) -> None:
        lines = [f"HTTP/1.0 {answer.status} Said", "Content-Type: application/json"]
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        raw = ("\r\n".join(lines) + "\r\n\r\n").encode() + answer.body
        try:
            if not answer.drip_s:
                wfile.write(raw)
                return
            for at in range(len(raw)):
                wfile.write(raw[at : at + 1])
                if self._stopping.wait(answer.drip_s):
                    return
        except OSError:
            pass  # the client hung up, as it may

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def loopback(socket_enabled) -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.stop()


@pytest.fixture
def extract() -> Callable[[str], Path]:
    """Return the path of a real extract; the test is skipped, loudly, where it is absent."""

    def find(name: str) -> Path:
        pytest.importorskip("osrm", reason="SKIPPED: no OSRM wheel for this platform")
        path = EXTRACTS / name
        if not path.exists():
            pytest.skip(f"SKIPPED: no extract {name}; put it beside or set FAIRVISIT_TEST_OSM")
        return path

    return find
