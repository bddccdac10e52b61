"""Which runs make a bench: the share that fits into twenty minutes, and everything."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.benchmarks.cases import FOLDER, names
from tests.benchmarks.runs import OURS, Run, lasts_s

PEERS = ("ortools", "pyvrp", "vroom", "vrp-cli")
_SEEDS = range(1, 6)

FIELD = ("f_8x120", "f_20x300", "f_50x800", "t_8x150", "t_20x400", "t_50x1000")
"""The sizes of field days: `f_` where the cap on visits binds, `t_` where time does."""

_GIVEN = {
    "f_8x120": "f_8x120_s1",
    "f_20x300": "f_20x300_s1",
    "f_50x800": "f_50x800_s1",
    "t_8x150": "t_8x150_s11",
    "t_20x400": "t_20x400_s11",
    "t_50x1000": "t_50x1000_s11",
}

_LARGE = ("own/t_50x1000_g1", "own/t_100x2000_g1", "own/t_200x4000_g1")
"""Days on which the cost of growing is looked at."""

_SOLOMON = ("C204", "R104", "R208", "RC104")
_TOPTW = (
    "c104/2", "r104/2", "r104/4", "rc104/2", "rc108/4",
    "c203/1", "r203/1", "rc203/2", "r109/3", "rc206/1",
)  # fmt: skip
_TOPTW_PYVRP = _TOPTW[1:9:2]

_OVERHEAD_S = 1.5
"""Start of a process, reading and scoring."""

_EARLY = {"toptw": 2.0}
"""Where VROOM ends before its limit."""


def day(size: str) -> str:
    """Return the given day of a size, or a generated one where the files are not there."""
    given = _GIVEN[size]
    return f"field/{given}" if (FOLDER / "field" / f"{given}.json").exists() else f"own/{size}_g1"


def representative() -> list[Run]:
    """Return a share of everything that takes some 18 minutes on two cores."""
    runs = [Run(OURS, day(size), limit) for size in FIELD for limit in (10, 30)]
    runs += [Run(OURS, day(size), 1) for size in ("f_50x800", "t_50x1000")]
    runs += [Run("vroom", day(size), 30) for size in FIELD]
    runs += [Run("pyvrp", day(size), 30) for size in ("t_8x150", "t_20x400", "t_50x1000")]
    runs += [Run("ortools", day("t_20x400"), 30), Run("vrp-cli", day("t_50x1000"), 30)]
    runs += [Run(OURS, "own/f_8x120_g1", 10), Run("vroom", "own/f_8x120_g1", 30)]
    pair = (OURS, "pyvrp")
    runs += [Run(who, f"solomon/{name}", 10) for name in _SOLOMON for who in pair]
    runs += [Run(who, "gh/R1_2_1", 30) for who in pair]
    runs += [Run(who, "gh/RC2_10_2", 60) for who in pair]
    runs += [Run(OURS, f"toptw/{name}", 5) for name in _TOPTW]
    runs += [Run("pyvrp", f"toptw/{name}", 5) for name in _TOPTW_PYVRP]
    runs += [Run("vroom", f"toptw/{name}", 5) for name in _TOPTW_PYVRP]
    return [*runs, *_timings(1)]


def everything() -> list[Run]:
    """Return every file, seed and number of routes, a seed at a time; many hours, resumable."""
    return sorted(_everything(), key=lambda run: run.seed)


def _everything() -> Iterator[Run]:
    days = names("field") + [f"own/{size}_g{seed}" for size in FIELD for seed in (1, 2)]
    for name in days:
        yield from _field(name)
    for seed in _SEEDS:
        yield from _timings(seed)
    yield from (Run(OURS, name, 120) for name in _LARGE)
    yield from (Run(OURS, name, 10, 1, task) for name in _LARGE for task in ("quote", "explain"))
    yield Run(OURS, _LARGE[-1], 120, 1, "territories")
    for name in names("solomon") + names("gh") + names("pcvrptw"):
        yield from _tours(name, _limit(name))
    for name in names("toptw"):
        yield from (Run(OURS, name, 5, seed) for seed in _SEEDS)
        yield from (Run(peer, name, 5) for peer in ("pyvrp", "vroom", "ortools"))


def _field(name: str) -> Iterator[Run]:
    """Ours and PyVRP over five seeds; VROOM and OR-Tools draw nothing that matters."""
    for seed in _SEEDS:
        for limit in (1, 3, 10, 30, 60):
            yield Run(OURS, name, limit, seed)
        yield Run("pyvrp", name, 30, seed)
        yield Run("vrp-cli", name, 30, seed)
    yield Run("ortools", name, 30)
    for limit in (1, 3, 10, 30):  # these two tell of no plan before the last
        yield Run("vroom", name, limit)
        if limit < 30:
            yield Run("vrp-cli", name, limit)


def _tours(name: str, limit: float) -> Iterator[Run]:
    for seed in _SEEDS:
        yield Run(OURS, name, limit, seed)
        yield Run("pyvrp", name, limit, seed)
    if not name.startswith("pcvrptw"):  # VROOM puts priority before distance, so it can't trade
        yield Run("vroom", name, limit)
    yield Run("ortools", name, limit)
    yield Run("vrp-cli", name, limit)


def _limit(name: str) -> float:
    if name.startswith("solomon/"):
        return 10.0
    return {"2": 30.0, "10": 60.0}.get(name.split("_")[1], 45.0)


def _timings(seed: int) -> list[Run]:
    large, small = day("f_50x800"), day("f_20x300")
    return [
        Run(OURS, large, 2, seed, "first_plan"),
        Run(OURS, large, 5, seed, "quote"),
        Run(OURS, large, 0.3, seed, "repair"),
        Run(OURS, small, 0.3, seed, "repair"),
    ]


def selected(
    runs: Iterable[Run],
    only: str | None = None,
    seeds: int | None = None,
    limits: Iterable[float] = (),
    solvers: Iterable[str] = (),
) -> list[Run]:
    """Return the runs whose instance (or task) has `only` in its name, of these seeds and limits.

    `field` stands for generated days, too.
    """
    kept = []
    limits, solvers = tuple(limits), tuple(solvers)
    for run in runs:
        told = f"{run.instance} {run.task} {'field' if run.instance.startswith('own/') else ''}"
        if (
            (only is None or any(word in told for word in only.split(",")))
            and (seeds is None or run.seed <= seeds)
            and (not limits or run.limit in limits)
            and (not solvers or run.solver in solvers)
        ):
            kept.append(run)
    return kept


def shortened(runs: Iterable[Run], at_most: float) -> list[Run]:
    """Return the runs with no limit above one, each once."""
    return list(dict.fromkeys(replace(run, limit=min(run.limit, at_most)) for run in runs))


def estimated_s(run: Run) -> float:
    """Return about how long a run takes, start and scoring included."""
    if run.task != "solve":
        fixed = {"first_plan": 6.0, "quote": 8.0, "repair": 30.0}
        return fixed.get(run.task) or lasts_s(run) + 20.0
    early = [s for word, s in _EARLY.items() if word in run.instance and run.solver == "vroom"]
    return min([run.limit, *early]) + _OVERHEAD_S
