"""Several schedulers at a time: twenty at the due second, and one that is stopped and woken again."""

import logging
import os
import signal
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Barrier
from time import monotonic
from typing import Final

from dispatch import failpoint
from dispatch.messaging import runner
from tests.crash import night
from tests.crash.gateway import SimulatedMessenger
from tests.crash.harness import FORKS, PATIENCE_S, Played, Theatre, let_leases_run_out, start

APART: Final = (timedelta(), timedelta(minutes=10), timedelta(minutes=-10))
"""How far clocks of schedulers may be apart."""

STOPS: Final = (
    ("after ledger.claim.plan_tonight", night.EVENING),
    ("after plan.claim", night.EVENING),
    ("after plan.snapshot", night.EVENING),
    ("after plan.solve", night.EVENING),
    ("after notice.try", night.MORNING),
    ("before notice.call", night.MORNING),
    ("after notice.call", night.MORNING),
)
"""Where a leader is stopped, and in which step; none with a lock of the database in its hands."""


def play_with_a_crowd(
    theatre: Theatre,
    profile: str,
    *,
    size: int = 20,
    clocks: Sequence[timedelta] = (timedelta(),),
    on_postgres: bool = False,
) -> Played:
    """Play a night in which the evening's and the morning's duties are rung by so many at once."""
    plot = theatre.a_plot(profile, on_postgres=on_postgres)
    for step in (night.EVENING, night.MORNING):
        assert start(replace(plot, until=step), None)
        barrier = FORKS.Barrier(size)
        crowd = [
            FORKS.Process(target=_ring, args=(plot, step, barrier, clocks[number % len(clocks)]))
            for number in range(size)
        ]
        for one in crowd:
            one.start()
        for one in crowd:
            _end(one)
    assert start(plot, None)
    assert not plot.failure.exists(), plot.failure.read_text()
    return theatre.looked_at(plot)


def play_with_a_sleeper(
    theatre: Theatre, profile: str, point: str, step: int, *, on_postgres: bool = False
) -> Played:
    """Play a night whose leader is stopped at a point, taken over, and woken when all is done."""
    plot = theatre.a_plot(profile, on_postgres=on_postgres)
    assert start(replace(plot, until=step), None)
    sleeper = FORKS.Process(target=_ring, args=(plot, step, None, timedelta(), point))
    sleeper.start()
    assert sleeper.pid is not None
    began = monotonic()
    while not _is_stopped(sleeper.pid):
        sleeper.join(0.02)
        assert sleeper.is_alive(), f"{point} was not passed"
        assert monotonic() - began < PATIENCE_S
    let_leases_run_out(plot.url)
    assert start(plot, None)
    os.kill(sleeper.pid, signal.SIGCONT)
    _end(sleeper)
    assert not plot.failure.exists(), plot.failure.read_text()
    return theatre.looked_at(plot)


def _ring(
    plot: night.Plot,
    step: int,
    barrier: Barrier | None,
    clock: timedelta,
    stops_at: str | None = None,
) -> None:
    """Ring every duty of a step as one scheduler of several; stop at a point, once."""
    logging.disable(logging.WARNING)
    runner.FRESH_S = 0.5  # what is two minutes in earnest
    one = night.Night(plot, SimulatedMessenger(plot.port, plot.profile, plot.run))
    at, ring = list(one.steps())[step]
    one.clock.at = at + clock
    waking: list[str] = []

    def stop(name: str) -> None:
        if name == stops_at and not waking:
            waking.append(name)
            os.kill(os.getpid(), signal.SIGSTOP)
            one.clock.at = [instant for instant, _ in one.steps()][-1]  # it was a long sleep

    failpoint.arm(stop)
    try:
        if barrier is not None:
            barrier.wait()
        ring()
    except Exception:
        plot.failure.write_text(traceback.format_exc())
        raise
    finally:
        one.context.close()


def _is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _end(process: ForkServerProcess) -> None:
    process.join(PATIENCE_S)
    if process.is_alive():
        process.kill()
        raise AssertionError("a scheduler hangs")
