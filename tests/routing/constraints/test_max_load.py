"""Breaks with too much on board are rejected, and the clock moves them to a lighter leg."""

from dataclasses import replace

from tests.support.problems import HOUR, a_lunch, a_problem, a_task, a_vehicle, codes
from tests.support.rules import Case, assert_rejected, each, plan_of

REST = a_lunch(start=8 * HOUR, end=17 * HOUR)


def day(**over):
    tasks = [a_task(1, 2, delivery=(2,)), a_task(2, 4, pickup=(2,))]
    return a_problem(tasks, [a_vehicle(breaks=(replace(REST, **over),))])


EARLY = {"windows": a_lunch(start=8 * HOUR, end=8 * HOUR).windows}
CASES = {"loaded": Case(day(**EARLY), day(**EARLY, max_load=(1,)), "max-load")}


def test_break_is_taken_where_the_load_allows_it():
    plan = plan_of(day(max_load=(0,)), {"v": [1, 2]})
    rest = next(step for step in plan.tours[0].steps if step.id == "lunch")
    assert rest.load == (0,)
    assert codes(day(max_load=(0,)), plan) == set()


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
