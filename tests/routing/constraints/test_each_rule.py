"""Each hard rule is kept by both engines; that its breach is rejected is in the test of the rule."""

from dataclasses import dataclass, replace

import pytest

import routing
from routing import Lock, Problem, Skill, Window
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    POLISHED,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    served,
    with_tasks,
    with_vehicles,
)


@dataclass(frozen=True)
class Case:
    """A problem without a rule, with it, and the code of its violation."""

    free: Problem
    bound: Problem
    code: str


TWO = [a_task(1, 2), a_task(2, 4)]
AFTERNOON = Window(15 * HOUR, 16 * HOUR)
LONG = a_problem([a_task(1, 2), a_task(2, 4, service_s=3 * HOUR), a_task(3, 4)])


def first_locked(problem, **lock):
    return replace(
        problem, tasks=(replace(problem.tasks[0], lock=Lock(**lock)), *problem.tasks[1:])
    )


two_crews = a_problem(TWO, [a_vehicle("a"), a_vehicle("b", start=9, end=9)])

CASES = {
    "window": Case(a_problem(TWO), with_tasks(a_problem(TWO), windows=(AFTERNOON,)), "window"),
    "second window": Case(
        a_problem(TWO),
        with_tasks(a_problem(TWO), windows=(Window(0, HOUR), AFTERNOON)),
        "window",
    ),
    "latest end": Case(
        a_problem([a_task(1, 2, service_s=3 * HOUR)]),
        a_problem([a_task(1, 2, service_s=3 * HOUR, latest_end_s=11 * HOUR)]),
        "latest-end",
    ),
    "shift end": Case(LONG, with_vehicles(LONG, shift=Window(8 * HOUR, 11 * HOUR)), "shift"),
    "shift start": Case(
        a_problem(TWO), with_vehicles(a_problem(TWO), shift=Window(10 * HOUR, 18 * HOUR)), "shift"
    ),
    "skill": Case(a_problem(TWO), with_tasks(a_problem(TWO), skills=(Skill("zh"),)), "skill"),
    "skill level": Case(
        with_vehicles(a_problem(TWO), skills=(Skill("zh", 1),)),
        with_vehicles(
            with_tasks(a_problem(TWO), skills=(Skill("zh", 2),)), skills=(Skill("zh", 1),)
        ),
        "skill",
    ),
    "allowed vehicles": Case(
        two_crews, with_tasks(two_crews, allowed_vehicles=("b",)), "permission"
    ),
    "forbidden vehicles": Case(
        two_crews, with_tasks(two_crews, forbidden_vehicles=("a",)), "permission"
    ),
    "max tasks": Case(a_problem(TWO), with_vehicles(a_problem(TWO), max_tasks=1), "max-tasks"),
    "max travel time": Case(
        a_problem(TWO),
        with_vehicles(a_problem(TWO), max_travel_time_s=3000),
        "max-travel-time",
    ),
    "max distance": Case(
        a_problem(TWO), with_vehicles(a_problem(TWO), max_distance_m=5000), "max-distance"
    ),
    "break": Case(a_problem(TWO), with_vehicles(a_problem(TWO), breaks=(a_lunch(),)), "break"),
    "lock of vehicle": Case(two_crews, first_locked(two_crews, vehicle="b"), "lock"),
    "lock of start": Case(
        a_problem(TWO), first_locked(a_problem(TWO), start_s=14 * HOUR, tolerance_s=300), "lock"
    ),
    "lock of position": Case(
        a_problem([a_task(1, 9), a_task(2, 1, windows=(Window(0, 9 * HOUR),))]),
        first_locked(
            a_problem([a_task(1, 9), a_task(2, 1, windows=(Window(0, 9 * HOUR),))]), position=1
        ),
        "lock",
    ),
}

each = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@each
@pytest.mark.parametrize("params", [AT_ONCE, POLISHED], ids=["construction", "ortools"])
def test_rule_is_kept(case, params):
    plan = routing.solve(case.bound, params)
    assert routing.check(case.bound, plan) == ()


@each
def test_ortools_itself_keeps_the_rule(case):
    """Even where it starts from nothing: the model, not the first plan, holds the rule."""
    from routing.model import Polish, polish
    from routing.record import record
    from routing.tables import tables_of

    tables = tables_of(case.bound)
    how = Polish(seconds=None, iterations=40, seed=1)
    routes = polish(tables, [[] for _ in tables.crews], how).routes
    assert routes is not None
    solution = record(tables, routes, "ortools")
    assert solution is not None
    assert routing.check(case.bound, solution) == ()
    best = routing.solve(case.bound, POLISHED)
    assert solution.summary.required_unserved == best.summary.required_unserved


def test_promises_are_kept_together():
    problem = a_problem(
        [
            a_task(1, 1, lock=Lock(vehicle="b", position=2)),
            a_task(2, 5, lock=Lock(vehicle="b", position=1, start_s=10 * HOUR)),
            a_task(3, 3),
            a_task(4, 2),
        ],
        [a_vehicle("a", breaks=(a_lunch(),)), a_vehicle("b", breaks=(a_lunch(),))],
    )
    for params in (AT_ONCE, POLISHED):
        plan = routing.solve(problem, params)
        assert routing.check(problem, plan) == ()
        assert served(plan)["b"][:2] == [2, 1]
        assert plan.summary.required_unserved == 0
