"""The figures that were promised, beside what was measured: reached or not, said plainly."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.cases import best_known, family_of
from tests.benchmarks.plans import PEERS
from tests.benchmarks.runs import OURS, Result
from tests.benchmarks.tours import gap_percent

_PRIZE_RATIOS = {"t_8x150": 1.025, "t_20x400": 1.045, "t_50x1000": 1.09}
_BOUND_SHARE, _DRIVING_SHARE = 0.9995, 0.85


@dataclass(frozen=True, slots=True)
class Gate:
    """One promise; `reached` is None where nothing was measured."""

    work: str
    target: str
    measured: str
    reached: bool | None

    @property
    def word(self) -> str:
        """The verdict."""
        return {True: "reached", False: "**not reached**", None: "not measured"}[self.reached]


def gates(results: Iterable[Result]) -> list[Gate]:
    """Judge every promise by the results there are."""
    all_results = list(results)
    solved = [r for r in all_results if r.run.task == "solve"]
    field = [r for r in solved if family_of(r.run.instance) == "field"]
    return [
        _lower_in_ten(field),
        *(_prizes(field, size, ratio) for size, ratio in _PRIZE_RATIOS.items()),
        _near_bound(field),
        _less_driving(field),
        _all_promises(field),
        _first_plan(all_results),
        *(_repair(all_results, size) for size in ("f_50x800", "f_20x300")),
        _quote(all_results),
        _toptw(solved),
        *(_half_of_pyvrp(solved, *words) for words in _TOURS),
        _memory(field),
    ]


def of_ours(results: Iterable[Result], limit: float) -> list[Result]:
    """Return our runs with this limit that gave something."""
    return [
        r for r in results if r.run.solver == OURS and r.run.limit == limit and r.value is not None
    ]


def of_peers(results: Iterable[Result], limit: float) -> dict[str, list[Result]]:
    """Return the peers' runs with this limit, by instance."""
    by_instance: dict[str, list[Result]] = defaultdict(list)
    for r in results:
        if r.run.solver in PEERS and r.run.limit == limit and r.value is not None:
            by_instance[r.run.instance].append(r)
    return by_instance


def rank(result: Result) -> tuple[int, float]:
    """What less of is better on a field day: missed promises, then J."""
    return result.detail["required_missed"], result.value or 0.0


def _lower_in_ten(field: Sequence[Result]) -> Gate:
    work, target = "field days, 10 s", "J below the best peer's at 30 s, every instance and seed"
    peers = of_peers(field, 30)
    duels = [
        (r, min(peers[r.run.instance], key=rank))
        for r in of_ours(field, 10)
        if r.run.instance in peers
    ]
    if not duels:
        return Gate(work, target, "–", None)
    lost = sorted({r.run.instance for r, best in duels if rank(r) >= rank(best)})
    margins = [1 - (r.value or 0) / (b.value or 1) for r, b in duels if not rank(b)[0]]
    won = sum(rank(r) < rank(best) for r, best in duels)
    told = f"{won} of {len(duels)} runs on {len({r.run.instance for r, _ in duels})} days"
    if margins:
        told += f"; J lower by {100 * min(margins):.1f} to {100 * max(margins):.1f} %"
    if lost:
        told += f"; not on {', '.join(lost)}"
    return Gate(work, target, told, not lost)


def _prizes(field: Sequence[Result], size: str, ratio: float) -> Gate:
    work, target = f"{size}, 30 s", f"prize ≥ {ratio} × the best peer's"
    ours = [r for r in of_ours(field, 30) if size in r.run.instance]
    peers = of_peers(field, 30)
    ratios = []
    for name in sorted({r.run.instance for r in ours} & peers.keys()):
        mine = _median_prize(r for r in ours if r.run.instance == name)
        kept = [r for r in peers[name] if not r.detail["required_missed"]] or peers[name]
        best = max(
            _median_prize(r for r in kept if r.run.solver == solver)
            for solver in {r.run.solver for r in kept}
        )
        ratios.append(mine / best)
    if not ratios:
        return Gate(work, target, "–", None)
    return Gate(work, target, _several(ratios, "{:.3f} ×"), min(ratios) >= ratio)


def _near_bound(field: Sequence[Result]) -> Gate:
    work, target = "f_ days, 30 s", f"prize ≥ {_BOUND_SHARE} of the bound"
    by_day = _by_instance(r for r in of_ours(field, 30) if "/f_" in r.run.instance)
    if not by_day:
        return Gate(work, target, "–", None)
    shares = [_median_prize(runs) / runs[0].detail["bound"] for runs in by_day.values()]
    return Gate(work, target, _several(shares, "{:.5f}"), min(shares) >= _BOUND_SHARE)


def _less_driving(field: Sequence[Result]) -> Gate:
    work, target = "f_ days, 30 s", f"driving ≤ {_DRIVING_SHARE} × VROOM's"
    by_day = _by_instance(r for r in of_ours(field, 30) if "/f_" in r.run.instance)
    peers = of_peers(field, 30)
    shares = []
    for name, runs in by_day.items():
        theirs = [r.detail["travel"] for r in peers.get(name, ()) if r.run.solver == "vroom"]
        if theirs:
            mine = statistics.median(r.detail["travel"] for r in runs)
            shares.append(mine / statistics.median(theirs))
    if not shares:
        return Gate(work, target, "–", None)
    return Gate(work, target, _several(shares, "{:.3f} ×"), max(shares) <= _DRIVING_SHARE)


def _all_promises(field: Sequence[Result]) -> Gate:
    work, target = "required visits", "all served at 1 s as at 30 s"
    runs = [r for r in field if r.run.solver == OURS]
    if not runs:
        return Gate(work, target, "–", None)
    bad = [
        r for r in runs if r.value is None or r.detail["required_missed"] or r.detail["dropped"]
    ]
    limits = ", ".join(f"{limit:g}" for limit in sorted({r.run.limit for r in runs}))
    told = f"{len(runs) - len(bad)} of {len(runs)} runs ({limits} s)"
    if bad:
        told += f"; not on {', '.join(sorted({r.run.instance for r in bad}))}"
    return Gate(work, target, told, not bad)


def _first_plan(results: Sequence[Result]) -> Gate:
    work, target = "first complete plan, 50×800", "≤ 0.3 s"
    taken = [r.detail["seconds"] for r in _timed(results, "first_plan", "50x800")]
    if not taken:
        return Gate(work, target, "–", None)
    return Gate(work, target, _several(taken, "{:.2f} s"), statistics.median(taken) <= 0.3)


def _repair(results: Sequence[Result], size: str) -> Gate:
    work = f"repair {size}"
    target = "≤ 0.3 s, within 1 % of a 15 s run, ≤ 10 % of visits change vehicle"
    runs = [r for r in _timed(results, "repair", size) if "seconds" in r.detail]
    if not runs:
        return Gate(work, target, "–", None)
    seconds = statistics.median(r.detail["seconds"] for r in runs)
    gap = statistics.median(
        100 * (r.detail["objective"] / r.detail["fresh_objective"] - 1) for r in runs
    )
    moved = statistics.median(r.detail["moved_percent"] for r in runs)
    missed = max(r.detail["required_unserved"] - r.detail["fresh_required_unserved"] for r in runs)
    told = f"{seconds:.2f} s, {gap:+.2f} %, {moved:.1f} %"
    told += f", {missed} promises fewer" if missed > 0 else ""
    reached = seconds <= 0.3 and gap <= 1 and moved <= 10 and missed <= 0
    return Gate(work, target, told, reached)


def _quote(results: Sequence[Result]) -> Gate:
    work, target = "quote of one visit, 50×800", "≤ 50 ms"
    taken = [1000 * r.detail["seconds"] for r in _timed(results, "quote", "50x800")]
    if not taken:
        return Gate(work, target, "–", None)
    return Gate(work, target, _several(taken, "{:.0f} ms"), statistics.median(taken) <= 50)


def _toptw(solved: Sequence[Result]) -> Gate:
    work, target = "TOPTW, 5 s", "mean gap ≤ 0.5 %, none above 1.5 %"
    gaps = gaps_of(r for r in of_ours(solved, 5) if r.run.instance.startswith("toptw/"))
    if not gaps:
        return Gate(work, target, "–", None)
    mean, worst = statistics.mean(gaps.values()), max(gaps, key=lambda name: gaps[name])
    told = f"mean {mean:.2f} %, worst {gaps[worst]:.2f} % ({worst}), {len(gaps)} instances"
    return Gate(work, target, told, mean <= 0.5 and gaps[worst] <= 1.5)


type _Belongs = Callable[[str], bool]

_TOURS: tuple[tuple[str, float, _Belongs], ...] = (
    ("Solomon, 10 s", 10, lambda name: name.startswith("solomon/")),
    ("Gehring–Homberger 200, 30 s", 30, lambda name: name.startswith("gh/") and "_2_" in name),
    ("Gehring–Homberger 1000, 60 s", 60, lambda name: name.startswith("gh/") and "_10_" in name),
    ("PCVRPTW 1000, 60 s", 60, lambda name: name.startswith("pcvrptw/")),
)


def _half_of_pyvrp(solved: Sequence[Result], work: str, limit: float, belongs: _Belongs) -> Gate:
    target = "mean gap ≤ half of PyVRP's"
    runs = [r for r in solved if belongs(r.run.instance) and r.run.limit == limit]
    ours = gaps_of(r for r in runs if r.run.solver == OURS)
    theirs = gaps_of(r for r in runs if r.run.solver == "pyvrp")
    both = sorted(ours.keys() & theirs.keys())
    if not both:
        return Gate(work, target, "–", None)
    mine = statistics.mean(ours[name] for name in both)
    other = statistics.mean(theirs[name] for name in both)
    told = f"{mine:.2f} % against {other:.2f} % ({len(both)} instances)"
    broken = len([r for r in runs if r.run.solver == OURS and r.value is None])
    if broken:
        told += f"; {broken} runs gave nothing"
    return Gate(work, target, told, mine <= other / 2 and not broken)


def _memory(field: Sequence[Result]) -> Gate:
    work, target = "memory, 50×1000", "≤ 600 MB"
    peaks = [r.rss_mb for r in field if r.run.solver == OURS and "50x1000" in r.run.instance]
    if not peaks:
        return Gate(work, target, "–", None)
    return Gate(work, target, f"{max(peaks)} MB at most", max(peaks) <= 600)


def gaps_of(results: Iterable[Result]) -> dict[str, float]:
    """Return the median gap to the best known value over seeds, by instance."""
    gaps: dict[str, list[float]] = defaultdict(list)
    for r in results:
        best = best_known(r.run.instance)
        if best is not None and r.value is not None:
            gaps[r.run.instance].append(gap_percent(family_of(r.run.instance), r.value, best))
    return {name: statistics.median(values) for name, values in gaps.items()}


def _by_instance(results: Iterable[Result]) -> dict[str, list[Result]]:
    by_day: dict[str, list[Result]] = defaultdict(list)
    for r in results:
        by_day[r.run.instance].append(r)
    return by_day


def _timed(results: Iterable[Result], task: str, size: str) -> list[Result]:
    return [r for r in results if r.run.task == task and size in r.run.instance and not r.fault]


def _median_prize(results: Iterable[Result]) -> float:
    return statistics.median(r.detail["prize"] for r in results)


def _several(values: Sequence[float], form: str) -> str:
    """Return one figure, or the least and the greatest."""
    low, high = form.format(min(values)), form.format(max(values))
    return low if low == high else f"{low} to {high} ({len(values)})"
