"""`python -m routing`: solve, check, plan, explain and repair problem files.

Exit codes: 0 done, 1 internal failure (for `check`: violations found), 2 bad input, 130 interrupted
before there was a plan.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from routing import InvalidProblem, Solution, SolveParams
    from routing.formats.request import Request

_FAILED, _BAD_INPUT, _INTERRUPTED = 1, 2, 130
_DEFAULT_SECONDS = 10.0
_CONFLICT_S, _BRIEF_CONFLICT_S = 10.0, 0.5
_RELAXED = 200
"""Jobs for which `explain` looks for relaxations: each takes a tenth of a second on the largest days."""

app = typer.Typer(
    help="Plan visits: solve, check, time, explain and repair problem files in the VROOM dialect.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes 0.2 s to import, and `--help` must be quick
)


class Format(StrEnum):
    """Formats of problem files."""

    VROOM = "vroom"
    VRPLIB = "vrplib"
    SOLOMON = "solomon"
    TOPTW = "toptw"


class EngineChoice(StrEnum):
    """Who searches; the same words as `routing.Engine`, without importing it for `--help`."""

    AUTO = "auto"
    SEARCH = "search"
    ORTOOLS = "ortools"


Problem = Annotated[
    Path, typer.Argument(metavar="IN", help="Problem file; - reads standard input.")
]
Answer = Annotated[Path, typer.Argument(metavar="SOLUTION", help="Solution file.")]
Output = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="OUT", help="Solution file; a name in .sol is CVRPLIB's format."
    ),
]
Seconds = Annotated[float | None, typer.Option(min=0.0, max=86_400.0, help="Time limit.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the search.")]
InFormat = Annotated[Format, typer.Option("--format", help="Format of IN.")]
Routes = Annotated[
    int | None, typer.Option(min=1, help="Routes of a team orienteering problem (toptw).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Tell results and issues as JSON.")]
_STANDARD = Path("-")


@app.command()
def solve(
    problem: Problem,
    output: Output = _STANDARD,
    seconds: Seconds = None,
    threads: Annotated[int | None, typer.Option(min=1, max=256, help="Threads to use.")] = None,
    seed: Seed = 1,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="Steps of the search, instead of a time limit.")
    ] = None,
    file_format: InFormat = Format.VROOM,
    routes: Routes = None,
    engine: Annotated[EngineChoice, typer.Option(help="Who searches.")] = EngineChoice.AUTO,
    initial: Annotated[
        Path | None, typer.Option(metavar="SOLUTION", help="Plan to start from.")
    ] = None,
    geojson: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the routes as GeoJSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a problem and write the solution."""
    with _plain_words(as_json):
        from routing import Engine, SolveParams
        from routing.formats.load import load, load_solution

        began = monotonic()
        request = load(problem, file_format.value, routes)
        start = load_solution(initial, request) if initial is not None else request.start
        params = SolveParams(
            seconds=next(
                limit
                for limit in (seconds, request.seconds, _DEFAULT_SECONDS)
                if limit is not None
            ),
            iterations=iterations,
            seed=seed,
            threads=threads or request.threads or 1,
            engine=Engine(engine.value),
        )
        loaded = monotonic()
        solution = _timed(request) if request.plan_mode else _solved(request, params, start)
        _deliver(request, solution, output, (began, loaded, monotonic()), geojson, as_json)


@app.command()
def plan(
    problem: Problem,
    output: Output = _STANDARD,
    geojson: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the routes as GeoJSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Time the vehicles' given steps; rules that they break are reported, not refused."""
    with _plain_words(as_json):
        from routing.formats.load import load

        began = monotonic()
        request = load(problem, Format.VROOM.value, plan_mode=True)
        loaded = monotonic()
        _deliver(request, _timed(request), output, (began, loaded, monotonic()), geojson, as_json)


@app.command()
def check(
    problem: Problem,
    solution: Answer,
    file_format: InFormat = Format.VROOM,
    routes: Routes = None,
    as_json: AsJson = False,
) -> None:
    """Recompute a solution and print its violations as JSON."""
    with _plain_words(as_json):
        from dataclasses import asdict

        from routing import check as find_violations
        from routing.formats.load import load, load_solution

        request = load(problem, file_format.value, routes)
        found = find_violations(request.problem, load_solution(solution, request))
        told = [
            {key: value for key, value in asdict(violation).items() if value is not None}
            for violation in found
        ]
        typer.echo(json.dumps(told, indent=2))
    raise typer.Exit(_FAILED if found else 0)


@app.command()
def explain(
    problem: Problem,
    solution: Answer,
    file_format: InFormat = Format.VROOM,
    routes: Routes = None,
    relaxed: Annotated[
        int,
        typer.Option(
            min=0, help="Look for what would let in so many jobs, those that matter most."
        ),
    ] = _RELAXED,
    as_json: AsJson = False,
) -> None:
    """Print why each unassigned job is left out, as JSON."""
    with _plain_words(as_json):
        from dataclasses import replace

        from routing import explain as find_reasons
        from routing.formats.load import load, load_solution
        from routing.formats.vroom import write

        request = load(problem, file_format.value, routes)
        answer = load_solution(solution, request)
        told = find_reasons(request.problem, answer, relaxed=relaxed, conflict_s=_CONFLICT_S)
        reasoned = replace(answer, unassigned=told)
        answered = {"unassigned": write(request, reasoned)["unassigned"]}
        if len(told) > relaxed:
            answered["notes"] = [
                f"What would let them in was looked for for {relaxed} of {len(told)} jobs, those "
                "that matter most; --relaxed looks for more."
            ]
        typer.echo(json.dumps(answered, indent=2))


@app.command()
def repair(
    problem: Problem,
    solution: Answer,
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="What happened since.")],
    output: Output = _STANDARD,
    seconds: Seconds = None,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Plan the rest of a day anew after what happened, near to the plan that people know."""
    with _plain_words(as_json):
        from routing import SolveParams
        from routing import repair as replan
        from routing.formats.events import changed_day, read_events
        from routing.formats.files import read_json
        from routing.formats.load import load, load_solution
        from routing.formats.progress import Bar, interrupted
        from routing.repair import AT_MOST_S

        began = monotonic()
        request = load(problem, Format.VROOM.value)
        before = load_solution(solution, request)
        request, happened = read_events(read_json(events), request)
        params = SolveParams(seconds=AT_MOST_S if seconds is None else seconds, seed=seed)
        loaded = monotonic()
        with Bar(params) as bar, interrupted() as stop:
            found = replan(
                request.problem,
                before,
                happened,
                params,
                on_progress=bar.on_progress,
                stop=bar.ticking(stop),
            )
        day = changed_day(request, happened)
        _deliver(day, found.whole, output, (began, loaded, monotonic()), None, as_json)


def _timed(request: "Request") -> "Solution":
    from routing.plan_mode import time_given

    return time_given(request.problem, request.given)


def _solved(request: "Request", params: "SolveParams", start: "Solution | None") -> "Solution":
    """Solve with a progress bar on a terminal; Ctrl-C ends the search with the best so far."""
    from dataclasses import replace

    from routing import explain as find_reasons
    from routing import solve as find_plan
    from routing.formats.progress import Bar, interrupted

    with Bar(params) as bar, interrupted() as stop:
        solution = find_plan(
            request.problem, params, start, on_progress=bar.on_progress, stop=bar.ticking(stop)
        )
    told = find_reasons(request.problem, solution, conflict_s=_BRIEF_CONFLICT_S)
    return replace(solution, unassigned=told)


def _deliver(
    request: "Request",
    solution: "Solution",
    output: Path,
    moments: tuple[float, float, float],
    geojson: Path | None,
    as_json: bool,
) -> None:
    """Write an answer where it is wanted; `moments` are begin, end of reading, end of planning."""
    from routing.formats.files import write_json, write_text
    from routing.formats.sol import write_sol
    from routing.formats.vroom import geojson as to_geojson
    from routing.formats.vroom import write

    began, loaded, solved = moments
    answer = write(
        request,
        solution,
        loading_ms=round(1000 * (loaded - began)),
        solving_ms=round(1000 * (solved - loaded)),
    )
    if output.suffix == ".sol":
        write_text(output, write_sol(request, solution))
    else:
        write_json(output, answer)
    if geojson is not None:
        write_json(geojson, to_geojson(request, solution))
    if output != _STANDARD:
        _tell(answer["summary"], output, as_json)


def _tell(summary: dict[str, Any], output: Path, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary))
        return
    typer.echo(
        f"{summary['routes']} routes, {summary['unassigned']} jobs left out "
        f"({summary['required_unserved']} of them required), objective {summary['objective']}; "
        f"written to {output}."
    )


@contextmanager
def _plain_words(as_json: bool) -> Iterator[None]:
    """Turn bad input into plain sentences (or JSON) and exit code 2, a defect into code 1."""
    from routing.errors import InvalidProblem

    try:
        yield
    except InvalidProblem as error:
        _tell_issues(error, as_json)
        raise typer.Exit(_BAD_INPUT) from None
    except KeyboardInterrupt:
        typer.echo("Interrupted; nothing was written.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    except Exception as error:
        typer.echo(f"Internal failure: {type(error).__name__}: {error}", err=True)
        raise typer.Exit(_FAILED) from error


def _tell_issues(error: "InvalidProblem", as_json: bool) -> None:
    if as_json:
        from routing.formats.vroom import write_error

        typer.echo(json.dumps(write_error(error)))
        return
    for issue in error.issues:
        typer.echo(f"{issue}.", err=True)


if __name__ == "__main__":
    app()
