"""The search over the full model, held to the plain clock and the checker."""

from dataclasses import replace

import numpy as np
import pytest

import routing
from routing import SolveParams, check
from routing.evaluate import evaluate
from routing.record import record
from routing.search.climb import Climb
from routing.search.effort import effort_for
from routing.tables import tables_of
from tests.support.full_problems import full_problem
from tests.support.problems import field_day


def climbed(problem, *, iterations=300, seed=1, threads=1, tails=None):
    tables = tables_of(problem)
    climb = Climb(tables, seed=seed, threads=threads)
    effort = effort_for(tables, climb.day)
    if tails is not None:
        effort = replace(effort, tails=tails)
    climb.begin(effort)
    climb.run(effort, seconds=None, iterations=iterations, on_epoch=lambda _: False)
    return tables, climb


def cost_of(tables, routes):
    """What the search minimises, added up by the plain clock."""
    served = {int(tables.task_of[option]) for route in routes for option in route}
    cost = sum(int(tables.weight[task]) for task in range(tables.task_count) if task not in served)
    for crew, route in zip(tables.crews, routes, strict=True):
        grains = evaluate(tables, crew, route)
        assert grains is not None, f"crew {crew.index} cannot drive {route}"
        cost += grains - sum(int(tables.bonus[crew.index, option]) for option in route)
    return cost


@pytest.mark.parametrize("tails", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(60))
def test_every_plan_keeps_every_rule_and_costs_what_the_search_says(seed, tails):
    problem = full_problem(seed)
    tables, climb = climbed(problem, seed=seed, tails=tails)
    solution = record(tables, climb.routes, "search")
    assert solution is not None
    assert check(problem, solution) == ()
    told = climb.total
    if not tables.problem.tuning.balance_weight:
        assert told == cost_of(tables, climb.routes)


def test_same_seed_gives_the_same_plan_on_two_threads():
    problem = field_day(60, 6)
    first, second = (climbed(problem, iterations=4000, threads=2)[1].routes for _ in range(2))
    assert first == second


def test_vehicles_leave_home_for_tasks_that_pay_only_together():
    problem = far_day()
    plan = routing.solve(problem, SolveParams(iterations=2000, threads=1))
    assert plan.summary.assigned == len(problem.tasks)
    assert plan.summary.objective < sum(task.prize for task in problem.tasks)


def test_a_search_is_eager_where_vehicles_stay_at_home_although_tasks_wait():
    tables = tables_of(far_day())
    day = Climb(tables, seed=1, threads=1).day
    task, crews = tables.task_count, len(tables.crews)
    waiting = [[0]] + [[]] * (crews - 1)
    complete = [list(range(task))] + [[]] * (crews - 1)
    busy = [[number] for number in range(crews)]
    eager = [effort_for(tables, day, first=first).eagerness for first in (waiting, complete, busy)]
    assert eager[0] > 1
    assert eager[1:] == [1.0, 1.0]


def far_day():
    """Two groups of ten tasks, each far away; a task is worth a fifth of the way there and back."""
    count = 20
    seconds = np.full((count + 1, count + 1), 8000, dtype=np.int64)
    for group in (range(1, 11), range(11, 21)):
        seconds[np.ix_(group, group)] = 60
    seconds[0, 1:] = seconds[1:, 0] = 2500
    np.fill_diagonal(seconds, 0)
    return routing.Problem(
        tasks=tuple(
            routing.Task(id=number, place=number, service_s=60, prize=1000, required=False)
            for number in range(1, count + 1)
        ),
        vehicles=tuple(
            routing.Vehicle(id=number, start=0, end=0, shift=routing.Window(0, 30_000))
            for number in range(1, 4)
        ),
        matrices={"car": routing.Matrix(durations=seconds)},
    )
