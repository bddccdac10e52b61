"""Supervision: child processes that live and end together."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

LOOK_EVERY_S = 0.1
GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to start: what people call it, and its command."""

    name: str
    command: Sequence[str]


class Stopped(Exception):
    """Ctrl-C or SIGTERM asked us to end."""


def supervise(
    children: Sequence[Child],
    *,
    environment: Mapping[str, str],
    is_ready: Callable[[], bool],
    on_ready: Callable[[], None],
    say: Callable[[str], None],
) -> int:
    """Run the children until one ends or we are asked to end; then end all, and return a status.

    Ctrl-C and SIGTERM end with 0, a child's own end with 1. A child that does not end within five
    seconds of being asked is killed.
    """
    running: list[tuple[Child, subprocess.Popen[bytes]]] = []
    before = {one: signal.signal(one, _stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        for child in children:  # one by one: what was started is ended, whatever happens next
            process = subprocess.Popen(child.command, env=dict(environment))
            running.append((child, process))
        gone, status = _watch(running, is_ready=is_ready, on_ready=on_ready)
        say(
            f"The {gone} ended by itself (status {status}), so everything is ended; see above why."
        )
    except Stopped:
        say("Ending.")
        return 0
    else:
        return 1
    finally:
        for one in before:
            signal.signal(one, signal.SIG_IGN)  # a second Ctrl-C must not leave a child behind
        _end([process for _, process in running])
        for one, handler in before.items():
            signal.signal(one, handler)


def _watch(
    running: Sequence[tuple[Child, subprocess.Popen[bytes]]],
    *,
    is_ready: Callable[[], bool],
    on_ready: Callable[[], None],
) -> tuple[str, int]:
    is_told = False
    while True:
        for child, process in running:
            status = process.poll()
            if status is not None:
                return child.name, status
        if not is_told and is_ready():
            is_told = True
            on_ready()
        time.sleep(LOOK_EVERY_S)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_S
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
