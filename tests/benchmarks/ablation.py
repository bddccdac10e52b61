"""What each stage of planning pays: `python -m tests.benchmarks.ablation [--seconds S] [--days N]`.

N generated days of mixed sizes are planned with each stage that has a part in them and without it:
same day, same seconds, threads and seed. The table says by how much a plan is worse without the
stage; one that pays has a median above zero and more wins than losses. Results are kept as they
come, so a run that was cut short goes on where it was.

A stage is left out by the fields of `Effort`, or by what the search is asked. The generous
iterations are a constant of a compiled kernel and can't be left out here.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from statistics import median
from time import monotonic
from typing import Any

import numpy as np

from routing import Problem, Solution
from routing.model import Polish, polish
from routing.pairing import CrewRules, Member, form_groups, score
from routing.problem import Uncertainty, Window
from routing.record import record, routes_of
from routing.search.climb import Climb
from routing.search.effort import Effort, effort_for
from routing.tables import tables_of
from tests.benchmarks import cases, ours
from tests.benchmarks.cases import ROOT
from tests.benchmarks.runs import OURS, THREADS, Result, Run, Store, version_of

RESULTS = ROOT / "var" / "bench" / "ablation.jsonl"
SIZES = ("f_8x120", "t_8x150", "f_20x300", "t_20x400", "f_50x800")
FIRST_SEED = 501
STRAY = Uncertainty(travel_cv=0.35, service_cv=0.5, samples=100, late_cost=3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """A way to plan a day.

    `effort` replaces fields of the day's `Effort`; `polish` is the share of the time that OR-Tools
    gets. Where `is_late_priced` is given the plan is judged with lateness priced, and it says
    whether the search knew of the price.
    """

    label: str
    effort: Mapping[str, Any] = field(default_factory=dict)
    threads: int = THREADS
    polish: float = 0.0
    is_eager: bool = True
    is_late_priced: bool | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, a plan with it and one without, and the days in which it has a part."""

    name: str
    with_it: How
    without: How
    has_part: Callable[[Effort], bool] = lambda _effort: True


def _is_small(effort: Effort) -> bool:
    return effort.scattered > 0


def _is_large(effort: Effort) -> bool:
    return effort.is_shared


SHIPPED = How(label="shipped")
STAGES = (
    Stage("second thread", SHIPPED, How(label="one thread", threads=1)),
    Stage("cycles", SHIPPED, How(label="one cooling", effort={"cycle": 0})),
    Stage("eager cycles", SHIPPED, How(label="not eager", is_eager=False)),
    Stage("scattered ruins", SHIPPED, How(label="none", effort={"scattered": 0.0}), _is_small),
    Stage(
        "zones of one plan",
        SHIPPED,
        How(label="own plans", effort={"is_shared": False}),
        _is_large,
    ),
    Stage("bounded reach", SHIPPED, How(label="reach all", effort={"reach": 0}), _is_large),
    Stage("offers in part", SHIPPED, How(label="offer all", effort={"offered": 1e6})),
    Stage("OR-Tools' polish, 30 %", How(label="polished", polish=0.3), SHIPPED),
    Stage(
        "price of lateness",
        How(label="late priced", is_late_priced=True),
        How(label="late ignored", is_late_priced=False),
    ),
)


def planned(problem: Problem, how: How, seconds: float, seed: int) -> Solution:
    """Plan a day one way; all within the seconds, but for timing the result."""
    began = monotonic()
    asked = problem
    if how.is_late_priced is not None:
        problem = _straying(problem, STRAY)
        asked = problem if how.is_late_priced else _straying(problem, None)
    tables = tables_of(asked)
    climb = Climb(tables, seed=seed, threads=how.threads)
    if not how.is_eager:
        climb._eager = climb.day
    effort = replace(effort_for(tables, climb.day), **how.effort)
    climb.begin(effort)
    left = (1 - how.polish) * (seconds - (monotonic() - began))
    climb.run(effort, seconds=left, iterations=None, on_epoch=lambda _part: False)
    routes = climb.routes
    if how.polish:
        left = max(0.1, seconds - (monotonic() - began))
        routes = polish(tables, routes, Polish(seconds=left, iterations=None, seed=seed)).routes
    plan = record(tables, routes or climb.routes, how.label)
    judged = tables_of(problem)
    assert plan is not None
    told = record(judged, routes_of(judged, plan), how.label)
    assert told is not None
    return told


def _straying(problem: Problem, how: Uncertainty | None) -> Problem:
    return replace(problem, tuning=replace(problem.tuning, uncertainty=how))


def days(count: int) -> list[str]:
    """Names of the generated days, sizes mixed, seeds of their own."""
    return [f"own/{SIZES[n % len(SIZES)]}_g{FIRST_SEED + n}" for n in range(count)]


@cache
def _day(name: str) -> tuple[Problem, Effort]:
    problem = ours.problem_of(cases.load(name))
    tables = tables_of(problem)
    return problem, effort_for(tables, Climb(tables, seed=1, threads=1).day)


def result(store: Store, name: str, how: How, seconds: float) -> Result:
    """Return what a way made of a day, planning it unless it was planned before."""
    run, version = Run(OURS, name, seconds, task=how.label), version_of(OURS)
    known = store.find(run, version)
    if known is not None:
        return known
    began = monotonic()
    total = planned(_day(name)[0], how, seconds, run.seed).summary
    found = Result(
        run=run,
        version=version,
        wall=monotonic() - began,
        value=total.objective + total.soft_cost,
        detail={"unserved": total.required_unserved},
    )
    store.add(found)
    return found


def change(with_it: Result, without: Result) -> float:
    """By how many hundredths a plan is worse without a stage; a required task outweighs all."""
    more = without.detail["unserved"] - with_it.detail["unserved"]
    if more:
        return 100.0 * more
    assert with_it.value is not None
    assert without.value is not None
    return 100.0 * (without.value - with_it.value) / max(1.0, with_it.value)


def line(name: str, changes: Sequence[float]) -> str:
    """Return a stage's line of the table."""
    if not changes:
        return f"| {name} | 0 | | | | |"
    wins, losses = sum(one > 0 for one in changes), sum(one < 0 for one in changes)
    spread = f"{min(changes):+.2f} to {max(changes):+.2f}"
    return f"| {name} | {len(changes)} | {median(changes):+.2f} | {spread} | {wins} | {losses} |"


def crews(rosters: int) -> list[float]:
    """By how many hundredths crews are worse where the best pair goes first, not CP-SAT's way."""
    wishes = dict.fromkeys(("zh", "en", "yue"), 1.0) | dict.fromkeys("fm", 2.0)
    rules = CrewRules(least_s=7200, wishes=wishes, per_hour=1.0, per_km=0.1)
    told = []
    for seed in range(FIRST_SEED, FIRST_SEED + rosters):
        rng = np.random.default_rng(seed)
        team = {number: _member(rng, number) for number in range(40)}
        best = _points(
            [[team[int(x)] for x in group] for group in form_groups(list(team.values()), rules)],
            rules,
        )
        first = _points(_best_pair_first(list(team.values()), rules), rules)
        told.append(100.0 * (best - first) / max(1, first))
    return told


def _member(rng: np.random.Generator, number: int) -> Member:
    begin = 28_800 + 1800 * int(rng.integers(0, 5))
    traits = {str(rng.choice(["zh", "en", "yue"])), str(rng.choice(["f", "m"]))}
    east, north = rng.uniform(-15, 15, 2)
    hours = Window(begin, begin + 3600 * int(rng.integers(4, 10)))
    return Member(id=number, traits=frozenset(traits), home=(east, north), hours=hours)


def _points(groups: Sequence[Sequence[Member]], rules: CrewRules) -> int:
    return sum(score(group, rules) for group in groups)


def _best_pair_first(team: Sequence[Member], rules: CrewRules) -> list[tuple[Member, Member]]:
    free, formed = set(team), []
    for pair in sorted(combinations(team, 2), key=lambda pair: -score(pair, rules)):
        shared = min(one.hours.end_s for one in pair) - max(one.hours.start_s for one in pair)
        if free.issuperset(pair) and shared >= rules.least_s:
            formed.append(pair)
            free.difference_update(pair)
    return formed


def table(store: Store, names: Sequence[str], seconds: float) -> Iterator[str]:
    """Plan what is not planned yet and give the table's lines, each as soon as it is known."""
    yield "| without … | days | median worse, % | from – to | wins | losses |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for stage in STAGES:
        own = [name for name in names if stage.has_part(_day(name)[1])]
        changes = [
            change(
                result(store, name, stage.with_it, seconds),
                result(store, name, stage.without, seconds),
            )
            for name in own
        ]
        yield line(stage.name, changes)
    yield line("CP-SAT for crews (points)", crews(len(names)))


def main() -> None:
    """Read the options, plan, and print the table."""
    options = argparse.ArgumentParser(description="What each stage of planning pays.")
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--days", type=int, default=20)
    given = options.parse_args()
    ours.warm_up(THREADS)
    print(f"{given.days} days, {given.seconds:g} s each, {THREADS} threads\n")
    for told in table(Store(RESULTS), days(given.days), given.seconds):
        print(told, flush=True)


if __name__ == "__main__":
    main()
