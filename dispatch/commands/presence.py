"""`python -m dispatch presence`: when people are met, as planning reckons, and whether that is fair."""

from typing import Any

import typer

from dispatch.commands.desk import BranchName, Json, at_desk, tell


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command("presence")(presence)


def presence(branch: BranchName, as_json: Json = False) -> None:
    """Show how often people are met in each part of the day, and groups for which it is less true."""
    with at_desk() as desk:
        from dispatch.reporting.presence import presence_report

        with desk.database.reading() as session:
            found, groups = presence_report(
                session, vault=desk.vault, branch=desk.branch(session, branch), now=desk.now
            )
        segments: list[dict[str, Any]] = [
            {
                "part": str(one.part),
                "days": "weekend" if one.is_weekend else "working days",
                "place": one.place_kind,
                "calls": found.tried[one],
                "met": found.met.get(one, 0),
                "chance": round(found.chance(one), 2),
            }
            for one in sorted(found.tried)
        ]
        fairness = [
            {
                "group": one.name,
                "calls": one.calls,
                "reckoned": round(one.reckoned, 2),
                "seen": round(one.seen, 2),
                "look": one.is_apart,
            }
            for one in groups
        ]
        if as_json:
            tell({"segments": segments, "groups": fairness}, as_json)
        elif not segments:
            typer.echo("Nothing was seen yet: planning reckons with no hours.")
        else:
            tell(segments, as_json)
            tell(fairness, as_json)
