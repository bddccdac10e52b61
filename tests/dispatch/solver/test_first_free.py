"""The calendar's way: the nearest day, the first free time, nothing moved, every rule kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from dispatch.solver.first_free import FirstFree, nearest_dates
from dispatch.solver.horizon import Horizon, OpenDate, OpenVisit
from dispatch.solver.presence import Chance
from dispatch.solver.to_problem import SoftTerms, to_problem
from routing import SolveParams, check, solve
from tests.support.days import a_day, hour, travel

MONDAY = a_day().on


def planned(day):
    problem = to_problem(day, travel(day), SoftTerms())
    plan = FirstFree().solve(problem, SolveParams(iterations=0))
    assert check(problem, plan) == ()
    return problem, plan


def test_each_visit_in_turn_has_the_first_time_that_is_free() -> None:
    problem, plan = planned(a_day(crews=2, visits=6))
    starts = {step.id: step.start_s for tour in plan.tours for step in tour.tasks}
    assert len(starts) == 6
    in_turn = [starts[task.id] for task in problem.tasks]
    assert in_turn[0] == min(in_turn)
    assert max(in_turn[:2]) < min(in_turn[4:])
    assert plan.summary.objective >= solve(problem, SolveParams(iterations=500)).summary.objective


def test_what_was_promised_is_kept_and_unlikely_times_are_taken_as_they_come() -> None:
    day = a_day(crews=1, visits=5)
    bound = replace(
        day.visits[4],
        windows=((hour(9), hour(9.75)),),
        appointment_id=UUID(int=1),
        is_required=True,
    )
    chances = (Chance(hour(0), hour(15), 0.3), Chance(hour(15), hour(24), 0.9))
    day = replace(day, visits=(*(replace(one, chances=chances) for one in day.visits[:4]), bound))
    _, plan = planned(day)
    steps = plan.tours[0].tasks
    assert steps[0].id == str(bound.visit_id)
    assert {step.alternative for step in steps[1:]} == {1}


def test_the_nearest_date_with_room_is_given() -> None:
    dates = [MONDAY + timedelta(days=ahead) for ahead in range(3)]
    visits = tuple(
        OpenVisit(
            visit_id=UUID(int=number),
            person_id=UUID(int=100 + number // 2),
            dates=dict.fromkeys(dates, 1),
            service_s=1500,
            latest_on=None,
        )
        for number in range(4)
    )
    room = tuple(OpenDate(on=on, work_s=9000, visits=1 + (on == dates[1])) for on in dates)
    found = nearest_dates(Horizon(dates=room, visits=visits, apart_days=1))
    assert [found.given[UUID(int=number)] for number in range(4)] == [
        dates[0],
        dates[1],
        dates[1],
        dates[2],
    ]
    assert found.too_near == frozenset()


def test_more_than_there_is_room_for_is_left_out() -> None:
    _, plan = planned(a_day(crews=1, visits=40))
    assert 0 < plan.summary.assigned < 40
