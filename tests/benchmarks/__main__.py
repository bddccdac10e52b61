"""The bench: `python -m tests.benchmarks quick|full`, or `page` to write the page from what is there.

`make bench` and `make bench-full` install the peers first. Finished runs are kept in
var/bench/results.jsonl and not done again; `--again` does.
"""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from tests.benchmarks import plans, tables
from tests.benchmarks.cases import FOLDER, ROOT, InstanceMissing, load
from tests.benchmarks.runs import OURS, THREADS, Result, Run, Store, execute, key_of, version_of

_RESULTS = ROOT / "var" / "bench" / "results.jsonl"
_PAGES = ROOT / "docs" / "benchmarks"
_PEERS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"


def main(arguments: Sequence[str] | None = None) -> None:
    """Plan, run, write."""
    asked = _parser().parse_args(arguments)
    chosen = plans.representative() if asked.what == "quick" else plans.everything()
    runs = plans.selected(chosen, asked.only, asked.seeds, asked.limit, asked.solver)
    if asked.at_most:
        runs = plans.shortened(runs, asked.at_most)
    store = Store(_RESULTS)
    if asked.what != "page":
        there = [run for run in runs if _is_there(run)]
        due = [
            run for run in there if asked.again or store.find(run, version_of(run.solver)) is None
        ]
        tell_plan(due, len(there))
        if asked.dry_run:
            return
        done_all(due, store)
    wanted = {key_of(run, version_of(run.solver)) for run in runs}
    results = [r for r in store if r.key in wanted or asked.what == "page"]
    results = current(results)
    print("\n" + tables.gate_table(results))
    if not asked.no_page:
        write_page(results)


def current(results: Sequence[Result]) -> list[Result]:
    """Return the results of the versions at hand."""
    return [r for r in results if r.version == version_of(r.run.solver)]


def tell_plan(due: Sequence[Run], there: int) -> None:
    """Print what will be done and about how long it takes."""
    by_solver: dict[str, float] = {}
    for run in due:
        by_solver[run.solver] = by_solver.get(run.solver, 0.0) + plans.estimated_s(run)
    print(f"{there} runs, {there - len(due)} of them done before.")
    for solver, seconds in by_solver.items():
        count = sum(run.solver == solver for run in due)
        print(f"  {solver:8} {version_of(solver):12} {count:5} runs {seconds / 60:7.1f} min")
    print(f"  in all {sum(by_solver.values()) / 60:30.1f} min", flush=True)


def done_all(due: Sequence[Run], store: Store) -> None:
    """Do the runs one after another; each is kept as soon as it ends."""
    began = monotonic()
    for number, run in enumerate(due, 1):
        result = execute(run)
        store.add(result)
        print(
            f"[{number}/{len(due)} {(monotonic() - began) / 60:5.1f} min] {line(result)}",
            flush=True,
        )


def line(result: Result) -> str:
    """Return a result in one line."""
    run = result.run
    head = f"{run.solver:8} {run.instance:22} {run.limit:4g} s seed {run.seed} {run.task:10}"
    if result.fault:
        return f"{head} {result.fault}"
    if run.task != "solve":
        return f"{head} {json.dumps(result.detail)}"
    missed = result.detail.get("required_missed")
    more = f" missed {missed}" if missed else ""
    return f"{head} {result.value:12,.0f}{more} {result.rss_mb:5} MB"


def write_page(results: Sequence[Result]) -> None:
    """Write the page, the data beside it, and the plots."""
    _PAGES.mkdir(parents=True, exist_ok=True)
    solvers = [OURS, *plans.PEERS]
    versions = {name: version_of(name) for name in solvers}
    page = tables.page(results, machine(), versions, THREADS)
    (_PAGES / "README.md").write_text(page, encoding="utf-8")
    (_PAGES / "results.csv").write_text(tables.as_csv(results), encoding="utf-8")
    curves = _PAGES / "curves.json"
    curves.write_text(json.dumps(tables.curves(results), separators=(",", ":")) + "\n")
    if _PEERS_PYTHON.exists():
        words = [str(_PEERS_PYTHON), "-m", "tests.benchmarks.plots", str(curves), str(_PAGES)]
        subprocess.run(words, cwd=ROOT, check=True)
    print(f"Written: {_PAGES.relative_to(ROOT)}/README.md")


def machine() -> str:
    """Return the processor, the cores and the Python."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [row for row in info.read_text().splitlines() if row.startswith("model name")]
        name = models[0].split(":", maxsplit=1)[1].strip() if models else name
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _is_there(run: Run) -> bool:
    """Whether the instance can be had; says so when not."""
    if run.instance in _missing:
        return False
    try:
        if run.instance not in _found:
            load(run.instance)
    except InstanceMissing:
        _missing.add(run.instance)
        print(f"SKIPPED: {run.instance}: no such file in {FOLDER.name} (FAIRVISIT_TEST_BENCH).")
        return False
    _found.add(run.instance)
    return True


_missing: set[str] = set()
_found: set[str] = set()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("what", choices=["quick", "full", "page"])
    parser.add_argument("--only", help="instances (or acts) with one of these words in the name")
    parser.add_argument("--seeds", type=int, help="at most so many seeds")
    parser.add_argument("--limit", type=float, action="append", default=[], help="this limit only")
    parser.add_argument("--solver", action="append", default=[], help="this solver only")
    parser.add_argument("--at-most", type=float, help="shorten every limit to this, to try it out")
    parser.add_argument("--again", action="store_true", help="do finished runs again")
    parser.add_argument("--dry-run", action="store_true", help="print the plan only")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/benchmarks")
    return parser


if __name__ == "__main__":
    main()
