"""Too much on board at any step is rejected."""

from tests.support.problems import a_problem, a_task, codes, with_vehicles
from tests.support.rules import Case, assert_rejected, each, plan_of

OUT = a_problem([a_task(1, 2, delivery=(3, 0)), a_task(2, 4, delivery=(2, 1))])
BACK = a_problem([a_task(1, 2, pickup=(3,)), a_task(2, 4, pickup=(2,))])
MIXED = a_problem([a_task(1, 2, pickup=(3,)), a_task(2, 4, delivery=(3,))])

CASES = {
    "deliveries": Case(OUT, with_vehicles(OUT, capacity=(4, 9)), "capacity"),
    "second dimension": Case(OUT, with_vehicles(OUT, capacity=(9, 0)), "capacity"),
    "pickups": Case(BACK, with_vehicles(BACK, capacity=(4,)), "capacity"),
    "on the way": Case(MIXED, with_vehicles(MIXED, capacity=(5,)), "capacity"),
}


def test_order_may_make_room():
    small = with_vehicles(MIXED, capacity=(3,))
    plan = plan_of(small, {"v": [2, 1]})
    assert codes(small, plan) == set()
    assert [step.load for step in plan.tours[0].steps] == [(3,), (0,), (3,), (3,)]


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
