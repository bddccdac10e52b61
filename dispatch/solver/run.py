"""The solver's child process: warm, watched, killed when it overruns.

OR-Tools holds the interpreter lock while it searches, may abort the process on input that it does
not like, and does not always keep its time limit. So it runs in a process of its own, with a limit
on memory and a wall clock outside.
"""

import contextlib
import logging
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from dispatch.clock import stopwatch
from dispatch.errors import PlanInputInvalid, SolverFailed
from routing import InvalidProblem, Problem, Solution, SolveParams, solve

log = logging.getLogger(__name__)

GRACE_S = 5.0
"""Seconds past its limit after which a solve is killed."""

type OnProgress = Callable[[dict[str, Any]], None]

type OnAsk = Callable[[Any], Any]
"""Answers what the child asks while it works: what only the parent can know."""


class Talk:
    """What work in the child may say to its parent."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def progress(self, event: Any) -> None:
        """Tell how far a solve has come."""
        self._pipe.send(("progress", _told(event)))

    def ask(self, question: Any) -> Any:
        """Ask the parent and wait for what it says."""
        self._pipe.send(("ask", question))
        return self._pipe.recv()


class Solver:
    """Solves problems in a child process that stays warm between them; one at a time."""

    def __init__(self, *, memory_mb: int = 4096) -> None:
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None

    def warm(self) -> None:
        """Start the child so that the first solve finds it ready."""
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
            If the child died, ran out of memory, or overran its time and was killed.
        """
        work = (solve_problem, (problem, params, initial))
        found: Solution = self.run(work, seconds=params.seconds, on_progress=on_progress)
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
            Told of progress; asked what only this process can know.

        Raises
        ------
        PlanInputInvalid, SolverFailed
            As `solve` does.
        """
        with self._lock:
            pipe = self._ensure()
            limit_s = seconds + GRACE_S + 10.0
            # A child that reads nothing would block the sending for ever.
            watchdog = threading.Timer(limit_s + 2.0, self._process.kill)
            watchdog.start()
            try:
                pipe.send(work)
                return self._await(pipe, limit_s, on_progress, on_ask)
            except (EOFError, BrokenPipeError, ConnectionResetError) as error:
                code = self._process.exitcode
                self._end()
                msg = (
                    f"The solver's process ended ({code}) without a plan; the day is unchanged. "
                    "Plan again; if it happens twice, look at the log for what it choked on."
                )
                raise SolverFailed(msg) from error
            finally:
                watchdog.cancel()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ensure(self) -> Connection:
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._memory_mb), name="fairvisit-solver", daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        return ours

    def _await(
        self,
        pipe: Connection,
        limit_s: float,
        on_progress: OnProgress | None,
        on_ask: OnAsk | None,
    ) -> Any:
        ends_at = stopwatch() + limit_s
        while True:
            if not pipe.poll(0.5):
                if stopwatch() >= ends_at:
                    self._end()
                    msg = (
                        f"The solver overran its limit and was stopped after {limit_s:.0f} s; the day is "
                        "unchanged. Plan again with more time or fewer visits."
                    )
                    raise SolverFailed(msg)
                continue
            kind, content = pipe.recv()
            if kind == "progress":
                if on_progress is not None:
                    on_progress(content)
            elif kind == "ask" and on_ask is not None:
                self._reply(pipe, on_ask, content)
            else:
                return _result(kind, content)

    def _reply(self, pipe: Connection, on_ask: OnAsk, question: Any) -> None:
        """Answer the child; without an answer it has nothing to go on with, and ends."""
        try:
            pipe.send(on_ask(question))
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(timeout=5)
        self._process = self._pipe = None


def _result(kind: str, content: Any) -> Any:
    """Return what the child gave, or raise what it told of."""
    if kind == "done":
        return content
    if kind == "invalid":
        msg = f"The day can't be planned: {content[0]['detail'] if content else 'bad input'}"
        raise PlanInputInvalid(msg, issues=content)
    msg = f"The solver failed ({content}); the day is unchanged. Plan again."
    raise SolverFailed(msg)


def _serve(pipe: Connection, memory_mb: int) -> None:
    """Run in the child: solve what comes until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when it ends
    with contextlib.suppress(ValueError, OSError):
        limit = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with contextlib.suppress(
        BrokenPipeError, ConnectionResetError, EOFError
    ):  # the parent is gone
        while True:
            _answer(pipe)


def solve_problem(
    problem: Problem, params: SolveParams, initial: Solution | None, *, talk: Talk
) -> Solution:
    """Solve a problem in the child."""
    return solve(problem, params, initial, on_progress=talk.progress)


def _answer(pipe: Connection) -> None:
    """Do the next work and send what came of it."""
    work, given = pipe.recv()  # half a message read is a pipe lost: let it end us
    try:
        pipe.send(("done", work(*given, talk=Talk(pipe))))
    except InvalidProblem as error:
        pipe.send(("invalid", [_issue(one) for one in error.issues]))
    except MemoryError:
        pipe.send(("failed", "out of memory"))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  the parent must hear of it, whatever it was
        pipe.send(("failed", f"{type(error).__name__}: {error}"))


def _told(event: Any) -> dict[str, Any]:
    return {
        "percent": round(100 * event.fraction),
        "phase": event.phase,
        "assigned": event.assigned,
        "objective": event.objective,
    }


def _issue(issue: Any) -> dict[str, Any]:
    return {"code": issue.code, "pointer": issue.pointer, "detail": str(issue)}
