"""Overtime is bounded, and each second of it has its price."""

from dataclasses import replace

from routing.problem import Overtime, Window
from tests.support.problems import HOUR, a_problem, a_task, codes, with_vehicles
from tests.support.rules import Case, assert_rejected, each, plan_of

DAY = a_problem([a_task(1, 2, service_s=3 * HOUR)])  # home again at 11:40
SHORT = with_vehicles(DAY, shift=Window(8 * HOUR, 11 * HOUR))


def late(per_hour, max_s=HOUR):
    return with_vehicles(SHORT, overtime=Overtime(max_s=max_s, per_hour=per_hour))


CASES = {
    "none": Case(late(0), SHORT, "shift", routes={"v": [1]}),
    "a second too little": Case(late(0), late(0, 2399), "shift", routes={"v": [1]}),
}


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)


def test_the_last_second_is_allowed():
    problem = late(0, 2400)
    assert codes(problem, plan_of(problem, {"v": [1]})) == set()


def test_plan_that_does_not_tell_its_price_is_rejected():
    problem = late(900)
    plan = plan_of(problem, {"v": [1]})
    assert plan.summary.cost == plan_of(late(0), {"v": [1]}).summary.cost + 600
    cheaper = replace(plan.summary, cost=plan.summary.cost - 600)
    assert codes(problem, replace(plan, summary=cheaper)) == {"totals"}
