"""The solver's side of the pipe: what runs in the child process, and what it tells its parent."""

import contextlib
import resource
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from routing import (
    InvalidProblem,
    Matrix,
    Problem,
    Solution,
    SolveParams,
    Task,
    Vehicle,
    solve,
)
from routing.params import ProgressEvent

type Routes = Sequence[Sequence[int]]

PLAN_EVERY_S = 1.0
"""Seconds between two plans that the parent is given to keep; more would clog the pipe."""

_SMALL = Problem(
    tasks=(Task(id=1, place=0, required=True),),
    vehicles=(Vehicle(id=1, start=0, end=0),),
    matrices={"car": Matrix(durations=[[0]])},
)
"""The smallest day there is, solved once before a child says that it is ready."""


class Talk:
    """What work in the child may say to its parent."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._phase = ""
        self._told_at = 0.0
        self._told: Routes = ()

    def progress(self, event: ProgressEvent) -> None:
        """Tell how far a solve has come, and now and then the better plan itself.

        Should the child die, its parent goes on from the last plan; so the first one is told at
        once, and what the search ends with before OR-Tools has it.
        """
        is_due = event.phase != self._phase or monotonic() >= self._told_at + PLAN_EVERY_S
        if is_due and event.routes != self._told:
            self._pipe.send(("plan", event.routes))
            self._phase, self._told_at, self._told = event.phase, monotonic(), event.routes
        self._pipe.send(("progress", _told(event)))

    def ask(self, question: Any) -> Any:
        """Ask the parent and wait for what it says."""
        self._pipe.send(("ask", question))
        return self._pipe.recv()


def solve_problem(
    problem: Problem, params: SolveParams, initial: Solution | None, *, talk: Talk
) -> Solution:
    """Solve a problem in the child."""
    return solve(problem, params, initial, on_progress=talk.progress)


def serve(pipe: Connection, memory_mb: int) -> None:
    """Run in the child: make ready, say so, and do what comes until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when it ends
    with contextlib.suppress(ValueError, OSError):
        limit = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with contextlib.suppress(
        BrokenPipeError, ConnectionResetError, EOFError
    ):  # the parent is gone
        if _is_ready(pipe):
            while True:
                _answer(pipe)


def _is_ready(pipe: Connection) -> bool:
    """Load the search's kernels, or compile them where the install did not."""
    from routing.search.warm import warm  # noqa: PLC0415 - the parent need not load numba

    try:
        warm()
        solve(_SMALL, SolveParams(iterations=1, polish=0.5))  # and OR-Tools' libraries
    except MemoryError:
        pipe.send(("memory", None))
        return False
    except Exception as error:  # noqa: BLE001  the parent must hear of it, whatever it was
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        return False
    pipe.send(("ready", None))
    return True


def _answer(pipe: Connection) -> None:
    """Do the next work and send what came of it."""
    work, given = pipe.recv()  # half a message read is a pipe lost: let it end us
    try:
        pipe.send(("done", work(*given, talk=Talk(pipe))))
    except InvalidProblem as error:
        pipe.send(("invalid", [_issue(one) for one in error.issues]))
    except MemoryError:
        pipe.send(("memory", None))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  the parent must hear of it, whatever it was
        pipe.send(("failed", f"{type(error).__name__}: {error}"))


def _told(event: ProgressEvent) -> dict[str, Any]:
    return {
        "percent": round(100 * event.fraction),
        "fraction": event.fraction,
        "phase": event.phase,
        "assigned": event.assigned,
        "objective": event.objective,
    }


def _issue(issue: Any) -> dict[str, Any]:
    return {"code": issue.code, "pointer": issue.pointer, "detail": str(issue)}
