"""The store of results: a bench that was cut short goes on where it was."""

import pytest

from tests.benchmarks import plans
from tests.benchmarks.runs import OURS, Result, Run, Store, thinned

RUN = Run("ours", "own/f_8x120_g1", 10, 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bench" / "results.jsonl"


def result(run=RUN, version="a", **more):
    return Result(run=run, version=version, value=5.0, curve=[(0.5, 7.0)], **more)


def test_finished_run_is_found_again(path):
    Store(path).add(result())
    found = Store(path).find(RUN, "a")
    assert (found.run, found.value, found.key) == (RUN, 5.0, result().key)
    assert [tuple(point) for point in found.curve] == [(0.5, 7.0)]


@pytest.mark.parametrize(
    "other",
    [
        Run("vroom", RUN.instance, 10, 1),
        Run("ours", "own/f_8x120_g2", 10, 1),
        Run("ours", RUN.instance, 30, 1),
        Run("ours", RUN.instance, 10, 2),
        Run("ours", RUN.instance, 10, 1, "quote"),
    ],
)
def test_other_runs_are_due(path, other):
    Store(path).add(result())
    assert Store(path).find(other, "a") is None


def test_another_version_is_due(path):
    Store(path).add(result())
    assert Store(path).find(RUN, "b") is None


def test_line_cut_short_is_passed_over_and_written_after(path):
    store = Store(path)
    store.add(result())
    with path.open("a") as out:
        out.write('{"run": {"solver": "ou')
    again = Store(path)
    assert len(list(again)) == 1
    again.add(result(Run("ours", RUN.instance, 10, 2)))
    assert len(list(Store(path))) == 2


def test_later_result_of_a_run_wins(path):
    store = Store(path)
    store.add(result(note="first"))
    store.add(result(note="second"))
    assert [r.note for r in Store(path)] == ["second"]


def test_long_curves_are_thinned_but_keep_ends_and_marks():
    curve = [(0.01 * i, 1000.0 - i) for i in range(1, 4000)]
    kept = thinned(curve)
    assert len(kept) <= 60
    assert (kept[0], kept[-1]) == ((0.01, 999.0), (39.99, -2999.0))
    assert (10.0, 0.0) in kept
    assert thinned(curve[:20]) == [(round(at, 3), value) for at, value in curve[:20]]


def test_representative_share_fits_into_twenty_minutes():
    runs = plans.representative()
    assert len(set(runs)) == len(runs)
    assert sum(map(plans.estimated_s, runs)) < 18.5 * 60
    assert {run.solver for run in runs} == {OURS, *plans.PEERS}


def test_everything_holds_days_of_every_size_without_any_file(monkeypatch):
    monkeypatch.setattr(plans, "names", lambda folder: [])
    runs = plans.everything()
    assert {run.seed for run in runs} == {1, 2, 3, 4, 5}
    assert {run.instance for run in runs if run.task == "solve"} >= {
        f"own/{size}_g1" for size in plans.FIELD
    }


def test_runs_are_picked_by_word_seed_limit_and_solver():
    runs = [RUN, Run("pyvrp", "solomon/R104", 10), Run("ours", "own/t_8x150_g1", 30, 3)]
    assert plans.selected(runs, only="field") == [runs[0], runs[2]]
    assert plans.selected(runs, only="solomon,t_8x150") == [runs[1], runs[2]]
    assert plans.selected(runs, seeds=1, limits=[10.0], solvers=["ours"]) == [RUN]


def test_shortened_runs_are_done_once():
    runs = [RUN, Run("ours", RUN.instance, 30, 1), Run("ours", RUN.instance, 1, 1)]
    assert [run.limit for run in plans.shortened(runs, 2.0)] == [2.0, 1]
