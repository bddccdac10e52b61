"""`python -m dispatch audit`: a planned or an executed day, proven again by the auditor."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.commands.desk import BranchName, Json, OnDate, at_desk, choose, date_of, tell

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from dispatch.audit import Breach, Profile
    from dispatch.console import Desk
    from dispatch.model import Branch


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(audit)


def audit(
    branch: BranchName,
    on: OnDate,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            help="announce or release: the day's standing plan; executed: what the field recorded.",
        ),
    ] = "release",
    as_json: Json = False,
) -> None:
    """Audit a day: its plan as of now, or what was done; exit 1 where anything is found."""
    from dispatch.audit import Profile

    chosen = choose(profile, {one.value: one for one in Profile}, "profile")
    with at_desk() as desk, desk.database.reading() as session:
        owner, day = desk.branch(session, branch), date_of(on)
        is_over = chosen is Profile.EXECUTED
        look = _at_what_was_done if is_over else _at_the_plan
        subject, found = look(desk, session, owner, day, chosen)
        rows = [
            {
                "code": str(one.code),
                "visit": one.reference,
                "detail": one.detail,
                "source": one.source,
            }
            for one in found
        ]
        if as_json or rows:
            tell(rows, as_json)
        else:
            typer.echo(f"Nothing stands against {subject} of {day}.")
        raise typer.Exit(1 if rows else 0)


def _at_the_plan(
    desk: "Desk", session: "Session", branch: "Branch", on: "date", profile: "Profile"
) -> tuple[str, tuple["Breach", ...]]:
    from dispatch.errors import NotFound
    from dispatch.planning.publish import plan_breaches
    from dispatch.store import plans

    standing = plans.standing(session, branch.id, on)
    if standing is None:
        msg = f"There is no plan of {branch.name} for {on}; plan the day first."
        raise NotFound(msg)
    found = plan_breaches(
        session,
        plan=standing,
        branch=branch,
        profile=profile,
        now=desk.now,
        pack_folder=desk.settings.pack_folder,
    )
    return f"version {standing.number}", found


def _at_what_was_done(
    desk: "Desk",
    session: "Session",
    branch: "Branch",
    on: "date",
    _profile: "Profile",
) -> tuple[str, tuple["Breach", ...]]:
    from dispatch.planning.executed import executed_breaches

    number, found = executed_breaches(
        session, branch=branch, on=on, now=desk.now, pack_folder=desk.settings.pack_folder
    )
    return f"the {number} visit(s) made", found
