"""Loads that are told wrong are rejected."""

from tests.support.problems import a_problem, a_task, codes
from tests.support.rules import plan_of, spoiled

PROBLEM = a_problem([a_task(1, 2, delivery=(3,), pickup=(1,)), a_task(2, 4)])
PLAN = plan_of(PROBLEM, {"v": [1, 2]})


def test_load_is_told_after_each_step():
    assert [step.load for step in PLAN.tours[0].steps] == [(3,), (1,), (1,), (1,)]
    assert codes(PROBLEM, PLAN) == set()


def test_wrong_or_missing_load_is_rejected():
    for load in ((2,), (), (3, 0)):
        assert codes(PROBLEM, spoiled(PLAN, 0, load=load)) == {"load"}
