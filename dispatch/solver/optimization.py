"""Requests in the VROOM dialect, answered in the solver's process.

The whole of a request, reading and writing included, is the child's work: a large matrix would hold
this process's interpreter for seconds. Only roads are asked here, for they belong to this side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from dispatch.errors import OptimizationInvalid, PlanInputInvalid
from dispatch.gateways.travel import Point, Roads
from dispatch.solver.child import Talk
from dispatch.solver.run import OnProgress, Solver
from routing import InvalidProblem, Issue, Matrix, SolveParams, explain, solve
from routing.formats.request import Request
from routing.formats.vroom import parse, read, write
from routing.plan_mode import time_given
from routing.solution import Solution

MOST_PLACES = 2_500
"""Places for which roads are asked; larger requests bring their matrices."""

_TRAVEL_S = 60.0
"""Seconds that reading and the roads may take beside the search."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may be worked on, whatever it asks for, and with how many threads."""

    seconds: float
    threads: int = 2


class Optimizer:
    """Answers requests, one after another, in a child process that stays warm.

    Parameters
    ----------
    roads
        Who knows travel where a request brings no matrices.
    memory_mb
        Most memory of the child.
    """

    def __init__(self, roads: Roads, *, memory_mb: int) -> None:
        self._roads = roads
        self._solver = Solver(memory_mb=memory_mb)

    def answer(
        self, content: bytes, limits: Limits, *, on_progress: OnProgress | None = None
    ) -> dict[str, Any]:
        """Return the answer to a request in the VROOM dialect.

        Raises
        ------
        OptimizationInvalid
            With every issue of the request.
        SolverFailed
            If the child died or overran its time.
        """
        try:
            found: dict[str, Any] = self._solver.run(
                (answered, (content, limits)),
                seconds=limits.seconds + _TRAVEL_S,
                on_progress=on_progress,
                on_ask=self._travel,
            )
        except PlanInputInvalid as error:
            issues = [
                {"pointer": f"/body{issue['pointer']}", "message": issue["detail"]}
                for issue in error.issues
            ]
            msg = "The request can't be planned; `errors` says where and what."
            raise OptimizationInvalid(msg, issues) from error
        return found

    def close(self) -> None:
        """End the child."""
        self._solver.close()

    def _travel(self, spots: Sequence[tuple[float, float]]) -> tuple[Any, Any, str]:
        """Seconds, metres, and where they come from, for `[lon, lat]` places."""
        matrix = self._roads.matrix([Point(lat, lon) for lon, lat in spots])
        guessed = int(matrix.estimated.sum()) - int(matrix.estimated.diagonal().sum())
        pairs = len(spots) * (len(spots) - 1)
        told = f"Travel comes from the configured roads ({matrix.source})"
        if guessed:
            told += f"; {guessed} of {pairs} pairs of places are estimated from distances"
        return matrix.durations_s, matrix.distances_m, f"{told}."


def answered(content: bytes, limits: Limits, *, talk: Talk) -> dict[str, Any]:
    """Read, plan and write a request; the child's work."""
    began = monotonic()

    def travel(
        spots: Sequence[tuple[float, float]], profiles: set[str]
    ) -> tuple[dict[str, Matrix], str]:
        if len(spots) > MOST_PLACES:
            cause = f"names {len(spots)} places without matrices"
            remedy = f"bring matrices, or name at most {MOST_PLACES} places"
            raise InvalidProblem([Issue("too-large", "/jobs", cause, remedy)])
        seconds, metres, told = talk.ask(spots)
        matrix = Matrix(seconds, metres)
        if len(profiles) > 1:
            told += " All profiles travel alike."
        return dict.fromkeys(profiles, matrix), told

    request = read(parse(content), travel=travel)
    loaded = monotonic()
    solution = _planned(request, limits, talk)
    return write(
        _noted(request, limits),
        solution,
        loading_ms=round(1000 * (loaded - began)),
        solving_ms=round(1000 * (monotonic() - loaded)),
    )


def _planned(request: Request, limits: Limits, talk: Talk) -> Solution:
    if request.plan_mode:
        return time_given(request.problem, request.given)
    asked = limits.seconds if request.seconds is None else request.seconds
    params = SolveParams(
        seconds=min(asked, limits.seconds),
        threads=min(request.threads or limits.threads, limits.threads),
    )
    solution = solve(request.problem, params, request.start, on_progress=talk.progress)
    return replace(solution, unassigned=explain(request.problem, solution))


def _noted(request: Request, limits: Limits) -> Request:
    """The request, with a note where it asked for more time than it was given."""
    if request.seconds is None or request.seconds <= limits.seconds:
        return request
    told = f"Of the {request.seconds:g} s asked for, {limits.seconds:g} s were given."
    return replace(request, notes=(*request.notes, told))
