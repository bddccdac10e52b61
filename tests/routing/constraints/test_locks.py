"""Promises that are not kept are rejected."""

from routing.constraints.locks import blocks
from routing.problem import Lock
from routing.solution import ReasonCode
from tests.support.problems import HOUR, a_problem, a_task, a_vehicle
from tests.support.rules import Case, assert_rejected, each, with_task

CREWS = [a_vehicle("a"), a_vehicle("b", start=9, end=9)]
TWO = a_problem([a_task(1, 2), a_task(2, 4)], CREWS)


def promised(**lock):
    return with_task(TWO, 1, lock=Lock(**lock))


CASES = {
    "vehicle": Case(TWO, promised(vehicle="b"), "lock", {"a": [1, 2]}),
    "start": Case(
        TWO, promised(start_s=14 * HOUR, tolerance_s=300), "lock", {"a": [1, 2]}, can_move=True
    ),
    "start gone by": Case(TWO, promised(start_s=8 * HOUR, tolerance_s=300), "lock", {"a": [1, 2]}),
    "position": Case(TWO, promised(position=2), "lock", {"a": [1, 2]}),
}


def test_reason_is_given_for_every_other_vehicle():
    task = a_task(lock=Lock(vehicle="b"), source="notice 7")
    reason = blocks(CREWS[0], task)
    assert reason is not None
    assert (reason.code, reason.source) == (ReasonCode.LOCK_ELSEWHERE, "notice 7")
    assert blocks(CREWS[1], task) is None


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
