"""Tails of routes change places where that is shorter and no rule is against it."""

from dataclasses import replace

import numpy as np
import pytest

import routing
from routing.search.acts import anneal
from routing.search.climb import Climb
from routing.search.effort import Effort
from routing.tables import tables_of

_HALF = 12
_COUNT = 4 * _HALF
"""Two streets of 24 tasks, one after another; in the middle of the day the routes change streets."""
_COLD = Effort(hot=1.0, cold=1.0, mean_removed=1.0, longest=1.0, offered=0.0, tails=1.0)


def streets(**vehicle) -> routing.Problem:
    """Each task has its minute, k steps along its street; no crew can be in both streets at one time."""
    place = [(0, 0), *((step, 50 * street) for street in range(2) for step in range(2 * _HALF))]
    x, y = np.array(place).T
    seconds = 10 * (np.abs(x[:, None] - x) + np.abs(y[:, None] - y))
    return routing.Problem(
        tasks=tuple(
            routing.Task(
                id=number,
                place=number,
                service_s=60,
                required=True,
                windows=(routing.Window(1000 * (1 + step), 1000 * (1 + step) + 400),),
            )
            for number, step in enumerate([*range(2 * _HALF)] * 2, 1)
        ),
        vehicles=tuple(
            routing.Vehicle(
                id=number, start=0, end=0, shift=routing.Window(0, 1000 * _COUNT), **vehicle
            )
            for number in range(2)
        ),
        matrices={"car": routing.Matrix(durations=seconds)},
    )


CROSSED = [
    [*range(_HALF), *range(3 * _HALF, 4 * _HALF)],
    [*range(2 * _HALF, 3 * _HALF), *range(_HALF, 2 * _HALF)],
]
STRAIGHT = [[*range(2 * _HALF)], [*range(2 * _HALF, 4 * _HALF)]]


def with_task(problem: routing.Problem, other: routing.Task) -> routing.Problem:
    tasks = tuple(other if task.id == other.id else task for task in problem.tasks)
    return replace(problem, tasks=tasks)


def after(problem: routing.Problem, routes, effort: Effort, *, iterations: int = 400):
    tables = tables_of(problem)
    climb = Climb(tables, seed=1, threads=1)
    climb.adopt(routes)
    assert climb.routes == routes, "the plan to begin with breaks a rule"
    anneal(climb.day, climb.state, iterations, 1.0, effort)
    return climb.routes


def test_crossed_routes_are_uncrossed_in_one_step() -> None:
    assert after(streets(), CROSSED, _COLD) == STRAIGHT


def test_single_tasks_alone_do_not_uncross_them() -> None:
    assert after(streets(), CROSSED, replace(_COLD, tails=0.0)) == CROSSED


def test_a_crew_takes_no_tail_that_it_may_not_serve() -> None:
    problem = streets()
    own = problem.tasks[CROSSED[1][-1]]
    bound = replace(own, allowed_vehicles=(1,))
    assert own.id - 1 in after(with_task(problem, bound), CROSSED, _COLD)[1]


@pytest.mark.parametrize("most", [2 * _HALF, 2 * _HALF + 1])
def test_no_route_becomes_longer_than_its_bound(most: int) -> None:
    uneven = [CROSSED[0][:-1], CROSSED[1]]
    routes = after(streets(max_tasks=most), uneven, _COLD)
    assert max(map(len, routes)) <= most


def test_a_promised_sequence_stays_where_it_is() -> None:
    problem = streets()
    own = problem.tasks[CROSSED[0][_HALF]]
    bound = replace(own, lock=routing.Lock(position=_HALF + 1))
    routes = after(with_task(problem, bound), CROSSED, _COLD)
    assert routes[0][: _HALF + 1] == CROSSED[0][: _HALF + 1]


# ---- what lies behind a stop goes to a crew that has nothing to do ---------------------------


def one_street_after_the_other(crews: int = 2, **last) -> routing.Problem:
    """Two streets of twelve tasks, the second one later; whoever is done goes home from where they are."""
    place = [(0, 0), *((step, 50 * street) for street in range(2) for step in range(_HALF))]
    x, y = np.array(place).T
    seconds = 10 * (np.abs(x[:, None] - x) + np.abs(y[:, None] - y))
    tasks = [
        routing.Task(
            id=number,
            place=number,
            service_s=60,
            required=True,
            windows=(routing.Window(1000 * number, 1000 * number + 400),),
        )
        for number in range(1, 2 * _HALF + 1)
    ]
    tasks[-1] = replace(tasks[-1], **last)
    shift = routing.Window(0, 1000 * _COUNT)
    return routing.Problem(
        tasks=tuple(tasks),
        vehicles=tuple(
            routing.Vehicle(id=number, start=0, end=None, shift=shift) for number in range(crews)
        ),
        matrices={"car": routing.Matrix(durations=seconds)},
    )


JOINED = [[*range(2 * _HALF)], []]
SPLIT = [[*range(_HALF)], [*range(_HALF, 2 * _HALF)]]


def test_an_unused_crew_takes_the_second_street() -> None:
    assert after(one_street_after_the_other(), JOINED, _COLD) == SPLIT


def test_single_tasks_alone_do_not_open_its_route() -> None:
    problem = one_street_after_the_other()
    assert after(problem, JOINED, replace(_COLD, tails=0.0)) == JOINED


def test_a_crew_that_may_not_serve_it_all_takes_none() -> None:
    problem = one_street_after_the_other(allowed_vehicles=(0,))
    assert (2 * _HALF - 1) in after(problem, JOINED, _COLD)[0]


def test_without_an_unused_crew_the_route_stays_whole() -> None:
    problem = one_street_after_the_other(crews=1)
    assert after(problem, JOINED[:1], _COLD) == JOINED[:1]
