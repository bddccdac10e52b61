"""A relaxation is told only if the task goes in with it: tried again here from scratch."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from routing import Skill, Window
from routing.changes import CHANGES
from routing.evaluate import evaluate
from routing.problem import Overtime
from routing.record import record
from routing.solution import Relaxation
from routing.tables import tables_of
from tests.support.full_problems import full_problem, some_plan
from tests.support.problems import (
    HOUR,
    STEP_M,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
)

BY_SLUG = {change.slug: change for change in CHANGES}


def relaxation(problem, routes=None):
    """What would let the only task in that some routes leave out."""
    tables = tables_of(problem)
    plan = record(tables, routes or [[] for _ in problem.vehicles], "test")
    (entry,) = routing.explain(problem, plan)
    return entry.relaxation


CASES = {
    "shift_end": (
        a_problem([a_task(windows=(Window(19 * HOUR, 20 * HOUR),))]),
        Relaxation(change="shift_end", by=HOUR + 1800 + STEP_S, cost=2 * STEP_S, vehicle="v"),
    ),
    "shift_start": (
        a_problem([a_task(windows=(Window(0, 8 * HOUR),))]),
        Relaxation(change="shift_start", by=STEP_S, cost=2 * STEP_S, vehicle="v"),
    ),
    "max_tasks": (
        a_problem([a_task()], [a_vehicle(max_tasks=0)]),
        Relaxation(change="max_tasks", by=1, cost=2 * STEP_S, vehicle="v"),
    ),
    "max_travel_time": (
        a_problem([a_task()], [a_vehicle(max_travel_time_s=60)]),
        Relaxation(change="max_travel_time", by=2 * STEP_S - 60, cost=2 * STEP_S, vehicle="v"),
    ),
    "max_distance": (
        a_problem([a_task()], [a_vehicle(max_distance_m=60)]),
        Relaxation(change="max_distance", by=2 * STEP_M - 60, cost=2 * STEP_S, vehicle="v"),
    ),
    "max_duration": (
        a_problem([a_task()], [a_vehicle(max_duration_s=1800)]),
        Relaxation(change="max_duration", by=2 * STEP_S, cost=2 * STEP_S, vehicle="v"),
    ),
    "capacity": (
        a_problem([a_task(pickup=(5, 1))], [a_vehicle(capacity=(3, 3))]),
        Relaxation(change="capacity", by=2, cost=2 * STEP_S, vehicle="v"),
    ),
    "skill_level": (
        a_problem([a_task(skills=(Skill("zh", 3),))], [a_vehicle(skills=(Skill("zh", 1),))]),
        Relaxation(change="skill_level", by=2, cost=2 * STEP_S, vehicle="v"),
    ),
    "break_width": (
        a_problem(
            [a_task(service_s=8 * HOUR, latest_end_s=18 * HOUR)],
            [a_vehicle(breaks=(a_lunch(start=12 * HOUR, end=12 * HOUR, duration_s=HOUR),))],
        ),
        Relaxation(change="break_width", by=3 * HOUR + STEP_S, cost=2 * STEP_S, vehicle="v"),
    ),
}


@pytest.mark.parametrize(("problem", "expected"), CASES.values(), ids=CASES)
def test_cheapest_change_of_each_kind(problem, expected):
    assert relaxation(problem) == expected


def test_width_of_an_optional_window():
    noon = (Window(12 * HOUR, 12 * HOUR),)
    tasks = [a_task(1, 8, windows=noon), an_optional_task(2, 1, windows=noon, service_s=60)]
    told = relaxation(a_problem(tasks), [[0]])
    assert told == Relaxation(change="window_width", by=7 * STEP_S + 60, cost=0)


def test_every_kind_of_change_is_tried_here():
    assert {*CASES, "window_width"} == set(BY_SLUG)


def test_windows_of_required_tasks_are_never_touched():
    noon = (Window(12 * HOUR, 12 * HOUR),)
    tasks = [a_task(1, 1, windows=noon), a_task(2, 8, windows=noon)]
    assert relaxation(a_problem(tasks), [[0]]) is None


def test_overtime_that_may_be_worked_needs_no_longer_shift():
    late = a_problem(
        [a_task(windows=(Window(18 * HOUR, 18 * HOUR),))],
        [a_vehicle(overtime=Overtime(max_s=600, per_hour=10))],
    )
    assert relaxation(late).by == 1800 + STEP_S - 600


def test_task_that_fits_and_pays_needs_no_relaxation():
    assert relaxation(a_problem([a_task()])) is None


def test_task_that_would_not_pay_gets_none():
    assert relaxation(a_problem([an_optional_task(prize=9)], [a_vehicle(max_tasks=0)])) is None


def test_small_change_goes_before_a_large_one_that_saves_travel():
    far_but_almost = a_vehicle("a", start=4, end=4, shift=Window(8 * HOUR, 10 * HOUR))
    near_but_gone = a_vehicle("b", start=1, end=1, shift=Window(5 * HOUR, 7 * HOUR))
    task = a_task(1, 1, windows=(Window(9 * HOUR + 600, 9 * HOUR + 600),))
    told = relaxation(a_problem([task], [far_but_almost, near_but_gone]))
    assert (told.vehicle, told.change, told.by) == (
        "a",
        "shift_end",
        600,
    )


def test_only_so_many_tasks_are_tried_the_required_first():
    tasks = [an_optional_task(1, prize=99_999), a_task(2), an_optional_task(3, prize=50_000)]
    problem = a_problem(tasks, [a_vehicle(max_tasks=0)])
    plan = record(tables_of(problem), [[]], "test")
    for count, expected in ((0, set()), (1, {2}), (2, {2, 1}), (None, {1, 2, 3})):
        told = routing.explain(problem, plan, relaxed=count)
        assert {entry.task for entry in told if entry.relaxation} == expected


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_relaxed_problem_takes_the_task_in_at_the_cost_that_is_told(seed):
    problem = full_problem(seed)
    tables = tables_of(problem)
    routes = some_plan(tables, seed)
    plan = record(tables, routes, "test")
    for entry in routing.explain(problem, plan, relaxed=None):
        told = entry.relaxation
        if told is None:
            continue
        index = [task.id for task in problem.tasks].index(entry.task)
        task = problem.tasks[index]
        assert told.by > 0
        assert told.vehicle is not None or not task.is_required
        other = relaxed(problem, index, told)
        costs = {
            cost for cost in added_costs(other, tables, routes, index, told) if cost is not None
        }
        assert told.cost in costs
        smaller = replace(told, by=told.by - 1)
        again = added_costs(relaxed(problem, index, smaller), tables, routes, index, told)
        if told.by > 1 and told.change != "skill_level":
            assert told.cost not in {cost for cost in again if cost is not None}


def relaxed(problem, index, told):
    """The problem after a relaxation."""
    written = BY_SLUG[told.change].written
    task = problem.tasks[index]
    vehicles, tasks = list(problem.vehicles), list(problem.tasks)
    for row, vehicle in enumerate(vehicles):
        if told.vehicle in (None, vehicle.id):
            vehicles[row], tasks[index] = written(vehicle, task, told.by)
    return replace(problem, vehicles=tuple(vehicles), tasks=tuple(tasks))


def added_costs(problem, before, routes, index, told):
    """What the routes cost more with the task in each gap of the vehicle (or of any)."""
    tables = tables_of(problem)
    for crew, vehicle in zip(tables.crews, problem.vehicles, strict=True):
        if told.vehicle not in (None, vehicle.id):
            continue
        route = routes[crew.index]
        old = evaluate(before, before.crews[crew.index], route)
        for option in tables.options_of[index]:
            for gap in range(len(route) + 1):
                new = evaluate(tables, crew, [*route[:gap], option, *route[gap:]])
                yield None if new is None else whole(new, tables) - whole(old, before)


def whole(grains, tables):
    return (2 * grains + tables.grain) // (2 * tables.grain)
