"""Reasons come from real insertions, so each can be re-derived from the clock alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from routing import Lock, ReasonCode, Skill, Window
from routing.changes import CHANGES
from routing.evaluate import evaluate
from routing.record import record
from routing.tables import tables_of
from tests.support.full_problems import full_problem, some_plan
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
    ReasonCode.OUT_OF_REACH: a_problem([a_task(1, 9)], [a_vehicle(shift=Window(0, HOUR))]),
    ReasonCode.BEYOND_LATEST_END: a_problem([a_task(1, 6, latest_end_s=9 * HOUR)]),
    ReasonCode.BEYOND_CAPACITY: a_problem([a_task(pickup=(2,))], [a_vehicle(capacity=(1,))]),
    ReasonCode.BEYOND_MAX_DURATION: a_problem([a_task()], [a_vehicle(max_duration_s=60)]),
    ReasonCode.MUST_NOT_BE_FIRST: a_problem([a_task(not_first=True)]),
    ReasonCode.MUST_NOT_BE_LAST: a_problem([a_task(not_last=True)]),
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
    without = record(tables, [[]], "construction")
    codes = {
        reason.code for entry in routing.explain(problem, without) for reason in entry.reasons
    }
    assert solution.summary.assigned == 3
    assert codes == {ReasonCode.NOT_FOUND_IN_TIME}


def test_plan_without_gaps_needs_no_reasons():
    assert routing.explain(a_problem([]), routing.Solution()) == ()


def test_load_beside_what_is_on_board_is_the_reason():
    tasks = [a_task(name, 1, pickup=(2,)) for name in (1, 2)]
    problem = a_problem(tasks, [a_vehicle(capacity=(3,))])
    plan = record(tables_of(problem), [[0]], "test")
    ((reason,),) = [entry.reasons for entry in routing.explain(problem, plan)]
    assert reason.code == ReasonCode.BEYOND_CAPACITY


def test_every_code_is_documented_and_worded():
    page = (Path(__file__).parents[2] / "docs" / "reasons.md").read_text()
    assert all(f"| `{code}` |" in page for code in ReasonCode)
    assert all(f"`{change.slug}`" in page for change in CHANGES)


def test_conflict_is_told_where_seconds_are_given_for_it():
    noon = (Window(12 * HOUR, 12 * HOUR),)
    problem = a_problem([a_task(1, 1, windows=noon), a_task(2, 8, windows=noon)])
    plan = record(tables_of(problem), [[0]], "test")
    (entry,) = routing.explain(problem, plan)
    assert entry.conflict == ()
    (entry,) = routing.explain(problem, plan, conflict_s=60)
    assert entry.conflict == (1, 2)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_every_reason_is_true(seed):
    problem = full_problem(seed)
    tables = tables_of(problem)
    routes = some_plan(tables, seed)
    plan = record(tables, routes, "test")
    index = {task.id: number for number, task in enumerate(problem.tasks)}
    for entry in routing.explain(problem, plan, relaxed=0):
        assert [reason.vehicle for reason in entry.reasons] == [
            vehicle.id for vehicle in problem.vehicles
        ]
        for reason, crew in zip(entry.reasons, tables.crews, strict=True):
            ways = insertions(tables, crew, routes[crew.index], index[entry.task])
            assert is_true(tables, crew, ways, index[entry.task], reason.code)


def insertions(tables, crew, route, task):
    """What each insertion that keeps every rule costs, bonus taken off."""
    before = evaluate(tables, crew, route)
    tried = [
        (option, evaluate(tables, crew, [*route[:at], option, *route[at:]]))
        for option in tables.options_of[task]
        for at in range(len(route) + 1)
    ]
    return [
        after - before - int(tables.bonus[crew.index, option])
        for option, after in tried
        if after is not None
    ]


def is_true(tables, crew, ways, task, code):
    own, vehicle = tables.problem.tasks[task], tables.problem.vehicles[crew.index]
    grouped = tables.problem.tuning.balance_weight and vehicle.balance_group is not None
    if code is ReasonCode.NOT_WORTH_ITS_COST:
        return bool(ways) and (grouped or min(ways) >= tables.weight[task])
    if code is ReasonCode.NOT_FOUND_IN_TIME:
        return bool(ways) and (grouped or min(ways) < tables.weight[task])
    told = {
        ReasonCode.SKILL_MISSING: bool(own.skills),
        ReasonCode.LOCK_ELSEWHERE: own.lock is not None,
        ReasonCode.BREAK_IN_THE_WAY: bool(vehicle.breaks),
        ReasonCode.BEYOND_LATEST_END: own.latest_end_s is not None,
        ReasonCode.BEYOND_CAPACITY: bool(vehicle.capacity or vehicle.breaks),
        ReasonCode.BEYOND_MAX_TASKS: vehicle.max_tasks is not None,
        ReasonCode.BEYOND_MAX_TRAVEL_TIME: vehicle.max_travel_time_s is not None,
        ReasonCode.BEYOND_MAX_DISTANCE: vehicle.max_distance_m is not None,
        ReasonCode.BEYOND_MAX_DURATION: vehicle.max_duration_s is not None,
        ReasonCode.MUST_NOT_BE_FIRST: any(task.not_first for task in tables.problem.tasks),
        ReasonCode.MUST_NOT_BE_LAST: any(task.not_last for task in tables.problem.tasks),
        ReasonCode.LOCK_POSITION: any(task.lock for task in tables.problem.tasks),
    }
    return not ways and told.get(code, True)


def test_distances_of_unbounded_vehicles_are_not_looked_at():
    bare = a_problem([a_task(1, 1, **ALL_DAY), an_optional_task(2, 1, prize=9)], None, line())
    assert ReasonCode.BEYOND_MAX_DISTANCE not in reasons(bare).values()
