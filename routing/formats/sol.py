"""CVRPLIB's ``.sol`` files: a line ``Route #k: ids`` for each route, then the cost."""

import re
from collections.abc import Sequence

from routing.errors import InvalidProblem, Issue
from routing.formats.request import Request
from routing.plan_mode import Given, time_given
from routing.problem import Id
from routing.solution import Solution, StepKind

_ROUTE = re.compile(r"^\s*route\s*#?\s*\d+\s*:?(.*)$", re.IGNORECASE)


def write_sol(request: Request, solution: Solution) -> str:
    """A plan as text; the cost is the objective in the units of the instance's file."""
    told = [
        f"Route #{number}: {' '.join(str(step.id) for step in tour.tasks)}"
        for number, tour in enumerate(solution.tours, start=1)
    ]
    cost, scale = solution.summary.objective, request.cost_scale
    told.append(f"Cost {cost}" if scale == 1 else f"Cost {cost / scale:.1f}")
    return "\n".join(told) + "\n"


def read_sol(text: str, request: Request) -> Solution:
    """The plan of a file: its k-th route by the k-th vehicle, timed as in plan mode.

    Raises
    ------
    InvalidProblem
        When it names what the problem does not know, or has more routes than vehicles.
    """
    routes = [found[1].split() for line in text.splitlines() if (found := _ROUTE.match(line))]
    vehicles, names = (
        request.problem.vehicles,
        {str(task.id): task.id for task in request.problem.tasks},
    )
    if len(routes) > len(vehicles) or not routes:
        cause = f"has {len(routes)} routes for {len(vehicles)} vehicles"
        raise InvalidProblem([Issue("file-format", "", cause, "give a line `Route #k: ids` each")])
    plan: dict[Id, Sequence[Given]] = {
        vehicle.id: [Given(kind=StepKind.TASK, id=names.get(word, word)) for word in words]
        for vehicle, words in zip(vehicles, routes, strict=False)
        if words
    }
    return time_given(request.problem, plan)
