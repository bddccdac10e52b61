"""Reasons come from real insertions, so each can be re-derived from the clock alone."""

from dataclasses import replace

import pytest
from hypothesis import given

import routing
from routing import Lock, ReasonCode, Skill, Window
from routing.tables import tables_of
from routing.timing import lay_out
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    field_day,
    line,
    problems,
)


def reasons(problem):
    solution = routing.solve(problem, AT_ONCE)
    return {
        (entry.task, reason.vehicle): reason.code
        for entry in routing.explain(problem, solution)
        for reason in entry.reasons
    }


ALL_DAY = {"service_s": 9 * HOUR + 1800}
CASES = {
    ReasonCode.SKILL_MISSING: a_problem([a_task(skills=(Skill("zh", 2),))]),
    ReasonCode.VEHICLE_BARRED: a_problem([a_task(forbidden_vehicles=("v",))]),
    ReasonCode.OUTSIDE_SHIFT: a_problem([a_task(windows=(Window(19 * HOUR, 20 * HOUR),))]),
    ReasonCode.BREAK_IN_THE_WAY: a_problem(
        [a_task(service_s=9 * HOUR)], [a_vehicle(breaks=(a_lunch(duration_s=HOUR),))]
    ),
    ReasonCode.BEYOND_MAX_TASKS: a_problem([a_task()], [a_vehicle(max_tasks=0)]),
    ReasonCode.BEYOND_MAX_TRAVEL_TIME: a_problem([a_task()], [a_vehicle(max_travel_time_s=60)]),
    ReasonCode.BEYOND_MAX_DISTANCE: a_problem([a_task()], [a_vehicle(max_distance_m=60)]),
    ReasonCode.NOT_WORTH_ITS_COST: a_problem([an_optional_task(prize=1)]),
    ReasonCode.LOCK_POSITION: a_problem([a_task(lock=Lock(position=2))]),
}


@pytest.mark.parametrize(("code", "problem"), CASES.items(), ids=[code.value for code in CASES])
def test_reason_of_a_task_that_stands_alone(code, problem):
    assert reasons(problem) == {(1, "v"): code}


def test_task_beside_a_full_day_finds_no_time_left():
    problem = a_problem([a_task(1, 1, **ALL_DAY), an_optional_task(2, 1, prize=9)])
    assert reasons(problem) == {(2, "v"): ReasonCode.NO_TIME_LEFT}


def test_promise_to_another_vehicle_is_the_reason():
    problem = a_problem(
        [a_task(1, 1, lock=Lock(vehicle="b"), source="notice 7")],
        [a_vehicle("a"), a_vehicle("b", breaks=(a_lunch(start=0, end=0),))],
    )
    (entry,) = routing.explain(problem, routing.solve(problem, AT_ONCE))
    told = {reason.vehicle: reason.code for reason in entry.reasons}
    assert told == {"a": ReasonCode.LOCK_ELSEWHERE, "b": ReasonCode.BREAK_IN_THE_WAY}
    assert {reason.source for reason in entry.reasons} == {"notice 7"}
    assert entry.required


def test_task_that_would_fit_says_so():
    problem = field_day(3, 1)
    solution = routing.solve(problem, AT_ONCE)
    tables = tables_of(problem)
    from routing.record import record

    without = record(tables, [[]], "construction")
    codes = {
        reason.code for entry in routing.explain(problem, without) for reason in entry.reasons
    }
    assert solution.summary.assigned == 3
    assert codes == {ReasonCode.NOT_FOUND_IN_TIME}


def test_plan_without_gaps_needs_no_reasons():
    assert routing.explain(a_problem([]), routing.Solution()) == ()


@given(problem=problems())
def test_every_reason_is_true(problem):
    solution = routing.solve(problem, AT_ONCE)
    tables = tables_of(problem)
    tours = {tour.vehicle: tour for tour in solution.tours}
    index = {task.id: number for number, task in enumerate(problem.tasks)}
    for entry in routing.explain(problem, solution):
        assert len(entry.reasons) == len(problem.vehicles)
        for reason, crew, vehicle in zip(
            entry.reasons, tables.crews, problem.vehicles, strict=True
        ):
            assert reason.vehicle == vehicle.id
            tour = tours.get(vehicle.id)
            route = [index[step.id] for step in tour.tasks] if tour else []
            assert is_true(tables, crew, vehicle, route, index[entry.task], reason.code)


def is_true(tables, crew, vehicle, route, task, code):
    alone = lay_out(tables, crew, [task]) is not None
    restless = replace(crew, rests=(), moves=crew.moves[:1])
    free = lay_out(tables, restless, [task]) is not None
    fitting = [
        tour
        for at in range(len(route) + 1)
        if (tour := lay_out(tables, crew, [*route[:at], task, *route[at:]])) is not None
    ]
    own = tables.problem.tasks[task]
    return {
        ReasonCode.OUTSIDE_SHIFT: not free,
        ReasonCode.BREAK_IN_THE_WAY: free and not alone,
        ReasonCode.NO_TIME_LEFT: alone and not fitting,
        ReasonCode.BEYOND_MAX_TASKS: len(route) == vehicle.max_tasks,
        ReasonCode.BEYOND_MAX_TRAVEL_TIME: all(
            tour.travel_s > (vehicle.max_travel_time_s or 10**9) for tour in fitting
        ),
        ReasonCode.BEYOND_MAX_DISTANCE: all(
            tour.distance_m > (vehicle.max_distance_m or 10**9)
            or tour.travel_s > (vehicle.max_travel_time_s or 10**9)
            for tour in fitting
        ),
        ReasonCode.LOCK_POSITION: any(one.lock for one in tables.problem.tasks),
        ReasonCode.NOT_WORTH_ITS_COST: not own.is_required,
        ReasonCode.SKILL_MISSING: bool(own.skills),
        ReasonCode.VEHICLE_BARRED: own.allowed_vehicles is not None or own.forbidden_vehicles,
        ReasonCode.LOCK_ELSEWHERE: own.lock is not None and own.lock.vehicle != vehicle.id,
        ReasonCode.NOT_FOUND_IN_TIME: False,  # the first plan takes in whatever fits and pays
    }[code]


def test_explaining_a_large_day_is_quick():
    from time import monotonic

    problem = field_day(200, 8)
    solution = routing.solve(problem, AT_ONCE)
    began = monotonic()
    assert routing.explain(problem, solution)
    assert monotonic() - began < 2


def test_distances_of_unbounded_vehicles_are_not_looked_at():
    bare = a_problem([a_task(1, 1, **ALL_DAY), an_optional_task(2, 1, prize=9)], None, line())
    assert ReasonCode.BEYOND_MAX_DISTANCE not in reasons(bare).values()
