"""Why required tasks can't all be served: a set of them that can't be, while every part of it can.

Found by growing a set around the task that was left out, from those that compete with it most,
until it can't be served; then each task is taken out once and stays out if the rest still can't
(deletion filtering, Chinneck 2008).
"""

from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

import numpy as np

from routing.problem import Id, Problem
from routing.servable import Answer, Verdict, Ways, serve_together
from routing.solution import Solution
from routing.tables import Bools, Tables, tables_of
from routing.units import UNREACHED

_LARGEST = 24
"""Tasks beyond which a conflict would explain nothing to a reader."""

_ASK_SHARE = 0.4
"""Part of the time left that one question may take."""


class Conflict(NamedTuple):
    """An irreducible conflict, or why there is none to tell.

    `tasks` are ids; `witnesses` has for each of them a checked plan that serves all the others.
    """

    tasks: tuple[Id, ...]
    reason: str | None = None
    witnesses: tuple[Solution, ...] = ()


def conflict(problem: Problem, unserved: Id, *, seconds: float) -> tuple[Id, ...]:
    """Ids of required tasks, `unserved` among them, that can't all be served together.

    Parameters
    ----------
    problem
        A valid problem.
    unserved
        Id of a required task that a plan left out.
    seconds
        Wall-clock limit.

    Returns
    -------
    tuple
        In the problem's order; every set with one of them less is proven servable by a checked
        plan. Empty where nothing could be proven in time; `find_conflict` says why.
    """
    return find_conflict(problem, unserved, seconds=seconds).tasks


def find_conflict(problem: Problem, unserved: Id, *, seconds: float) -> Conflict:
    """As `conflict`, with the reason where there is none, and the plans that prove it."""
    tables = tables_of(problem)
    names = [task.id for task in problem.tasks]
    if unserved not in names:
        return Conflict((), f"task {unserved} is not in the problem")
    if not problem.vehicles:
        return Conflict((), "there is no vehicle")
    return _Search(tables, names.index(unserved), seconds).run()


class _Search:
    """One search for a conflict around one task."""

    def __init__(self, tables: Tables, task: int, seconds: float) -> None:
        self._tables, self._task = tables, task
        self._until = monotonic() + seconds
        self._ways = Ways()

    def run(self) -> Conflict:
        rivals = _rivals(self._tables, self._task)
        size = 0
        while True:
            asked = [self._task, *rivals[:size]]
            verdict = self._ask(asked).verdict
            if verdict is Verdict.NO:
                return self._filtered(asked)
            if verdict is Verdict.UNKNOWN and self._is_over:
                return Conflict((), "not settled in time")
            if size >= min(len(rivals), _LARGEST):
                return Conflict((), _WHY_NONE[verdict])
            size = min(max(1, 2 * size), _LARGEST)

    def _filtered(self, asked: Sequence[int]) -> Conflict:
        """Take out what the conflict doesn't need, the most distant rival first."""
        kept = list(asked)
        witnesses: dict[int, Solution] = {}
        for task in reversed(asked):
            rest = [other for other in kept if other != task]
            answer = self._ask(rest) if rest else Answer(Verdict.YES, Solution())
            if answer.verdict is Verdict.NO:
                kept = rest
            elif answer.witness is None:
                return Conflict((), "a conflict exists, but not every part of it was settled")
            else:
                witnesses[task] = answer.witness
        kept.sort()
        tasks = self._tables.problem.tasks
        return Conflict(
            tuple(tasks[task].id for task in kept), None, tuple(witnesses[task] for task in kept)
        )

    @property
    def _is_over(self) -> bool:
        return monotonic() >= self._until

    def _ask(self, tasks: Sequence[int]) -> Answer:
        left = self._until - monotonic()
        if left <= 0:
            return Answer(Verdict.UNKNOWN)
        seconds = _ASK_SHARE * left
        return serve_together(self._tables, sorted(tasks), seconds=seconds, ways=self._ways)


_WHY_NONE = {
    Verdict.YES: "the task can be served beside those that compete with it most",
    Verdict.UNKNOWN: "neither a plan nor a proof was found",
}


def _rivals(tables: Tables, task: int) -> list[int]:
    """Other required tasks, those first that compete most: same hours, few vehicles."""
    able = _able(tables, task)
    scores = {}
    for other in map(int, np.flatnonzero(tables.required)):
        theirs = _able(tables, other)
        if other != task and (able & theirs).any():
            scores[other] = _hours_apart(tables, task, other), int(theirs.sum()), other
    return sorted(scores, key=scores.__getitem__)


def _able(tables: Tables, task: int) -> Bools:
    """Vehicles that may serve a task somewhere."""
    able: Bools = tables.allowed[:, list(tables.options_of[task])].any(axis=1)
    return able


def _hours_apart(tables: Tables, task: int, other: int) -> int:
    """Seconds between the closest of the two tasks' windows; 0 where they overlap."""
    gaps = [
        max(0, a - d, c - b)
        for one in tables.options_of[task]
        for two in tables.options_of[other]
        for a, b in tables.spans[one]
        for c, d in tables.spans[two]
    ]
    return min(gaps, default=UNREACHED)
