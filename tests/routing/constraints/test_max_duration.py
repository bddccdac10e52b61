"""Tours that last too long are rejected; they start as late as they can."""

from routing.problem import Window
from tests.support.problems import HOUR, STEP_S, a_lunch, a_problem, a_task, codes, with_vehicles
from tests.support.rules import Case, assert_rejected, each, plan_of

NOON = Window(12 * HOUR, 13 * HOUR)
TWO = a_problem([a_task(1, 2, windows=(NOON,)), a_task(2, 4)])
LASTS = 8 * STEP_S + 2 * 1800

CASES = {"bound": Case(TWO, with_vehicles(TWO, max_duration_s=LASTS - 1), "max-duration")}


def test_bound_itself_is_allowed():
    exact = with_vehicles(TWO, max_duration_s=LASTS)
    assert codes(exact, plan_of(exact, {"v": [1, 2]})) == set()


def test_break_before_the_first_task_is_part_of_the_tour():
    lunch = a_lunch(start=11 * HOUR, end=11 * HOUR, duration_s=900)
    rested = with_vehicles(TWO, breaks=(lunch,))
    (tour,) = plan_of(rested, {"v": [1, 2]}).tours
    assert tour.steps[0].arrival_s == 11 * HOUR
    assert codes(rested, plan_of(rested, {"v": [1, 2]})) == set()


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
