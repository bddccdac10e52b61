"""`python -m dispatch policy propose | adopt | refuse | changes`: a pack is changed by two persons."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from dispatch.commands.desk import Json, at_desk, refuse, tell
from dispatch.commands.policy import app

if TYPE_CHECKING:
    from sqlmodel import Session

    from dispatch.console import Desk
    from dispatch.model import Account, PackChange

__all__ = ["app"]

By = Annotated[str, typer.Option("--by", help="Your log-in; your password is asked for.")]
Password = Annotated[str | None, typer.Option("--password", envvar="FAIRVISIT_PASSWORD")]


@app.command()
def propose(
    file: Annotated[Path, typer.Argument(help="The pack's file.", exists=True, dir_okay=False)],
    by: By,
    ground: Annotated[str, typer.Option("--ground", help="Why, and on what source.")],
    password: Password = None,
    as_json: Json = False,
) -> None:
    """Put a pack before a second person; nothing is changed yet."""
    from dispatch.roster.packs import propose_pack

    with at_desk() as desk:
        account_id = _who(desk, by, password)
        with desk.database.writing("command.propose_pack") as session:
            change = propose_pack(
                session,
                text=file.read_text("utf-8"),
                ground=ground,
                account=_account(session, account_id),
                now=desk.now,
            )
            told = _told(change)
        tell(told, as_json)


@app.command()
def adopt(
    change: Annotated[str, typer.Argument(help="The id that `propose` printed.")],
    by: By,
    password: Password = None,
    as_json: Json = False,
) -> None:
    """Adopt a proposed pack, as somebody else than who proposed it."""
    _decide(change, by, password, is_adopted=True, as_json=as_json)


@app.command(name="refuse")
def refuse_(
    change: Annotated[str, typer.Argument(help="The id that `propose` printed.")],
    by: By,
    password: Password = None,
    as_json: Json = False,
) -> None:
    """Refuse a proposed pack."""
    _decide(change, by, password, is_adopted=False, as_json=as_json)


@app.command()
def changes(as_json: Json = False) -> None:
    """List the newest changes of packs."""
    from dispatch.store import law

    with at_desk() as desk, desk.database.reading() as session:
        tell([_told(one) for one in law.changes(session, None, limit=50)], as_json)


def _decide(
    change: str, by: str, password: str | None, *, is_adopted: bool, as_json: bool
) -> None:
    from dispatch.model import PackChange
    from dispatch.roster.packs import decide_pack
    from dispatch.store.rows import get_any

    change_id = _id(change)
    with at_desk() as desk:
        account_id = _who(desk, by, password)
        with desk.database.writing("command.decide_pack") as session:
            decided = decide_pack(
                session,
                change=get_any(session, PackChange, change_id, lock=True),
                is_adopted=is_adopted,
                account=_account(session, account_id),
                now=desk.now,
            )
            told = _told(decided)
        tell(told, as_json)


def _who(desk: "Desk", login: str, password: str | None) -> UUID:
    """Return whose log-in and password these are, or refuse."""
    from dispatch.access.passwords import Passwords
    from dispatch.access.sign_in import REFUSAL, claim

    given = password or typer.prompt("Password", hide_input=True)
    with desk.database.reading() as session:
        claimed = claim(session, login)
    # Compared with no transaction open: it is slow by design.
    is_right = Passwords().compare(claimed.password_hash, given).is_right
    if claimed.account_id is None or not is_right:
        refuse(REFUSAL)
    return claimed.account_id


def _account(session: "Session", account_id: UUID) -> "Account":
    from dispatch.model import Account
    from dispatch.store.rows import get_any

    return get_any(session, Account, account_id)


def _told(change: "PackChange") -> dict[str, Any]:
    return {
        "id": str(change.id),
        "pack": change.pack_id,
        "version": change.pack_version,
        "state": str(change.state),
        "differences": len(change.differences),
        "proposed_at": change.proposed_at.isoformat(),
        "ground": change.ground,
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        refuse(f"{text!r} is no id; `python -m dispatch policy changes` lists them.")
