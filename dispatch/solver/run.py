"""The solver's child process: warm, watched, killed when it overruns, its last plan kept.

OR-Tools holds the interpreter lock while it searches, may abort the process on input that it does
not like, and does not always keep its time limit. So it runs in a process of its own, with a limit
on memory and a wall clock outside. While it works it tells its better plans: should it die, the
last one that passes the check is not lost (`SolverFailed.last`).
"""

import logging
import multiprocessing
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from dispatch.errors import PlanInputInvalid, SolverFailed
from dispatch.solver.child import Routes, serve, solve_problem
from routing import Problem, Solution, SolveParams
from routing.solve import plan_of

log = logging.getLogger(__name__)

GRACE_S = 2.0
"""Seconds past its limit after which a solve is killed."""

START_S = 240.0
"""Most seconds to start: kernels that were not compiled at install take a minute or two."""

BEAT_S = 0.5
"""Seconds after which the last progress is told again, so that whoever listens knows it runs."""

type OnProgress = Callable[[dict[str, Any]], None]

type OnAsk = Callable[[Any], Any]
"""Answers what the child asks while it works: what only the parent can know."""


class SolverStopped(Exception):
    """The process was told to end, so that what was being solved is given up."""


@dataclass(slots=True, kw_only=True)
class _Ear:
    """What is done with what the child says before it answers."""

    on_progress: OnProgress | None = None
    on_ask: OnAsk | None = None
    on_plan: Callable[[Routes], None] | None = None
    last: dict[str, Any] = field(
        default_factory=lambda: {"percent": 0, "fraction": 0.0, "phase": "start", "assigned": 0}
    )

    def beat(self) -> None:
        """Tell the last progress (again)."""
        if self.on_progress is not None:
            self.on_progress(self.last)


class Solver:
    """Solves problems in a child process that stays warm between them; one at a time."""

    def __init__(self, *, memory_mb: int = 4096) -> None:
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._is_ready = False
        self._is_stopped = False

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return None if self._process is None else self._process.pid

    def warm(self) -> None:
        """Start the child, without waiting, so that the first solve finds it ready."""
        with self._lock:
            self._ensure()

    def solve(
        self,
        problem: Problem,
        params: SolveParams,
        initial: Solution | None = None,
        *,
        on_progress: OnProgress | None = None,
    ) -> Solution:
        """Return a solution found by the child within the time limit plus a grace.

        Raises
        ------
        PlanInputInvalid
            If the problem makes no sense; every issue is listed.
        SolverFailed
            If the child died, ran out of memory, or overran its time and was killed. Its `last` is
            the last plan that the child had told of and that passes the check, or None.
        SolverStopped
            If it was stopped meanwhile, or before.
        """
        told: list[Routes] = []
        ear = _Ear(on_progress=on_progress, on_plan=told.append)
        try:
            found: Solution = self._run(
                (solve_problem, (problem, params, initial)), params.seconds, ear
            )
        except SolverFailed as error:
            plans = (plan_of(problem, routes) for routes in reversed(told))
            error.last = next((plan for plan in plans if plan is not None), None)
            raise
        return found

    def run(
        self,
        work: tuple[Callable[..., Any], tuple[Any, ...]],
        *,
        seconds: float,
        on_progress: OnProgress | None = None,
        on_ask: OnAsk | None = None,
    ) -> Any:
        """Let the child do work, a function of this package and its arguments, and return what it gives.

        Parameters
        ----------
        work
            The function, which also takes a `Talk`, and its other arguments.
        seconds
            How long it means to take; a grace comes on top.
        on_progress, on_ask
            Told of progress, twice a second at least; asked what only this process can know.

        Raises
        ------
        PlanInputInvalid, SolverFailed, SolverStopped
            As `solve` does.
        """
        return self._run(work, seconds, _Ear(on_progress=on_progress, on_ask=on_ask))

    def stop(self) -> None:
        """Give up what is being solved and solve nothing more; it does not wait for it."""
        self._is_stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _run(
        self, work: tuple[Callable[..., Any], tuple[Any, ...]], seconds: float, ear: _Ear
    ) -> Any:
        with self._lock:
            pipe = self._ensure()
            if self._is_stopped:
                self._end()
                raise SolverStopped
            if not self._is_ready:
                with self._within(START_S):
                    self._result(*_heard(pipe, ear))
                self._is_ready = True
            with self._within(seconds + GRACE_S):
                # Bytes of our own: a buffer of the pipe's would outlive a failed sending.
                pipe.send_bytes(pickle.dumps(work))
                kind, content = _heard(pipe, ear)
            return self._result(kind, content)

    def _ensure(self) -> Connection:
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, self._memory_mb), name="fairvisit-solver", daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        return ours

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kill the child when it is not done by then; whatever goes wrong, its pipe is not used again.

        A clock outside, for the child may neither read nor write: then this process waits in the
        pipe, until the child's death ends that.
        """
        is_late = threading.Event()
        kill = self._process.kill

        def stop() -> None:
            is_late.set()
            kill()

        watchdog = threading.Timer(seconds, stop)
        watchdog.start()
        try:
            yield
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self._process.join(timeout=5)
            code = self._process.exitcode
            self._end()
            if self._is_stopped:
                raise SolverStopped from error
            raise SolverFailed(_ending(seconds if is_late.is_set() else None, code)) from error
        except BaseException:
            self._end()
            raise
        finally:
            watchdog.cancel()
            if is_late.is_set():
                self._end()

    def _result(self, kind: str, content: Any) -> Any:
        """Return what the child gave, or raise what it told of."""
        if kind in {"done", "ready"}:
            return content
        if kind == "invalid":
            msg = f"The day can't be planned: {content[0]['detail'] if content else 'bad input'}"
            raise PlanInputInvalid(msg, issues=content)
        self._end()  # who ran out of memory, or failed in an unknown way, isn't trusted with more
        if kind == "memory":
            msg = (
                f"The solver ran out of its {self._memory_mb} MB of memory. Raise "
                "FAIRVISIT_PLAN_MEMORY_MB, or plan fewer visits."
            )
        else:
            msg = f"The solver failed ({content}). Plan again."
        raise SolverFailed(msg)

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(timeout=5)
        self._process = self._pipe = None
        self._is_ready = False


def _heard(pipe: Connection, ear: _Ear) -> tuple[str, Any]:
    """Hear the child out until it gives its answer."""
    while True:
        while not pipe.poll(BEAT_S):
            ear.beat()
        kind, content = pipe.recv()
        if kind == "progress":
            ear.last = content
            ear.beat()
        elif kind == "plan":
            if ear.on_plan is not None:
                ear.on_plan(content)
        elif kind == "ask" and ear.on_ask is not None:
            pipe.send(ear.on_ask(content))
        else:
            return kind, content


def _ending(limit_s: float | None, code: int | None) -> str:
    if limit_s is not None:
        return (
            f"The solver overran its limit and was stopped after {limit_s:.0f} s. Plan again with "
            "more time or fewer visits."
        )
    return (
        f"The solver's process ended ({code}) before it had a plan to give. Plan again; if it happens "
        "twice, look at the log for what it choked on, and whether the machine has memory enough."
    )
