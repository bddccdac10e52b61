"""The page: promises beside figures, tables, data."""

import csv
import io

from tests.benchmarks import gates, tables
from tests.benchmarks.runs import Result, Run

DAY = "own/t_20x400_g1"


def field(solver, limit, value, seed=1, instance=DAY, **detail):
    detail = {
        "required_missed": 0, "prize": 1000, "travel": 600, "served": 9, "dropped": 0,
        "bound": 1000, **detail,
    }  # fmt: skip
    return Result(
        run=Run(solver, instance, limit, seed), version="1", rss_mb=200, value=value, detail=detail
    )


def gate(results, work):
    return next(g for g in gates.gates(results) if g.work.startswith(work))


def test_without_results_nothing_is_claimed():
    assert {g.reached for g in gates.gates([])} == {None}


def test_every_seed_must_beat_the_best_peer():
    peers = [field("vroom", 30, 100), field("pyvrp", 30, 90)]
    assert gate([*peers, field("ours", 10, 89)], "field days").reached is True
    told = gate([*peers, field("ours", 10, 80), field("ours", 10, 91, seed=2)], "field days")
    assert told.reached is False
    assert "1 of 2 runs" in told.measured
    assert DAY in told.measured


def test_peer_that_missed_a_promise_is_beaten_by_one_that_did_not():
    results = [field("vroom", 30, 50, required_missed=1), field("ours", 10, 99)]
    assert gate(results, "field days").reached is True


def test_prize_is_compared_with_the_best_peer_that_keeps_promises():
    results = [
        field("ours", 30, 1, prize=1050),
        field("pyvrp", 30, 1, prize=1000),
        field("vroom", 30, 1, prize=1300, required_missed=2),
    ]
    assert gate(results, "t_20x400").measured == "1.050 ×"
    assert gate(results, "t_20x400").reached is True


def test_bound_and_driving_where_visits_bind():
    day = "own/f_8x120_g1"
    results = [
        field("ours", 30, 1, instance=day, prize=999, travel=800),
        field("vroom", 30, 1, instance=day, travel=1000),
    ]
    found = {g.target: g for g in gates.gates(results) if g.work.startswith("f_ days")}
    assert [g.reached for g in found.values()] == [False, True]


def test_one_missed_or_dropped_visit_breaks_the_promise():
    assert gate([field("ours", 1, 1)], "required").reached is True
    assert gate([field("ours", 1, 1, required_missed=1)], "required").reached is False
    assert gate([field("ours", 1, 1, dropped=1)], "required").reached is False


def test_timings_are_judged():
    def timed(task, **detail):
        run = Run("ours", "field/f_50x800_s1", 1, 1, task)
        return Result(run=run, version="1", detail={"worst": 1, "repeats": 1, **detail})

    assert gate([timed("first_plan", seconds=0.2)], "first").reached is True
    assert gate([timed("quote", seconds=0.2)], "quote").reached is False
    good = {
        "seconds": 0.3, "objective": 1009, "fresh_objective": 1000, "moved_percent": 3.0,
        "required_unserved": 1, "fresh_required_unserved": 1,
    }  # fmt: skip
    assert gate([timed("repair", **good)], "repair f_50x800").reached is True
    assert gate([timed("repair", **good | {"moved_percent": 11})], "repair").reached is False
    assert gate([timed("repair", **good | {"required_unserved": 2})], "repair").reached is False
    assert gate([], "repair").reached is None


def test_gaps_are_compared_on_the_same_instances(monkeypatch):
    monkeypatch.setattr(gates, "best_known", lambda name: 1000.0)

    def tour(solver, name, value):
        return Result(run=Run(solver, name, 10), version="1", value=value, detail={})

    results = [
        tour("ours", "solomon/R1", 1004), tour("pyvrp", "solomon/R1", 1010),
        tour("ours", "solomon/R2", 1900),
    ]  # fmt: skip
    told = gate(results, "Solomon")
    assert (told.reached, told.measured) == (True, "0.40 % against 1.00 % (1 instances)")


def test_page_says_reached_and_not_reached_plainly():
    results = [field("ours", 10, 80), field("vroom", 30, 100), field("ours", 1, 9, dropped=2)]
    page = tables.page(results, "A machine, 2 cores", {"ours": "abc"}, 2)
    assert "| field days, 10 s |" in page
    assert "| reached |" in page
    assert "| **not reached** |" in page
    assert "| not measured |" in page
    assert "A machine, 2 cores. ours abc." in page


def test_medians_and_ranges_over_seeds():
    runs = [field("ours", 10, value, seed) for seed, value in enumerate((90, 80, 100), 1)]
    row = next(line for line in tables.field_table(runs).splitlines() if DAY in line)
    assert "| 3 | 0 | 90 | 80–100 |" in row


def test_anytime_is_read_off_the_longest_run_or_separate_runs():
    long = Result(
        run=Run("ours", DAY, 30), version="1", value=5,
        detail={"required_missed": 0}, curve=[(0.5, 9), (2.0, 7), (20.0, 5)],
    )  # fmt: skip
    results = [long, field("ours", 10, 6), field("vroom", 1, 50), field("vroom", 10, 40)]
    found = tables.anytime(results)
    assert found[DAY, "ours"] == {1: 9, 3: 7, 10: 7, 30: 5}
    assert found[DAY, "vroom"] == {1: 50, 10: 40}


def test_faults_are_listed():
    bad = Result(run=Run("vrp-cli", DAY, 30), version="absent", fault="not installed")
    assert "| not installed |" in tables.fault_table([bad])
    assert tables.fault_table([field("ours", 1, 1)]) == ""


def test_data_has_a_line_for_each_run():
    rows = list(csv.DictReader(io.StringIO(tables.as_csv([field("ours", 10, 80)]))))
    assert [(row["solver"], row["limit_s"], row["value"]) for row in rows] == [
        ("ours", "10", "80")
    ]
