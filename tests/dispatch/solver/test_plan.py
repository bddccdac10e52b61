"""Planning a day: what becomes of it when the solver, or OR-Tools, does not do all that was asked."""

import pytest

from dispatch.errors import SolverFailed
from dispatch.solver.day import CUT_SHORT, UNPOLISHED
from dispatch.solver.plan import Budget, plan_day
from tests.support.days import ROADS, a_day
from tests.support.planning import InProcessSolver

QUICK = Budget(seconds=0, seed=1)
POLISHED = Budget(seconds=1, seed=1, threads=2, polish=0.2)


def planned(solver: InProcessSolver, budget: Budget):
    return plan_day(a_day(), roads=ROADS, solver=solver, budget=budget)  # type: ignore[arg-type]


def test_a_budget_reaches_the_solver() -> None:
    solver = InProcessSolver()
    planned(solver, POLISHED)
    (asked,) = solver.asked
    assert (asked.seconds, asked.threads, asked.polish) == (1, 2, 0.2)


def test_a_plan_that_needed_no_polish_has_no_flag() -> None:
    assert planned(InProcessSolver(), QUICK).flags == ()


def test_a_polished_plan_has_no_flag() -> None:
    solver = InProcessSolver(engine="search+ortools")
    assert planned(solver, POLISHED).flags == ()


def test_a_plan_that_ortools_refused_is_kept_and_flagged() -> None:
    solver = InProcessSolver(notes=("OR-Tools refuses the plan it was given.",))
    day = planned(solver, POLISHED)
    assert day.flags == (UNPOLISHED,)
    assert day.stops
    assert "refuses" in day.notes[0]


def test_the_last_plan_of_a_solver_that_died_is_kept_and_flagged() -> None:
    day = planned(InProcessSolver(dies="The solver's process ended (-9)."), POLISHED)
    assert day.flags == (CUT_SHORT,)
    assert len(day.stops) == len(a_day().visits)
    assert "ended (-9)" in day.notes[-1]


def test_a_solver_that_died_without_a_plan_is_a_failure() -> None:
    with pytest.raises(SolverFailed, match="ended"):
        planned(InProcessSolver(dies="It ended.", has_last=False), QUICK)
