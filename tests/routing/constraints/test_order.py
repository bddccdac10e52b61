"""Tasks that must not open or close a tour are rejected there."""

from tests.support.problems import a_problem, a_task
from tests.support.rules import Case, assert_rejected, each, with_task

TWO = a_problem([a_task(1, 2), a_task(2, 4)])

CASES = {
    "first": Case(TWO, with_task(TWO, 1, not_first=True), "not-first"),
    "last": Case(TWO, with_task(TWO, 2, not_last=True), "not-last"),
    "alone": Case(TWO, with_task(TWO, 1, not_last=True), "not-last", {"v": [1]}),
}


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
