"""`python -m scheduler`: the alarm clock; and what an operator asks of it."""

import json
from datetime import date
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(
    add_completion=False, no_args_is_help=False, help="Fairvisit's alarm clock: rings the duties."
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BranchName = Annotated[str, typer.Option("--branch", help="The branch's name.")]
On = Annotated[str, typer.Option("--date", help="The business date, such as 2026-03-09.")]
DutyName = Annotated[
    str, typer.Argument(help="The duty's name; see `python -m scheduler duties`.")
]


@app.callback(invoke_without_command=True)
def ring(
    command: typer.Context,
    once: Annotated[str | None, typer.Option("--once", help="Ring one duty once and end.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would run; change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ring the duties until stopped; or one of them once."""
    if command.invoked_subcommand is not None:
        return
    if dry_run:
        _ask("would_run", as_json, once)
    elif once is not None:
        _ask("ring_once", as_json, once)
    else:
        _ask("serve", as_json)


@app.command()
def duties(as_json: Json = False) -> None:
    """List the duties: what rings how often, and what it does."""
    from scheduler.duties import DUTIES

    _tell(
        [{"duty": one.name, "every_s": one.every_s, "does": one.does} for one in DUTIES], as_json
    )


@app.command()
def night(
    branch: BranchName,
    on: Annotated[
        str | None, typer.Option("--date", help="The business date; today's unless given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how far a branch's night is, stage by stage."""
    _ask("night", as_json, branch, None if on is None else _date(on))


@app.command()
def status(
    branch: Annotated[str | None, typer.Option("--branch")] = None, as_json: Json = False
) -> None:
    """Show the last night: what ran, what came of it, what waits."""
    _ask("status", as_json, branch)


@app.command()
def pause(
    duty: DutyName,
    branch: Annotated[str | None, typer.Option("--branch")] = None,
    as_json: Json = False,
) -> None:
    """Stop entering new runs of a dated duty, everywhere or for one branch."""
    _ask("pause", as_json, duty, branch, on=True)


@app.command()
def resume(
    duty: DutyName,
    branch: Annotated[str | None, typer.Option("--branch")] = None,
    as_json: Json = False,
) -> None:
    """Enter runs of a paused duty again."""
    _ask("pause", as_json, duty, branch, on=False)


@app.command()
def skip(duty: DutyName, branch: BranchName, on: On, as_json: Json = False) -> None:
    """Leave out one run of a dated duty."""
    _ask("skip", as_json, duty, branch, _date(on))


@app.command()
def rerun(duty: DutyName, branch: BranchName, on: On, as_json: Json = False) -> None:
    """Run a dated duty again for a branch and date."""
    _ask("rerun", as_json, duty, branch, _date(on))


def _ask(what: str, as_json: bool, *given: Any, **more: Any) -> None:
    from dispatch.console import plain_errors
    from dispatch.errors import DispatchError
    from scheduler import console

    try:
        with plain_errors():
            answer = getattr(console, what)(console.settings(), *given, **more)
    except DispatchError as error:
        _refuse(error.detail)
    if answer is not None:
        _tell(answer, as_json)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse(f"{text!r} is no date; write it as 2026-03-09.")


def _tell(answer: Any, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
        return
    for row in answer if isinstance(answer, list) else [answer]:
        typer.echo("  ".join(f"{key}: {value}" for key, value in row.items()))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
