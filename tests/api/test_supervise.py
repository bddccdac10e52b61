"""Children live and end together."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from api.supervise import Child, supervise
from tests.architecture.house import ROOT

SLEEPER = [sys.executable, "-c", "import signal, threading; threading.Event().wait()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); threading.Event().wait()",
]


def ended(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def run(children, **given):
    said = []
    status = supervise(
        children,
        environment=os.environ,
        is_ready=given.get("is_ready", lambda: True),
        on_ready=given.get("on_ready", lambda: said.append("ready")),
        say=said.append,
    )
    return status, said


def test_end_of_one_ends_the_other_with_a_plain_sentence(tmp_path):
    note = tmp_path / "pid"
    tell = f"import os, threading; open({str(note)!r}, 'w').write(str(os.getpid()));"
    living = [sys.executable, "-c", f"{tell} threading.Event().wait()"]
    dying = [
        sys.executable,
        "-c",
        "import os, time\n"
        f"while not (os.path.exists({str(note)!r}) and open({str(note)!r}).read()):\n"
        "    time.sleep(0.01)\n"
        "raise SystemExit(3)",
    ]
    status, said = run([Child("web", living), Child("scheduler", dying)])
    assert status == 1
    assert said[-1].startswith("The scheduler ended by itself (status 3)")
    assert ended(int(note.read_text()))


def test_ready_is_told_once():
    looks = iter([False, False, True])

    def stop_soon():
        told.append("ready")
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    told = []
    status, said = run(
        [Child("web", SLEEPER)], is_ready=lambda: next(looks, True), on_ready=stop_soon
    )
    assert status == 0
    assert told == ["ready"]
    assert said == ["Ending."]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_being_asked_to_end_ends_all_quickly(by):
    started = time.monotonic()
    status, _ = run(
        [Child("web", SLEEPER), Child("scheduler", SLEEPER)],
        on_ready=lambda: os.kill(os.getpid(), by),
    )
    assert status == 0
    assert time.monotonic() - started < 5


def test_child_that_does_not_listen_is_killed(monkeypatch):
    monkeypatch.setattr("api.supervise.GRACE_S", 0.2)
    status, _ = run(
        [Child("web", STUBBORN)], on_ready=lambda: os.kill(os.getpid(), signal.SIGTERM)
    )
    assert status == 0


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    run([Child("web", [sys.executable, "-c", ""])])
    assert signal.getsignal(signal.SIGTERM) is before


def test_second_child_that_cannot_be_started_ends_the_first():
    with pytest.raises(FileNotFoundError):
        run([Child("web", SLEEPER), Child("scheduler", ["/no/such/program"])])


def test_help_answers_within_a_second():
    quickest = min(_help_seconds() for _ in range(3))
    assert quickest < 1.0


def _help_seconds():
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "api", "--help"], cwd=ROOT, check=True, capture_output=True
    )
    return time.monotonic() - started


def test_bad_setting_is_a_plain_sentence(tmp_path):
    answered = subprocess.run(
        [sys.executable, "-m", "api", "run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "FAIRVISIT_PORT": "many"},
        check=False,
    )
    assert answered.returncode == 2
    assert "FAIRVISIT_PORT" in answered.stderr
    assert "Traceback" not in answered.stderr


def test_database_that_cannot_be_opened_is_a_plain_sentence(tmp_path):
    (tmp_path / "folder").mkdir()
    answered = subprocess.run(
        [sys.executable, "-m", "api", "run", "--port", "18990"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "FAIRVISIT_DATABASE_URL": f"sqlite:///{tmp_path / 'folder'}"},
        check=False,
    )
    assert answered.returncode == 1
    assert "database" in answered.stderr
    assert "Traceback" not in answered.stderr, textwrap.shorten(answered.stderr, 500)
