"""Every rule that is declared to OR-Tools is needed: without it, it plans what the check rejects.

The judge that would mend such a plan is taken away here: it is the model that is tested.
"""

from dataclasses import replace

import pytest

import routing
from routing import Costs, Window
from routing import model as routing_model
from routing.constraints import CHECKED, DECLARED
from routing.model import Polish, plan_alone
from routing.problem import Alternative, Overtime
from routing.record import record
from routing.tables import tables_of
from tests.support.problems import (
    HOUR,
    STEP_S,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    codes,
    served,
    with_tasks,
    with_vehicles,
)
from tests.support.rule_cases import CASES, MORE, TWO, TWO_CREWS, UNSTATED

QUICK = Polish(seconds=None, iterations=20, seed=1)


STATED_BY = {
    "second window": "windows",
    "lock of start": "windows",
    "lock of vehicle": "permissions",
    "skills": "permissions",
    "overtime": "shift",
    "not first": "order",
    "pickups": "capacity",
    "deliveries": "capacity",
}
ELSEWHERE = {"presence", "clocks", "overtime"}
"""Rules with a test of their own below; `overtime` only prices what `shift` bounds."""


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
    return plan_alone(tables_of(problem), QUICK)


def of(problem, routes):
    solution = record(tables_of(problem), routes, "ortools")
    assert solution is not None
    return solution


def test_every_declared_rule_is_tested():
    names = {rule.__name__.rpartition(".")[2] for rule in DECLARED}
    assert names == ({*CASES} - {"skills"}) | ELSEWHERE


def test_what_the_model_can_not_state_is_told():
    """Its docstring names every rule that is neither declared nor true of whatever is recorded."""
    declared = {rule.__name__.rpartition(".")[2] for rule in DECLARED}
    judged = {rule.__name__.rpartition(".")[2] for rule in CHECKED}
    recorded = {"places", "alternatives", "loads", "travel", "work"}
    assert judged - declared - recorded - {"skills"} == {"max_load"}
    assert all(word in routing_model.__doc__ for word in ("max_load", "travel", "setup"))


@pytest.mark.parametrize("name", UNSTATED)
def test_what_the_model_can_not_state_is_judged_afterwards(name):
    bound = UNSTATED[name].bound
    assert codes(bound, of(bound, plan_alone(tables_of(bound), QUICK))) == set()


every = pytest.mark.parametrize("name", [*CASES, *MORE])


@every
def test_model_with_every_rule_plans_what_the_check_passes(name, monkeypatch):
    bound = (CASES | MORE)[name].bound
    monkeypatch.setattr(routing_model, "Merit", Credulous)
    assert codes(bound, of(bound, plan_alone(tables_of(bound), QUICK))) == set()


@every
def test_model_without_the_rule_plans_what_the_check_rejects(name, monkeypatch):
    one = (CASES | MORE)[name]
    routes = planned_without(STATED_BY.get(name, name), one.bound, monkeypatch)
    plan = of(one.free, routes)
    assert codes(one.free, plan) == set()
    assert codes(one.bound, plan) - {"totals"} == {one.code}


def test_without_presence_a_task_is_served_twice(monkeypatch):
    problem = a_problem([a_task(1, 2, alternatives=(Alternative(place=4),))])
    assert served(of(problem, plan_alone(tables_of(problem), QUICK))) == {"v": [1]}
    routes = planned_without("presence", problem, monkeypatch)
    assert "presence" in codes(problem, of(problem, routes))


def test_without_the_clock_nobody_could_keep_the_plan(monkeypatch):
    at_once = Window(8 * HOUR, 8 * HOUR + 5 * STEP_S)
    problem = with_tasks(TWO, windows=(at_once,), service_s=2 * HOUR)
    assert len(served(of(problem, plan_alone(tables_of(problem), QUICK)))["v"]) == 1
    routes = planned_without("clocks", problem, monkeypatch)
    assert record(tables_of(problem), routes, "ortools") is None


def test_without_the_price_of_overtime_the_plan_costs_more(monkeypatch):
    late = Window(8 * HOUR, 10 * HOUR)
    problem = a_problem(
        [an_optional_task(1, 2, prize=2 * STEP_S + 4000, service_s=3 * HOUR)],
        [a_vehicle(shift=late, overtime=Overtime(max_s=3 * HOUR, per_hour=5000))],
    )
    best = of(problem, plan_alone(tables_of(problem), QUICK))
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
    routes = plan_alone(tables, replace(QUICK, on_solution=told.append))
    assert told[-1] == of(problem, routes).summary.objective * tables.grain
    assert routing.check(problem, of(problem, routes)) == ()
