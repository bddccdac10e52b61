"""A conflict can't be served, each part of it can: by proof, by a checked plan, by brute force."""

from dataclasses import replace
from itertools import combinations, permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from routing import Lock, Skill, Window
from routing.conflict import conflict, find_conflict
from routing.evaluate import evaluate
from routing.servable import Verdict, serve_together
from routing.tables import tables_of
from tests.support.full_problems import full_problem
from tests.support.problems import HOUR, a_lunch, a_problem, a_task, a_vehicle, an_optional_task

NINE = Window(9 * HOUR, 9 * HOUR)
LONG = 60.0


def at_nine(name, place=1, **over):
    return a_task(name, place, windows=(NINE,), **over)


def can_serve(tables, tasks):
    """Try every way to spread the tasks over vehicles, in every order, with any others between."""
    chosen = [tables.options_of[task] for task in range(tables.task_count)]
    optional = [task for task in range(tables.task_count) if task not in tasks]
    for size in range(len(optional) + 1):
        for more in combinations(optional, size):
            for options in product(*(chosen[task] for task in (*tasks, *more))):
                if _fits(tables, options):
                    return True
    return False


def _fits(tables, options):
    for vehicles in product(range(len(tables.crews)), repeat=len(options)):
        routes = [
            [option for option, own in zip(options, vehicles, strict=True) if own == crew.index]
            for crew in tables.crews
        ]
        if all(
            any(evaluate(tables, crew, order) is not None for order in permutations(route))
            for crew, route in zip(tables.crews, routes, strict=True)
        ):
            return True
    return False


def test_two_visits_at_one_time_and_one_vehicle():
    problem = a_problem([a_task(0, 1), at_nine(1), at_nine(2, 4), an_optional_task(3, 2)])
    found = find_conflict(problem, 2, seconds=LONG)
    assert found.tasks == (1, 2)
    for name, witness in zip(found.tasks, found.witnesses, strict=True):
        served = {step.id for tour in witness.tours for step in tour.tasks}
        assert {1, 2} - {name} <= served
        assert routing.check(problem, witness) == ()


def test_a_task_that_nobody_can_serve_is_a_conflict_of_its_own():
    problem = a_problem([a_task(1, 1), a_task(2, 2, skills=(Skill("zh"),))])
    assert conflict(problem, 2, seconds=LONG) == (2,)


def test_three_visits_for_two_vehicles():
    crews = [a_vehicle("a"), a_vehicle("b")]
    tasks = [at_nine(1), at_nine(2), at_nine(3), a_task(4, 5), a_task(5, 6)]
    assert conflict(a_problem(tasks, crews), 3, seconds=LONG) == (1, 2, 3)


def test_breaks_and_bounds_are_part_of_a_conflict():
    noon = Window(12 * HOUR, 12 * HOUR)
    lunch = a_lunch(end=12 * HOUR, duration_s=HOUR)
    problem = a_problem([a_task(1, 0, windows=(noon,))], [a_vehicle(breaks=(lunch,))])
    assert conflict(problem, 1, seconds=LONG) == (1,)
    few = a_problem([a_task(name, name) for name in range(1, 4)], [a_vehicle(max_tasks=2)])
    assert len(conflict(few, 3, seconds=LONG)) == 3


def test_another_place_resolves_a_conflict():
    from routing.problem import Alternative

    problem = a_problem([at_nine(1), at_nine(2)])
    afternoon = Alternative(place=3, windows=(Window(15 * HOUR, 16 * HOUR),))
    free = replace(
        problem, tasks=(problem.tasks[0], replace(problem.tasks[1], alternatives=(afternoon,)))
    )
    assert conflict(problem, 2, seconds=LONG) == (1, 2)
    found = find_conflict(free, 2, seconds=LONG)
    assert found.tasks == ()
    assert found.reason == "the task can be served beside those that compete with it most"


def test_without_time_nothing_is_claimed():
    problem = a_problem([at_nine(1), at_nine(2)])
    assert find_conflict(problem, 2, seconds=0).tasks == ()
    assert find_conflict(problem, 2, seconds=0).reason == "not settled in time"
    assert conflict(problem, 99, seconds=1) == ()


def test_promised_order_without_others_is_not_called_impossible():
    problem = a_problem([a_task(1, 1, lock=Lock(position=2)), an_optional_task(2, 2)])
    answer = serve_together(tables_of(problem), [0], seconds=LONG)
    assert answer.verdict is Verdict.UNKNOWN


@settings(max_examples=12)
@given(seed=st.integers(0, 10**6))
def test_verdicts_agree_with_brute_force(seed):
    problem = full_problem(seed)
    problem = replace(problem, tasks=problem.tasks[:4], tuning=routing.problem.Tuning())
    tables = tables_of(problem)
    tasks = [task for task in range(tables.task_count) if task % 2 == 0]
    answer = serve_together(tables, tasks, seconds=LONG)
    if answer.verdict is Verdict.YES:
        assert routing.check(problem, answer.witness) == ()
    if answer.verdict is Verdict.NO:
        assert not can_serve(tables, tasks)
