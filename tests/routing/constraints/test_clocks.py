"""Steps that do not follow one another in time are rejected."""

from tests.support.problems import a_problem, a_task, codes
from tests.support.rules import plan_of, spoiled

PROBLEM = a_problem([a_task(1, 2), a_task(2, 4)])
PLAN = plan_of(PROBLEM, {"v": [1, 2]})


def test_arrival_that_does_not_add_up_is_rejected():
    arrival = PLAN.tours[0].steps[-1].arrival_s
    assert codes(PROBLEM, spoiled(PLAN, -1, arrival_s=arrival + 1)) == {"clock"}


def test_start_that_has_a_past_is_rejected():
    assert "clock" in codes(PROBLEM, spoiled(PLAN, 0, distance_m=5))
