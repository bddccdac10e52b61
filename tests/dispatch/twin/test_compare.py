"""Figures add up; a difference is told apart from chance only where it is one."""

from collections import Counter

import pytest

from dispatch.twin.chance import Chance
from dispatch.twin.compare import compare
from dispatch.twin.ledger import MEASURES, Ledger, figures
from dispatch.twin.people import ZONE, case_rows
from dispatch.twin.report import as_html, as_json
from dispatch.twin.run import FIRST
from dispatch.twin.world import World


def days_of(seed: int, *, extra: int = 0) -> list[Counter[str]]:
    chance = Chance(seed)
    return [
        Counter(
            calls=10,
            met=6 + extra + round(chance.between(-2, 2, day)),
            settled=5,
            messages=12,
            travel_s=7200,
            kept=4,
            late=chance.happens(0.1, day, "late"),
        )
        for day in range(40)
    ]


def test_figures_are_sums_and_ratios_of_counts() -> None:
    told = figures([Counter(kept=3, late=1, called_off=4), Counter(calls=2, travel_s=600)])
    assert (told["kept"], told["called_off"], told["travel"]) == (75.0, 50.0, 5.0)
    assert (told["calls"], told["contacts"], told["settled"]) == (2.0, 0.0, 0.0)
    assert told.keys() == MEASURES.keys()


def test_a_difference_is_one_where_there_is_one() -> None:
    runs = {"ours": days_of(1, extra=2), "other": days_of(1), "same": days_of(1, extra=2)}
    found = compare(runs)
    apart = found.differences["other"]["at_home"]
    assert apart.is_apart
    assert apart.value == pytest.approx(-20, abs=1)
    assert apart.low <= apart.value <= apart.high
    assert not found.differences["same"]["at_home"].is_apart
    assert found.means["ours"]["at_home"].low < found.means["ours"]["at_home"].value


def test_a_case_is_settled_once() -> None:
    ledger = Ledger()
    ledger.settle("P-1", FIRST, by_visit=False)
    ledger.settle("P-1", FIRST, by_visit=True)
    assert (ledger.on(FIRST)["settled"], ledger.on(FIRST)["avoided"]) == (1, 1)


def test_the_report_says_what_is_assumed_and_names_every_measure() -> None:
    runs = {"ours": days_of(1), "nearest": days_of(2)}
    page = as_html(runs, World(seed=1), crews=3)
    for measure in MEASURES.values():
        assert f"<h2>{measure.does}</h2>" in page
    assert "What is assumed" in page
    assert page.count("<svg") == len(MEASURES)
    told = as_json(runs, compare(runs), World(seed=1), days=40)
    assert told["world"]["travel_cv"] == 0.2
    assert len(told["days"]["ours"]) == 40


def test_people_are_invented_alike_in_every_policy() -> None:
    once = case_rows(range(1, 9), chance=Chance(5), today=FIRST)
    assert once == case_rows(range(1, 9), chance=Chance(5), today=FIRST)
    assert len({row["lat"] for row in once}) == 8
    assert ZONE == "Asia/Shanghai"
