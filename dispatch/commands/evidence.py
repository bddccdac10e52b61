"""`python -m dispatch evidence`: verify the log, hand it out, keep its roots elsewhere."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from dispatch.commands.desk import Json, at_desk, tell

app = typer.Typer(no_args_is_help=True, help="The evidence log.")

AnchorFile = Annotated[
    Path | None,
    typer.Option(
        "--anchor",
        help="Roots kept elsewhere: the chains must pass through every one of them.",
        exists=True,
        dir_okay=False,
    ),
]


@app.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(help="An exported file; else the database.", exists=True, dir_okay=False),
    ] = None,
    anchor: AnchorFile = None,
    as_json: Json = False,
) -> None:
    """Recompute every chain, of branches and of phones; exit 1 and name the first bad entry."""
    from dispatch.evidence.devices import device_verdicts
    from dispatch.evidence.export import verify_export
    from dispatch.evidence.roots import read_anchors
    from dispatch.evidence.verify import verdicts

    with at_desk() as desk:
        anchors = read_anchors(anchor) if anchor else None
        if file is not None:
            with file.open(encoding="utf-8") as opened:
                found = verify_export(opened, anchors)
        else:
            with desk.database.reading() as session:
                found = {**dict(verdicts(session, anchors)), **dict(device_verdicts(session))}
        rows = [
            {
                "chain": name,
                "entries": verdict.entries,
                "root": verdict.root,
                "fault": verdict.fault or "none",
                **({"entry": verdict.entry} if verdict.entry else {}),
            }
            for name, verdict in found.items()
        ]
        tell(rows, as_json)
        raise typer.Exit(0 if all(verdict.is_sound for verdict in found.values()) else 1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: one entry a line.")],
    branch: Annotated[
        str | None, typer.Option("--branch", help="One branch's chain; else every chain.")
    ] = None,
    person: Annotated[
        UUID | None, typer.Option("--person", help="What is about one person, across branches.")
    ] = None,
) -> None:
    """Write sealed entries to a file that anybody can verify without this program."""
    from itertools import chain

    from dispatch.evidence.export import lines
    from dispatch.store import evidence as log

    with at_desk() as desk, desk.database.reading() as session:
        if person is not None:
            entries: Any = log.about(session, person)
        else:
            names = [desk.branch(session, branch).id] if branch else log.chains(session)
            entries = chain.from_iterable(log.sealed(session, one) for one in names)
        number = 0
        with file.open("w", encoding="utf-8") as opened:
            for line in lines(entries):
                opened.write(line)
                number += 1
        typer.echo(f"{number} entries written to {file}.")


@app.command()
def anchor(
    file: Annotated[
        Path | None,
        typer.Argument(help="Append each chain's root to this file; keep it elsewhere."),
    ] = None,
) -> None:
    """Keep the roots outside the database: in a file, or (without one) where the settings say."""
    from dispatch.evidence.roots import anchor_roots, present_roots, take_roots
    from dispatch.gateways.anchor import FileAnchor, anchors_of

    with at_desk() as desk, desk.database.writing("command.anchor") as session:
        if file is None:
            take_roots(session, now=desk.now)
            kept = anchor_roots(session, anchors=anchors_of(desk.settings), now=desk.now)
            typer.echo(f"{kept} daily root(s) handed on.")
            return
        roots = present_roots(session, now=desk.now)
        for root in roots:
            FileAnchor(file).keep(root, now=desk.now)
        typer.echo(f"{len(roots)} root(s) written to {file}.")
