"""Plan one day: travel times, problem, solver, check; no database and no transaction."""

from dataclasses import dataclass, replace
from typing import Any

from dispatch.errors import SolverFailed
from dispatch.gateways.roads import Roads
from dispatch.solver.day import CUT_SHORT, UNPOLISHED, Day, LeftOut, PlannedDay
from dispatch.solver.from_solution import from_solution
from dispatch.solver.promise import promises
from dispatch.solver.run import OnProgress, Solver
from dispatch.solver.to_problem import NO_SOFT_TERMS, SoftTerms, points_of, to_problem
from routing import Problem, Solution, SolveParams, check, explain

POLISHER = "ortools"
"""Part of an engine's name where OR-Tools has checked the search's plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a plan may take: seconds in all, threads, and the share that is OR-Tools' polish.

    With `iterations` the plan depends on the seed alone, and the seconds count no more.
    """

    seconds: float
    seed: int
    iterations: int | None = None
    threads: int = 1
    polish: float = 0.0


def plan_day(
    day: Day,
    *,
    roads: Roads,
    solver: Solver,
    budget: Budget,
    soft: SoftTerms = NO_SOFT_TERMS,
    on_progress: OnProgress | None = None,
) -> PlannedDay:
    """Return the day as planned; what is left out comes with its reasons.

    A solver that dies or overruns is no reason to have no plan: the last one that it told of, and
    that checks, is given with the flag `CUT_SHORT`.

    Raises
    ------
    PlanInputInvalid, SolverFailed
        If the day makes no sense to the solver, or it gave no plan, or one that does not check.
    """
    if not day.crews or not day.visits:
        return nobody_goes(day, roads.data_set)
    matrix = roads.matrix(points_of(day))
    problem = to_problem(day, matrix, soft)
    solution, flags = _solved(solver, problem, budget, on_progress)
    violations = check(problem, solution)
    if violations:
        msg = (
            f"The solver's plan breaks a rule of its own ({violations[0].code}: {violations[0].detail}); "
            "nothing was stored. Plan again and report it."
        )
        raise SolverFailed(msg)
    solution = replace(solution, unassigned=explain(problem, solution))
    promised = promises(day, problem, solution, soft)
    return replace(from_solution(day, matrix, solution, promised), flags=flags)


def _solved(
    solver: Solver, problem: Problem, budget: Budget, on_progress: OnProgress | None
) -> tuple[Solution, tuple[str, ...]]:
    """A plan, and the flags that say what was not done about it."""
    params = SolveParams(
        seconds=budget.seconds,
        iterations=budget.iterations,
        seed=budget.seed,
        threads=budget.threads,
        polish=budget.polish,
    )
    try:
        solution = solver.solve(problem, params, on_progress=on_progress)
    except SolverFailed as error:
        if error.last is None:
            raise
        told = f"{error.detail} The last plan that it had told of is kept."
        return replace(error.last, notes=(*error.last.notes, told)), (CUT_SHORT,)
    is_polished = budget.polish == 0 or POLISHER in solution.engine
    return solution, () if is_polished else (UNPOLISHED,)


def nobody_goes(day: Day, roads: str) -> PlannedDay:
    """Return the plan of a day without crews, or without visits: no routes, and all that is left out."""
    why: tuple[dict[str, Any], ...] = ({"code": "no-crew-formed", "args": {}, "source": None},)
    return PlannedDay(
        routes=(),
        left_out=tuple(LeftOut(visit=visit, reasons=why) for visit in day.visits),
        objective=0,
        engine="none",
        is_estimated=False,
        roads=roads,
    )
