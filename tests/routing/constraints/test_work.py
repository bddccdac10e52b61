"""Work that takes another time than the task asks of this vehicle here is rejected."""

from routing.problem import Alternative
from tests.support.problems import a_problem, a_task, a_vehicle, codes, with_tasks
from tests.support.rules import plan_of

PROBLEM = a_problem(
    [
        a_task(1, 2, setup_s=300, setup_per_type={"van": 100}),
        a_task(2, 2, setup_s=300, service_per_type={"van": 60, "bike": 9}),
    ],
    [a_vehicle(type="van")],
)
PLAN = plan_of(PROBLEM, {"v": [1, 2]})


def test_work_goes_by_the_type_of_the_vehicle_and_setup_is_paid_once():
    first, second = PLAN.tours[0].tasks
    assert (first.setup_s, first.service_s) == (100, 1800)
    assert (second.setup_s, second.service_s) == (0, 60)
    assert codes(PROBLEM, PLAN) == set()


def test_other_work_is_rejected():
    assert codes(with_tasks(PROBLEM, setup_per_type={}), PLAN) == {"work"}
    assert codes(with_tasks(PROBLEM, service_per_type={}), PLAN) == {"work"}


def test_type_goes_before_the_alternative():
    away = with_tasks(PROBLEM, alternatives=(Alternative(place=3, service_s=5, setup_s=7),))
    plan = plan_of(away, {"v": [(1, 1), (2, 1)]})
    first, second = plan.tours[0].tasks
    assert (first.setup_s, first.service_s) == (100, 5)
    assert (second.setup_s, second.service_s) == (0, 60)
    assert codes(away, plan) == set()
