"""Worse terms have a price: another place or time is taken where it saves more than it costs."""

import pytest

import routing
from routing import Engine, SolveParams
from routing.problem import Alternative, Objective, Window
from tests.support.problems import HOUR, a_problem, a_task, a_vehicle

MORNING, EVENING = Window(9 * HOUR, 12 * HOUR), Window(17 * HOUR, 18 * HOUR)


def a_day(cost: int, **given):
    """One task for the evening, that may be served in the morning at a price."""
    worse = Alternative(place=1, windows=(MORNING,), cost=cost)
    return a_problem(
        [a_task(1, 1, windows=(EVENING,), alternatives=(worse,), **given)], [a_vehicle()]
    )


@pytest.mark.parametrize("engine", [Engine.SEARCH, Engine.ORTOOLS])
def test_the_price_of_worse_terms_is_part_of_the_objective(engine: Engine) -> None:
    found = {}
    for cost in (0, 500):
        problem = a_problem(
            [
                a_task(
                    1,
                    1,
                    required=True,
                    windows=(Window(0, 1),),  # nobody can be there by then
                    alternatives=(Alternative(place=1, windows=(MORNING,), cost=cost),),
                )
            ],
            [a_vehicle()],
        )
        plan = routing.solve(problem, SolveParams(iterations=50, engine=engine))
        assert routing.check(problem, plan) == ()
        assert plan.summary.assigned == 1
        found[cost] = plan.summary.objective
    assert found[500] - found[0] == 500


@pytest.mark.parametrize("engine", [Engine.SEARCH, Engine.ORTOOLS])
def test_worse_terms_are_taken_only_where_they_pay(engine: Engine) -> None:
    for cost, alternative in ((0, {0, 1}), (10_000, {0})):
        problem = a_day(cost, prize=5_000, required=False)
        plan = routing.solve(problem, SolveParams(iterations=50, engine=engine))
        (step,) = plan.tours[0].tasks
        assert step.alternative in alternative
    dear = a_problem(
        [
            a_task(
                1,
                1,
                required=False,
                prize=5_000,
                windows=(Window(0, 1),),
                alternatives=(Alternative(place=1, windows=(MORNING,), cost=6_000),),
            )
        ],
        [a_vehicle()],
    )
    plan = routing.solve(dear, SolveParams(iterations=50, engine=engine))
    assert plan.summary.assigned == 0
    assert dear.objective is Objective.PRIZES


def test_a_negative_or_broken_price_is_told() -> None:
    for cost in (-1, 1.5, None):
        issues = routing.validate(a_day(cost))
        assert [one.pointer for one in issues] == ["/tasks/0/alternatives/0/cost"]
