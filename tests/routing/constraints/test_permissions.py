"""Tasks served by vehicles that they do not admit are rejected."""

from routing.constraints.permissions import blocks
from routing.problem import Alternative
from routing.solution import ReasonCode
from tests.support.problems import a_problem, a_task, a_vehicle, with_tasks
from tests.support.rules import Case, assert_rejected, each

CREWS = [a_vehicle("a"), a_vehicle("b", start=9, end=9)]
TWO = a_problem([a_task(1, 2, alternatives=(Alternative(place=3),))], CREWS)

CASES = {
    "allowed": Case(TWO, with_tasks(TWO, allowed_vehicles=("b",)), "permission", {"a": [1]}),
    "forbidden": Case(TWO, with_tasks(TWO, forbidden_vehicles=("a",)), "permission", {"a": [1]}),
    "allowed at an alternative": Case(
        TWO,
        with_tasks(TWO, alternatives=(Alternative(place=3, allowed_vehicles=("b",)),)),
        "permission",
        {"a": [(1, 1)]},
    ),
    "allowed at an alternative but not by the task": Case(
        TWO,
        with_tasks(
            TWO,
            allowed_vehicles=("b",),
            alternatives=(Alternative(place=3, allowed_vehicles=("a",)),),
        ),
        "permission",
        {"a": [(1, 1)]},
    ),
}


def test_reason_is_given_for_the_barred_vehicle_only():
    task = a_task(allowed_vehicles=("b",))
    reason = blocks(CREWS[0], task)
    assert reason is not None
    assert (reason.code, reason.vehicle) == (ReasonCode.VEHICLE_BARRED, "a")
    assert blocks(CREWS[1], task) is None


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
