"""Places that a task does not offer are rejected."""

from routing.problem import Alternative
from routing.record import routes_of
from routing.tables import tables_of
from tests.support.problems import a_problem, a_task, codes, with_tasks
from tests.support.rules import plan_of

PROBLEM = a_problem(
    [a_task(1, 2, alternatives=(Alternative(place=5), Alternative(place=7, service_s=60)))]
)
PLAN = plan_of(PROBLEM, {"v": [(1, 2)]})


def test_alternative_is_told_and_its_terms_hold():
    (step,) = PLAN.tours[0].tasks
    assert (step.alternative, step.place, step.service_s) == (2, 7, 60)
    assert codes(PROBLEM, PLAN) == set()


def test_alternative_that_is_gone_is_rejected_and_dropped_from_a_start():
    fewer = with_tasks(PROBLEM, alternatives=())
    assert codes(fewer, PLAN) == {"alternative"}
    assert routes_of(tables_of(fewer), PLAN) == [[]]


def test_place_of_the_alternative_counts():
    moved = with_tasks(PROBLEM, alternatives=(Alternative(place=5), Alternative(place=8)))
    assert "place" in codes(moved, PLAN)
