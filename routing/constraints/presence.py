"""A task is served at most once, and whatever is not served is listed."""

from collections import Counter
from collections.abc import Iterator

from routing.constraints.base import Frame
from routing.problem import Problem
from routing.solution import Solution, Violation


def declare(frame: Frame) -> None:
    """Let each task be served at one of its options, or left out at its weight.

    Preferred vehicles shift the weight by their bonus. Comes first: only then may a vehicle
    variable be -1, for "not served".
    """
    tables = frame.tables
    for task, options in enumerate(tables.options_of):
        weight = int(tables.weight[task]) + int(tables.bonus[:, list(options)].max())
        frame.routing.AddDisjunction([frame.index(option) for option in options], weight)
    for option in set(range(tables.option_count)) - set(frame.hopeful):
        frame.routing.ActiveVar(frame.index(option)).SetValue(0)


def violations(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Tasks served twice, missing from both lists or in both; unknown tasks and vehicles."""
    known = {task.id: task for task in problem.tasks}
    served = Counter(step.id for tour in solution.tours for step in tour.tasks)
    left = Counter(entry.task for entry in solution.unassigned)
    for name in (served | left).keys() - known.keys():
        yield Violation(code="unknown-task", detail=f"task {name} is not in the problem")
    for task in problem.tasks:
        times = served[task.id] + left[task.id]
        if times != 1:
            yield Violation(
                code="presence",
                detail=f"is served {served[task.id]} times and listed {left[task.id]} times",
                task=task.id,
                source=task.source,
            )
    for entry in solution.unassigned:
        if entry.task in known and entry.required is not known[entry.task].is_required:
            yield Violation(
                code="presence", detail="is listed with the wrong `required`", task=entry.task
            )
    yield from _vehicles(problem, solution)


def _vehicles(problem: Problem, solution: Solution) -> Iterator[Violation]:
    known = {vehicle.id for vehicle in problem.vehicles}
    for name, times in Counter(tour.vehicle for tour in solution.tours).items():
        if name not in known:
            yield Violation(code="unknown-vehicle", detail=f"vehicle {name} is not in the problem")
        elif times > 1:
            yield Violation(code="presence", detail=f"has {times} tours", vehicle=name)
