"""Every task stands in one place, on a tour or in the list."""

from dataclasses import replace

from routing.solution import Unassigned
from tests.support.problems import a_problem, a_task, codes, with_tasks
from tests.support.rules import plan_of

PROBLEM = a_problem([a_task(1, 2), a_task(2, 4)])
PLAN = plan_of(PROBLEM, {"v": [1]})


def test_task_that_stands_nowhere_or_twice_is_rejected():
    both = Unassigned(task=1, required=True)
    assert codes(PROBLEM, PLAN) == set()
    assert codes(PROBLEM, replace(PLAN, unassigned=())) == {"presence"}
    assert codes(PROBLEM, replace(PLAN, unassigned=(*PLAN.unassigned, both))) == {"presence"}


def test_unknown_task_is_rejected():
    stranger = Unassigned(task="x", required=True)
    assert codes(PROBLEM, replace(PLAN, unassigned=(*PLAN.unassigned, stranger))) == {
        "unknown-task"
    }


def test_duty_told_wrong_is_rejected():
    assert "presence" in codes(with_tasks(PROBLEM, required=False), PLAN)
