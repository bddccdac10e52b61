"""Work that ends too late is rejected."""

from tests.support.problems import HOUR, a_problem, a_task, a_vehicle
from tests.support.rules import Case, assert_rejected, each

LONG = a_task(1, 2, service_s=3 * HOUR)
VAN = {"service_per_type": {"van": 3 * HOUR}}


def van(**over):
    return a_problem([a_task(1, 2, **over)], [a_vehicle(type="van")])


CASES = {
    "latest end": Case(
        a_problem([LONG]),
        a_problem([a_task(1, 2, service_s=3 * HOUR, latest_end_s=11 * HOUR)]),
        "latest-end",
        {"v": [1]},
    ),
    "latest end by the vehicle's type": Case(
        van(**VAN), van(**VAN, latest_end_s=11 * HOUR), "latest-end", {"v": [1]}
    ),
}


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
