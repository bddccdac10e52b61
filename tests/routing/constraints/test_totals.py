"""Costs and totals are added up anew, soft terms included."""

from dataclasses import replace

from routing.problem import Costs, Overtime, Preference, Stability, Tuning, Window
from tests.support.problems import HOUR, a_problem, a_task, a_vehicle, an_optional_task, codes
from tests.support.rules import plan_of

TASKS = [a_task(1, 2), a_task(2, 4), an_optional_task(3, 9, prize=77)]


def of_one(routes=(1, 2), tasks=TASKS, tuning=None, **over):
    problem = a_problem(tasks, [a_vehicle(**over)], tuning=tuning or Tuning())
    plan = plan_of(problem, {"v": list(routes)})
    assert codes(problem, plan) == set()
    return plan.summary


def test_work_is_priced_by_the_hour():
    assert of_one(costs=Costs(per_task_hour=100)).cost == of_one().cost + 100


def test_overtime_is_priced_by_the_second():
    short = Window(8 * HOUR, 8 * HOUR + 600)
    late = of_one((1,), shift=short, overtime=Overtime(max_s=9 * HOUR, per_hour=7200)).cost
    ends = 8 * HOUR + 1200 + 1800 + 1200
    assert late == of_one((1,)).cost + 2 * (ends - short.end_s)


def test_halves_of_a_unit_round_up():
    assert of_one((1,), costs=Costs(per_hour=0, per_task_hour=1)).cost == 1
    assert of_one((1,), costs=Costs(per_hour=0, per_task_hour=0)).cost == 0


def test_tax_on_changes_is_soft_and_wishes_are_not():
    wish = replace(TASKS[0], preferred_vehicles=(Preference("v", 40),))
    tasks = [wish, *TASKS[1:]]
    plan = {1: "v", 3: "v"}
    told = of_one(tasks=tasks, tuning=Tuning(stability=Stability(plan=plan, per_change=9)))
    assert told.soft_cost == 9  # 3 is served by none; 2 is not in the plan
    assert told.objective == of_one().objective - 40


def test_unevenness_is_priced_by_group_and_rounded_up():
    crews = [a_vehicle(name, balance_group="g") for name in "abc"]
    problem = a_problem(TASKS, crews, tuning=Tuning(balance_weight=5))
    plan = plan_of(problem, {"a": [1, 2]})
    assert plan.summary.soft_cost == 14  # 5 * (4 - 4 / 3) = 13.33
    assert codes(problem, plan) == set()
    assert plan_of(problem, {"a": [1], "b": [2], "c": [3]}).summary.soft_cost == 0


def test_each_wrong_total_is_told():
    problem = a_problem(TASKS)
    plan = plan_of(problem, {"v": [1, 2]})
    for name in type(plan.summary).__dataclass_fields__:
        wrong = replace(plan.summary, **{name: getattr(plan.summary, name) + 1})
        assert codes(problem, replace(plan, summary=wrong)) == {"totals"}
