"""The clock against brute force, and the insertion test against the clock."""

from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.moments import arrive, leave_by
from routing.solution import StepKind
from routing.tables import tables_of
from routing.timing import lay_out
from routing.units import UNREACHED
from tests.support.problems import (
    HOUR,
    STEP_S,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    problems,
    vehicles,
)


def is_possible(tables, crew, route):
    """Try every way to spread the breaks over the legs, in every order."""
    rests = range(len(crew.rests))
    for order in permutations(rests):
        for legs in product(range(len(route) + 1), repeat=len(crew.rests)):
            if list(legs) == sorted(legs) and walks(tables, crew, route, order, legs):
                return True
    return False


def walks(tables, crew, route, order, legs):
    moment, here = crew.shift_start_s, crew.start
    places = [*(int(tables.place[task]) for task in route), crew.end]
    for leg, place in enumerate(places):
        depart, rested = moment, 0
        for rest in (one for one, at in zip(order, legs, strict=True) if at == leg):
            starts = [max(moment, a) for a, b in crew.rests[rest].spans if moment <= b]
            if not starts:
                return False
            moment = min(starts) + crew.rests[rest].duration_s
            rested += crew.rests[rest].duration_s
        moment = max(moment, depart + rested + int(crew.travel.seconds[here, place]))
        if leg < len(route):
            task = tables.problem.tasks[route[leg]]
            spans = tables.spans[route[leg]]
            starts = [max(moment, a) for a, b in spans if moment <= b]
            if not starts:
                return False
            moment = min(starts) + task.service_s + (task.setup_s if place != here else 0)
            if task.latest_end_s is not None and moment > task.latest_end_s:
                return False
        here = place
    return moment <= crew.shift_end_s


@given(problem=problems(max_tasks=4), data=st.data())
def test_route_is_timed_exactly_when_it_is_possible(problem, data):
    tables = tables_of(problem)
    crew = data.draw(st.sampled_from(tables.crews))
    route = data.draw(st.permutations(range(tables.task_count)))
    size = data.draw(st.integers(0, tables.task_count))
    tour = lay_out(tables, crew, route[:size])
    assert (tour is not None) == is_possible(tables, crew, route[:size])


@settings(max_examples=100)
@given(
    vehicle=vehicles("v"),
    depart=st.integers(8 * HOUR, 18 * HOUR),
    limit=st.integers(8 * HOUR, 18 * HOUR),
    travel=st.integers(0, HOUR),
)
def test_latest_departure_is_the_mirror_of_arrival(vehicle, depart, limit, travel):
    crew = tables_of(a_problem([], [vehicle])).crews[0]
    for move in crew.moves:
        latest = leave_by(crew, limit, travel, move.order)
        assert (arrive(crew, depart, travel, move.order) <= limit) == (depart <= latest)
        if latest > -UNREACHED // 2:
            assert arrive(crew, latest + 1, travel, move.order) > limit


def test_start_is_as_late_as_the_first_task_allows():
    problem = a_problem([a_task(1, 2, windows=a_lunch().windows)])
    tables = tables_of(problem)
    tour = lay_out(tables, tables.crews[0], [0])
    assert tour is not None
    assert tour.steps[0].arrival_s == 12 * HOUR - 2 * STEP_S
    assert tour.steps[1].waiting_s == 0


def test_break_splits_travel_and_never_service():
    lunch = a_lunch(start=12 * HOUR, end=12 * HOUR)
    problem = a_problem(
        [a_task(1, 0, service_s=4 * HOUR - 300), a_task(2, 1)], [a_vehicle(breaks=(lunch,))]
    )
    tables = tables_of(problem)
    tour = lay_out(tables, tables.crews[0], [0, 1])
    assert tour is not None
    rest = next(step for step in tour.steps if step.kind is StepKind.BREAK)
    assert (rest.start_s, rest.travel_s) == (12 * HOUR, 300)
    assert tour.tasks[1].arrival_s == 12 * HOUR + 2700 + 300
