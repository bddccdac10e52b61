"""`python -m api run`: web and scheduler from nothing, the next port when one is taken."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from api.ports import NoFreePort, free_port
from tests.architecture.house import ROOT


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.enable_socket
def test_next_port_is_found(taken):
    assert taken < free_port("127.0.0.1", taken) < taken + 50


@pytest.mark.enable_socket
def test_address_that_is_not_ours_is_a_sentence():
    with pytest.raises(NoFreePort, match=r"192\.0\.2\.1"):
        free_port("192.0.2.1", 8000)


@pytest.mark.enable_socket
def test_everything_starts_from_nothing_and_ends_together(taken, tmp_path):
    environment = {
        **os.environ,
        "FAIRVISIT_DATABASE_URL": f"sqlite:///{tmp_path / 'fairvisit.db'}",
        "FAIRVISIT_DATA_FOLDER": str(tmp_path / "var"),
        "FAIRVISIT_MESSAGES_FOLDER": str(tmp_path / "var" / "outbox"),
        "PYTHONUNBUFFERED": "1",
        # In production there is no demo, and no demo keys.
        "FAIRVISIT_ENVIRONMENT": "production",
        **{
            f"FAIRVISIT_{name}_KEY": f"{name.lower()}-of-this-test-0123456789"
            for name in ("MASTER", "INDEX", "TOKEN")
        },
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "run", "--port", str(taken)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"ready: (http://\S+)", line):
                with urllib.request.urlopen(f"{found[1]}/readyz") as answer:
                    assert answer.status == 200
                process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, "".join(said)
    finally:
        watchdog.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
    assert any(line.startswith(f"Port {taken} is taken; using ") for line in said)
    assert any("python -m dispatch admin" in line for line in said)
    assert any("is ready" in line for line in said), "".join(said)
