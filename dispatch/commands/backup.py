"""`python -m dispatch backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from dispatch.commands.desk import Json, at_desk, tell


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; the manifest goes beside it.")],
    as_json: Json = False,
) -> None:
    """Copy the whole database to a file while the service goes on; keys and tombstones stay out."""
    from dispatch.backup.take import take_backup

    with at_desk() as desk:
        manifest = take_backup(desk.database, file, now=desk.now)
        tell({"file": str(file), "bytes": manifest.bytes, "sha256": manifest.sha256}, as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="A file of `backup`.", exists=True, dir_okay=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Though the database holds something.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup back: erasures are repeated, chains verified, and nothing is sent until you say so."""
    from dispatch.backup.restore import keep_quiet, put_back, require_matching, require_still
    from dispatch.evidence.seal import seal_pending
    from dispatch.evidence.verify import verdicts
    from dispatch.privacy.erase import forget_again
    from dispatch.privacy.tombstones import Tombstones

    with at_desk() as desk:
        manifest = require_matching(desk.database, file)
        require_still(desk.database, now=desk.now, replace=replace)
        tombstones = Tombstones.of(desk.settings)
        tombstones.people()  # unreadable ones are told before anything is put back
        put_back(desk.database, file, actor="operator", now=desk.now)
        anchors = {
            one["chain"]: {one["length"]: one["root"]} for one in manifest.roots if one["length"]
        }
        with desk.database.writing("command.restore") as session:
            keep_quiet(session, actor="operator", now=desk.now)
            erased = forget_again(session, tombstones=tombstones, actor="operator", now=desk.now)
            seal_pending(session, now=desk.now)
        desk.database.scrub()
        with desk.database.reading() as session:
            faults = [
                f"{name}: {verdict.fault}"
                for name, verdict in verdicts(session, anchors)
                if not verdict.is_sound
            ]
        tell(
            {
                "taken_at": manifest.taken_at,
                "erased_again": erased,
                "evidence": "; ".join(faults) or "verifies",
                "sending": "off; `python -m dispatch send-nothing off` when you have looked at it",
            },
            as_json,
        )
        raise typer.Exit(1 if faults else 0)
