"""Plan a problem: a first plan by insertion, then OR-Tools' local search from there."""

from collections.abc import Callable
from time import monotonic

from routing.check import check
from routing.construct import complete, construct
from routing.draft import Draft
from routing.model import Polish, polish
from routing.params import ProgressEvent, SolveParams
from routing.problem import Problem
from routing.record import record, routes_of
from routing.solution import Solution
from routing.tables import Tables, tables_of
from routing.validate import ensure_valid

type OnProgress = Callable[[ProgressEvent], None]
type Stop = Callable[[], bool]

_LEAST_POLISH_S = 0.2
"""Less time than this is not worth building OR-Tools' model for."""

_HEAT_SHARE = 0.15
"""Part of the limit that each first plan gets before the best goes on with the rest.

Where guided local search ends depends much on where it begins: on 8 x 150 tasks the three first
plans ended at 328, 338 and 344 thousand after 20 s, and the one that began worst ended best.
"""

_HEATS_UP_TO_TASKS = 250
"""Beyond, OR-Tools is too slow for a part of the limit to tell the plans apart."""

_ENOUGH_S = 0.01
"""Seconds of search for each squared task; guided local search would use any limit to the end,
and three tasks need no ten seconds."""

_FINISH_S = 2e-5
"""Seconds to complete and check the result, for each pair of vehicle and task."""

_REFUSED = "OR-Tools returned no plan from the first one in time; the first plan is kept."
_NO_BETTER = "OR-Tools found nothing better than the first plan."


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
        Told of the first plan and of each that is no worse.
    stop
        Asked often; true ends the search with the best plan so far.

    Returns
    -------
    Solution
        A plan that `check` finds no fault with. What cannot be served is among its unassigned.

    Raises
    ------
    InvalidProblem
        With every issue of the problem.
    """
    ensure_valid(problem)
    run = _Run(tables_of(problem), params or SolveParams(), on_progress, stop)
    if not problem.tasks:
        return Solution()
    starts = run.first_plans(initial)
    run.report("construction", starts[0].total, starts[0])
    best, note = run.searched(starts)
    candidates = [(starts[0], "construction", note)]
    if best.total < starts[0].total:
        candidates.insert(0, (best, "ortools", None))
    for draft, engine, told in candidates:
        solution = record(run.tables, draft.routes, engine, [told] if told else [])
        if solution is not None and not check(problem, solution):
            return solution
    raise AssertionError("no plan passed the check; this is a defect of the solver")


class _Run:
    """One solve: its clock, its limits and whom it tells."""

    def __init__(
        self,
        tables: Tables,
        params: SolveParams,
        on_progress: OnProgress | None,
        stop: Stop | None,
    ) -> None:
        self.tables = tables
        self.params = params
        self._on_progress = on_progress
        self._stop = stop
        self._began = monotonic()
        self._told: int | None = None

    @property
    def elapsed_s(self) -> float:
        return monotonic() - self._began

    @property
    def left_s(self) -> float:
        """Seconds left for the search."""
        pairs = len(self.tables.crews) * self.tables.task_count
        return self.params.seconds - self.elapsed_s - _FINISH_S * pairs

    def is_over(self) -> bool:
        if self._stop is not None and self._stop():
            return True
        return self.params.iterations is None and self.left_s <= 0

    def first_plans(self, initial: Solution | None) -> list[Draft]:
        if initial is None:
            return construct(self.tables, self.is_over)
        return [complete(self.tables, routes_of(self.tables, initial))]

    def searched(self, starts: list[Draft]) -> tuple[Draft, str | None]:
        """The best plan that OR-Tools finds, and what to know if it finds none."""
        best, note = starts[0], None
        small = self.tables.task_count <= _HEATS_UP_TO_TASKS
        heats = starts if small and len(starts) > 1 else []
        for start in heats:
            found, note = self._polished(start, _HEAT_SHARE)
            best = min(best, found, key=lambda draft: draft.total)
        found, note = self._polished(best, 1.0 - _HEAT_SHARE * len(heats))
        best = min(best, found, key=lambda draft: draft.total)
        return best, note if best.total == starts[0].total else None

    def _polished(self, start: Draft, share: float) -> tuple[Draft, str | None]:
        """A plan by OR-Tools from one start within a share of the limit, completed."""
        iterations = self.params.iterations
        useful = max(2 * _LEAST_POLISH_S, _ENOUGH_S * self.tables.task_count**2)
        seconds = min(self.left_s, share * self.params.seconds, useful)
        enough = seconds >= _LEAST_POLISH_S if iterations is None else iterations > 0
        if not enough or self.is_over():
            return start, None
        how = Polish(
            seconds=seconds if iterations is None else None,
            iterations=None if iterations is None else max(1, round(share * iterations)),
            seed=self.params.seed,
            is_over=self._stop,
            on_solution=lambda value: self.report("polish", value, start),
        )
        routes = polish(self.tables, start.routes, how).routes
        if routes is None:
            return start, _REFUSED
        return complete(self.tables, routes), _NO_BETTER

    def report(self, phase: str, objective: int, draft: Draft) -> None:
        """Tell of a plan, unless a better one was told of."""
        if self._on_progress is None or (self._told is not None and objective > self._told):
            return
        self._told = objective
        seconds = self.params.seconds
        counted = self.params.iterations is not None
        self._on_progress(
            ProgressEvent(
                phase=phase,
                elapsed_s=self.elapsed_s,
                fraction=0.0 if counted or not seconds else min(1.0, self.elapsed_s / seconds),
                objective=objective // self.tables.grain,
                assigned=int((~draft.out).sum()),
                required_unserved=int((draft.out & self.tables.required).sum()),
            )
        )
