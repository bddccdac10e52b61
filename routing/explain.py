"""Why tasks are left out, and what would let them in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from routing.conflict import conflict
from routing.problem import Id, Problem
from routing.record import routes_of
from routing.solution import Solution, Unassigned
from routing.tables import Tables, tables_of
from routing.validate import ensure_valid

RELAXED: Final = 25
"""Tasks for which relaxations are looked for unless the caller says otherwise."""


def explain(
    problem: Problem,
    solution: Solution,
    *,
    relaxed: int | None = RELAXED,
    conflict_s: float = 0.0,
) -> tuple[Unassigned, ...]:
    """Give every unassigned task its reasons, and what would let it in.

    Parameters
    ----------
    problem
        What was to be planned.
    solution
        A plan that `check` finds no fault with.
    relaxed
        Look for relaxations of so many tasks, required ones first, then those worth most; None is
        all of them.
    conflict_s
        Seconds, all together, in which to prove for required tasks with which others they cannot
        be served. Without them `Unassigned.conflict` stays empty.

    Returns
    -------
    tuple of Unassigned
        In the order of the solution's own list. There is one reason for each vehicle: the first
        rule that an insertion into its tour runs into, tried for real.

    Raises
    ------
    InvalidProblem
        When the problem itself makes no sense.
    """
    from routing.gaps import Gaps  # noqa: PLC0415 - numba takes 0.4 s to import
    from routing.reasons import reasons_of  # noqa: PLC0415
    from routing.relaxations import Relaxer  # noqa: PLC0415

    ensure_valid(problem)
    names = {task.id: index for index, task in enumerate(problem.tasks)}
    left = [entry for entry in solution.unassigned if entry.task in names]
    if not left:
        return ()
    tables = tables_of(problem)
    routes = routes_of(tables, solution)
    tasks = [names[entry.task] for entry in left]
    gaps = Gaps(tables, routes)
    first = _first(tables, tasks)[:relaxed]
    found = Relaxer(tables, routes, gaps).relaxations(first)
    relaxations = dict(zip(first, found, strict=True))
    conflicts = _conflicts(problem, tables, tasks, conflict_s)
    return tuple(
        replace(
            entry,
            reasons=reasons,
            relaxation=relaxations.get(task),
            conflict=conflicts.get(task, ()),
        )
        for entry, task, reasons in zip(left, tasks, reasons_of(tables, gaps, tasks), strict=True)
    )


def _first(tables: Tables, tasks: Sequence[int]) -> list[int]:
    """Required tasks first, then by worth."""
    return sorted(tasks, key=lambda task: (not tables.required[task], -int(tables.weight[task])))


def _conflicts(
    problem: Problem, tables: Tables, tasks: Sequence[int], seconds: float
) -> dict[int, tuple[Id, ...]]:
    lost = [task for task in tasks if tables.required[task]]
    if not lost or seconds <= 0:
        return {}
    each = seconds / len(lost)
    return {task: conflict(problem, problem.tasks[task].id, seconds=each) for task in lost}
