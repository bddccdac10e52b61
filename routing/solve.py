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

_REFUSED = "OR-Tools could not use the first plan as its start; the first plan is kept."
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
        Told of the first plan and of each better one.
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
    first = run.first_plan(initial)
    run.report("construction", first.total, first)
    polished, note = run.polished(first)
    candidates = [(first, "construction", note)]
    if polished is not None and polished.total < first.total:
        candidates.insert(0, (polished, "ortools", None))
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

    @property
    def elapsed_s(self) -> float:
        return monotonic() - self._began

    @property
    def left_s(self) -> float:
        return self.params.seconds - self.elapsed_s

    def is_over(self) -> bool:
        if self._is_stopped():
            return True
        return self.params.iterations is None and self.left_s <= 0

    def _is_stopped(self) -> bool:
        return self._stop is not None and self._stop()

    def first_plan(self, initial: Solution | None) -> Draft:
        if initial is None:
            return construct(self.tables, self.is_over)
        return complete(self.tables, routes_of(self.tables, initial))

    def polished(self, first: Draft) -> tuple[Draft | None, str | None]:
        """A plan by OR-Tools, completed by insertion, and what to know if it is none."""
        counted = self.params.iterations is not None
        enough = self.params.iterations != 0 if counted else self.left_s >= _LEAST_POLISH_S
        if not enough or self._is_stopped():
            return None, None
        how = Polish(
            seconds=None if counted else self.left_s,
            iterations=self.params.iterations,
            seed=self.params.seed,
            is_over=self._stop,
            on_solution=lambda value: self.report("polish", value, first),
        )
        routes = polish(self.tables, first.routes, how)
        if routes is None:
            return None, _REFUSED
        draft = complete(self.tables, routes)
        return draft, None if draft.total < first.total else _NO_BETTER

    def report(self, phase: str, objective: int, draft: Draft) -> None:
        if self._on_progress is None:
            return
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
