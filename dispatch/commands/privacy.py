"""A person's rights at the operator's desk: hand out, correct, erase; and the keys."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.commands.desk import BranchName, Json, at_desk, tell

if TYPE_CHECKING:
    from sqlmodel import Session

    from dispatch.console import Desk
    from dispatch.model import Branch, Person
    from dispatch.policy.pack import Pack

Who = Annotated[
    str,
    typer.Option(
        "--person",
        help="The person's identifier, the lender's number for them, or a case's number or reference.",
    ),
]
_ALL = 1_000_000
Ground = Annotated[str, typer.Option("--ground", help="Who asked, and why; one sentence.")]


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(export)
    app.command()(correct)
    app.command()(erase)
    app.command(name="rotate-keys")(rotate_keys)
    app.command()(retention)


def export(
    file: Annotated[Path, typer.Argument(help="Where to write it (JSON); hand it over sealed.")],
    person: Who,
) -> None:
    """Write all that is on record about a person, for the person: fields, acts, readers."""
    from dispatch.privacy.export import export_person

    with at_desk() as desk, desk.database.writing("command.export") as session:
        told = export_person(
            session,
            vault=desk.vault,
            person=_found(desk, session, person),
            actor="operator",
            now=desk.now,
        )
        file.touch(mode=0o600)
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), "utf-8")
        rows = sum(map(len, told["records"].values()))
        typer.echo(f"{rows} records and {len(told['acts'])} acts written to {file}.")


def correct(
    field: Annotated[str, typer.Argument(help="name, birth_year, phone, email or address.")],
    value: Annotated[str, typer.Argument(help="What is right.")],
    person: Who,
    ground: Ground,
    was: Annotated[
        str | None, typer.Option("--was", help="What stands there now, where there are several.")
    ] = None,
    asked_by: Annotated[str, typer.Option("--asked-by")] = "borrower",
) -> None:
    """Put a value right; what stood there before is kept, sealed, as an amendment."""
    from dispatch.privacy.correct import correct as put_right

    with at_desk() as desk:
        with desk.database.writing("command.correct") as session:
            put_right(
                session,
                vault=desk.vault,
                person=_found(desk, session, person),
                field=field,
                value=value,
                was=was,
                ground=ground,
                asked_by=asked_by,
                actor="operator",
                now=desk.now,
            )
        typer.echo(f"The {field} is corrected; the amendment is on record.")


def erase(
    person: Who,
    ground: Ground,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking again.")] = False,
    as_json: Json = False,
) -> None:
    """Erase a person for good: data key destroyed, fields emptied, tombstone set."""
    from dispatch.privacy.erase import erase_person
    from dispatch.privacy.tombstones import Tombstones

    with at_desk() as desk:
        if not yes:
            typer.confirm("This can't be undone, by nobody. Erase the person?", abort=True)
        with desk.database.writing("command.erase") as session:
            emptied = erase_person(
                session,
                person=_found(desk, session, person),
                ground=ground,
                tombstones=Tombstones.of(desk.settings),
                actor="operator",
                now=desk.now,
            )
        desk.database.scrub()
        told: Any = {"erased": emptied > 0, "rows_emptied": emptied}
        if as_json:
            tell(told, as_json)
        else:
            typer.echo(
                f"Erased; {emptied} rows were emptied. The evidence still verifies."
                if emptied
                else "The person was erased before."
            )


def rotate_keys(as_json: Json = False) -> None:
    """Wrap every data key by the current master key; then the old one may leave the settings."""
    from dispatch.errors import Unavailable
    from dispatch.privacy.rotate import rotate_keys as turn

    with at_desk() as desk:
        turned, last = 0, None
        while True:
            with desk.database.writing("command.rotate_keys") as session:
                try:
                    done = turn(session, vault=desk.vault, after=last)
                except ValueError as error:
                    raise Unavailable(str(error)) from error
            turned, last = turned + done.number, done.last
            if last is None:
                break
        if as_json:
            tell({"turned": turned}, as_json)
        else:
            typer.echo(f"{turned} data keys wrapped anew; all are under the current master key.")


def retention(
    branch: BranchName,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is due; change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Erase whom the pack's terms no longer permit to be kept; the scheduler does so each day."""
    from dispatch.policy.pack import effective, load_pack
    from dispatch.privacy.retain import coarsen, due_of, forget_one
    from dispatch.privacy.tombstones import Tombstones

    with at_desk() as desk:
        stones = Tombstones.of(desk.settings)

        def law_of(one: "Branch") -> "Pack":
            return effective(load_pack(one.pack_id, desk.settings.pack_folder))

        with desk.database.reading() as session:
            here = desk.branch(session, branch)
            due = due_of(session, branch=here, law_of=law_of, now=desk.now, limit=_ALL)
        for person_id in () if dry_run else due.people:
            with desk.database.writing("command.retention") as writer:
                forget_one(writer, person_id, tombstones=stones, now=desk.now)
        if not dry_run:
            with desk.database.writing("command.positions") as writer:
                coarsen(writer, branch=here, law=law_of(here), now=desk.now)
            desk.database.scrub()
        told = {"people": len(due.people), "positions": due.positions, "is_dry_run": dry_run}
        if as_json:
            tell(told, as_json)
        else:
            verb = "would be" if dry_run else "were"
            typer.echo(
                f"{told['people']} people {verb} erased, {told['positions']} positions {verb} dropped."
            )


def _found(desk: "Desk", session: "Session", name: str) -> "Person":
    from uuid import UUID

    from dispatch.errors import NotFound
    from dispatch.store.lenders import all_lenders
    from dispatch.store.subject import find_person

    try:
        person_id = UUID(name)
    except ValueError:
        person_id = None
    numbers = {
        desk.vault.index("person-number", f"{lender.id}/{name}") for lender in all_lenders(session)
    }
    found = find_person(session, name, indexes=numbers, person_id=person_id)
    if found is None:
        msg = f"Nobody, or more than one, is known by {name!r}; name a case's reference."
        raise NotFound(msg)
    return found
