"""What every command shares: the desk, and how it tells, chooses and refuses in one sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from dispatch.console import Desk

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BranchName = Annotated[str, typer.Option("--branch", help="The branch's name.")]
OnDate = Annotated[str, typer.Option("--date", help="The service date, such as 2026-03-09.")]


@contextmanager
def at_desk() -> Iterator["Desk"]:
    """Open the desk; end with one plain sentence instead of a traceback."""
    # Imported here: `--help` must not wait for the database's libraries.
    from dispatch.console import desk
    from dispatch.errors import DispatchError

    try:
        with desk() as opened:
            yield opened
    except DispatchError as error:
        refuse(error.detail)


def choose(text: str, choices: dict[str, Any], what: str) -> Any:
    """Return what `text` stands for, or refuse it with the list."""
    if text not in choices:
        refuse(f"{text!r} is no {what}; choose {', '.join(choices)}.")
    return choices[text]


def date_of(text: str) -> date:
    """Return the date that was written, or refuse it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"{text!r} is no date; write it as 2026-03-09.")


def tell(answer: Any, as_json: bool, only: tuple[str, ...] | None = None) -> None:
    """Print rows: as JSON, or a line each."""
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
        return
    for row in answer if isinstance(answer, list) else [answer]:
        shown = {key: row[key] for key in only} if only else row
        typer.echo("  ".join(f"{key}: {value}" for key, value in shown.items()))


def refuse(sentence: str) -> NoReturn:
    """End the command with one sentence and exit code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
