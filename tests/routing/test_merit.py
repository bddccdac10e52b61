from hypothesis import given, settings
from hypothesis import strategies as st

from routing import Window
from routing.evaluate import evaluate
from routing.merit import Merit
from routing.record import record
from routing.tables import tables_of
from tests.support.full_problems import full_problem, some_plan
from tests.support.problems import HOUR, a_problem, a_task

MORNING = Window(0, 9 * HOUR)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_total_orders_plans_as_the_summary_does(seed):
    problem = full_problem(seed)
    tables = tables_of(problem)
    merit = Merit(tables)
    plans = [some_plan(tables, seed), some_plan(tables, seed + 1), [[] for _ in tables.crews]]
    totals = [merit.total(plan) for plan in plans]
    summaries = [record(tables, plan, "x").summary for plan in plans]
    rounding = len(problem.vehicles)  # each tour's cost is told in whole units
    for one, two in ((0, 1), (0, 2)):
        if summaries[one].required_unserved < summaries[two].required_unserved:
            assert totals[one] < totals[two]
        if summaries[one].required_unserved == summaries[two].required_unserved:
            told = sum(
                sign * (own.objective + own.soft_cost)
                for sign, own in ((1, summaries[one]), (-1, summaries[two]))
            )
            same_required = {
                e.task for e in record(tables, plans[one], "x").unassigned if e.required
            }
            if same_required == {
                e.task for e in record(tables, plans[two], "x").unassigned if e.required
            }:
                apart = (totals[one] - totals[two]) / tables.grain
                assert abs(apart - told) <= rounding


def test_what_cannot_be_kept_is_left_out_and_no_more():
    problem = a_problem([a_task(1, 2), a_task(2, 9, windows=(MORNING,)), a_task(3, 4)])
    tables = tables_of(problem)
    merit = Merit(tables)
    assert merit.total([[0, 1, 2]]) is None
    assert merit.mended([[0, 1, 2]]) == [[0, 2]]
    assert merit.mended([[0, 2]]) == [[0, 2]]
    assert evaluate(tables, tables.crews[0], [0, 2]) is not None
