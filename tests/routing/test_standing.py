"""Which part of a day is over, as the reports of the vehicles tell it."""

from dataclasses import replace

from routing.events import Events, VehicleState
from routing.problem import Window
from routing.solution import Solution, Step, StepKind, Tour
from routing.standing import standings
from tests.support.problems import (
    HOUR,
    STEP_M,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    with_tasks,
)

LUNCH = a_lunch(start=11 * HOUR, end=11 * HOUR, duration_s=HOUR)
DAY = a_problem([a_task(name, 2 * name) for name in (1, 2, 3)], [a_vehicle(breaks=(LUNCH,))])


def a_plan(*steps):
    """A plan of the only vehicle, from 8 h on."""
    start = Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR)
    return Solution(tours=(Tour(vehicle="v", steps=(start, *steps)),))


def a_visit(name, hour):
    return Step(kind=StepKind.TASK, id=name, arrival_s=hour * HOUR, service_s=1800)


PLAN = a_plan(a_visit(1, 9), a_visit(2, 10), a_visit(3, 13))


def stand(now_s, *, day=DAY, plan=PLAN, cancel=(), **state):
    states = (VehicleState(id="v", **state),) if state else ()
    (standing,) = standings(day, plan, Events(now_s=now_s, vehicles=states, cancel=cancel))
    return standing


def ids(steps):
    return [step.id for step in steps]


def test_vehicle_that_nobody_tells_of_stands_at_its_start():
    early, later = stand(0), stand(12 * HOUR)
    assert (early.at, early.free_at_s, early.began_s) == (0, 8 * HOUR, None)
    assert later.free_at_s == 12 * HOUR
    assert ids(later.ahead) == [1, 2, 3]
    assert later.past == ()


def test_what_is_done_is_over_in_the_order_in_which_it_was_done():
    standing = stand(11 * HOUR, done=(2, 1), at=2)
    assert ids(standing.done) == [2, 1]
    assert ids(standing.ahead) == [3]


def test_vehicle_is_not_free_before_now():
    assert stand(11 * HOUR, done=(1,), at=2, free_at_s=9 * HOUR).free_at_s == 11 * HOUR
    assert stand(11 * HOUR, done=(1,), at=2, free_at_s=12 * HOUR).free_at_s == 12 * HOUR


def test_visit_in_progress_is_over_when_the_vehicle_is_free():
    standing = stand(10 * HOUR, done=(1,), at=4, free_at_s=10 * HOUR + 900)
    assert ids(standing.done) == [1, 2]
    assert ids(standing.ahead) == [3]


def test_vehicle_elsewhere_or_free_has_no_visit_in_progress():
    for at, free_at in ((3, 11 * HOUR), (4, 10 * HOUR), (4, None)):
        standing = stand(10 * HOUR, done=(1,), at=at, free_at_s=free_at)
        assert ids(standing.done) == [1]


def test_visit_that_may_not_have_begun_is_not_in_progress():
    later = with_tasks(DAY, windows=(Window(10 * HOUR + 1, 18 * HOUR),))
    standing = stand(10 * HOUR, day=later, done=(1,), at=4, free_at_s=11 * HOUR)
    assert ids(standing.ahead) == [2, 3]


def test_vehicle_still_busy_with_what_is_done_has_not_begun_the_next_at_the_same_place():
    day = a_problem([a_task(1, 2), a_task(2, 2)])
    standing = stand(9 * HOUR, day=day, done=(1,), at=2, free_at_s=10 * HOUR)
    assert ids(standing.ahead) == [2]


def test_break_planned_before_something_that_is_over_is_over():
    rest = Step(kind=StepKind.BREAK, id="lunch", arrival_s=11 * HOUR, service_s=HOUR)
    lunch = a_plan(a_visit(1, 9), rest, a_visit(2, 13))
    assert stand(13 * HOUR, plan=lunch, done=(1,), at=2).rested == set()
    assert stand(13 * HOUR, plan=lunch, done=(1, 2), at=4).rested == {"lunch"}
    exactly = stand(11 * HOUR, plan=lunch, done=(1,), at=2, free_at_s=12 * HOUR)
    assert exactly.rested == {"lunch"}
    late = stand(11 * HOUR, plan=lunch, done=(1,), at=2, free_at_s=12 * HOUR + 1)
    assert late.rested == set()


def test_break_and_task_of_one_name_are_told_apart():
    named = replace(LUNCH, id=1)
    day = replace(DAY, vehicles=(a_vehicle(breaks=(named,)),))
    rest = Step(kind=StepKind.BREAK, id=1, arrival_s=11 * HOUR, service_s=HOUR)
    plan = a_plan(a_visit(1, 9), rest)
    assert stand(10 * HOUR, day=day, plan=plan, done=(1,), at=2).rested == set()


def test_travel_so_far_goes_by_the_matrices():
    standing = stand(13 * HOUR, done=(2, 1), at=5)
    assert standing.travel_s == (4 + 2 + 3) * STEP_S
    assert standing.distance_m == (4 + 2 + 3) * STEP_M


def test_cancelled_tasks_are_no_longer_ahead():
    assert ids(stand(8 * HOUR, cancel=(2,)).ahead) == [1, 3]


def test_task_that_nobody_had_planned_can_be_done():
    standing = stand(12 * HOUR, plan=Solution(), done=(3,), at=6)
    assert [(step.id, step.place, step.arrival_s) for step in standing.done] == [(3, 6, 12 * HOUR)]
    assert standing.began_s == 8 * HOUR
