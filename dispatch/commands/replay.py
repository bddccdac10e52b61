"""`python -m dispatch replay`: a plan made once more from what was kept, and what differs."""

from dataclasses import asdict
from typing import Annotated

import typer

from dispatch.commands.desk import BranchName, Json, OnDate, at_desk, date_of, tell


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    branch: BranchName,
    date: OnDate,
    number: Annotated[
        int | None, typer.Option("--version", help="Version of the day's plan; else the newest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Plan a day once more as it stood then, and say what differs; exit 1 where something does."""
    from dispatch.gateways.roads import roads_of
    from dispatch.planning.replay import kept_of
    from dispatch.planning.replay import replay as plan_again
    from dispatch.solver.run import Solver

    on = date_of(date)
    with at_desk() as desk:
        with desk.database.writing("command.replay") as session:
            row = desk.branch(session, branch)
            kept = kept_of(
                session,
                vault=desk.vault,
                branch=row,
                on=on,
                number=number,
                actor="operator",
                now=desk.now,
            )
        solver = Solver(memory_mb=desk.settings.plan_memory_mb)
        try:
            found = plan_again(kept, roads=roads_of(desk.settings), solver=solver)
        finally:
            solver.close()
    if as_json:
        tell({**asdict(found), "version": kept.plan.number}, as_json)
    else:
        said = "the same" if found.is_same else f"other for {', '.join(found.moved)}"
        typer.echo(f"{on}, version {kept.plan.number}: {said}.")
        typer.echo(f"Visits {found.visits[0]}, now {found.visits[1]}.")
        typer.echo(f"Travel {found.travel_s[0]} s, now {found.travel_s[1]} s.")
        for sentence in found.why:
            typer.echo(sentence)
    if not found.is_same:
        raise typer.Exit(1)
