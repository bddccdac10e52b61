"""What goes out of processes: every connection, look-up and program of a program and its children."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from tests.architecture.house import ROOT

_HOOK = Path(__file__).with_name("listening")


@dataclass(frozen=True, slots=True)
class Outward:
    """What processes did that leads out of them, by the file in which they noted it."""

    file: Path

    @property
    def connections(self) -> set[str]:
        """Every `host:port` to which a connection or a datagram went."""
        return {what for _, what in self._of("connect")}

    @property
    def names(self) -> set[str]:
        """Every name that was looked up."""
        return {what for _, what in self._of("name")}

    @property
    def programs(self) -> set[str]:
        """Every program that was started."""
        return {what for _, what in self._of("program")}

    @property
    def began(self) -> dict[int, str]:
        """The processes that were heard, and with what arguments each began."""
        return dict(self._of("began"))

    def _of(self, kind: str) -> Iterator[tuple[int, str]]:
        for line in self.file.read_text("utf-8").splitlines():
            pid, event, what = json.loads(line)
            if event == kind:
                yield pid, what


@contextmanager
def heard(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, hang_s: float
) -> Iterator[tuple["subprocess.Popen[str]", Outward]]:
    """Start Python with these arguments, heard from its first moment; it is ended with the block."""
    outward = Outward(folder / "outward.jsonl")
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(_HOOK),
            "FAIRVISIT_TEST_OUTWARD": str(outward.file),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = Timer(hang_s, process.terminate)
    watchdog.start()
    try:
        yield process, outward
    finally:
        watchdog.cancel()
        process.terminate()  # so that it ends its own children, whatever has gone wrong
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.stdout.close()
        process.wait()
