"""For the test of one rule: a plan that breaks this rule and no other."""

from dataclasses import dataclass, field, replace

import pytest

from routing.evaluate import evaluate
from routing.problem import Problem
from routing.record import record
from routing.tables import tables_of
from tests.support.problems import codes


@dataclass(frozen=True)
class Case:
    """A problem without a rule and with it, the rule's code, and routes that break it.

    Routes are ids by vehicle; a pair is an id and an alternative. `can_move` where another time
    would keep the rule, so that only the plan is at fault and not the route.
    """

    free: Problem
    bound: Problem
    code: str
    routes: dict = field(default_factory=lambda: {"v": [1, 2]})
    can_move: bool = False


def each(cases):
    return pytest.mark.parametrize("case", cases.values(), ids=cases.keys())


def options_of(tables, routes):
    """Routes of ids as routes of options."""
    index = {task.id: row for row, task in enumerate(tables.problem.tasks)}
    pairs = {
        vehicle: [stop if isinstance(stop, tuple) else (stop, 0) for stop in route]
        for vehicle, route in routes.items()
    }
    return [
        [tables.options_of[index[name]][at] for name, at in pairs.get(vehicle.id, ())]
        for vehicle in tables.problem.vehicles
    ]


def plan_of(problem, routes):
    """The plan that drives these routes."""
    tables = tables_of(problem)
    plan = record(tables, options_of(tables, routes), "test")
    assert plan is not None
    return plan


def costs_of(problem, routes):
    """What `evaluate` says of each used vehicle's route."""
    tables = tables_of(problem)
    options = options_of(tables, routes)
    return [
        evaluate(tables, crew, route)
        for crew, route in zip(tables.crews, options, strict=True)
        if route
    ]


def assert_rejected(case):
    """The plan is sound without the rule; with it, `check` names it alone, `evaluate` refuses."""
    plan = plan_of(case.free, case.routes)
    assert codes(case.free, plan) == set()
    assert None not in costs_of(case.free, case.routes)
    assert codes(case.bound, plan) == {case.code}
    assert (None in costs_of(case.bound, case.routes)) is not case.can_move


def with_task(problem, name, **over):
    """The same problem with fields of one task replaced."""
    return replace(
        problem,
        tasks=tuple(replace(task, **over) if task.id == name else task for task in problem.tasks),
    )


def spoiled(plan, index, **over):
    """The same plan with fields of one step of its only tour replaced."""
    (tour,) = plan.tours
    steps = list(tour.steps)
    steps[index] = replace(steps[index], **over)
    return replace(plan, tours=(replace(tour, steps=tuple(steps)),))
