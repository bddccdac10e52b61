"""After whatever may happen on a day the rest of it is planned by the rules, near to the old plan."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routing
from routing import Lock, SolveParams
from routing.evaluate import evaluate
from routing.events import Events, Hold, VehicleState
from routing.problem import Alternative, Overtime, Stability, Tuning, Window
from routing.record import record
from routing.repair import _start, repair
from routing.solution import ReasonCode, Solution, Step, StepKind, Tour
from routing.standing import standings
from routing.tables import tables_of
from tests.support.events import events, on_their_way
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
    served,
)

QUICK = SolveParams(iterations=0)


@st.composite
def days(draw):
    """A planned day and what happened on it."""
    problem = draw(problems())
    plan = routing.solve(problem, AT_ONCE)
    return problem, plan, draw(events(problem, plan))


@pytest.fixture(scope="module")
def field():
    """A day like those of the bench, as planned."""
    problem = field_day()
    return problem, routing.solve(problem, SolveParams(iterations=20_000))


# ---- whatever happens ------------------------------------------------------------------------


@given(day=days())
def test_plan_of_the_rest_keeps_every_rule(day):
    found = repair(*day, QUICK)
    assert routing.check(found.problem, found.solution) == ()


@given(day=days())
def test_what_is_done_stays_and_what_is_cancelled_is_gone(day):
    problem, _, happened = day
    whole = repair(*day, QUICK).whole
    done = {state.id: list(state.done) for state in happened.vehicles}
    tours = served(whole)
    for vehicle, names in done.items():
        assert tours.get(vehicle, [])[: len(names)] == names
    named = [name for names in tours.values() for name in names]
    named += [entry.task for entry in whole.unassigned]
    over = {name for names in done.values() for name in names}
    expected = {task.id for task in (*problem.tasks, *happened.add)}
    assert sorted(map(str, named)) == sorted(map(str, expected - (set(happened.cancel) - over)))


@given(day=days())
def test_nothing_happens_before_its_vehicle_is_free(day):
    problem, plan, happened = day
    found = repair(*day, QUICK)
    stand = {standing.vehicle.id: standing for standing in standings(problem, plan, happened)}
    for tour in found.solution.tours:
        own = stand[tour.vehicle]
        assert not own.unavailable
        assert tour.steps[0].arrival_s >= own.free_at_s
        assert tour.steps[0].place == own.at


@given(day=days())
def test_next_task_stays_the_next(day):
    problem, plan, happened = day
    found = repair(*day, QUICK)
    tables = tables_of(found.problem)
    index = {task.id: number for number, task in enumerate(found.problem.tasks)}
    serves = {
        name: (vehicle, place)
        for vehicle, names in served(found.solution).items()
        for place, name in enumerate(names)
    }
    for standing, crew in zip(standings(problem, plan, happened), tables.crews, strict=True):
        if happened.lock is Hold.NONE or standing.unavailable or not standing.ahead:
            continue
        name = standing.ahead[0].id
        vehicle, place = serves.get(name, (standing.vehicle.id, 0))
        assert vehicle == standing.vehicle.id
        if evaluate(tables, crew, [index[name]]) is not None:
            assert name in serves
            assert place == 0


@given(day=days())
def test_promises_keep_vehicle_place_and_window_or_are_told_as_broken(day):
    problem, plan, happened = day
    happened = replace(happened, lock=Hold.PROMISED)
    found = repair(problem, plan, happened, QUICK)
    now = {step.id: (tour.vehicle, step) for tour in found.whole.tours for step in tour.tasks}
    tasks = {task.id: task for task in (*problem.tasks, *happened.change)}
    told = {entry.task: entry for entry in found.solution.unassigned}
    for standing in standings(problem, plan, happened):
        for step in standing.ahead:
            task = tasks[step.id]
            if not task.is_required:
                continue
            if step.id not in now:
                assert told[step.id].required
                continue
            vehicle, served_at = now[step.id]
            assert vehicle == standing.vehicle.id
            assert served_at.alternative == step.alternative
            own = [w for w in task.windows if w.start_s <= step.start_s <= w.end_s]
            assert not own or any(w.start_s <= served_at.start_s <= w.end_s for w in own)


@given(day=days())
def test_required_tasks_left_out_have_a_reason_for_every_vehicle(day):
    found = repair(*day, QUICK)
    for entry in found.solution.unassigned:
        if entry.required:
            assert len(entry.reasons) == len(found.problem.vehicles)


@given(day=days())
def test_repair_is_no_worse_than_the_old_plan_as_far_as_it_goes(day):
    start = _start(*day, QUICK)
    kept = record(start.tables, start.routes, "old").summary
    found = repair(*day, QUICK).solution.summary
    assert found.required_unserved <= kept.required_unserved
    if found.required_unserved == kept.required_unserved:
        assert found.objective + found.soft_cost <= kept.objective + kept.soft_cost


@given(problem=problems(), hold=st.sampled_from(Hold))
def test_when_nothing_happened_nothing_moves(problem, hold):
    plan = routing.solve(problem, AT_ONCE)
    found = repair(problem, plan, Events(now_s=0, lock=hold), QUICK)
    assert found.moved == ()
    assert served(found.whole) == served(plan)
    assert found.whole.summary.assigned == plan.summary.assigned


# ---- a day in the field ----------------------------------------------------------------------


@pytest.mark.parametrize("hold", Hold)
def test_late_vehicle_and_a_new_task_are_mended_near_to_the_plan(field, hold):
    problem, plan = field
    now_s = 10 * HOUR
    first, *others = on_their_way(plan, now_s)
    late = replace(first, free_at_s=first.free_at_s + 2400)
    new = a_task("new", 7, service_s=1200)
    happened = Events(now_s=now_s, vehicles=(late, *others), add=(new,), lock=hold)
    found = repair(problem, plan, happened, QUICK)
    assert routing.check(found.problem, found.solution) == ()
    assert "new" in {step.id for tour in found.solution.tours for step in tour.tasks}
    assert len(found.moved) <= len(plan.unassigned) + len(problem.tasks) // 4


def test_same_seed_same_repair(field):
    problem, plan = field
    happened = Events(now_s=11 * HOUR, vehicles=on_their_way(plan, 11 * HOUR, 1200))
    params = SolveParams(iterations=30, seed=5)
    assert (
        repair(problem, plan, happened, params).whole
        == repair(problem, plan, happened, params).whole
    )


def test_sick_agent_s_promises_are_told_and_the_rest_is_shared_out():
    tasks = [a_task("promised", 1), an_optional_task("wished", 2)]
    day = a_problem(tasks, [a_vehicle("a"), a_vehicle("b", start=5, end=5)])
    plan = routing.solve(day, AT_ONCE)
    assert served(plan) == {"a": ["promised", "wished"]} or served(plan) == {
        "a": ["wished", "promised"]
    }
    sick = VehicleState(id="a", unavailable=True)
    happened = Events(now_s=9 * HOUR, vehicles=(sick,), lock=Hold.PROMISED)
    found = repair(day, plan, happened, QUICK)
    assert served(found.whole) == {"b": ["wished"]}
    (entry,) = found.solution.unassigned
    assert (entry.task, entry.required) == ("promised", True)
    assert {reason.vehicle for reason in entry.reasons} == {"a", "b"}
    shared = repair(day, plan, replace(happened, lock=Hold.NEXT), QUICK)
    assert set(served(shared.whole)["b"]) == {"promised", "wished"}


@pytest.mark.parametrize(("hold", "first"), [(Hold.NEXT, "next"), (Hold.NONE, "promised")])
def test_next_task_stays_though_all_behind_it_is_lost_where_to_drop_it_alone_were_enough(
    hold, first
):
    morning = (Window(start_s=8 * HOUR, end_s=10 * HOUR),)
    day = a_problem(
        [
            a_task("next", 5, service_s=HOUR),
            a_task("promised", 1, service_s=600, windows=morning),
            an_optional_task("wished", 1, service_s=600, windows=morning),
        ],
        [a_vehicle("a")],
    )
    start = Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR)
    steps = tuple(
        Step(kind=StepKind.TASK, id=name, arrival_s=9 * HOUR, alternative=0)
        for name in ("next", "promised", "wished")
    )
    plan = Solution(tours=(Tour(vehicle="a", steps=(start, *steps)),))
    now_s = 9 * HOUR + 600
    late = VehicleState(id="a", at=0, free_at_s=now_s)
    found = repair(day, plan, Events(now_s=now_s, vehicles=(late,), lock=hold), QUICK)
    assert served(found.whole)["a"][0] == first


# ---- what is left of a vehicle ---------------------------------------------------------------


def vehicle_left(now_s=12 * HOUR, done=(1,), at=2, free_at_s=None, unavailable=False, **over):
    """What is left of a vehicle that served task 1 at place 2, started at 8 h."""
    pickup = (3,)
    day = a_problem(
        [a_task(1, 2, pickup=pickup), a_task(2, 3, pickup=pickup)], [a_vehicle(**over)]
    )
    steps = (
        Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR),
        Step(kind=StepKind.TASK, id=1, place=2, arrival_s=9 * HOUR, service_s=1800),
    )
    plan = Solution(tours=(Tour(vehicle="v", steps=steps),))
    state = VehicleState(id="v", done=done, at=at, free_at_s=free_at_s, unavailable=unavailable)
    rest = _start(day, plan, Events(now_s=now_s, vehicles=(state,)), QUICK).rest
    (vehicle,) = rest.problem.vehicles
    return vehicle


def test_bounds_are_what_is_left_of_them():
    left = vehicle_left(
        max_tasks=5, max_travel_time_s=3000, max_distance_m=9000, max_duration_s=6 * HOUR
    )
    assert left.max_tasks == 4
    assert left.max_travel_time_s == 3000 - 2 * STEP_S
    assert left.max_distance_m == 7000
    assert left.max_duration_s == 2 * HOUR
    spent = vehicle_left(now_s=17 * HOUR, max_travel_time_s=60, max_duration_s=HOUR)
    assert (spent.max_travel_time_s, spent.max_duration_s) == (0, 0)


def test_vehicle_on_its_way_has_paid_its_fixed_cost():
    costs = routing.Costs(fixed=500)
    assert vehicle_left(costs=costs).costs.fixed == 0
    assert vehicle_left(costs=costs, done=(), at=None).costs.fixed == 500


def test_what_was_picked_up_stays_on_board():
    left = vehicle_left(capacity=(5,), breaks=(replace(a_lunch(), max_load=(2,)),))
    assert left.capacity == (2,)
    assert left.breaks[0].max_load == (0,)


def test_overtime_is_what_is_left_of_it():
    over = {"overtime": Overtime(max_s=HOUR, per_hour=100)}
    assert vehicle_left(**over).overtime == over["overtime"]
    late = vehicle_left(now_s=18 * HOUR + 600, **over)
    assert late.shift == Window(18 * HOUR + 600, 18 * HOUR + 600)
    assert late.overtime == Overtime(max_s=3000, per_hour=100)
    assert vehicle_left(now_s=20 * HOUR, **over).overtime is None


def test_missed_break_is_taken_at_once():
    left = vehicle_left(now_s=14 * HOUR, breaks=(a_lunch(),))
    assert left.breaks[0].windows == (Window(14 * HOUR, 14 * HOUR),)
    assert vehicle_left(now_s=11 * HOUR, breaks=(a_lunch(),)).breaks == (a_lunch(),)


def test_unavailable_vehicle_serves_nothing():
    left = vehicle_left(
        unavailable=True, breaks=(a_lunch(),), overtime=Overtime(max_s=9, per_hour=1)
    )
    assert left.max_tasks == 0
    assert left.shift == Window(12 * HOUR, 12 * HOUR)
    assert (left.breaks, left.overtime) == ((), None)


# ---- what is left of a task ------------------------------------------------------------------


def task_left(*tasks, hold=Hold.NONE, vehicles=None, order=(), done=(), now_s=9 * HOUR, **over):
    """What is left of the last of some tasks, planned for the first vehicle in an order."""
    day = a_problem(tasks, vehicles or [a_vehicle("a"), a_vehicle("b")], **over)
    steps = tuple(
        Step(kind=StepKind.TASK, id=name, arrival_s=10 * HOUR, alternative=alternative)
        for name, alternative in order
    )
    start = Step(kind=StepKind.START, place=0, arrival_s=8 * HOUR)
    plan = Solution(tours=(Tour(vehicle="a", steps=(start, *steps)),))
    states = (VehicleState(id="a", done=done, at=1),) if done else ()
    rest = _start(day, plan, Events(now_s=now_s, vehicles=states, lock=hold), QUICK).rest
    return rest.problem.tasks[-1]


def test_locked_vehicle_becomes_a_permission():
    left = task_left(a_task(1, lock=Lock(vehicle="b")))
    assert (left.lock, left.required, left.allowed_vehicles) == (None, True, ("b",))


def test_locked_start_stays():
    lock = Lock(vehicle="b", start_s=10 * HOUR, tolerance_s=60)
    assert task_left(a_task(1, lock=lock)).lock == replace(lock, vehicle=None)


def test_locked_position_counts_from_now_on():
    tasks = [a_task(1), a_task(2), a_task(3, lock=Lock(vehicle="a", position=3))]
    order = [(1, 0), (2, 0), (3, 0)]
    assert task_left(*tasks, order=order).lock == Lock(vehicle="a", position=3)
    assert task_left(*tasks, order=order, done=(1,)).lock == Lock(vehicle="a", position=2)
    other = task_left(*tasks, order=order, done=(1, 2), hold=Hold.NEXT)
    assert other.lock == Lock(vehicle="a", position=1)


def test_locked_position_that_is_over_is_let_go():
    tasks = [a_task(1), a_task(2), a_task(3, lock=Lock(vehicle="a", position=1))]
    left = task_left(*tasks, order=[(3, 0), (1, 0), (2, 0)], done=(1,))
    assert (left.lock, left.required, left.allowed_vehicles) == (None, True, ("a",))


def test_what_must_not_be_first_may_follow_what_is_done():
    tasks = [a_task(1), a_task(2, not_first=True)]
    assert task_left(*tasks).not_first
    left = task_left(*tasks, order=[(1, 0), (2, 0)], done=(1,))
    assert (left.not_first, left.allowed_vehicles) == (False, ("a",))


def test_promise_holds_the_window_and_the_place_that_were_told():
    windows = (Window(8 * HOUR, 9 * HOUR), Window(9 * HOUR + 1, 12 * HOUR))
    other = Alternative(place=4, windows=windows, service_s=60, allowed_vehicles=("a",))
    task = a_task(1, windows=(Window(0, 24 * HOUR),), alternatives=(other,))
    vehicles = [a_vehicle("b"), a_vehicle("a")]
    told = {"order": [(1, 1)], "vehicles": vehicles, "hold": Hold.PROMISED}
    left = task_left(task, **told)
    assert (left.place, left.service_s, left.alternatives) == (4, 60, ())
    assert left.windows == windows[1:]
    assert left.allowed_vehicles == ("a",)
    home = task_left(task, order=[(1, 0)], vehicles=vehicles, hold=Hold.PROMISED)
    assert (home.place, home.windows, home.alternatives) == (1, task.windows, ())


def test_answer_names_the_alternative_of_the_task_itself():
    task = a_task(1, 9, alternatives=(Alternative(place=1),))
    day = a_problem([task])
    plan = routing.solve(day, AT_ONCE)
    (tour,) = plan.tours
    step = replace(tour.tasks[0], alternative=1, place=1)
    plan = replace(plan, tours=(replace(tour, steps=(tour.steps[0], step, tour.steps[-1])),))
    found = repair(day, plan, Events(now_s=8 * HOUR, lock=Hold.PROMISED), QUICK)
    assert found.whole.tours[0].tasks[0].alternative == 1
    assert found.whole.tours[0].tasks[0].place == 1


def test_price_of_a_change_is_the_day_s_own_where_it_has_one():
    day = a_problem([a_task(1)], [a_vehicle("v")])
    plan = routing.solve(day, AT_ONCE)
    rest = _start(day, plan, Events(now_s=0), QUICK).rest
    assert rest.problem.tuning.stability.per_change == round(0.15 * plan.summary.cost)
    told = replace(day, tuning=Tuning(stability=Stability(plan={}, per_change=7)))
    rest = _start(told, plan, Events(now_s=0), QUICK).rest
    assert rest.problem.tuning.stability.per_change == 7
    assert rest.problem.tuning.stability.plan == {1: "v"}


# ---- the whole day ---------------------------------------------------------------------------


def test_past_is_over_when_the_vehicle_is_free_and_travel_is_added_up():
    day = a_problem([a_task(1, 2), a_task(2, 4)])
    plan = routing.solve(day, AT_ONCE)
    first, second = plan.tours[0].tasks
    state = VehicleState(id="v", done=(first.id,), at=first.place, free_at_s=first.end_s - 600)
    happened = Events(now_s=first.end_s - 600, vehicles=(state,))
    found = repair(day, plan, happened, QUICK)
    (tour,) = found.whole.tours
    assert [step.id for step in tour.tasks] == [first.id, second.id]
    assert tour.tasks[0].end_s == first.end_s - 600
    assert tour.tasks[1].start_s == second.start_s - 600
    assert tour.travel_s == plan.tours[0].travel_s
    assert tour.distance_m == plan.tours[0].distance_m
    assert found.whole.summary.assigned == 2


def test_vehicle_with_nothing_left_goes_home():
    day = a_problem([a_task(1, 2)])
    plan = routing.solve(day, AT_ONCE)
    state = VehicleState(id="v", done=(1,), at=2, free_at_s=12 * HOUR)
    found = repair(day, plan, Events(now_s=12 * HOUR, vehicles=(state,)), QUICK)
    (tour,) = found.whole.tours
    assert found.solution.tours == ()
    assert (tour.steps[-1].arrival_s, tour.travel_s) == (12 * HOUR + 2 * STEP_S, 4 * STEP_S)


def test_reason_of_a_broken_promise_is_told():
    day = a_problem([a_task(1, 5, windows=(Window(8 * HOUR, 10 * HOUR),))])
    plan = routing.solve(day, AT_ONCE)
    late = VehicleState(id="v", free_at_s=10 * HOUR)
    found = repair(day, plan, Events(now_s=9 * HOUR, vehicles=(late,)), QUICK)
    assert found.solution.summary.required_unserved == 1
    (entry,) = found.solution.unassigned
    assert [reason.code for reason in entry.reasons] == [ReasonCode.OUTSIDE_SHIFT]
