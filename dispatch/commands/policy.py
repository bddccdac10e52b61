"""`python -m dispatch policy`: lint, read and compare packs; explain a visit by its rules."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.commands.desk import BranchName, Json, at_desk, date_of, refuse, tell
from dispatch.commands.playbook import playbook

if TYPE_CHECKING:
    from dispatch.policy.pack import Pack

app = typer.Typer(
    no_args_is_help=True,
    help="Policy packs and playbooks: what binds, on what source, in which order.",
)
app.command()(playbook)


@app.command()
def lint(
    packs: Annotated[
        list[str] | None, typer.Argument(help="Packs by id, or files; else all there are.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what packs (and, with no names, playbooks) leave open; exit 1 where anything is found."""
    from dispatch.clock import SystemClock
    from dispatch.policy.lint import lint as issues_of
    from dispatch.policy.playbook_lint import lint_shipped

    today = SystemClock().now().date()
    found = [
        {"pack": name, **asdict(issue)}
        for name, text in _texts(packs)
        for issue in issues_of(text, name=name, on=today)
    ]
    if not packs:
        found += [{"pack": name, **asdict(issue)} for name, issue in lint_shipped()]
    if as_json or found:
        tell(found, as_json)
    else:
        typer.echo("Every pack is in order." if packs else "Every pack and playbook is in order.")
    raise typer.Exit(1 if found else 0)


@app.command()
def show(
    pack: Annotated[str, typer.Argument(help="A pack's id, or a file.")],
    law: Annotated[
        bool, typer.Option("--law", help="As it binds beside the baseline, the stricter each.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show each value with its mark, force, source and who may relax it."""
    from dispatch.policy.compare import lines
    from dispatch.policy.pack import effective

    read = _pack(pack)
    rows = [asdict(line) for line in lines(effective(read) if law else read)]
    if as_json:
        tell({"pack": read.id, "version": read.version, "values": rows}, as_json)
        return
    shown = [
        {
            "parameter": row["parameter"] + (f" ({row['product']})" if row["product"] else ""),
            "value": row["value"],
            "mark": row["mark"] + ("" if row["binds"] else " (binds nobody)"),
            "force": row["force"],
            "source": f"{row['instrument']}, {row['article']}",
            "relaxable by": row["relaxable_by"],
        }
        for row in rows
    ]
    _table(f"{read.title['en']} · {read.title['zh-CN']} · {read.version}", shown)


@app.command()
def diff(
    one: Annotated[str, typer.Argument(help="A pack's id, or a file.")],
    other: Annotated[str, typer.Argument(help="Another.")],
    as_json: Json = False,
) -> None:
    """Show what differs between two packs; exit 1 where anything does."""
    from dispatch.policy.compare import differences

    rows = [asdict(found) for found in differences(_pack(one), _pack(other))]
    if as_json:
        tell(rows, as_json)
    elif rows:
        shown = [
            {
                "parameter": row["parameter"] + (f" ({row['product']})" if row["product"] else ""),
                one: _brief(row["before"]),
                other: _brief(row["after"]),
                "switched on": "yes" if row["is_switched_on"] else "",
            }
            for row in rows
        ]
        _table("Differences", shown)
    else:
        typer.echo("They say the same.")
    raise typer.Exit(1 if rows else 0)


@app.command()
def explain(
    branch: BranchName,
    case: Annotated[str, typer.Option("--case", help="The case's reference.")],
    on: Annotated[
        str | None, typer.Option("--date", help="Such as 2026-03-09; else today.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="en or zh-CN.")] = "en",
    as_json: Json = False,
) -> None:
    """Say what every rule finds in a visit to a case's person on a date; exit 1 where one forbids."""
    from dispatch.reporting.law import explain_case

    with at_desk() as desk, desk.database.reading() as session:
        told = explain_case(
            session,
            branch=desk.branch(session, branch),
            reference=case,
            on=date_of(on) if on else None,
            language=language,
            pack_folder=desk.settings.pack_folder,
            now=desk.now,
        )
        if as_json:
            tell(told, as_json)
        else:
            typer.echo(f"{told['case']} on {told['date']}, under {told['pack']}:")
            for row in told["findings"]:
                typer.echo(f"- {row['cause']} {row['remedy']}")
                typer.echo(f"  {row['source'] or 'Fairvisit'} [{row['parameter']}]")
            for window in told["windows"]:
                typer.echo(f"- permitted from {window['from']} until {window['until']}")
        raise typer.Exit(1 if told["findings"] else 0)


def _texts(names: list[str] | None) -> list[tuple[str, str]]:
    """Return packs as text by name: those asked for, else all that ship and the lender's own."""
    from dispatch.policy.pack import pack_text, shipped_packs

    folder = _folder()
    own = sorted(folder.glob("*.yaml")) if folder is not None and folder.is_dir() else []
    wanted = names or [*shipped_packs(), *map(str, own)]
    found = []
    for name in wanted:
        file = Path(name)
        if file.suffix in {".yaml", ".yml"}:
            found.append((file.name, _read(file)))
        else:
            found.append((name, _or_refuse(partial(pack_text, name, folder))))
    return found


def _pack(name: str) -> "Pack":
    from dispatch.policy.pack import load_pack, read_pack

    file = Path(name)
    if file.suffix in {".yaml", ".yml"}:
        return _or_refuse(partial(read_pack, _read(file), name=file.name))
    return _or_refuse(partial(load_pack, name, _folder()))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file} can't be read: {error}.")


def _or_refuse[T](make: Callable[[], T]) -> T:
    from dispatch.errors import DispatchError

    try:
        return make()
    except DispatchError as error:
        refuse(error.detail)


def _folder() -> Path | None:
    from dispatch.settings import Settings

    return Settings().pack_folder


def _brief(said: Any) -> str:
    if said is None:
        return "—"
    told = str(said["value"])
    return told if said.get("binds", True) else f"{told} ({said['mark']}, binds nobody)"


def _table(title: str, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_lines=False)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console(soft_wrap=False).print(table)
