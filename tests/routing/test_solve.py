from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from routing import Costs, InvalidProblem, Objective, Preference, SolveParams, Window
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    POLISHED,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    field_day,
    line,
    problems,
    served,
)

BOTH = pytest.mark.parametrize("params", [AT_ONCE, POLISHED], ids=["construction", "search"])


def unserved(solution):
    return {entry.task for entry in solution.unassigned}


@given(problem=problems())
def test_first_plan_passes_the_check(problem):
    solution = routing.solve(problem, AT_ONCE)
    assert routing.check(problem, solution) == ()


@settings(max_examples=25)
@given(problem=problems(), seed=st.integers(0, 5))
def test_polished_plan_passes_the_check_and_is_never_worse(problem, seed):
    first = routing.solve(problem, AT_ONCE)
    solution = routing.solve(problem, SolveParams(iterations=30, seed=seed))
    assert routing.check(problem, solution) == ()
    before = first.summary.required_unserved, first.summary.objective
    assert (solution.summary.required_unserved, solution.summary.objective) <= before


@settings(max_examples=25)
@given(problem=problems(max_tasks=5))
def test_more_vehicles_never_leave_more_required_tasks_out(problem):
    more = replace(
        problem,
        vehicles=(*problem.vehicles, replace(problem.vehicles[0], id="one more")),
    )
    fewer = routing.solve(problem, POLISHED)
    assert routing.solve(more, POLISHED, fewer).summary.required_unserved <= (
        fewer.summary.required_unserved
    )


@settings(max_examples=25)
@given(problem=problems(max_tasks=5), data=st.data())
def test_wider_windows_never_cost(problem, data):
    plan = routing.solve(problem, POLISHED)
    by = data.draw(st.integers(1, 2 * HOUR))
    wider = replace(
        problem,
        tasks=tuple(
            replace(
                task,
                windows=tuple(Window(max(0, w.start_s - by), w.end_s + by) for w in task.windows),
            )
            for task in problem.tasks
        ),
    )
    again = routing.solve(wider, POLISHED, plan)
    assert routing.check(wider, again) == ()
    assert (again.summary.required_unserved, again.summary.objective) <= (
        plan.summary.required_unserved,
        plan.summary.objective,
    )


@BOTH
def test_least_travel_is_found(params):
    problem = a_problem([a_task(1, 5), a_task(2, 1), a_task(3, 3)])
    solution = routing.solve(problem, params)
    assert solution.summary.cost == solution.summary.objective == 10 * STEP_S
    assert solution.summary.travel_s == 10 * STEP_S


@BOTH
def test_required_task_goes_before_any_prize(params):
    whole_day = 9 * HOUR
    problem = a_problem(
        [a_task(1, 1, service_s=whole_day)]
        + [an_optional_task(name, 1, prize=10**8) for name in range(2, 5)]
    )
    solution = routing.solve(problem, params)
    assert 1 in served(solution)["v"]
    assert solution.summary.required_unserved == 0


@BOTH
def test_visit_worth_less_than_its_way_is_not_made(params):
    near, far = an_optional_task(1, 1, prize=1300), an_optional_task(2, 9, prize=1300)
    solution = routing.solve(a_problem([near, far]), params)
    assert served(solution) == {"v": [1]}
    assert solution.summary.objective == 2 * STEP_S + 1300
    assert solution.summary.prize_collected == 1300


def test_required_task_pushes_optional_ones_out():
    # the required one has room nowhere once its neighbours by worth are in
    morning = Window(8 * HOUR, 8 * HOUR + 900)
    problem = a_problem(
        [
            an_optional_task(1, 0, prize=50_000, windows=(morning,), service_s=4 * HOUR),
            a_task(2, 0, windows=(morning,), service_s=4 * HOUR),
        ]
    )
    assert served(routing.solve(problem, AT_ONCE)) == {"v": [2]}


@BOTH
def test_priorities_come_before_numbers_and_numbers_before_cost(params):
    # one vehicle, time for one far task or two near ones
    def job(name, place, priority, service):
        return a_task(name, place, required=False, priority=priority, service_s=service)

    jobs = [job(1, 9, 5, 5 * HOUR), job(2, 1, 1, 3 * HOUR), job(3, 2, 1, 3 * HOUR)]
    short = a_vehicle(shift=Window(0, 8 * HOUR + 2400))
    problem = a_problem(jobs, [short], objective=Objective.PRIORITIES)
    assert served(routing.solve(problem, params)) == {"v": [1]}
    even = replace(problem, tasks=tuple(replace(task, priority=1) for task in jobs))
    assert set(served(routing.solve(even, params))["v"]) == {2, 3}


@BOTH
def test_wish_for_a_vehicle_is_granted_where_it_pays(params):
    wish = Preference("b", 5 * STEP_S)
    vehicles = [a_vehicle("a"), a_vehicle("b", start=3, end=3)]
    problem = a_problem([a_task(1, 1, preferred_vehicles=(wish,))], vehicles)
    assert served(routing.solve(problem, params)) == {"b": [1]}
    dear = a_problem([a_task(1, 1, preferred_vehicles=(replace(wish, bonus=60),))], vehicles)
    assert served(routing.solve(dear, params)) == {"a": [1]}


@BOTH
def test_fixed_cost_keeps_a_vehicle_at_home(params):
    vehicles = [a_vehicle("a"), a_vehicle("b", start=2, end=2, costs=Costs(fixed=5000))]
    solution = routing.solve(a_problem([a_task(1, 1), a_task(2, 2)], vehicles), params)
    assert set(served(solution)) == {"a"}


def test_costs_by_kilometre_and_hour_are_exact():
    costs = Costs(fixed=7, per_hour=1, per_km=3)
    solution = routing.solve(a_problem([a_task(1, 2)], [a_vehicle(costs=costs)]), AT_ONCE)
    assert solution.summary.cost == 7 + 12 + 1  # 4 km at 3, 2,400 s at 1 an hour, rounded
    assert routing.check(a_problem([a_task(1, 2)], [a_vehicle(costs=costs)]), solution) == ()


@BOTH
def test_setup_is_paid_once_at_a_shared_place(params):
    jobs = [a_task(name, 2, setup_s=600) for name in (1, 2, 3)]
    assert routing.solve(a_problem(jobs), params).summary.setup_s == 600
    home = routing.solve(a_problem([a_task(4, 0, setup_s=600)]), params)
    assert home.summary.setup_s == 0


def test_nothing_to_do_gives_an_empty_plan():
    solution = routing.solve(a_problem([]))
    assert (solution.tours, solution.unassigned) == ((), ())
    assert routing.check(a_problem([]), solution) == ()


@BOTH
def test_everything_impossible_gives_no_tours_and_a_full_list(params):
    never = Window(19 * HOUR, 20 * HOUR)
    problem = a_problem([a_task(name, 1, windows=(never,)) for name in range(4)])
    solution = routing.solve(problem, params)
    assert solution.tours == ()
    assert unserved(solution) == {0, 1, 2, 3}
    assert solution.summary.required_unserved == 4


def test_vehicle_whose_break_cannot_be_taken_serves_nothing():
    evening = a_lunch(start=19 * HOUR, end=20 * HOUR)
    problem = a_problem([a_task()], [a_vehicle(breaks=(evening,))])
    for params in (AT_ONCE, POLISHED):
        assert routing.solve(problem, params).tours == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_iterations_make_the_same_plan_each_time(seed):
    problem = field_day()
    params = SolveParams(iterations=150, seed=seed)
    one, two = routing.solve(problem, params), routing.solve(problem, params)
    assert one == two


def test_search_improves_a_field_day():
    problem = field_day()
    first = routing.solve(problem, AT_ONCE)
    searched = routing.solve(problem, SolveParams(iterations=4000))
    assert searched.engine == "search"
    assert searched.summary.objective < first.summary.objective
    assert searched.summary.required_unserved == 0


def test_polish_keeps_the_plan_of_the_search_or_betters_it():
    problem = field_day()
    searched = routing.solve(problem, SolveParams(iterations=500))
    polished = routing.solve(problem, SolveParams(iterations=500, polish=0.5))
    assert polished.engine == "search+ortools" or polished.notes
    assert polished.summary.objective <= searched.summary.objective
    assert routing.check(problem, polished) == ()


def test_time_limit_is_kept():
    began = monotonic()
    routing.solve(field_day(60, 6), SolveParams(seconds=1))
    assert monotonic() - began < 3  # one second of grace, one for a busy machine


def test_stop_ends_the_search_with_a_plan():
    asked = []

    def stop():
        asked.append(True)
        return len(asked) > 3

    began = monotonic()
    problem = field_day()
    solution = routing.solve(problem, SolveParams(seconds=60), stop=stop)
    assert monotonic() - began < 20
    assert routing.check(problem, solution) == ()


def test_progress_is_told_and_objectives_fall():
    events = []
    routing.solve(field_day(), SolveParams(iterations=200), on_progress=events.append)
    assert [events[0].phase, events[-1].phase] == ["construction", "search"]
    objectives = [event.objective for event in events[1:]]
    assert objectives == sorted(objectives, reverse=True)


def test_start_from_a_plan_keeps_it_where_nothing_is_better():
    problem = a_problem([a_task(1, 5), a_task(2, 1), a_task(3, 3)])
    best = routing.solve(problem, POLISHED)
    again = routing.solve(problem, AT_ONCE, best)
    assert again.tours == best.tours


def test_start_from_a_plan_that_no_longer_fits_is_repaired():
    problem = field_day()
    old = routing.solve(problem, AT_ONCE)
    fewer = replace(problem, vehicles=problem.vehicles[1:], tasks=problem.tasks[2:])
    solution = routing.solve(fewer, AT_ONCE, old)
    assert routing.check(fewer, solution) == ()
    assert solution.summary.assigned > 0


def test_several_profiles_travel_each_by_its_matrix():
    problem = replace(
        a_problem([a_task(1, 4)], [a_vehicle("walker", profile="foot"), a_vehicle("driver")]),
        matrices={"car": line(), "foot": line(step=3000)},
    )
    assert served(routing.solve(problem, POLISHED)) == {"driver": [1]}


def test_one_way_streets_count():
    matrix = line().durations.copy()
    matrix[2, 1] = 9000  # from 2 to 1 is a long way round
    problem = a_problem([a_task(1, 1), a_task(2, 2)], matrix=routing.Matrix(matrix))
    assert served(routing.solve(problem, POLISHED)) == {"v": [1, 2]}


def test_invalid_problem_is_refused_with_every_issue():
    problem = a_problem([a_task(1, 99), a_task(1, 1, service_s=-5)], [])
    with pytest.raises(InvalidProblem) as refused:
        routing.solve(problem)
    assert {issue.code for issue in refused.value.issues} == {
        "no-vehicle",
        "duplicate-id",
        "number",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": -1},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"iterations": -1},
        {"threads": 0},
        {"seed": -1},
    ],
    ids=str,
)
def test_params_out_of_range_cannot_be_built(wrong):
    with pytest.raises(ValueError, match="must"):
        SolveParams(**wrong)


def test_small_problem_does_not_use_up_its_limit():
    began = monotonic()
    routing.solve(a_problem([a_task(1, 5), a_task(2, 1)]), SolveParams(seconds=60))
    assert monotonic() - began < 10
