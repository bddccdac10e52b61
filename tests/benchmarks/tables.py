"""The page that a bench writes: promises, tables and how it was measured."""

import csv
import io
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tests.benchmarks.cases import best_known, family_of
from tests.benchmarks.gates import gaps_of, gates
from tests.benchmarks.runs import MARKS, OURS, Result
from tests.benchmarks.tours import gap_percent

_ORDER = (OURS, "pyvrp", "vroom", "vrp-cli", "ortools")

_METHOD = """\
## How it was measured

One solver at a time, each run in a process of its own, {threads} cores for all; PyVRP and OR-Tools use one of them. A
limit counts from when the problem is read; validation and tables are charged to ours, the model that OR-Tools, PyVRP, VROOM
and vrp-cli are given is not charged to them. Ours runs in a warm process (compiled kernels loaded). VROOM may end before
its limit; vrp-cli takes whole seconds. Peak memory is the whole process's, instance included.

Every plan is judged by one scorer that shares nothing with `routing`: J = travel seconds + prizes of visits not made;
required visits missed are counted apart and come first. A plan that breaks a rule is repaired by dropping its cheapest
optional visits; drops are counted. Published files use DIMACS rounding: floor(10 × euclid), windows and service × 10;
TOPTW counts the prize alone.

The peers' models: **OR-Tools** LOCAL_CHEAPEST_INSERTION, guided local search and break intervals up to 30 crews,
PARALLEL_CHEAPEST_INSERTION with the lunch cut out of the clock beyond; **PyVRP** one profile for each set of skills,
two windows as an exclusive group, lunch cut out of the clock; **VROOM** native breaks, skills and windows, exploration 5,
priority 100 for required visits and less by prize for the others, one scale after another while there is time, the best
plan counts; **vrp-cli** lunch fixed at 12:30, value first.

Anytime figures of ours, PyVRP and OR-Tools are those they reported during the longest run (ours anneals towards its limit,
so a shorter run is better at its own end than a longer one is there); VROOM's and vrp-cli's are runs of that length.

`make bench` does a representative share in at most twenty minutes, `make bench-full` everything: every finished run is a
line of `var/bench/results.jsonl` and is not done again. `ARGS="--only field --seeds 1 --limit 10"` picks some; days named
`own/…` come from the seed in their name, the others are files of the benchmark folder (FAIRVISIT_TEST_BENCH).
"""


def page(results: Iterable[Result], machine: str, versions: dict[str, str], threads: int) -> str:
    """Return the whole page in Markdown."""
    everything = sorted(results, key=_order)
    solved = [r for r in everything if r.run.task == "solve"]
    field = [r for r in solved if family_of(r.run.instance) == "field" and r.value is not None]
    tours = [r for r in solved if family_of(r.run.instance) != "field" and r.value is not None]
    parts = [
        "# Benchmarks\n\nWritten by `make bench`; do not edit.\n",
        f"{machine}. " + ", ".join(f"{name} {word}" for name, word in versions.items()) + ".\n",
        gate_table(everything),
        field_table(field) if field else "",
        anytime_table(field) if field else "",
        tour_table(tours) if tours else "",
        timing_table(everything),
        fault_table(everything),
        _METHOD.format(threads=threads),
    ]
    return "\n".join(part for part in parts if part)


def gate_table(results: Sequence[Result]) -> str:
    """Return the promised figures beside the measured ones."""
    rows = [(g.work, g.target, g.measured, g.word) for g in gates(results)]
    return _table("## Promised and measured", ("work", "promised", "measured", ""), rows)


def field_table(results: Sequence[Result]) -> str:
    """Return the field days: medians over seeds, with the range of J."""
    rows = []
    for (instance, solver, limit), runs in _grouped(results).items():
        values = [r.value or 0 for r in runs]
        prize = _median(r.detail["prize"] for r in runs)
        bound = runs[0].detail["bound"]
        share = f"{100 * prize / bound:.2f} %" if "/f_" in instance else ""
        spread = f"{min(values):,.0f}–{max(values):,.0f}" if len(values) > 1 else ""
        rows.append(
            (
                instance,
                solver,
                f"{limit:g}",
                len(runs),
                max(r.detail["required_missed"] for r in runs),
                f"{_median(values):,.0f}",
                spread,
                f"{prize:,.0f}",
                share,
                f"{_median(r.detail['travel'] for r in runs) / 60:,.0f}",
                max(r.detail["dropped"] for r in runs),
                max(r.rss_mb for r in runs),
            )
        )
    heads = (
        "day", "solver", "s", "runs", "missed", "J", "range", "prize", "of the bound",
        "travel min", "dropped", "MB",
    )  # fmt: skip
    return _table("## Field days", heads, rows)


def anytime_table(results: Sequence[Result]) -> str:
    """Return J of the best plan known at some moments; a dash where there was none."""
    rows = []
    for (instance, solver), points in anytime(results).items():
        told = [f"{points[mark]:,.0f}" if mark in points else "–" for mark in MARKS]
        rows.append((instance, solver, *told))
    if not rows:
        return ""
    heads = ("day", "solver", *(f"{mark} s" for mark in MARKS))
    return _table("## J at a moment\n\n![J over time](field.svg)", heads, rows)


def anytime(results: Iterable[Result]) -> dict[tuple[str, str], dict[int, float]]:
    """Return the value at each mark by (instance, solver): medians over seeds.

    A solver that tells of its plans is read off its longest runs; the others off runs of that
    length.
    """
    by_pair: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for r in results:
        by_pair[r.run.instance, r.run.solver].append(r)
    found: dict[tuple[str, str], dict[int, float]] = {}
    for pair, runs in by_pair.items():
        longest = max(r.run.limit for r in runs)
        told = [r.curve for r in runs if r.curve and r.run.limit == longest]
        points = _ends(runs) if not told else _read_off(told, longest)
        if points:
            found[pair] = points
    return found


def tour_table(results: Sequence[Result]) -> str:
    """Return the published files: the median gap to the best known value, by solver."""
    by_limit: dict[tuple[str, float], dict[str, float]] = defaultdict(dict)
    for (instance, solver, limit), runs in _grouped(results).items():
        gap = gaps_of(runs).get(instance)
        if gap is not None:
            by_limit[instance, limit][solver] = gap
    solvers = [name for name in _ORDER if any(name in gaps for gaps in by_limit.values())]
    rows: list[tuple[object, ...]] = []
    for (instance, limit), gaps in by_limit.items():
        told = [f"{gaps[name]:.2f}" if name in gaps else "–" for name in solvers]
        rows.append((instance, f"{limit:g}", f"{best_known(instance):,.0f}", *told))
    rows += _means(by_limit, solvers)
    heads = ("instance", "s", "best known", *solvers)
    return _table(
        "## Published files: gap to the best known, %\n\n![Gaps](tours.svg)", heads, rows
    )


def timing_table(results: Sequence[Result]) -> str:
    """Return the single acts of ours."""
    rows = []
    for r in results:
        if r.run.task != "solve" and "seconds" in r.detail:
            took = r.detail
            rows.append(
                (r.run.task.replace("_", " "), r.run.instance, r.run.seed, took["repeats"],
                 f"{took['seconds']:.3f}", f"{took['worst']:.3f}", r.rss_mb)
            )  # fmt: skip
    if not rows:
        return ""
    heads = ("act", "day", "seed", "times", "median s", "worst s", "MB")
    return _table("## Single acts of ours, warm process, after parsing", heads, rows)


def fault_table(results: Sequence[Result]) -> str:
    """Return the runs that gave nothing that counts."""
    rows = [
        (r.run.instance, r.run.solver, f"{r.run.limit:g}", r.run.seed, r.fault)
        for r in results
        if r.fault
    ]
    if not rows:
        return ""
    return _table("## Runs that gave nothing", ("instance", "solver", "s", "seed", "why"), rows)


def as_csv(results: Iterable[Result]) -> str:
    """Return one line a run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ("required_missed", "prize", "travel", "served", "dropped")
    writer.writerow(
        ("task", "instance", "solver", "version", "limit_s", "seed", "wall_s", "peak_mb", "value",
         *heads, "seconds", "fault")
    )  # fmt: skip
    for r in sorted(results, key=_order):
        run = r.run
        detail = [r.detail.get(head, "") for head in heads]
        seconds = r.detail.get("seconds", "")
        writer.writerow(
            (run.task, run.instance, run.solver, r.version, f"{run.limit:g}", run.seed, r.wall,
             r.rss_mb, r.value, *detail, seconds, r.fault or "")
        )  # fmt: skip
    return out.getvalue()


def curves(results: Iterable[Result]) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Return what the plots draw: for each instance and solver (seconds, value), of one seed.

    Values of published files are gaps in per cent.
    """
    by_pair: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for r in results:
        if r.run.task == "solve" and r.value is not None:
            by_pair[r.run.instance, r.run.solver].append(r)
    drawn: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(dict)
    for (instance, solver), runs in sorted(by_pair.items()):
        told = [r for r in runs if r.curve]
        if told:
            points = max(told, key=lambda r: (r.run.limit, -r.run.seed)).curve
        else:
            points = [(float(at), value) for at, value in _ends(runs).items()]
        drawn[instance][solver] = [(at, _drawn(instance, value)) for at, value in points]
    return dict(drawn)


def _drawn(instance: str, value: float) -> float:
    best = best_known(instance)
    if best is None:
        return value
    return round(gap_percent(family_of(instance), value, best), 3)


def _ends(runs: Iterable[Result]) -> dict[int, float]:
    by_limit: dict[float, list[Result]] = defaultdict(list)
    for r in runs:
        if not r.detail.get("required_missed"):
            by_limit[r.run.limit].append(r)
    return {
        int(limit): _median(r.value or 0 for r in by_limit[limit])
        for limit in sorted(by_limit)
        if limit in MARKS
    }


def _read_off(told: Sequence[list[tuple[float, float]]], longest: float) -> dict[int, float]:
    points: dict[int, float] = {}
    for mark in MARKS:
        known = [[value for at, value in curve if at <= mark + 0.1] for curve in told]
        if mark <= longest and all(known):
            points[mark] = _median(values[-1] for values in known)
    return points


def _means(
    by_limit: dict[tuple[str, float], dict[str, float]], solvers: Sequence[str]
) -> list[tuple[object, ...]]:
    """Return a mean for each family and limit, over the instances that a solver did."""
    families: dict[tuple[str, float], list[dict[str, float]]] = defaultdict(list)
    for (instance, limit), gaps in by_limit.items():
        families[instance.split("/", maxsplit=1)[0], limit].append(gaps)
    rows: list[tuple[object, ...]] = []
    for (folder, limit), several in families.items():
        told = []
        for name in solvers:
            values = [gaps[name] for gaps in several if name in gaps]
            told.append(f"**{statistics.mean(values):.2f}** ({len(values)})" if values else "–")
        rows.append((f"mean of {folder}", f"{limit:g}", "", *told))
    return rows


def _grouped(results: Iterable[Result]) -> dict[tuple[str, str, float], list[Result]]:
    groups: dict[tuple[str, str, float], list[Result]] = defaultdict(list)
    for r in sorted(results, key=_order):
        groups[r.run.instance, r.run.solver, r.run.limit].append(r)
    return groups


def _order(r: Result) -> tuple[object, ...]:
    place = _ORDER.index(r.run.solver) if r.run.solver in _ORDER else len(_ORDER)
    return r.run.task != "solve", r.run.instance, r.run.limit, place, r.run.seed


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _table(head: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, "", f"| {' | '.join(columns)} |", "|" + " --- |" * len(columns)]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
