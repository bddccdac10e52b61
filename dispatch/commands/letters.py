"""Print letters: one PDF of all that a branch has to send by post."""

from pathlib import Path
from typing import Annotated

import typer

from dispatch.commands.desk import BranchName, at_desk


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(letters)


def letters(
    branch: BranchName,
    file: Annotated[Path, typer.Argument(help="Where to write the PDF; it holds addresses.")],
) -> None:
    """Write the letters of a branch that may go out now as a PDF for window envelopes."""
    # Imported here: `--help` must not wait for the database's libraries.
    from dispatch.gateways.letter_pdf import letters_pdf
    from dispatch.messaging.letters import to_print
    from dispatch.policy.pack import effective, load_pack
    from dispatch.store.scope import Scope

    with at_desk() as desk, desk.database.writing("command.letters") as session:
        row = desk.branch(session, branch)
        found = to_print(
            session,
            vault=desk.vault,
            scope=Scope.everything(),
            branch_id=row.id,
            law=effective(load_pack(row.pack_id, desk.settings.pack_folder)),
            actor="operator",
            now=desk.now,
        )
        if found.letters:
            file.touch(mode=0o600)
            file.write_bytes(letters_pdf(found.letters))
    typer.echo(f"{len(found.letters)} letters" + (f" written to {file}" if found.letters else ""))
    if found.too_long:
        listed = ", ".join(found.too_long)
        typer.echo(f"Too long for the window or the page, write them by hand: {listed}")
