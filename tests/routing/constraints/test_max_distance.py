"""Tours that cover too much are rejected."""

from tests.support.problems import a_problem, a_task, codes, with_vehicles
from tests.support.rules import Case, assert_rejected, each, plan_of

TWO = a_problem([a_task(1, 2), a_task(2, 4)])

CASES = {"bound": Case(TWO, with_vehicles(TWO, max_distance_m=7999), "max-distance")}


def test_bound_itself_is_allowed():
    exact = with_vehicles(TWO, max_distance_m=8000)
    assert codes(exact, plan_of(exact, {"v": [1, 2]})) == set()


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
