"""The probability of being on time is told as it is, and priced."""

from routing.problem import Tuning, Uncertainty, Window
from tests.support.problems import HOUR, a_problem, a_task, codes
from tests.support.rules import plan_of, spoiled

TIGHT = Window(8 * HOUR, 8 * HOUR + 1210)
TASKS = [a_task(1, 2, windows=(TIGHT,)), a_task(2, 4)]
RISKY = Tuning(uncertainty=Uncertainty(travel_cv=0.5, service_cv=0, samples=50, late_cost=1000))
PROBLEM = a_problem(TASKS, tuning=RISKY)
PLAN = plan_of(PROBLEM, {"v": [1, 2]})


def test_lateness_is_part_of_the_soft_cost():
    (first, second) = PLAN.tours[0].tasks
    assert first.on_time_probability is not None
    assert 0 < first.on_time_probability < 1
    assert second.on_time_probability is None
    assert PLAN.summary.soft_cost == round(1000 * (1 - first.on_time_probability))
    assert codes(PROBLEM, PLAN) == set()


def test_other_probability_is_rejected():
    told = PLAN.tours[0].steps[1].on_time_probability
    assert told is not None
    for wrong in (None, told + 0.02, 1.0):
        assert codes(PROBLEM, spoiled(PLAN, 1, on_time_probability=wrong)) == {"on-time"}


def test_rounding_is_no_fault():
    told = PLAN.tours[0].steps[1].on_time_probability
    assert told is not None
    assert codes(PROBLEM, spoiled(PLAN, 1, on_time_probability=round(told, 3))) == set()


def test_without_uncertainty_no_probability_is_told():
    sure = a_problem(TASKS)
    plan = plan_of(sure, {"v": [1, 2]})
    assert {step.on_time_probability for step in plan.tours[0].steps} == {None}
    assert codes(sure, spoiled(plan, 1, on_time_probability=1.0)) == {"on-time"}
