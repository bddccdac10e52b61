"""The ablation: every way to plan gives a plan that keeps the rules, and is told apart from the others."""

import pytest

from routing import check
from tests.benchmarks import ablation, cases, ours
from tests.benchmarks.ablation import STAGES, How, change, days, line, planned, result
from tests.benchmarks.runs import OURS, Result, Run, Store

HOWS = {how.label: how for stage in STAGES for how in (stage.with_it, stage.without)}
RUN = Run(OURS, "own/f_8x120_g1", 1)


def a_result(value, unserved=0):
    return Result(run=RUN, version="a", value=value, detail={"unserved": unserved})


def test_ways_have_labels_of_their_own():
    ways = [how for stage in STAGES for how in (stage.with_it, stage.without)]
    assert all(how == HOWS[how.label] for how in ways)


@pytest.mark.parametrize("how", HOWS.values(), ids=HOWS.keys())
def test_every_way_keeps_the_rules(how):
    problem = ours.problem_of(cases.load("own/t_3x24_g1"))
    plan = planned(problem, how, 0.1, 1)
    judged = problem if how.is_late_priced is None else ablation._straying(problem, ablation.STRAY)
    assert check(judged, plan) == ()


def test_days_are_of_mixed_sizes_and_all_different():
    names = days(20)
    assert len(set(names)) == 20
    assert len({name.split("_g")[0] for name in names}) == len(ablation.SIZES)


def test_a_required_visit_outweighs_any_cost():
    assert change(a_result(100), a_result(104)) == pytest.approx(4)
    assert change(a_result(100), a_result(50, unserved=1)) > 0


def test_a_line_counts_wins_and_losses():
    assert line("x", [1.0, -0.5, 2.0]) == "| x | 3 | +1.00 | -0.50 to +2.00 | 2 | 1 |"


def test_what_was_planned_is_not_planned_again(tmp_path, monkeypatch):
    path = tmp_path / "ablation.jsonl"
    first = result(Store(path), "own/t_3x24_g1", How(label="once"), 0.1)
    monkeypatch.delattr(ablation, "planned")
    assert result(Store(path), "own/t_3x24_g1", How(label="once"), 0.1) == first
