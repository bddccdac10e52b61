"""Starts outside the windows are rejected, at every place of a task."""

from routing.problem import Alternative, Window
from tests.support.problems import HOUR, a_problem, a_task, codes, with_tasks
from tests.support.rules import Case, assert_rejected, each, plan_of

TWO = a_problem([a_task(1, 2), a_task(2, 4)])
AWAY = a_problem([a_task(1, 2, alternatives=(Alternative(place=3),))])
AFTERNOON = Window(15 * HOUR, 16 * HOUR)
NIGHT = Window(2 * HOUR, 3 * HOUR)

CASES = {
    "window": Case(TWO, with_tasks(TWO, windows=(NIGHT,)), "window"),
    "later window": Case(TWO, with_tasks(TWO, windows=(AFTERNOON,)), "window", can_move=True),
    "second window": Case(
        TWO, with_tasks(TWO, windows=(NIGHT, AFTERNOON)), "window", can_move=True
    ),
    "window of an alternative": Case(
        AWAY,
        with_tasks(AWAY, alternatives=(Alternative(place=3, windows=(NIGHT,)),)),
        "window",
        {"v": [(1, 1)]},
    ),
    "window of the task at an alternative": Case(
        AWAY, with_tasks(AWAY, windows=(NIGHT,)), "window", {"v": [(1, 1)]}
    ),
}


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)


def test_windows_of_an_alternative_stand_for_those_of_the_task():
    late = a_problem(
        [a_task(1, 2, windows=(AFTERNOON,), alternatives=(Alternative(place=3, windows=()),))]
    )
    plan = plan_of(late, {"v": [(1, 1)]})
    assert plan.tours[0].tasks[0].start_s < AFTERNOON.start_s
    assert codes(late, plan) == set()


def test_bounds_of_a_window_are_inside():
    for second in (8 * HOUR + 1200, 15 * HOUR):
        exact = with_tasks(AWAY, windows=(Window(second, second),))
        plan = plan_of(exact, {"v": [1]})
        assert plan.tours[0].tasks[0].start_s == second
        assert codes(exact, plan) == set()
        missed = with_tasks(AWAY, windows=(Window(second + 1, second + 1),))
        assert codes(missed, plan) == {"window"}
