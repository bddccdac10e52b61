"""A child process that answers one request at a time, and that a deadline can kill.

For libraries that hold the interpreter's lock or may never return: the work happens in a process
of its own, so that the deadline is kept whatever the library does and nothing piles up.
"""

import logging
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

log = logging.getLogger(__name__)


class ChildFailed(Exception):
    """The child process died, or did not answer in time and was killed."""

    def __init__(self, detail: str, *, was_asked: bool, timed_out: bool = False) -> None:
        super().__init__(detail)
        self.was_asked = was_asked
        self.timed_out = timed_out


class Child:
    """Keeps one child process running a script; starts it when first asked.

    Parameters
    ----------
    script : Path
        A Python file with a `main` that reads requests from the pipe named by its arguments
        (see `serve`); it is run by path, so that importing it costs only what it imports.
    arguments : sequence of str
        Further arguments; nothing secret, since everyone on the machine can read them.
    """

    def __init__(self, script: Path, arguments: Sequence[str] = ()) -> None:
        self._script = script
        self._arguments = tuple(arguments)
        self._lock = threading.Lock()
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """The process's number while it runs."""
        return self._running.process.pid if self._running else None

    def ask(self, request: bytes, *, deadline_s: float) -> bytes:
        """Send `request` and return the answer, all within `deadline_s` seconds.

        A thread that has to wait for another's answer waits out of its own deadline.

        Raises
        ------
        ChildFailed
            If the child died or was killed for being late. It is started anew when next asked.
        """
        ends = time.monotonic() + deadline_s
        if not self._lock.acquire(timeout=deadline_s):
            msg = f"was busy for {deadline_s:g} s"
            raise ChildFailed(msg, was_asked=False, timed_out=True)
        try:
            running = self._start()
            return self._exchange(running, request, ends)
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process; it may be called twice."""
        with self._lock:
            self._end()

    def _start(self) -> "_Running":
        if self._running is not None and self._running.process.poll() is not None:
            log.warning("%s ended by itself (%s)", self._script.stem, self._ending())
            self._end()
        if self._running is None:
            self._running = _Running(self._script, self._arguments)
        return self._running

    def _exchange(self, running: "_Running", request: bytes, ends: float) -> bytes:
        is_sent = False
        # Killing breaks both pipes, so that neither a full one nor half an answer holds us up.
        killer = threading.Timer(max(0.0, ends - time.monotonic()), running.process.kill)
        killer.daemon = True
        killer.start()
        try:
            running.requests.send_bytes(request)
            is_sent = True
            return running.answers.recv_bytes()
        except (EOFError, OSError) as error:
            running.process.wait()
            timed_out = time.monotonic() >= ends
            detail = "did not answer in time and was killed"
            if not timed_out:
                detail = f"died ({self._ending()})"
            self._end()
            raise ChildFailed(detail, was_asked=is_sent, timed_out=timed_out) from error
        finally:
            killer.cancel()

    def _ending(self) -> str:
        code = self._running.process.returncode if self._running else 0
        return f"signal {-code}" if code < 0 else f"exit {code}"

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


class _Running:
    """One life of the child: its process and the two pipes."""

    def __init__(self, script: Path, arguments: Sequence[str]) -> None:
        request_read, request_write = os.pipe()
        answer_read, answer_write = os.pipe()
        try:
            # -P: the script's folder must not shadow libraries.
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    str(script),
                    str(request_read),
                    str(answer_write),
                    *arguments,
                ],
                pass_fds=(request_read, answer_write),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(request_read)
            os.close(answer_write)
        self.requests = Connection(request_write, readable=False)
        self.answers = Connection(answer_read, writable=False)
        self.end = weakref.finalize(self, _kill, self.process, self.requests, self.answers)


def _kill(process: subprocess.Popen[bytes], requests: Connection, answers: Connection) -> None:
    requests.close()
    answers.close()
    process.kill()
    process.wait()
