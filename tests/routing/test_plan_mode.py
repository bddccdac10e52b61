"""Plan mode: given routes are timed, and what they break is told."""

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

import routing
from routing import Break, InvalidProblem, Lock, Matrix, Skill, StepKind, Window
from routing.matrix import DayPart
from routing.plan_mode import Given, time_given
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    line,
)


def visit(name, **over):
    return Given(kind=StepKind.TASK, id=name, **over)


def rest(name="lunch", **over):
    return Given(kind=StepKind.BREAK, id=name, **over)


def timed(problem, *steps):
    """The tour of the only vehicle."""
    (tour,) = time_given(problem, {"v": steps}).tours
    return tour


def causes(tour):
    """Causes by step, and those of the whole tour."""
    told = {step.id: {breach.cause for breach in step.breaches} for step in tour.tasks}
    return told, {breach.cause for breach in tour.breaches}


def strays(tour):
    """Seconds of delay and lead time of the whole tour."""
    return sum(breach.duration_s or 0 for step in tour.steps for breach in step.breaches)


def test_plan_without_fault_is_timed_like_any_other():
    problem = a_problem([a_task(1, 3), a_task(2, 5)], [a_vehicle(breaks=(a_lunch(),))])
    solution = routing.solve(problem, AT_ONCE)
    steps = [Given(kind=step.kind, id=step.id) for step in solution.tours[0].steps]
    again = time_given(problem, {"v": steps})
    assert routing.check(problem, again) == ()
    assert again.summary == solution.summary
    assert strays(again.tours[0]) == 0


def test_late_visit_is_told_in_seconds():
    late = a_task(1, 6, windows=(Window(8 * HOUR, 8 * HOUR + 600),))
    step = timed(a_problem([late]), visit(1)).tasks[0]
    assert [(breach.cause, breach.duration_s) for breach in step.breaches] == [
        ("delay", 6 * STEP_S - 600)
    ]


def test_fixed_start_before_the_window_is_lead_time():
    early = a_task(1, 1, windows=(Window(12 * HOUR, 13 * HOUR),))
    step = timed(a_problem([early]), visit(1, at_s=11 * HOUR)).tasks[0]
    assert (step.start_s, step.breaches[0].cause) == (11 * HOUR, "lead_time")
    assert step.breaches[0].duration_s == HOUR


def test_bounds_on_times_are_kept():
    tour = timed(
        a_problem([a_task(1, 1), a_task(2, 2)]),
        visit(1, after_s=10 * HOUR),
        visit(2, before_s=15 * HOUR, after_s=14 * HOUR),
    )
    assert tour.tasks[0].start_s == 10 * HOUR
    assert tour.tasks[1].start_s == 14 * HOUR
    assert strays(tour) == 0


def test_fixed_times_that_cannot_be_kept_are_refused():
    problem = a_problem([a_task(1, 1), a_task(2, 9)])
    with pytest.raises(InvalidProblem) as refused:
        timed(problem, visit(1, at_s=9 * HOUR), visit(2, at_s=9 * HOUR + 60))
    assert refused.value.issues[0].pointer == "/vehicles/0/steps"


def test_shift_yields_to_the_order():
    tour = timed(a_problem([a_task(1, 1)]), visit(1, at_s=19 * HOUR))
    told = [(breach.cause, breach.duration_s) for breach in tour.steps[-1].breaches]
    assert told == [("delay", HOUR + 1800 + STEP_S)]


RULES = {
    "skills": ({"skills": (Skill(1),)}, {}, "skills"),
    "barred": ({"forbidden_vehicles": ("v",)}, {}, "vehicle_barred"),
    "position": ({"lock": Lock(position=2)}, {}, "lock_position"),
    "first": ({"not_first": True}, {}, "not_first"),
    "last": ({"not_last": True}, {}, "not_last"),
    "tasks": ({}, {"max_tasks": 0}, "max_tasks"),
    "load": ({"pickup": (5,)}, {"capacity": (4,)}, "load"),
    "travel": ({}, {"max_travel_time_s": 60}, "max_travel_time"),
    "distance": ({}, {"max_distance_m": 60}, "max_distance"),
}


@pytest.mark.parametrize(("task", "vehicle", "cause"), RULES.values(), ids=RULES.keys())
def test_broken_rule_is_told_at_the_visit(task, vehicle, cause):
    problem = a_problem([a_task(1, 1, **task)], [a_vehicle(**vehicle)])
    told, _ = causes(timed(problem, visit(1)))
    assert told == {1: {cause}}


def test_missing_break_and_duration_are_told_of_the_tour():
    problem = a_problem([a_task(1, 1)], [a_vehicle(breaks=(a_lunch(),), max_duration_s=60)])
    assert causes(timed(problem, visit(1))) == ({1: set()}, {"missing_break", "max_duration"})


def test_break_with_too_much_on_board():
    lunch = replace(a_lunch(), max_load=(1,))
    problem = a_problem([a_task(1, 1, pickup=(2,))], [a_vehicle(capacity=(9,), breaks=(lunch,))])
    tour = timed(problem, visit(1), rest())
    assert [step.load for step in tour.steps] == [(0,), (2,), (2,), (2,)]
    assert tour.steps[2].breaches[0].cause == "max_load"


def test_late_break_is_a_delay():
    lunch = a_lunch(start=8 * HOUR, end=8 * HOUR + 60)
    tour = timed(a_problem([a_task(1, 1)], [a_vehicle(breaks=(lunch,))]), visit(1), rest())
    assert {breach.cause for breach in tour.steps[2].breaches} >= {"delay"} or strays(tour) > 0


def test_break_splits_travel():
    at_once = Window(8 * HOUR + 300, 8 * HOUR + 300)
    lunch = Break(id="lunch", windows=(at_once,), duration_s=600)
    problem = a_problem([a_task(1, 3)], [a_vehicle(breaks=(lunch,))])
    tour = timed(problem, rest(), visit(1))
    assert [step.travel_s for step in tour.steps] == [0, 300, 1800, 3600]
    assert tour.tasks[0].arrival_s == 8 * HOUR + 1800 + 600


def test_travel_goes_by_the_part_of_the_day():
    slow = DayPart(9 * HOUR, line(step=3 * STEP_S).durations)
    matrix = Matrix(line().durations, day_parts=(slow,))
    tour = timed(a_problem([a_task(1, 1)], matrix=matrix), visit(1, at_s=10 * HOUR))
    assert tour.travel_s == 2 * 3 * STEP_S
    assert strays(tour) == 0


def test_work_after_midday_jam_is_late_by_the_slow_part():
    slow = DayPart(9 * HOUR, line(step=3 * STEP_S).durations)
    matrix = Matrix(line().durations, day_parts=(slow,))
    tasks = [
        a_task(1, 0, service_s=HOUR),
        a_task(2, 1, windows=(Window(9 * HOUR, 9 * HOUR + 600),)),
    ]
    steps = [Given(kind=StepKind.START, after_s=8 * HOUR), visit(1), visit(2)]
    assert strays(timed(a_problem(tasks, matrix=matrix), *steps)) == 3 * STEP_S - 600


def test_who_may_leave_early_leaves_before_the_shift_if_that_saves_delay():
    """The shift is a window like any other: 600 s too early here, or 600 s too late twice."""
    tasks = [a_task(n, n, windows=(Window(8 * HOUR, 8 * HOUR + 1800 * (n - 1)),)) for n in (1, 2)]
    tasks = [replace(task, service_s=1200) for task in tasks]
    tour = timed(a_problem(tasks), visit(1), visit(2))
    assert tour.steps[0].breaches[0].cause == "lead_time"
    assert strays(tour) == STEP_S


BAD_STEPS = {
    "unknown job": [visit(99)],
    "job twice": [visit(1), visit(1)],
    "unknown break": [rest("tea")],
    "break twice": [rest(), rest()],
    "alternative": [visit(1, alternative=1)],
}


@pytest.mark.parametrize("steps", BAD_STEPS.values(), ids=BAD_STEPS.keys())
def test_step_that_names_what_is_not_there_is_refused(steps):
    problem = a_problem([a_task(1, 1)], [a_vehicle(breaks=(a_lunch(),))])
    with pytest.raises(InvalidProblem):
        timed(problem, *steps)


def test_what_stands_in_no_step_is_unassigned():
    solution = time_given(a_problem([a_task(1, 1), a_task(2, 2)]), {"v": [visit(1)]})
    assert [entry.task for entry in solution.unassigned] == [2]
    assert solution.summary.required_unserved == 1


spans = st.tuples(st.integers(0, 12), st.integers(0, 3)).map(
    lambda pair: Window(8 * HOUR + 600 * pair[0], 8 * HOUR + 600 * (pair[0] + pair[1]))
)


@drawn(st.lists(st.lists(spans, max_size=2), min_size=1, max_size=3), st.booleans())
def test_delays_add_up_to_the_least_there_is(windows, fixed):
    """Against every combination of times on a grid that holds all breakpoints."""
    tasks = [
        a_task(rank, rank, windows=tuple(own), service_s=600)
        for rank, own in enumerate(windows, start=1)
    ]
    steps = [visit(task.id) for task in tasks]
    if fixed:
        steps[-1] = visit(tasks[-1].id, at_s=8 * HOUR + 600 * 9)
    found = strays(timed(a_problem(tasks), *steps))
    assert found == _least(tasks, steps)


def _least(tasks, steps):
    grid = [8 * HOUR + 600 * slot for slot in range(-6, 17)]
    return min(
        sum(map(_off, tasks, moments)) + max(0, 8 * HOUR + STEP_S - moments[0])
        for moments in product(grid, repeat=len(tasks))
        if all(later - sooner >= 600 + STEP_S for sooner, later in pairwise(moments))
        and steps[-1].at_s in (None, moments[-1])
    )


def _off(task, moment):
    if not task.windows:
        return 0
    return min(max(0, w.start_s - moment, moment - w.end_s) for w in task.windows)
