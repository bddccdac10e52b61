"""The search prices late arrivals as `routing.uncertainty` tells them of a finished plan."""

from dataclasses import replace

import pytest

import routing
from routing import SolveParams
from routing.problem import Tuning, Uncertainty
from routing.record import record
from routing.search.climb import Climb
from routing.search.effort import effort_for
from routing.tables import tables_of
from tests.support.problems import field_day

DAYS = Uncertainty(travel_cv=0.4, service_cv=0.5, samples=50, late_cost=20_000)


def windy(late_cost):
    return replace(field_day(), tuning=Tuning(uncertainty=replace(DAYS, late_cost=late_cost)))


@pytest.mark.parametrize("seed", range(1, 9))
def test_price_of_a_plan_is_that_of_its_drawn_days(seed):
    problem = windy(20_000)
    tables = tables_of(problem)
    climb = Climb(tables, seed=seed, threads=1)
    effort = effort_for(tables, climb.day)
    climb.begin(effort)
    climb.run(effort, seconds=None, iterations=500, on_epoch=lambda _: False)
    told = record(tables, climb.routes, "search")
    assert told is not None
    assert told.summary.soft_cost > 0
    assert told.summary.required_unserved == 0
    expected = told.summary.objective + told.summary.soft_cost
    assert abs(climb.total / tables.grain - expected) <= len(told.tours)


def test_dear_late_arrivals_are_rarer():
    free = routing.solve(windy(0), SolveParams(iterations=4000))
    dear = routing.solve(windy(20_000), SolveParams(iterations=4000))

    def late(plan):
        steps = [step for tour in plan.tours for step in tour.tasks]
        return sum(1 - step.on_time_probability for step in steps if step.on_time_probability)

    assert late(dear) < late(free)
