"""Soft terms of the trade: the same faces, a kept plan, an even day, kept windows."""

from dataclasses import replace
from uuid import UUID

import pytest

from dispatch.solver.day import Day
from dispatch.solver.to_problem import NO_SOFT_TERMS, SoftTerms, to_problem
from routing import Problem, Solution, SolveParams, check, explain, solve
from routing.problem import Tuning
from tests.support.days import BRANCH, a_crew, a_day, a_visit, hour, travel

FIRST, SECOND = a_crew(1), a_crew(2)


def problem_of(day: Day, **soft) -> Problem:
    return to_problem(day, travel(day), SoftTerms(**soft))


def solved(problem: Problem) -> Solution:
    solution = solve(problem, SolveParams(iterations=300))
    assert check(problem, solution) == ()
    return solution


def crew_of(solution: Solution, number: int) -> str | None:
    wanted = str(UUID(int=1000 + number))
    return next(
        (str(tour.vehicle) for tour in solution.tours for step in tour.tasks if step.id == wanted),
        None,
    )


def test_nothing_soft_is_asked_for_unless_it_is_said() -> None:
    day = a_day(known_to=FIRST.members, published_crew=FIRST.crew_id)
    problem = to_problem(day, travel(day), NO_SOFT_TERMS)
    assert problem.tuning == Tuning()
    assert not any(task.preferred_vehicles for task in problem.tasks)
    assert not any(vehicle.balance_group for vehicle in problem.vehicles)


def test_who_called_last_time_is_wished_for() -> None:
    for known in (FIRST, SECOND):
        day = a_day(visits=1, known_to=known.members[:1])
        problem = problem_of(day, continuity_s=300)
        (wish,) = problem.tasks[0].preferred_vehicles
        assert (wish.vehicle, wish.bonus) == (str(known.crew_id), 300)
        assert crew_of(solved(problem), 0) == str(known.crew_id)


def test_a_crew_that_may_not_be_sent_is_not_wished_for() -> None:
    barred = a_visit(0, known_to=FIRST.members, crews=(SECOND.crew_id,))
    problem = problem_of(replace(a_day(), visits=(barred,)), continuity_s=300)
    assert problem.tasks[0].preferred_vehicles == ()
    assert crew_of(solved(problem), 0) == str(SECOND.crew_id)


def test_a_published_crew_is_kept_unless_much_is_gained() -> None:
    for crew in (FIRST, SECOND):
        day = a_day(visits=1, published_crew=crew.crew_id)
        assert crew_of(solved(problem_of(day, change_s=300)), 0) == str(crew.crew_id)
        assert solved(problem_of(day, change_s=300)).summary.soft_cost == 0


def test_a_published_crew_that_does_not_work_any_more_is_forgotten() -> None:
    day = replace(a_day(visits=1, published_crew=FIRST.crew_id), crews=(SECOND,))
    problem = problem_of(day, change_s=300)
    assert problem.tuning.stability is None
    assert crew_of(solved(problem), 0) == str(SECOND.crew_id)


def test_an_even_day_is_worth_some_travel() -> None:
    same_way = a_visit(1).place
    day = a_day(visits=6, place=same_way)
    uneven = solved(problem_of(day))
    assert len(uneven.tours) == 1
    problem = problem_of(day, balance_s=200)
    assert {vehicle.balance_group for vehicle in problem.vehicles} == {str(BRANCH)}
    assert [len(tour.tasks) for tour in solved(problem).tours] == [3, 3]


def test_times_stray_only_where_they_are_said_to() -> None:
    day = a_day(visits=3)
    assert problem_of(day, late_s=1800).tuning.uncertainty is None
    problem = problem_of(day, travel_cv=0.3, service_cv=0.2, late_s=1800)
    strays = problem.tuning.uncertainty
    assert strays is not None
    assert (strays.travel_cv, strays.service_cv, strays.late_cost) == (0.3, 0.2, 1800)
    steps = [step for tour in solved(problem).tours for step in tour.tasks]
    assert steps
    assert all(step.on_time_probability is not None for step in steps)


@pytest.mark.parametrize("is_required", [False, True])
def test_a_stay_that_fits_no_window_is_made_by_nobody(is_required: bool) -> None:
    for windows in ((), ((hour(9), hour(9.2)),)):
        day = a_day(visits=1, windows=windows, is_required=is_required)
        problem = problem_of(day)
        (left,) = explain(problem, solved(problem))
        assert left.required == is_required
        assert left.reasons
