"""The solver's process: warm, killed when it overruns, replaced when it dies, told of bad input."""

import os
import signal
import threading

import numpy as np
import pytest

from dispatch.errors import PlanInputInvalid, SolverFailed
from dispatch.solver import run
from dispatch.solver.run import Solver
from routing import Matrix, Problem, SolveParams, Task, Vehicle, Window


def a_problem(**given) -> Problem:
    table = np.array([[0, 600], [600, 0]])
    return Problem(
        **{
            "tasks": (Task(id="a", place=1, service_s=600, required=True),),
            "vehicles": (Vehicle(id="v", start=0, end=0, shift=Window(0, 36_000)),),
            "matrices": {"car": Matrix(durations=table, distances=table)},
            **given,
        }
    )


@pytest.fixture
def own():
    solver = Solver()
    yield solver
    solver.close()


def test_the_same_child_serves_one_problem_after_another(own: Solver) -> None:
    for _ in range(2):
        assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1
    first = own._process.pid
    own.solve(a_problem(), SolveParams(seconds=0))
    assert own._process.pid == first


def test_bad_input_lists_its_issues_and_the_child_lives_on(own: Solver) -> None:
    bad = a_problem(tasks=(Task(id="a", place=7, service_s=-1, required=True),))
    with pytest.raises(PlanInputInvalid) as caught:
        own.solve(bad, SolveParams(seconds=0))
    assert len(caught.value.issues) >= 2
    assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1


def test_a_child_that_dies_is_an_error_and_the_next_solve_has_a_new_one(own: Solver) -> None:
    own.solve(a_problem(), SolveParams(seconds=0))
    os.kill(own._process.pid, signal.SIGSTOP)
    pid = own._process.pid
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(SolverFailed, match="ended"):
        own.solve(a_problem(), SolveParams(seconds=0))
    assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1


def test_a_child_that_overruns_is_killed(own: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    own.solve(a_problem(), SolveParams(seconds=0))
    monkeypatch.setattr(run, "GRACE_S", -9.5)  # the limit is then half a second
    os.kill(own._process.pid, signal.SIGSTOP)
    pid = own._process.pid
    with pytest.raises(SolverFailed, match="overran"):
        own.solve(a_problem(), SolveParams(seconds=0))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_child_that_wants_too_much_memory_fails_alone() -> None:
    table = np.ones((3000, 3000), dtype=np.int32)
    solver = Solver(memory_mb=60)
    try:
        with pytest.raises(SolverFailed):
            solver.solve(
                a_problem(matrices={"car": Matrix(durations=table, distances=table)}),
                SolveParams(seconds=0),
            )
    finally:
        solver.close()


def test_a_child_that_reads_nothing_blocks_nobody_for_ever(
    own: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.solve(a_problem(), SolveParams(seconds=0))
    monkeypatch.setattr(run, "GRACE_S", -9.5)
    os.kill(own._process.pid, signal.SIGSTOP)
    table = np.ones((1500, 1500), dtype=np.int32)  # more than a pipe holds
    with pytest.raises(SolverFailed):
        own.solve(
            a_problem(matrices={"car": Matrix(durations=table, distances=table)}),
            SolveParams(seconds=0),
        )
