"""Tours that travel too long are rejected, waits for a quicker way included."""

from dataclasses import replace

from routing.matrix import DayPart, Matrix
from tests.support.problems import HOUR, a_problem, a_task, codes, line, with_vehicles
from tests.support.rules import Case, assert_rejected, each, plan_of

TWO = a_problem([a_task(1, 2), a_task(2, 4)])
SLOW = replace(
    TWO,
    matrices={
        "car": Matrix(
            line().durations,
            line().distances,
            None,
            (DayPart(8 * HOUR + 1200, line(step=900).durations),),
        )
    },
)

CASES = {
    "bound": Case(TWO, with_vehicles(TWO, max_travel_time_s=4799), "max-travel-time"),
    "bound at a slow time": Case(
        SLOW, with_vehicles(SLOW, max_travel_time_s=4800), "max-travel-time"
    ),
}


def test_bound_itself_is_allowed():
    exact = with_vehicles(TWO, max_travel_time_s=4800)
    assert codes(exact, plan_of(exact, {"v": [1, 2]})) == set()


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
