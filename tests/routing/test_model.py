"""OR-Tools' routing model: it accepts every plan that holds, and returns none that does not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from routing import Window
from routing.merit import Merit
from routing.model import Polish, plan_alone, polish
from routing.record import record
from routing.tables import tables_of
from routing.units import UNREACHED
from tests.support.full_problems import full_problem, some_plan
from tests.support.problems import HOUR, a_lunch, a_problem, a_task, a_vehicle, field_day

SHORT = Polish(seconds=None, iterations=8, seed=1)
seeds = st.integers(0, 10**6)


def checked(problem, tables, routes):
    solution = record(tables, routes, "ortools")
    assert solution is not None
    assert routing.check(problem, solution) == ()
    return solution


@settings(max_examples=10)
@given(seed=seeds)
def test_plan_that_holds_is_never_made_worse(seed):
    problem = full_problem(seed, setups=False)
    tables = tables_of(problem)
    start = some_plan(tables, seed)
    polished = polish(tables, start, SHORT)
    if not polished.accepted:  # seldom: see the next test
        assert polished.routes is None
        assert polished.reason
        return
    assert polished.routes is not None
    checked(problem, tables, polished.routes)
    merit = Merit(tables)
    assert merit.total(polished.routes) <= merit.total(start)


def test_plans_that_hold_are_accepted_but_for_a_few_with_a_break_and_a_bound():
    refused = []
    for seed in range(60):
        problem = full_problem(seed, setups=False)
        tables = tables_of(problem)
        routes = some_plan(tables, seed)
        if not polish(tables, routes, SHORT).accepted:
            refused.append((tables, routes))
    assert len(refused) <= 1
    for tables, routes in refused:
        driven = [crew for crew, route in zip(tables.crews, routes, strict=True) if route]
        assert any(
            crew.rests
            and (crew.max_duration_s < UNREACHED or crew.shift_end_s > crew.normal_end_s)
            for crew in driven
        )


@settings(max_examples=8)
@given(seed=seeds)
def test_setup_once_a_place_may_refuse_a_start_but_allows_nothing_wrong(seed):
    problem = full_problem(seed)
    tables = tables_of(problem)
    polished = polish(tables, some_plan(tables, seed), SHORT)
    assert (polished.routes is None) == (not polished.accepted)
    if polished.routes is not None:
        checked(problem, tables, polished.routes)


@settings(max_examples=10)
@given(seed=seeds)
def test_plan_of_its_own_passes_the_check(seed):
    problem = full_problem(seed)
    tables = tables_of(problem)
    checked(problem, tables, plan_alone(tables, SHORT))


def test_same_seed_same_plan():
    tables = tables_of(field_day(30, 3))
    how = Polish(seconds=None, iterations=40, seed=3)
    first = plan_alone(tables, how)
    assert first == plan_alone(tables, how)
    assert polish(tables, first, how) == polish(tables, first, how)


def test_plan_of_its_own_is_not_empty_on_a_field_day():
    problem = field_day(60, 5)
    tables = tables_of(problem)
    solution = checked(problem, tables, plan_alone(tables, SHORT))
    assert solution.summary.required_unserved == 0


def test_a_better_plan_is_told_of_by_what_it_costs():
    tables = tables_of(field_day(30, 3))
    told = []
    how = Polish(seconds=None, iterations=60, seed=1, on_solution=told.append)
    routes = plan_alone(tables, how)
    assert told == sorted(told, reverse=True)
    assert told[-1] == Merit(tables).total(routes)


def test_start_that_breaks_a_rule_is_refused_with_a_reason():
    problem = a_problem([a_task(1, 2, windows=(Window(8 * HOUR, 8 * HOUR),))])
    polished = polish(tables_of(problem), [[0]], SHORT)
    assert polished == (None, False, "OR-Tools refuses the plan it was given")


def test_contradiction_is_told_of():
    # the promised position is beyond what the vehicle may serve, so no variable has a value left
    problem = a_problem([a_task(1, 2)], [a_vehicle(breaks=(a_lunch(),))])
    tables = replace(tables_of(problem), position=tables_of(problem).position + 3)
    assert not polish(tables, [[]], SHORT).accepted
    assert plan_alone(tables, SHORT) == [[]]


def test_search_that_is_told_to_stop_returns_what_it_has():
    tables = tables_of(field_day(30, 3))
    how = Polish(seconds=None, iterations=None, seed=1, is_over=lambda: True)
    assert len(plan_alone(tables, how)) == len(tables.crews)


def test_pace_without_day_parts_is_one():
    from routing.frame import Pace, frame_of

    tables = tables_of(full_problem(3, day_parts=False))
    quick, slow = (frame_of(tables, pace) for pace in Pace)
    for key, legs in quick.legs.items():
        assert (legs == slow.legs[key]).all()


@settings(max_examples=25)
@given(seed=seeds)
def test_every_leg_lies_between_its_quickest_and_slowest(seed):
    from routing.frame import Pace, frame_of

    tables = tables_of(full_problem(seed))
    quick, slow = (frame_of(tables, pace) for pace in Pace)
    for crew, route in zip(tables.crews, some_plan(tables, seed), strict=True):
        if not route:
            continue
        solution = record(tables, [route if one is crew else [] for one in tables.crews], "x")
        assert solution is not None
        steps = solution.tours[0].tasks
        key = id(crew.travel)
        for here, there, before, step in zip(route, route[1:], steps, steps[1:], strict=False):
            made = step.travel_s - before.travel_s
            assert quick.legs[key][here, there] <= made <= slow.legs[key][here, there]


@pytest.mark.parametrize("count", [1, 3])
def test_iterations_end_a_search_that_finds_nothing(count):
    tables = tables_of(a_problem([a_task(1, 2)]))
    assert plan_alone(tables, Polish(seconds=None, iterations=count, seed=1)) == [[0]]


def test_wall_clock_limit_returns_a_plan_that_holds():
    problem = field_day(30, 3)
    tables = tables_of(problem)
    how = Polish(seconds=0.3, iterations=None, seed=1)
    start = some_plan(tables, 1)
    polished = polish(tables, start, how)
    assert polished.accepted
    checked(problem, tables, polished.routes)


def test_without_time_the_start_is_not_called_wrong():
    tables = tables_of(field_day(30, 3))
    polished = polish(tables, some_plan(tables, 1), Polish(seconds=0.0, iterations=None, seed=1))
    assert polished.routes is None or polished.accepted
    if not polished.accepted:
        assert "time" in str(polished.reason)
