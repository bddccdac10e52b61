"""Plan a problem: a first plan, the deep search from there, and OR-Tools where it is asked for."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from routing.check import violations
from routing.model import Polish, Polished, plan_alone, polish
from routing.params import Engine, ProgressEvent, SolveParams
from routing.problem import Problem
from routing.record import record, routes_of
from routing.solution import Solution
from routing.tables import Tables, tables_of
from routing.validate import ensure_valid

if TYPE_CHECKING:
    from routing.search.climb import Climb

type OnProgress = Callable[[ProgressEvent], None]
type Stop = Callable[[], bool]
type Routes = list[list[int]]

_ENOUGH_S = 0.005
"""Seconds of search, and of polish, for each squared task; three tasks need no ten seconds."""

_FINISH_S = 1e-4
"""Seconds to time and check the result, for each task."""


def solve(
    problem: Problem,
    params: SolveParams | None = None,
    initial: Solution | None = None,
    *,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Solution:
    """Find the best plan within the limits.

    Parameters
    ----------
    problem
        What is to be planned.
    params
        Limits, seed and engine.
    initial
        A plan to start from. Tours that the problem no longer allows are planned anew.
    on_progress
        Told of the first plan and, several times a second, of the best so far.
    stop
        Asked several times a second; true ends the search with the best plan so far.

    Returns
    -------
    Solution
        A plan that `check` finds no fault with. What cannot be served is among its unassigned.

    Raises
    ------
    InvalidProblem
        With every issue of the problem.
    """
    began = monotonic()
    ensure_valid(problem)
    tables = tables_of(problem)
    start = None if initial is None else routes_of(tables, initial)
    return best_plan(tables, start, params, on_progress=on_progress, stop=stop, began=began)


def best_plan(
    tables: Tables,
    start: Routes | None,
    params: SolveParams | None = None,
    *,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
    began: float | None = None,
    climb: "Climb | None" = None,
) -> Solution:
    """As `solve`, for a valid problem that is read into tables.

    Parameters
    ----------
    tables
        The problem.
    start
        Options by vehicle to start from.
    params, on_progress, stop
        As in `solve`.
    began
        When the time limit began, by `time.monotonic`; now by default.
    climb
        A search of these tables that was set up already, with the seed and threads of `params`.
    """
    if not tables.task_count:
        return Solution()
    since = monotonic() if began is None else began
    run = _Run(tables, params or SolveParams(), on_progress, stop, since)
    found = (_checked(tables, *one) for one in run.candidates(start, climb))
    passed = (solution for solution in found if solution is not None)
    best = next(passed, None)
    if best is None:
        raise AssertionError("no plan passed the check; this is a defect of the solver")
    uncertainty = tables.problem.tuning.uncertainty
    if uncertainty is not None and uncertainty.late_cost:
        best = min([best, *passed], key=_worth)  # OR-Tools knows nothing of lateness
    return best


def plan_of(problem: Problem, routes: Sequence[Sequence[int]]) -> Solution | None:
    """The plan that a solve told of in a `ProgressEvent`; None where `check` objects to it.

    Parameters
    ----------
    problem
        What was being solved; valid.
    routes
        Those of the event.
    """
    return _checked(tables_of(problem), routes, "search", ())


def _worth(solution: Solution) -> tuple[int, int, int]:
    total = solution.summary
    return total.required_unserved, -total.priority, total.objective + total.soft_cost


def _checked(
    tables: Tables, routes: Sequence[Sequence[int]], engine: str, notes: Sequence[str]
) -> Solution | None:
    solution = record(tables, routes, engine, notes)
    return None if solution is None or any(violations(tables.problem, solution)) else solution


class _Run:
    """One solve: its clock, its limits and whom it tells."""

    def __init__(
        self,
        tables: Tables,
        params: SolveParams,
        on_progress: OnProgress | None,
        stop: Stop | None,
        began: float,
    ) -> None:
        self.tables = tables
        self.params = params
        self._on_progress = on_progress
        self._stop = stop
        self._began = began

    @property
    def elapsed_s(self) -> float:
        return monotonic() - self._began

    @property
    def left_s(self) -> float:
        """Seconds left for the search."""
        return self.params.seconds - self.elapsed_s - _FINISH_S * self.tables.task_count

    def candidates(
        self, start: Routes | None, climb: "Climb | None" = None
    ) -> list[tuple[Routes, str, list[str]]]:
        """Plans, best first, with who found them and what to know about them."""
        if self.params.engine is Engine.ORTOOLS:
            return self._by_ortools(start)
        from routing.search.climb import Climb  # noqa: PLC0415 - numba takes 0.4 s to import
        from routing.search.effort import effort_for  # noqa: PLC0415

        if climb is None:
            climb = Climb(self.tables, seed=self.params.seed, threads=self.params.threads)
        effort = effort_for(self.tables, climb.day, is_warm=start is not None)
        climb.begin(effort, start)
        first = climb.routes
        if start is None:
            effort = effort_for(self.tables, climb.day, first=first)
        self._report("construction", 0.0, climb.total, first)
        share = self.params.polish
        iterations = self.params.iterations
        climb.run(
            effort,
            seconds=min(self.left_s * (1.0 - share), _ENOUGH_S * self.tables.task_count**2),
            iterations=iterations,
            on_epoch=lambda part: self._on_epoch(climb, part * (1.0 - share)),
        )
        found: list[tuple[Routes, str, list[str]]] = [
            (climb.routes, "search", []),
            (first, "search", []),
        ]
        if share > 0:
            self._report("polish", 1.0 - share, climb.total, climb.routes)
            polished = self._polished(climb.routes, share)
            notes = [f"{polished.reason}; the search's plan is kept."] if polished.reason else []
            if polished.accepted and polished.routes is not None:
                found.insert(0, (polished.routes, "search+ortools", notes))
            else:
                found[0][2].extend(notes)
        return found

    def _on_epoch(self, climb: "Climb", part: float) -> bool:
        if self._stop is not None and self._stop():
            return True
        if self._on_progress is not None:
            self._report("search", part, climb.total, climb.routes)
        return False

    def _polished(self, routes: Routes, share: float) -> Polished:
        iterations = self.params.iterations
        enough_s = _ENOUGH_S * self.tables.task_count**2
        how = Polish(
            seconds=max(0.2, min(self.left_s, enough_s)) if iterations is None else None,
            iterations=None if iterations is None else max(1, round(share * iterations)),
            seed=self.params.seed,
            is_over=self._stop,
        )
        return polish(self.tables, routes, how)

    def _by_ortools(self, start: Routes | None) -> list[tuple[Routes, str, list[str]]]:
        """OR-Tools alone; given a plan it starts from there."""
        iterations = self.params.iterations
        how = Polish(
            seconds=max(0.1, self.left_s) if iterations is None else None,
            iterations=iterations,
            seed=self.params.seed,
            is_over=self._stop,
        )
        if start is None:
            return [(plan_alone(self.tables, how), "ortools", [])]
        polished = polish(self.tables, start, how)
        notes = [f"{polished.reason}; the plan it was given is kept."] if polished.reason else []
        return [(polished.routes or start, "ortools", notes), ([], "ortools", notes)]

    def _report(self, phase: str, part: float, total: int, routes: Routes) -> None:
        if self._on_progress is None:
            return
        served = {int(self.tables.task_of[option]) for route in routes for option in route}
        missing = sum(
            bool(must) and task not in served for task, must in enumerate(self.tables.required)
        )
        self._on_progress(
            ProgressEvent(
                phase=phase,
                elapsed_s=self.elapsed_s,
                fraction=part,
                objective=total // self.tables.grain,
                assigned=len(served),
                required_unserved=missing,
                routes=routes,
            )
        )
