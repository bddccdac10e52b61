"""Plan one day: travel times, problem, solver, check; no database and no transaction."""

from dataclasses import replace
from typing import Any

from dispatch.errors import SolverFailed
from dispatch.gateways.roads import Roads
from dispatch.solver.day import Day, LeftOut, PlannedDay
from dispatch.solver.from_solution import from_solution
from dispatch.solver.run import OnProgress, Solver
from dispatch.solver.to_problem import points_of, to_problem
from routing import SolveParams, check, explain


def plan_day(
    day: Day,
    *,
    roads: Roads,
    solver: Solver,
    seconds: int,
    seed: int,
    on_progress: OnProgress | None = None,
) -> PlannedDay:
    """Return the day as planned; what is left out comes with its reasons.

    Raises
    ------
    PlanInputInvalid, SolverFailed
        If the day makes no sense to the solver, or it gave no plan, or one that does not check.
    """
    if not day.crews or not day.visits:
        return _empty(day, roads.data_set)
    matrix = roads.matrix(points_of(day))
    problem = to_problem(day, matrix)
    solution = solver.solve(
        problem, SolveParams(seconds=float(seconds), seed=seed), on_progress=on_progress
    )
    violations = check(problem, solution)
    if violations:
        msg = (
            f"The solver's plan breaks a rule of its own ({violations[0].code}: {violations[0].detail}); "
            "nothing was stored. Plan again and report it."
        )
        raise SolverFailed(msg)
    solution = replace(solution, unassigned=explain(problem, solution))
    return from_solution(day, matrix, solution)


def _empty(day: Day, roads: str) -> PlannedDay:
    why: tuple[dict[str, Any], ...] = ({"code": "no-crew-formed", "args": {}, "source": None},)
    return PlannedDay(
        routes=(),
        left_out=tuple(LeftOut(visit=visit, reasons=why) for visit in day.visits),
        objective=0,
        engine="none",
        is_estimated=False,
        roads=roads,
    )
