"""`evaluate`, `record` and `check` tell one truth about plans of the full model."""

from dataclasses import replace
from functools import cache
from itertools import permutations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routing
import tests.support.mutations  # these two register their kinds
import tests.support.mutations_of_steps  # noqa: F401
from routing.constraints.base import Drive
from routing.constraints.totals import cost_grains
from routing.evaluate import evaluate
from routing.moments import arrive
from routing.problem import Window
from routing.record import record, routes_of
from routing.tables import tables_of
from routing.timing import lay_out, loads_of, time_route
from routing.units import COST_GRAIN
from tests.support.spoiling import KINDS
from tests.support.whole_model import a_whole_problem, random_plan, random_routes, whole_problems

SEEDS = st.integers(0, 2**20)


def grains(problem, tables, tour):
    """The cost of a tour as `check` has it, in the grains of the tables."""
    vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == tour.vehicle)
    tasks = {task.id: task for task in problem.tasks}
    whole, rest = divmod(
        cost_grains(Drive(problem, vehicle, tour, tasks)) * tables.grain, COST_GRAIN
    )
    assert rest == 0
    return whole


@given(problem=whole_problems(), seed=SEEDS)
def test_plan_built_by_evaluate_passes_the_check(problem, seed):
    assert routing.validate(problem) == ()
    assert routing.check(problem, random_plan(Random(seed), problem)) == ()


@given(problem=whole_problems(), seed=SEEDS)
def test_evaluate_costs_what_check_recomputes(problem, seed):
    tables = tables_of(problem)
    routes = random_routes(Random(seed), tables)
    plan = record(tables, routes, "random")
    assert plan is not None
    used = [(crew, route) for crew, route in zip(tables.crews, routes, strict=True) if route]
    for (crew, route), tour in zip(used, plan.tours, strict=True):
        assert evaluate(tables, crew, route) == grains(problem, tables, tour)


@given(problem=whole_problems(), seed=SEEDS)
def test_routes_are_read_back_from_the_plan(problem, seed):
    tables = tables_of(problem)
    routes = random_routes(Random(seed), tables)
    plan = record(tables, routes, "random")
    assert plan is not None
    assert routes_of(tables, plan) == routes


@given(problem=whole_problems(max_tasks=5), data=st.data())
def test_evaluate_refuses_what_check_finds_fault_with(problem, data):
    """Of routes that can be timed, exactly those are refused that break a rule."""
    tables = tables_of(problem)
    vehicle = data.draw(st.integers(0, len(tables.crews) - 1))
    order = data.draw(st.permutations(range(tables.task_count)))
    route = [
        data.draw(st.sampled_from(tables.options_of[task]))
        for task in order[: data.draw(st.integers(1, len(order)))]
    ]
    routes = [route if row == vehicle else [] for row in range(len(tables.crews))]
    plan = record(tables, routes, "random")
    if plan is None:
        assert evaluate(tables, tables.crews[vehicle], route) is None
        return
    is_sound = routing.check(problem, plan) == ()
    assert (evaluate(tables, tables.crews[vehicle], route) is not None) == is_sound


def earliest_end(tables, crew, route):
    """Try every way to spread the breaks over the legs, in every order; None if none works."""
    ends = []
    for order in permutations(range(len(crew.rests))):
        for legs in product(range(len(route) + 1), repeat=len(order)):
            if list(legs) == sorted(legs):
                end = walk(tables, crew, route, list(zip(order, legs, strict=True)))
                ends += [] if end is None else [end]
    return min(ends, default=None)


def walk(tables, crew, route, rests):
    moment, here = crew.shift_start_s, crew.start
    loads = loads_of(tables, route)
    if crew.capacity and any(a > b for load in loads for a, b in zip(load, crew.capacity)):  # noqa: B905
        return None
    for leg, place in enumerate([*tables.place[list(route)].tolist(), crew.end]):
        depart, rested = moment, 0
        for rest in (crew.rests[number] for number, at in rests if at == leg):
            starts = [max(moment, low) for low, high in rest.spans if moment <= high]
            if not starts or any(a > b for a, b in zip(loads[leg], rest.max_load or ())):  # noqa: B905
                return None
            moment = min(starts) + rest.duration_s
            rested += rest.duration_s
        moment = max(moment, depart + rested + crew.travel.leg_seconds(here, place, depart))
        if leg < len(route):
            option = route[leg]
            setup = tables.setup[crew.kind, option] if place != here else 0
            starts = [max(moment, low) for low, high in tables.spans[option] if moment <= high]
            if not starts:
                return None
            moment = min(starts) + int(setup + tables.service[crew.kind, option])
            if moment > tables.latest_end[option]:
                return None
        here = place
    return moment if moment <= crew.shift_end_s else None


@given(problem=whole_problems(max_tasks=4, max_vehicles=2), data=st.data())
def test_clock_finds_the_earliest_end_there_is(problem, data):
    unbounded = tuple(replace(vehicle, max_duration_s=None) for vehicle in problem.vehicles)
    tables = tables_of(replace(problem, vehicles=unbounded))
    crew = data.draw(st.sampled_from(tables.crews))
    order = data.draw(st.permutations(range(tables.task_count)))
    route = [data.draw(st.sampled_from(tables.options_of[task])) for task in order]
    timing = time_route(tables, crew, route)
    assert (timing.end_s if timing else None) == earliest_end(tables, crew, route)


@given(problem=whole_problems(), seed=SEEDS, by=st.integers(1, 900))
def test_tour_starts_as_late_as_its_first_task_allows(problem, seed, by):
    tables = tables_of(problem)
    for crew, route in zip(tables.crews, random_routes(Random(seed), tables), strict=True):
        timing = time_route(tables, crew, route) if route else None
        tour = lay_out(tables, crew, route) if route else None
        if timing is None or tour is None:
            continue
        first, (_, move) = timing.nodes[0], timing.legs[0]

        def arrival(depart, crew=crew, first=first, order=move.order):
            seconds = crew.travel.leg_seconds(first.origin, first.place, depart)
            return arrive(crew, depart, seconds, order)

        begin = tour.tasks[0].start_s
        assert arrival(timing.start_s) <= begin < arrival(timing.start_s + by)


def widened(problem, by):
    def wide(windows):
        return tuple(Window(max(0, w.start_s - by), w.end_s + by) for w in windows)

    def loose(limit):
        return None if limit is None else limit + by

    return replace(
        problem,
        tasks=tuple(
            replace(
                task,
                windows=wide(task.windows),
                latest_end_s=loose(task.latest_end_s),
                alternatives=tuple(
                    replace(one, windows=None if one.windows is None else wide(one.windows))
                    for one in task.alternatives
                ),
                lock=task.lock and replace(task.lock, tolerance_s=task.lock.tolerance_s + by),
            )
            for task in problem.tasks
        ),
        vehicles=tuple(
            replace(
                vehicle,
                max_tasks=loose(vehicle.max_tasks),
                max_travel_time_s=loose(vehicle.max_travel_time_s),
                max_distance_m=loose(vehicle.max_distance_m),
                max_duration_s=loose(vehicle.max_duration_s),
                capacity=tuple(map(loose, vehicle.capacity)),
                breaks=tuple(replace(rest, windows=wide(rest.windows)) for rest in vehicle.breaks),
            )
            for vehicle in problem.vehicles
        ),
        # on other windows a promise is kept on other days
        tuning=replace(problem.tuning, uncertainty=None),
    )


@given(problem=whole_problems(), seed=SEEDS, by=st.integers(1, 7200))
def test_wider_bounds_leave_the_old_plan_clean(problem, seed, by):
    problem = replace(problem, tuning=replace(problem.tuning, uncertainty=None))
    plan = random_plan(Random(seed), problem)
    assert routing.check(widened(problem, by), plan) == ()


EACH = 25
"""Spoiled plans of each kind."""


@cache
def day(seed):
    """A problem and a sound plan of it."""
    rng = Random(seed)
    problem = a_whole_problem(rng)
    return problem, random_plan(rng, problem, tries=6)


def spoiled_plans(kind):
    found = []
    for seed in range(2000):
        problem, plan = day(seed)
        spoiled = KINDS[kind](Random(f"{kind} {seed}"), problem, plan)
        if spoiled is not None:
            found.append((seed, problem, spoiled))
        if len(found) == EACH:
            break
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_spoiled_plan_is_caught(kind):
    found = spoiled_plans(kind)
    assert len(found) >= EACH
    assert [seed for seed, problem, plan in found if not routing.check(problem, plan)] == []


def test_there_are_a_thousand_spoiled_plans_of_many_kinds():
    assert len(KINDS) >= 25
    assert len(KINDS) * EACH >= 1000
