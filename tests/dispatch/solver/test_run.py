"""The solver's process: warm, killed when it overruns, replaced when it dies, told of bad input."""

import os
import signal

import numpy as np
import pytest

from dispatch.errors import PlanInputInvalid, SolverFailed
from dispatch.solver import run
from dispatch.solver.run import Solver
from routing import Matrix, Problem, SolveParams, Task, Vehicle, Window, check
from tests.support import solver_work


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


@pytest.fixture(scope="module")
def own():
    solver = Solver()
    yield solver
    solver.close()


def test_the_same_child_serves_one_problem_after_another(own: Solver) -> None:
    for _ in range(2):
        assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1
    first = own.pid
    own.solve(a_problem(), SolveParams(seconds=0))
    assert own.pid == first


def test_bad_input_lists_its_issues_and_the_child_lives_on(own: Solver) -> None:
    bad = a_problem(tasks=(Task(id="a", place=7, service_s=-1, required=True),))
    with pytest.raises(PlanInputInvalid) as caught:
        own.solve(bad, SolveParams(seconds=0))
    assert len(caught.value.issues) >= 2
    assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1


def test_the_hard_stop_is_two_seconds_past_the_limit() -> None:
    assert run.GRACE_S == 2.0


def test_a_child_without_memory_enough_to_start_says_so() -> None:
    solver = Solver(memory_mb=60)
    try:
        with pytest.raises(SolverFailed):
            solver.solve(a_problem(), SolveParams(seconds=0))
        assert solver.pid is None
    finally:
        solver.close()


def test_a_child_that_reads_nothing_blocks_nobody_for_ever(
    own: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.solve(a_problem(), SolveParams(seconds=0))
    monkeypatch.setattr(run, "GRACE_S", 0.3)
    os.kill(own.pid, signal.SIGSTOP)
    table = np.ones((1500, 1500), dtype=np.int32)  # more than a pipe holds
    with pytest.raises(SolverFailed, match="overran") as caught:
        own.solve(
            a_problem(matrices={"car": Matrix(durations=table, distances=table)}),
            SolveParams(seconds=0),
        )
    assert caught.value.last is None


# What a child had told of when it came to a bad end ---------------------------------------------


def a_day(tasks: int = 60) -> Problem:
    """Thirty-odd seconds of search, were they allowed; each task within reach of a hurried crew."""
    table = np.abs(np.arange(tasks + 1)[:, None] - np.arange(tasks + 1)[None, :]) * 60
    return a_problem(
        tasks=tuple(
            Task(id=str(place), place=place, service_s=900, required=False, prize=3600)
            for place in range(1, tasks + 1)
        ),
        vehicles=tuple(
            Vehicle(id=name, start=0, end=0, shift=Window(0, 10_000)) for name in "vwx"
        ),
        matrices={"car": Matrix(durations=table, distances=table)},
    )


class _At:
    """Does something to the child as soon as the search proper tells of itself."""

    def __init__(self, deed) -> None:
        self._deed = deed
        self.done = False

    def __call__(self, told: dict[str, object]) -> None:
        if told["phase"] == "search" and not self.done:
            self.done = True
            self._deed()


def the_last_plan(solver: Solver, params: SolveParams, deed=lambda: None) -> SolverFailed:
    problem, at = a_day(), _At(deed)
    with pytest.raises(SolverFailed) as caught:
        solver.solve(problem, params, on_progress=at)
    assert at.done
    last = caught.value.last
    assert last.summary.assigned > 0
    assert check(problem, last) == ()
    return caught.value


def test_a_child_killed_in_mid_flight_leaves_its_last_plan(own: Solver) -> None:
    failed = the_last_plan(own, SolveParams(seconds=60), lambda: os.kill(own.pid, signal.SIGKILL))
    assert "ended (-9)" in failed.detail
    assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1


def test_a_child_stopped_in_mid_flight_is_killed_and_leaves_its_last_plan(
    own: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.solve(a_problem(), SolveParams(seconds=0))
    monkeypatch.setattr(run, "GRACE_S", 0.5)
    pid = own.pid
    failed = the_last_plan(own, SolveParams(seconds=1.5), lambda: os.kill(pid, signal.SIGSTOP))
    assert "overran" in failed.detail
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_child_that_runs_out_of_memory_leaves_its_last_plan(
    own: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "solve_problem", solver_work.eat_memory)
    failed = the_last_plan(own, SolveParams(seconds=60))
    assert "memory" in failed.detail
    assert own.pid is None  # the next one gets a child of its own


def test_a_told_plan_that_does_not_check_is_passed_over(
    own: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "solve_problem", solver_work.tell_nonsense)
    assert "no plan in the end" in the_last_plan(own, SolveParams(seconds=0.5)).detail


def test_who_watches_can_not_spoil_the_next_solve(own: Solver) -> None:
    def fall(told: dict[str, object]) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        own.solve(a_day(), SolveParams(seconds=60), on_progress=fall)
    assert own.solve(a_problem(), SolveParams(seconds=0)).summary.assigned == 1


def test_progress_is_told_while_nothing_happens(
    own: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the lease of a run would end while OR-Tools searches in silence."""
    monkeypatch.setattr(run, "BEAT_S", 0.001)
    own.close()
    told: list[object] = []
    own.solve(
        a_problem(), SolveParams(seconds=0), on_progress=lambda one: told.append(one["phase"])
    )
    assert told.count("start") > 1
