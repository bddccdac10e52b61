"""Every rule that is declared to OR-Tools is needed: without it, it plans what the check rejects.

The judge that would mend such a plan is taken away here: it is the model that is tested.
"""

from dataclasses import dataclass, replace

import pytest

import routing
from routing import Costs, Lock, Skill, Window
from routing import model as routing_model
from routing.constraints import DECLARED
from routing.model import Polish, plan_alone
from routing.problem import Alternative, Overtime, Problem
from routing.record import record
from routing.tables import tables_of
from tests.support.problems import (
    HOUR,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    codes,
    served,
    with_tasks,
    with_vehicles,
)

SHORT = Polish(seconds=None, iterations=20, seed=1)


@dataclass(frozen=True)
class Case:
    """A problem in which one rule binds, the same problem without it, and its violation."""

    free: Problem
    bound: Problem
    code: str


def case(free, code, *, tasks=None, vehicles=None):
    bound = with_tasks(free, **tasks) if tasks else free
    return Case(free, with_vehicles(bound, **vehicles) if vehicles else bound, code)


def first(problem, **over):
    """The same problem with fields of its first task replaced."""
    return replace(problem, tasks=(replace(problem.tasks[0], **over), *problem.tasks[1:]))


MORNING = Window(0, 9 * HOUR)
TWO = a_problem([a_task(1, 2), a_task(2, 4)])
NEAR_THEN_FAR = a_problem([a_task(1, 2), a_task(2, 4, windows=(Window(10 * HOUR, 11 * HOUR),))])
FAR_THEN_NEAR = a_problem([a_task(1, 9), a_task(2, 1, windows=(MORNING,))])
LONG = a_problem([a_task(1, 2), a_task(2, 4, service_s=3 * HOUR), a_task(3, 4)])
HEAVY = a_problem(
    [
        a_task(1, 1, delivery=(3,), pickup=(0,)),
        a_task(2, 2, delivery=(0,), pickup=(3,), windows=(MORNING,)),
    ],
    [a_vehicle(capacity=(9,))],
)
TWO_CREWS = a_problem(
    [a_task(1, 2), a_task(2, 4)], [a_vehicle("a"), a_vehicle("b", start=9, end=9)]
)
ONE_SPEAKS = replace(
    TWO_CREWS,
    vehicles=(TWO_CREWS.vehicles[0], replace(TWO_CREWS.vehicles[1], skills=(Skill("zh", 2),))),
)

CASES = {
    "shift": case(LONG, "shift", vehicles={"shift": Window(8 * HOUR, 11 * HOUR)}),
    "windows": case(TWO, "window", tasks={"windows": (Window(15 * HOUR, 16 * HOUR),)}),
    "latest_end": case(
        a_problem([a_task(1, 2, service_s=3 * HOUR)]),
        "latest-end",
        tasks={"latest_end_s": 11 * HOUR},
    ),
    "permissions": case(TWO_CREWS, "permission", tasks={"forbidden_vehicles": ("a",)}),
    "max_tasks": case(TWO, "max-tasks", vehicles={"max_tasks": 1}),
    "max_travel_time": case(TWO, "max-travel-time", vehicles={"max_travel_time_s": 3000}),
    "max_distance": case(TWO, "max-distance", vehicles={"max_distance_m": 5000}),
    "max_duration": case(TWO, "max-duration", vehicles={"max_duration_s": HOUR + 1200}),
    "capacity": case(HEAVY, "capacity", vehicles={"capacity": (5,)}),
    "order": Case(FAR_THEN_NEAR, first(FAR_THEN_NEAR, not_last=True), "not-last"),
    "locks": Case(
        FAR_THEN_NEAR,
        first(FAR_THEN_NEAR, lock=Lock(position=1)),
        "lock",
    ),
    "breaks": case(TWO, "break", vehicles={"breaks": (a_lunch(),)}),
}
MORE = {
    "second window": case(
        TWO, "window", tasks={"windows": (Window(0, HOUR), Window(15 * HOUR, 16 * HOUR))}
    ),
    "lock of start": Case(TWO, first(TWO, lock=Lock(start_s=14 * HOUR, tolerance_s=300)), "lock"),
    "lock of vehicle": Case(TWO_CREWS, first(TWO_CREWS, lock=Lock(vehicle="b")), "lock"),
    "skill": case(ONE_SPEAKS, "skill", tasks={"skills": (Skill("zh", 2),)}),
    "not first": Case(
        NEAR_THEN_FAR, first(NEAR_THEN_FAR, not_first=True, windows=(MORNING,)), "not-first"
    ),
    "pickups": case(
        with_tasks(HEAVY, delivery=(0,), pickup=(3,)), "capacity", vehicles={"capacity": (5,)}
    ),
    "deliveries": case(
        with_tasks(HEAVY, delivery=(3,), pickup=(0,)), "capacity", vehicles={"capacity": (5,)}
    ),
}
STATED_BY = {
    "second window": "windows",
    "lock of start": "windows",
    "lock of vehicle": "permissions",
    "skill": "permissions",
    "not first": "order",
    "pickups": "capacity",
    "deliveries": "capacity",
}
ELSEWHERE = {"presence", "clocks", "overtime"}
"""Rules with a test of their own below."""


class Credulous:
    """A judge that believes OR-Tools: the last solution, better in the model, is the best."""

    def __init__(self, tables):
        self._told = 0

    def total(self, routes):
        self._told -= 1
        return self._told


def planned_without(rule, problem, monkeypatch):
    """Routes of a model that lacks one rule."""
    kept = tuple(one for one in DECLARED if one.__name__.rpartition(".")[2] != rule)
    assert len(kept) == len(DECLARED) - 1
    monkeypatch.setattr(routing_model, "DECLARED", kept)
    monkeypatch.setattr(routing_model, "Merit", Credulous)
    return plan_alone(tables_of(problem), SHORT)


def of(problem, routes):
    solution = record(tables_of(problem), routes, "ortools")
    assert solution is not None
    return solution


def test_every_declared_rule_is_tested():
    names = {rule.__name__.rpartition(".")[2] for rule in DECLARED}
    assert names == {*CASES, *ELSEWHERE}


every = pytest.mark.parametrize("name", [*CASES, *MORE])


@every
def test_model_with_every_rule_plans_what_the_check_passes(name, monkeypatch):
    bound = (CASES | MORE)[name].bound
    monkeypatch.setattr(routing_model, "Merit", Credulous)
    assert codes(bound, of(bound, plan_alone(tables_of(bound), SHORT))) == set()


@every
def test_model_without_the_rule_plans_what_the_check_rejects(name, monkeypatch):
    one = (CASES | MORE)[name]
    routes = planned_without(STATED_BY.get(name, name), one.bound, monkeypatch)
    plan = of(one.free, routes)
    assert codes(one.free, plan) == set()
    assert codes(one.bound, plan) - {"totals"} == {one.code}


def test_without_presence_a_task_is_served_twice(monkeypatch):
    problem = a_problem([a_task(1, 2, alternatives=(Alternative(place=4),))])
    assert served(of(problem, plan_alone(tables_of(problem), SHORT))) == {"v": [1]}
    routes = planned_without("presence", problem, monkeypatch)
    assert "presence" in codes(problem, of(problem, routes))


def test_without_the_clock_nobody_could_keep_the_plan(monkeypatch):
    at_once = Window(8 * HOUR, 8 * HOUR + 5 * STEP_S)
    problem = with_tasks(TWO, windows=(at_once,), service_s=2 * HOUR)
    assert len(served(of(problem, plan_alone(tables_of(problem), SHORT)))["v"]) == 1
    routes = planned_without("clocks", problem, monkeypatch)
    assert record(tables_of(problem), routes, "ortools") is None


def test_without_the_price_of_overtime_the_plan_costs_more(monkeypatch):
    late = Window(8 * HOUR, 10 * HOUR)
    problem = a_problem(
        [an_optional_task(1, 2, prize=2 * STEP_S + 4000, service_s=3 * HOUR)],
        [a_vehicle(shift=late, overtime=Overtime(max_s=3 * HOUR, per_hour=5000))],
    )
    best = of(problem, plan_alone(tables_of(problem), SHORT))
    routes = planned_without("overtime", problem, monkeypatch)
    assert best.summary.objective < of(problem, routes).summary.objective


@pytest.mark.parametrize(
    "problem",
    [
        with_vehicles(TWO, costs=Costs(fixed=700, per_km=50, per_task_hour=900)),
        replace(TWO_CREWS, tasks=TWO_CREWS.tasks),
    ],
)
def test_what_the_model_minimises_is_what_the_check_adds_up(problem, monkeypatch):
    told = []
    tables = tables_of(problem)
    routes = plan_alone(tables, replace(SHORT, on_solution=told.append))
    assert told[-1] == of(problem, routes).summary.objective * tables.grain
    assert routing.check(problem, of(problem, routes)) == ()
