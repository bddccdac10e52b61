"""Everything wrong with a problem, found before any solver sees it.

OR-Tools aborts the process on a bad index and answers "optimal, cost 0" to a NaN, so nothing
reaches it that has not passed here.
"""

from collections.abc import Callable, Iterator

from routing.errors import InvalidProblem, Issue
from routing.matrix import matrix_issues
from routing.problem import Problem
from routing.units import MAX_OBJECTIVE
from routing.validate_form import form_issues
from routing.validate_locks import lock_issues, lock_numbers
from routing.validate_tasks import impossible_windows, task_issues
from routing.validate_tuning import dimension_issues, tuning_issues
from routing.validate_values import ids_issues
from routing.validate_vehicles import profile_issues, slow_vehicles, vehicle_issues
from routing.weights import cost_grain, weights

type Rule = Callable[[Problem], Iterator[Issue]]


def validate(problem: Problem) -> tuple[Issue, ...]:
    """List every fault of a problem.

    Parameters
    ----------
    problem
        Any problem, however broken.

    Returns
    -------
    tuple of Issue
        Empty if the problem can be solved. That nothing can be served is no fault.
    """
    for rules in (_FORM, _VALUES, _SENSE):
        issues = tuple(issue for rule in rules for issue in rule(problem))
        if issues:
            return issues
    return ()


def ensure_valid(problem: Problem) -> None:
    """Refuse a problem that has any fault.

    Raises
    ------
    InvalidProblem
        With every issue.
    """
    issues = validate(problem)
    if issues:
        raise InvalidProblem(issues)


def _matrices(problem: Problem) -> Iterator[Issue]:
    sizes: dict[str, int] = {}
    for name, matrix in problem.matrices.items():
        yield from matrix_issues(matrix, f"/matrices/{name}")
        sizes[name] = len(matrix)
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} has {size} places" for name, size in sizes.items())
        yield Issue("matrix-size", "/matrices", told, "give all profiles the same places")


def _ids(problem: Problem) -> Iterator[Issue]:
    yield from ids_issues([task.id for task in problem.tasks], "/tasks")
    yield from ids_issues([vehicle.id for vehicle in problem.vehicles], "/vehicles")
    for index, vehicle in enumerate(problem.vehicles):
        yield from ids_issues([rest.id for rest in vehicle.breaks], f"/vehicles/{index}/breaks")


def _size_of_objective(problem: Problem) -> Iterator[Issue]:
    if sum(weights(problem, cost_grain(problem))) >= MAX_OBJECTIVE:
        yield Issue(
            "too-large",
            "/tasks",
            "prizes, costs and travel times add up to more than can be counted exactly",
            "give prizes and costs in a coarser unit",
        )


_FORM: tuple[Rule, ...] = (form_issues,)
"""Each field holds what it is for; a fault here makes the rules below meaningless."""

_VALUES: tuple[Rule, ...] = (
    vehicle_issues,
    _matrices,
    _ids,
    task_issues,
    lock_numbers,
    profile_issues,
    tuning_issues,
    dimension_issues,
)
"""Each value by itself; a fault here makes the rules below meaningless."""

_SENSE: tuple[Rule, ...] = (lock_issues, impossible_windows, slow_vehicles, _size_of_objective)
"""Values that contradict one another."""
