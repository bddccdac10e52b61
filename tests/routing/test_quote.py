from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given

import routing
from routing import InvalidProblem, Lock, Window
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    field_day,
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


def test_quoting_takes_milliseconds():
    problem = field_day(60, 8)
    plan = routing.solve(problem, AT_ONCE)
    routing.quote(problem, plan, a_task("new", 3))
    began = monotonic()
    for _ in range(5):
        assert routing.quote(problem, plan, an_optional_task("new", 3, service_s=60))
    assert monotonic() - began < 1.5  # 0.3 s each on a busy machine; some 10 ms on a quiet one


def test_lunch_keeps_its_place():
    problem = a_problem([a_task(1, 1)], [a_vehicle(breaks=(a_lunch(),))])
    plan = routing.solve(problem, AT_ONCE)
    new = a_task("new", 1, windows=(Window(12 * HOUR + 900, 12 * HOUR + 1800),), service_s=HOUR)
    assert routing.quote(problem, plan, new) == ()
