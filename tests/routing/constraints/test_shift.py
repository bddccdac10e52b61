"""Tours outside the shift and its overtime are rejected."""

from routing.problem import Overtime, Window
from tests.support.problems import HOUR, a_problem, a_task, codes, with_vehicles
from tests.support.rules import Case, assert_rejected, each, plan_of

TWO = a_problem([a_task(1, 2), a_task(2, 4, service_s=3 * HOUR)])
SHORT = Window(8 * HOUR, 11 * HOUR)
A_BIT = Overtime(max_s=60, per_hour=0)

CASES = {
    "shift end": Case(TWO, with_vehicles(TWO, shift=SHORT), "shift"),
    "shift end with too little overtime": Case(
        with_vehicles(TWO, overtime=A_BIT),
        with_vehicles(TWO, shift=SHORT, overtime=A_BIT),
        "shift",
    ),
}


def test_tour_before_the_shift_is_rejected():
    plan = plan_of(TWO, {"v": [1, 2]})
    assert codes(with_vehicles(TWO, shift=Window(10 * HOUR, 18 * HOUR)), plan) == {"shift"}


def test_overtime_lets_a_tour_end_later_at_a_price():
    extra = with_vehicles(TWO, shift=SHORT, overtime=Overtime(max_s=2 * HOUR, per_hour=1000))
    plan = plan_of(extra, {"v": [1, 2]})
    late = plan.tours[0].steps[-1].end_s - SHORT.end_s
    assert late > 0
    assert codes(extra, plan) == set()
    usual = plan_of(TWO, {"v": [1, 2]}).summary.cost
    assert plan.summary.cost == usual + round(late * 1000 / HOUR)


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
