"""An independent second opinion: whether a solution keeps every hard rule and adds up.

Reads the problem and the solution only. Nothing here knows how the solution was found, and no
clock, table or total of the solver is used. Each rule is a module of `routing.constraints`.
"""

from collections.abc import Iterator

from routing.constraints import CHECKED, form, presence, totals
from routing.constraints.base import Drive
from routing.problem import Problem, Task
from routing.solution import Solution, Violation
from routing.validate import ensure_valid


def check(problem: Problem, solution: Solution) -> tuple[Violation, ...]:
    """Find every rule that a solution breaks.

    Parameters
    ----------
    problem
        What was to be planned.
    solution
        What was planned. Unserved required tasks are data, not violations.

    Returns
    -------
    tuple of Violation
        Empty if the solution keeps every rule.

    Raises
    ------
    InvalidProblem
        When the problem itself makes no sense.
    """
    ensure_valid(problem)
    return tuple(_violations(problem, solution))


def _violations(problem: Problem, solution: Solution) -> Iterator[Violation]:
    drives = _drives(problem, solution)
    yield from presence.violations(problem, solution)
    for drive in drives:
        yield from _tour_violations(drive)
    yield from totals.violations(problem, solution, drives)


def _drives(problem: Problem, solution: Solution) -> list[Drive]:
    """The tours of known vehicles."""
    tasks: dict[object, Task] = {task.id: task for task in problem.tasks}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    amounts = [amount for task in problem.tasks for amount in (task.delivery, task.pickup)]
    amounts += [vehicle.capacity for vehicle in problem.vehicles]
    amounts += [rest.max_load or () for vehicle in problem.vehicles for rest in vehicle.breaks]
    dimensions = max(map(len, amounts), default=0)
    return [
        Drive(problem, vehicles[tour.vehicle], tour, tasks, dimensions)
        for tour in solution.tours
        if tour.vehicle in vehicles
    ]


def _tour_violations(drive: Drive) -> Iterator[Violation]:
    broken = tuple(form.violations(drive))
    yield from broken
    if not broken:  # other rules take the form for granted
        for rule in CHECKED:
            yield from rule.violations(drive)
