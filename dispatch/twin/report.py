"""The twin's report: figures with intervals as JSON, and one page with a plot for each measure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any, Final

from dispatch.twin.compare import Comparison, Estimate, compare
from dispatch.twin.ledger import MEASURES, Counts
from dispatch.twin.policies import POLICIES
from dispatch.twin.world import RHYTHMS, TALKS, World

_WIDTH, _ROW, _LEFT, _RIGHT = 640, 34, 24, 158
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2731; --soft: #5c6b78; --line: #d9e0e6; --paper: #fbfcfd; --mark: #1f6f78; --other: #8a97a3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef2; --soft: #9fb0bd; --line: #2c3944; --paper: #12191f; --mark: #5cc2c9; --other: #71808d; } }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Noto Sans", "Noto Sans SC", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 2.25rem 0 .25rem; }
p, li { color: var(--soft); } ul { padding-left: 1.1rem; }
svg { display: block; width: 100%; height: auto; }
text { fill: var(--ink); font-size: 12.5px; } .quiet { fill: var(--soft); } .axis { stroke: var(--line); }
.first { fill: var(--mark); stroke: var(--mark); } .other { fill: var(--other); stroke: var(--other); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .875rem; } th, td { text-align: right; padding: .3rem .4rem; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
"""


def as_json(
    runs: Mapping[str, Sequence[Counts]], comparison: Comparison, world: World, **asked: Any
) -> dict[str, Any]:
    """Return everything that a reader would compute with: settings, figures, counts of each day."""
    assumed = {key: value for key, value in asdict(world).items() if key != "chance"}
    return {
        "asked": asked,
        "world": assumed,
        "policies": {name: POLICIES[name].does for name in runs},
        "measures": {name: one.does for name, one in MEASURES.items()},
        "figures": _plain(comparison.means),
        "differences": _plain(comparison.differences),
        "days": {name: [dict(day) for day in days] for name, days in runs.items()},
    }


def as_html(runs: Mapping[str, Sequence[Counts]], world: World, *, crews: int) -> str:
    """Return the report as one page that needs nothing else."""
    found = compare(runs)
    days = len(next(iter(runs.values())))
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>Simulated days</title><style>{_STYLE}</style><body>",
        f"<h1>{days} simulated days of {crews} crew{'s' if crews > 1 else ''}</h1>",
        "<p>Invented people in an invented town, the real program. Every policy meets the same people, who are at home at the "
        "same hours, and the same traffic. Bars are the range that holds 95 of 100 samples of the days.</p>",
        "<ul>",
        *(f"<li><b>{escape(name)}</b>: {escape(POLICIES[name].does)}</li>" for name in runs),
        "</ul>",
    ]
    for key, measure in MEASURES.items():
        better = "less is better" if measure.is_less_better else "more is better"
        parts += [
            f"<h2>{escape(measure.does)}</h2>",
            _plot({name: found.means[name][key] for name in runs}, better),
        ]
    parts += [_differences(found), _assumptions(world), "</body></html>"]
    return "\n".join(parts)


def _plain(tables: Mapping[str, Mapping[str, Estimate]]) -> dict[str, Any]:
    return {
        name: {key: [one.value, one.low, one.high] for key, one in table.items()}
        for name, table in tables.items()
    }


def _plot(estimates: Mapping[str, Estimate], better: str) -> str:
    """One line for each policy: a dot for the figure, a bar for its range."""
    low = min(one.low for one in estimates.values())
    high = max(one.high for one in estimates.values())
    room = (high - low) or max(abs(high), 1.0)
    low, high = low - 0.08 * room, high + 0.08 * room
    left, right = _LEFT + 72, _WIDTH - _RIGHT

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    height = _ROW * len(estimates) + 6
    rows = []
    for number, (name, one) in enumerate(estimates.items()):
        y = _ROW * number + 20
        kind = "first" if number == 0 else "other"
        rows.append(
            f"<line class=axis x1={left} x2={right} y1={y} y2={y} />"
            f"<line class={kind} x1={x(one.low):.1f} x2={x(one.high):.1f} y1={y} y2={y} stroke-width=4 stroke-linecap=round opacity=.45 />"
            f"<circle class={kind} cx={x(one.value):.1f} cy={y} r=6 />"
            f"<text x=0 y={y + 4}>{escape(name)}</text>"
            f"<text x={right + 14} y={y + 4}>{_number(one.value)}<tspan class=quiet> {_number(one.low)}–{_number(one.high)}</tspan></text>"
        )
    label = "; ".join(f"{name} {_number(one.value)}" for name, one in estimates.items())
    return (
        f"<svg viewBox='0 0 {_WIDTH} {height}' role=img aria-label='{escape(label)}; {better}'>"
        + "".join(rows)
        + "</svg>"
    )


def _differences(found: Comparison) -> str:
    """A table of what each policy differs by; what may be chance is put in brackets."""
    if not found.differences:
        return ""
    head = "".join(f"<th>{escape(name)}" for name in found.differences)
    rows = "".join(
        f"<tr><td>{escape(MEASURES[key].does)}"
        + "".join(f"<td>{_signed(table[key])}" for table in found.differences.values())
        for key in MEASURES
    )
    first = next(iter(found.means))
    return (
        f"<h2>Difference to {escape(first)}</h2><p>In brackets: it may be chance.</p>"
        f"<table><tr><th>{head}{rows}</table>"
    )


def _assumptions(world: World) -> str:
    rhythms = ", ".join(f"{name} {share:.0%}" for name, (_, share) in RHYTHMS.items())
    talks = ", ".join(f"{name} {share:.0%}" for name, share in TALKS.items())
    return (
        "<h2>What is assumed</h2><ul>"
        f"<li>Travel strays by {world.travel_cv:.0%} and stays by {world.service_cv:.0%} (standard deviation over mean).</li>"
        f"<li>{world.cases_a_day} new cases on a working day; {world.reached:.0%} of messages arrive; {world.sick:.0%} of agents fall ill on a day.</li>"
        f"<li>On hearing of a visit {world.pays:.0%} pay, {world.asks_for_help:.0%} ask for help, {world.refuses:.0%} decline; whom the time suits, {world.confirms:.0%} say yes; whom it does not, {world.moves:.0%} choose another; {world.no_shows:.0%} of those who said yes are out all the same.</li>"
        f"<li>People: {rhythms}. Talks: {talks}.</li></ul>"
        "<p>Shares are assumptions, not findings about people; only differences between policies mean anything.</p>"
    )


def _signed(one: Estimate) -> str:
    text = f"{one.value:+,.1f}"
    return text if one.is_apart else f"({text})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}"  # noqa: PLR2004
