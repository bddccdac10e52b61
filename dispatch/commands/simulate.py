"""`python -m dispatch simulate`: days of an invented branch through the real code, policies compared."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.commands.desk import refuse

if TYPE_CHECKING:
    from dispatch.twin.ledger import Counts


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


def simulate(
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days.")] = 30,
    seed: Annotated[int, typer.Option("--seed", help="Of people, answers and traffic.")] = 1,
    crews: Annotated[int, typer.Option("--crews", min=1, max=20, help="Crews of two.")] = 3,
    worlds: Annotated[
        int, typer.Option("--worlds", min=1, max=100, help="So many seeds, one after another.")
    ] = 1,
    policy: Annotated[
        str, typer.Option("--policy", help="ours, nearest, norefill or ignore.")
    ] = "ours",
    compare: Annotated[
        bool, typer.Option("--compare", help="Try every policy in the same worlds.")
    ] = False,
    cases: Annotated[
        int | None,
        typer.Option(
            "--cases", min=1, help="New cases on a working day; four a crew if not said."
        ),
    ] = None,
    cv: Annotated[
        float, typer.Option("--cv", min=0, max=2, help="How far travel and stays stray.")
    ] = 0.2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the report to this file.")
    ] = None,
) -> None:
    """Live through days of an invented branch, with the real code and a clock that jumps.

    Nothing of your own database is touched.
    """
    from dispatch.twin.compare import compare as compared
    from dispatch.twin.policies import POLICIES
    from dispatch.twin.report import as_html
    from dispatch.twin.report import as_json as told
    from dispatch.twin.world import World

    if policy not in POLICIES:
        refuse(f"{policy!r} is no policy; choose {', '.join(POLICIES)}.")
    a_day = 4 * crews if cases is None else cases
    of = [
        World(seed=seed + number, travel_cv=cv, service_cv=cv, cases_a_day=a_day)
        for number in range(worlds)
    ]
    names = list(POLICIES) if compare else [policy]
    runs = _lived(names, of, days=days, crews=crews)
    if html is not None:
        html.write_text(as_html(runs, of[0], crews=crews), encoding="utf-8")
    found = compared(runs)
    if as_json:
        asked = {"days": days, "seed": seed, "worlds": worlds, "crews": crews, "cv": cv}
        typer.echo(json.dumps(told(runs, found, of[0], **asked), ensure_ascii=False))
        return
    _show(found)
    if html is not None:
        typer.echo(f"The report is in {html}.")


def _lived(
    names: Sequence[str], worlds: Sequence[Any], *, days: int, crews: int
) -> dict[str, list["Counts"]]:
    """Live every world under every policy, some at a time, and return the counts of each day."""
    import multiprocessing
    import os
    from concurrent.futures import ProcessPoolExecutor

    from rich.progress import Progress

    runs: dict[str, list[Counts]] = {name: [] for name in names}
    tasks = [(name, world, days, crews) for world in worlds for name in names]
    with Progress(transient=True) as shown:
        bar = shown.add_task("Simulating", total=len(tasks) * days)
        if len(tasks) == 1:
            name, counts = _live(tasks[0], lambda _done, _all: shown.advance(bar))
            return {name: counts}
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
            for name, counts in pool.map(_live, tasks):
                runs[name] += counts
                shown.advance(bar, days)
    return runs


def _live(task: tuple[str, Any, int, int], on_day: Any = None) -> tuple[str, list["Counts"]]:
    from dispatch.twin.policies import POLICIES
    from dispatch.twin.run import live

    name, world, days, crews = task
    ledger = live(world, POLICIES[name], days=days, crews=crews, on_day=on_day)
    return name, [ledger.days[on] for on in sorted(ledger.days)[:days]]


def _show(found: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from dispatch.twin.ledger import MEASURES

    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in found.means:
        table.add_column(name, justify="right")
    for key, measure in MEASURES.items():
        cells = [
            f"{one[key].value:,.1f}  [dim]{one[key].low:,.1f}–{one[key].high:,.1f}[/dim]"
            for one in found.means.values()
        ]
        table.add_row(measure.does, *cells)
    Console().print(table)
