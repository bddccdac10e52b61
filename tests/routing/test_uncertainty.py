"""Days that go otherwise than planned, against a slow agent who drives one day at a time."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routing
from routing.matrix import DayPart, Matrix
from routing.problem import Alternative, Lock, Tuning, Uncertainty, Window
from routing.solution import Step, StepKind, Tour
from routing.tables import tables_of
from routing.uncertainty import factors, punctuality
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    line,
    problems,
    with_tasks,
)

STRAY = Uncertainty(travel_cv=0.5, service_cv=0.3, samples=60, late_cost=1000)
CERTAIN = replace(STRAY, travel_cv=0.0, service_cv=0.0)


def told(problem, tours, uncertainty=STRAY):
    return punctuality(replace(problem, tuning=Tuning(uncertainty=uncertainty)), tours)


def probability(problem, tours, uncertainty=STRAY):
    """On-time probability by task id, of tasks that have one."""
    return {
        step.id: on_time
        for tour, own in zip(tours, told(problem, tours, uncertainty), strict=True)
        for step, on_time in zip(tour.steps, own.on_time, strict=True)
        if on_time is not None
    }


# ---- factors ---------------------------------------------------------------------------------


def test_factors_have_mean_one_and_the_spread_asked_for():
    tables = tables_of(a_problem([a_task(name, 1) for name in range(40)]))
    travel, service = factors(tables, replace(STRAY, samples=2000))
    assert travel.shape == (2000, 41)
    assert service.shape == (2000, 40)
    for drawn, spread in ((travel, 0.5), (service, 0.3)):
        assert drawn.min() > 0
        assert drawn.mean() == pytest.approx(1, abs=0.01)
        assert drawn.std() == pytest.approx(spread, rel=0.03)
    columns = np.corrcoef(np.hstack([travel, service]).T)
    assert np.abs(columns - np.eye(len(columns))).max() < 0.12


def test_factors_of_a_task_depend_on_no_other_task():
    few, many = [a_task("b", 2)], [a_task("a", 1), a_task("b", 2), a_task(7, 3)]
    one = factors(tables_of(a_problem(few)), STRAY)
    all_of_them = factors(tables_of(a_problem(many)), STRAY)
    assert (one[0][:, 0] == all_of_them[0][:, 1]).all()
    assert (one[1][:, 0] == all_of_them[1][:, 1]).all()
    assert (one[0][:, -1] == all_of_them[0][:, -1]).all()


def test_more_days_begin_with_the_same_days():
    tables = tables_of(a_problem([a_task(1, 1)]))
    some, more = factors(tables, STRAY), factors(tables, replace(STRAY, samples=90))
    assert (some[0] == more[0][:60]).all()


def test_number_and_text_of_one_look_are_two_tasks():
    travel, _ = factors(tables_of(a_problem([a_task(1, 1), a_task("1", 1)])), STRAY)
    assert (travel[:, 0] != travel[:, 1]).any()


# ---- punctuality -----------------------------------------------------------------------------


def test_without_uncertainty_nothing_is_told():
    problem = a_problem([a_task(1, 1, windows=(Window(0, 12 * HOUR),))])
    (own,) = punctuality(problem, routing.solve(problem, AT_ONCE).tours)
    assert own.late_cost == 0
    assert own.on_time == (None, None, None)


def test_only_tasks_with_windows_have_a_probability():
    tasks = [a_task(1, 1, windows=(Window(0, 12 * HOUR),)), a_task(2, 2)]
    problem = a_problem(tasks, [a_vehicle(breaks=(a_lunch(),))])
    assert set(probability(problem, routing.solve(problem, AT_ONCE).tours)) == {1}


def test_promised_start_is_a_window():
    problem = a_problem([a_task(1, 6, lock=Lock(start_s=9 * HOUR))])
    tour = routing.solve(problem, AT_ONCE).tours
    assert 0 < probability(problem, tour)[1] < 1
    kept = with_tasks(problem, lock=Lock(start_s=9 * HOUR, tolerance_s=5 * HOUR))
    assert probability(kept, tour)[1] == 1


def test_windows_of_the_alternative_count():
    other = Alternative(place=2, windows=(Window(8 * HOUR, 8 * HOUR + 1),))
    problem = a_problem([a_task(1, 1, windows=(Window(0, 20 * HOUR),), alternatives=(other,))])
    steps = [
        Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR),
        Step(kind=StepKind.TASK, id=1, place=2, arrival_s=10 * HOUR, alternative=1),
        Step(kind=StepKind.END, place=0, arrival_s=11 * HOUR),
    ]
    assert probability(problem, [Tour(vehicle="v", steps=tuple(steps))]) == {1: 0.0}
    own = [replace(step, alternative=0) for step in steps]
    assert probability(problem, [Tour(vehicle="v", steps=tuple(own))]) == {1: 1.0}


def test_late_arrivals_are_priced():
    windows = (Window(8 * HOUR, 9 * HOUR),)
    problem = a_problem([a_task(1, 6, windows=windows), a_task(2, 7, windows=windows)])
    steps = [
        Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR),
        Step(kind=StepKind.TASK, id=1, place=6, arrival_s=9 * HOUR, service_s=1800),
        Step(kind=StepKind.TASK, id=2, place=7, arrival_s=9 * HOUR, service_s=1800),
        Step(kind=StepKind.END, place=0, arrival_s=11 * HOUR),
    ]
    tours = [Tour(vehicle="v", steps=tuple(steps))]
    (own,) = told(problem, tours)
    chance = probability(problem, tours)
    assert chance[2] < chance[1] < 1
    assert own.late_cost == pytest.approx(1000 * (2 - chance[1] - chance[2]), abs=0.5)


def test_quicker_part_of_the_day_is_waited_for():
    slow, quick = line().durations * 4, line().durations
    matrix = Matrix(slow, day_parts=(DayPart(9 * HOUR, quick),))
    problem = a_problem([a_task(1, 6, windows=(Window(0, 10 * HOUR),))], matrix=matrix)
    steps = (
        Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR),
        Step(kind=StepKind.TASK, id=1, place=6, arrival_s=10 * HOUR, service_s=1800),
        Step(kind=StepKind.END, place=0, arrival_s=12 * HOUR),
    )
    tours = [Tour(vehicle="v", steps=steps)]
    assert probability(problem, tours, CERTAIN) == {1: 1.0}
    slower = replace(problem, matrices={"car": Matrix(slow)})
    assert probability(slower, tours, CERTAIN) == {1: 0.0}


def test_break_is_not_begun_before_its_window_and_late_rather_than_never():
    task = a_task(1, 1, windows=(Window(0, 14 * HOUR),))
    vehicle = a_vehicle(breaks=(a_lunch(start=12 * HOUR, end=12 * HOUR, duration_s=HOUR),))
    problem = a_problem([task], [vehicle])

    def on_time(depart):
        steps = (
            Step(kind=StepKind.START, place=0, arrival_s=depart),
            Step(kind=StepKind.BREAK, id="lunch", arrival_s=depart, service_s=HOUR),
            Step(kind=StepKind.TASK, id=1, place=1, arrival_s=depart),
            Step(kind=StepKind.END, place=0, arrival_s=depart),
        )
        return probability(problem, [Tour(vehicle="v", steps=steps)], CERTAIN)[1]

    assert on_time(9 * HOUR) == 1
    assert on_time(13 * HOUR - STEP_S) == 1
    assert on_time(13 * HOUR - STEP_S + 1) == 0


# ---- properties ------------------------------------------------------------------------------


@given(problem=problems())
def test_without_spread_every_promise_of_a_feasible_plan_is_kept(problem):
    tours = routing.solve(problem, AT_ONCE).tours
    assert set(probability(problem, tours, CERTAIN).values()) <= {1.0}
    assert all(own.late_cost == 0 for own in told(problem, tours, CERTAIN))


@given(problem=problems(), slack=st.integers(0, HOUR))
def test_more_slack_never_lowers_a_probability(problem, slack):
    tours = routing.solve(problem, AT_ONCE).tours
    wider = replace(
        problem,
        tasks=tuple(
            replace(
                task,
                windows=tuple(Window(own.start_s, own.end_s + slack) for own in task.windows),
            )
            for task in problem.tasks
        ),
    )
    before, after = probability(problem, tours), probability(wider, tours)
    assert all(after[task] >= own for task, own in before.items())


def test_more_spread_breaks_more_promises():
    tasks = [a_task(name, name, windows=(Window(8 * HOUR, 10 * HOUR),)) for name in range(1, 4)]
    problem = a_problem(tasks)
    tours = routing.solve(problem, AT_ONCE).tours
    kept = [
        sum(probability(problem, tours, replace(STRAY, travel_cv=cv, service_cv=cv)).values())
        for cv in (0.0, 0.2, 0.5, 1.0)
    ]
    assert kept == sorted(kept, reverse=True)
    assert kept[-1] < kept[0]


@given(problem=problems(), begin=st.integers(9 * HOUR, 13 * HOUR))
def test_every_day_is_as_a_slow_agent_drives_it(problem, begin):
    quick = line(6, STEP_S // 2)
    part = DayPart(begin, quick.durations)
    matrices = {"car": replace(problem.matrices["car"], day_parts=(part,))}
    tours = routing.solve(problem, AT_ONCE).tours
    problem = replace(problem, matrices=matrices)
    tables = tables_of(problem)
    drawn = factors(tables, STRAY)
    expected = {}
    for tour in tours:
        days = [
            slow_agent(tables, tour, travel, service)
            for travel, service in zip(*drawn, strict=True)
        ]
        for task in days[0]:
            expected[task] = sum(day[task] for day in days) / len(days)
    assert probability(problem, tours) == pytest.approx(expected)


def slow_agent(tables, tour, travel, service):
    """Which promises of a tour are kept on one day."""
    problem = tables.problem
    number = [vehicle.id for vehicle in problem.vehicles].index(tour.vehicle)
    crew, vehicle = tables.crews[number], problem.vehicles[number]
    index = {task.id: row for row, task in enumerate(problem.tasks)}
    breaks = {rest.id: rest for rest in vehicle.breaks}
    moment, here, kept = tour.steps[0].arrival_s, crew.start, {}
    rests = []
    for step in tour.steps[1:]:
        if step.kind is StepKind.BREAK:
            rests.append(breaks[step.id])
            continue
        row = index[step.id] if step.kind is StepKind.TASK else -1
        place = problem.tasks[row].place if row >= 0 else crew.end
        seconds = stretched(crew.travel.leg_seconds(here, place, moment), travel[row])
        rested = moment
        for rest in rests:
            rested = opened(rest.windows, rested) + rest.duration_s
        moment = max(moment + seconds + sum(rest.duration_s for rest in rests), rested)
        if row >= 0:
            windows = problem.tasks[row].windows
            moment = opened(windows, moment)
            if windows:
                kept[step.id] = any(own.start_s <= moment <= own.end_s for own in windows)
            moment += stretched(step.setup_s + step.service_s, service[row])
        here, rests = place, []
    return kept


def opened(windows, moment):
    begins = [max(own.start_s, moment) for own in windows if own.end_s >= moment]
    return min(begins, default=inf) if begins else moment


def stretched(seconds, factor):
    return int(seconds * float(factor) + 0.5)
