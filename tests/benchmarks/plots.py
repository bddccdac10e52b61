"""Plots of a bench, drawn in the peers' environment: `python -m tests.benchmarks.plots CURVES FOLDER`.

`field.svg`: J over time on field days; `tours.svg`: gap to the best known over time.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

_COLOURS = {
    "ours": "#0b6e4f",
    "pyvrp": "#3366cc",
    "vroom": "#d95f02",
    "vrp-cli": "#8e44ad",
    "ortools": "#888888",
}
_MOST = 12
type _Curves = dict[str, dict[str, list[tuple[float, float]]]]


def main(curves_file: str, folder: str) -> None:
    """Draw both plots."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 8})
    curves: _Curves = json.loads(Path(curves_file).read_text())
    field = {name: told for name, told in curves.items() if name.startswith(("field/", "own/"))}
    tours = {name: told for name, told in curves.items() if name not in field}
    draw(field, "J (lower is better)", Path(folder) / "field.svg")
    draw(tours, "gap to best known, %", Path(folder) / "tours.svg")


def draw(curves: _Curves, label: str, path: Path) -> None:
    """Draw one panel an instance; those with most solvers first, at most a dozen."""
    shown = sorted(sorted(curves), key=lambda name: -len(curves[name]))[:_MOST]
    if not shown:
        return
    columns = min(3, len(shown))
    rows = math.ceil(len(shown) / columns)
    figure, grid = plt.subplots(rows, columns, figsize=(3.6 * columns, 2.6 * rows), squeeze=False)
    for axes, name in zip(grid.flat, shown, strict=False):
        _panel(axes, name, curves[name])
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    grid.flat[0].set_ylabel(label)
    handles = {}
    for axes in grid.flat:
        handles |= dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    figure.legend(handles.values(), handles.keys(), loc="lower center", ncols=5, frameon=False)
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _panel(axes: Any, name: str, told: dict[str, list[tuple[float, float]]]) -> None:
    axes.set_title(name, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("s")
    axes.grid(alpha=0.3, which="major")
    lasts = []
    for solver, points in told.items():
        if not points:
            continue
        seconds = [max(at, 0.05) for at, _ in points]
        values = [value for _, value in points]
        axes.step(
            seconds,
            values,
            where="post",
            label=solver,
            color=_COLOURS.get(solver),
            marker="o" if len(points) <= 5 else None,
            markersize=3,
            linewidth=1.2,
        )
        lasts.append(values[-1])
    axes.xaxis.set_major_formatter("{x:g}")
    if (
        lasts
    ):  # first plans and hopeless solvers are so much worse that they would flatten the rest
        low, high = min(lasts), sorted(lasts)[len(lasts) // 2]
        room = max(high - low, 0.02 * abs(high), 0.1)
        axes.set_ylim(low - 0.15 * room, high + 1.5 * room)


if __name__ == "__main__":
    main(*sys.argv[1:])
