"""An independent second opinion: whether a solution keeps every hard rule and adds up.

Reads the problem and the solution only. Nothing here knows how the solution was found, and no
clock, table or total of the solver is used. Each rule is a module of `routing.constraints`.
"""

from collections.abc import Iterator

from routing.constraints import CHECKED, form, presence, promises, totals
from routing.constraints.base import Drive
from routing.problem import Problem, Task
from routing.solution import Solution, Violation
from routing.uncertainty import punctuality
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
    return tuple(violations(problem, solution))


def violations(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """As `check`, one after another, for a problem that is known to be valid."""
    drives = _drives(problem, solution)
    yield from presence.violations(problem, solution)
    sound = []
    for drive in drives:
        broken = tuple(form.violations(drive))
        yield from broken or _tour_violations(drive)
        if not broken and _is_on_the_map(drive):
            sound.append(drive)
    driven = punctuality(problem, [drive.tour for drive in sound])
    yield from promises.violations(sound, driven)
    late_cost = sum(days.late_cost for days in driven)
    yield from totals.violations(problem, solution, drives, late_cost)


def _is_on_the_map(drive: Drive) -> bool:
    places = [step.place for step in drive.tour.steps if step.place is not None]
    return all(0 <= place < drive.problem.place_count for place in places)


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
    """Rules that take the form of a tour for granted."""
    for rule in CHECKED:
        yield from rule.violations(drive)
