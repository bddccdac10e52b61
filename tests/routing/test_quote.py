from dataclasses import replace

import pytest
from hypothesis import given

import routing
from routing import InvalidProblem, Lock, Window
from routing.problem import Alternative, Tuning, Uncertainty
from routing.solution import Solution, Step, StepKind, Tour
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    problems,
)


def test_cheapest_slot_comes_first():
    problem = a_problem([a_task(1, 4)], [a_vehicle("a"), a_vehicle("b", start=9, end=9)])
    plan = routing.solve(problem, AT_ONCE)
    slots = routing.quote(problem, plan, a_task("new", 6))
    assert [slot.added_cost for slot in slots] == sorted(slot.added_cost for slot in slots)
    assert {slot.vehicle for slot in slots} == {"a", "b"}
    assert slots[0].added_cost == slots[0].added_travel_s == 4 * STEP_S


def test_slot_tells_when_the_visit_could_start():
    problem = a_problem([a_task(1, 4, windows=(Window(12 * HOUR, 12 * HOUR),))])
    plan = routing.solve(problem, AT_ONCE)
    new = a_task("new", 2, windows=(Window(9 * HOUR, 17 * HOUR),))
    before, after = sorted(routing.quote(problem, plan, new), key=lambda slot: slot.position)
    assert (before.earliest_s, before.latest_s) == (9 * HOUR, 12 * HOUR - 2 * STEP_S - 1800)
    assert (after.position, after.earliest_s) == (2, 12 * HOUR + 1800 + 2 * STEP_S)
    assert after.latest_s == 17 * HOUR


def test_nothing_that_breaks_a_rule_is_offered():
    problem = a_problem([a_task(1, 4)], [a_vehicle(max_tasks=1)])
    plan = routing.solve(problem, AT_ONCE)
    assert routing.quote(problem, plan, a_task("new", 2)) == ()


def test_task_of_the_plan_is_quoted_without_itself():
    problem = a_problem([a_task(1, 4), a_task(2, 5)])
    plan = routing.solve(problem, AT_ONCE)
    best = routing.quote(problem, plan, problem.tasks[1], limit=1)[0]
    assert best.added_cost == 2 * STEP_S


def test_task_that_makes_no_sense_is_refused():
    problem = a_problem([a_task(1, 4)])
    with pytest.raises(InvalidProblem):
        routing.quote(problem, routing.Solution(), a_task("new", 99))


@given(problem=problems(max_tasks=5))
def test_each_slot_holds_when_it_is_taken(problem):
    plan = routing.solve(problem, AT_ONCE)
    new = an_optional_task("new", 3, service_s=900)
    for slot in routing.quote(problem, plan, new, limit=3):
        names = [step.id for tour in plan.tours for step in tour.tasks]
        for start in (slot.earliest_s, slot.latest_s):
            told = replace(new, lock=Lock(vehicle=slot.vehicle, start_s=start))
            kept = tuple(task for task in problem.tasks if task.id in names)
            wider = replace(problem, tasks=(*kept, told))
            assert inserted(wider, plan, slot) is not None


def inserted(problem, plan, slot):
    from routing.record import record, routes_of
    from routing.tables import tables_of

    tables = tables_of(problem)
    routes = routes_of(tables, plan)
    vehicle = [one.id for one in problem.vehicles].index(slot.vehicle)
    routes[vehicle].insert(slot.position - 1, len(problem.tasks) - 1)
    return record(tables, routes, "test")


def test_slots_tell_the_chance_of_being_in_time():
    windows = (Window(9 * HOUR, 10 * HOUR),)
    problem = a_problem(
        [a_task(1, 4)], tuning=Tuning(uncertainty=Uncertainty(travel_cv=0.5, service_cv=0.5))
    )
    plan = routing.solve(problem, AT_ONCE)
    before, after = sorted(
        routing.quote(problem, plan, a_task("new", 2, windows=windows)),
        key=lambda slot: slot.position,
    )
    assert before.on_time_probability > after.on_time_probability > 0
    (slot,) = routing.quote(problem, plan, a_task("new", 2), limit=1)
    assert slot.on_time_probability is None


def test_every_place_of_the_task_is_quoted():
    new = a_task("new", 9, alternatives=(Alternative(place=4), Alternative(place=0)))
    problem = a_problem([a_task(1, 4)])
    slots = routing.quote(problem, routing.solve(problem, AT_ONCE), new)
    assert sorted((slot.added_cost, slot.alternative) for slot in slots) == [
        *([(0, 1)] * 2),
        *([(0, 2)] * 2),
        *([(10 * STEP_S, 0)] * 2),
    ]


def test_plan_that_breaks_a_rule_has_no_slots_there():
    problem = a_problem([a_task(1, 4, service_s=11 * HOUR)], [a_vehicle("a"), a_vehicle("b")])
    tour = Tour(vehicle="a", steps=(Step(kind=StepKind.TASK, id=1, arrival_s=0),))
    slots = routing.quote(problem, Solution(tours=(tour,)), a_task("new", 2))
    assert {slot.vehicle for slot in slots} == {"b"}


def test_lunch_keeps_its_place():
    problem = a_problem([a_task(1, 1)], [a_vehicle(breaks=(a_lunch(),))])
    plan = routing.solve(problem, AT_ONCE)
    new = a_task("new", 1, windows=(Window(12 * HOUR + 900, 12 * HOUR + 1800),), service_s=HOUR)
    assert routing.quote(problem, plan, new) == ()
