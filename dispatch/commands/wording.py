"""`python -m dispatch wording`: lint and read the closed library of what is said."""

from dataclasses import asdict
from typing import Annotated

import typer

from dispatch.commands.desk import Json, refuse, tell

app = typer.Typer(no_args_is_help=True, help="Messages and door scripts: the closed library.")


@app.command()
def lint(as_json: Json = False) -> None:
    """Say what is wrong with any text, drafts included; exit 1 where anything is found."""
    from dispatch.wording.lint import lint as issues_of

    found = [asdict(issue) for issue in issues_of()]
    if as_json or found:
        tell(found, as_json)
    else:
        typer.echo("Every text is in order.")
    raise typer.Exit(1 if found else 0)


@app.command()
def door(
    language: Annotated[str, typer.Option("--language", help="en or zh-CN.")] = "en",
    as_json: Json = False,
) -> None:
    """Show what a crew says at the door, in its order."""
    from dispatch.wording.catalogue import LANGUAGES
    from dispatch.wording.door import door_script

    if language not in LANGUAGES:
        refuse(f"Nothing is said in {language}; choose {' or '.join(LANGUAGES)}.")
    script = door_script(language, crew="…", person="…", code="…", lender="…", purpose="…")
    if as_json:
        tell(asdict(script), as_json)
        return
    for line in (*script.steps, *script.asides):
        typer.echo(f"{line.step}: {line.say}")
