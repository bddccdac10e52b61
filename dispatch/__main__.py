"""`python -m dispatch`: the operator's work, one transaction a command."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dispatch.commands import (
    audit,
    backup,
    disaster,
    evidence,
    letters,
    pack_changes,
    presence,
    privacy,
    replay,
    simulate,
    wording,
)
from dispatch.commands.desk import BranchName, Json, OnDate, at_desk, choose, date_of, tell

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Fairvisit: the operator's work."
)
app.add_typer(evidence.app, name="evidence")
app.add_typer(pack_changes.app, name="policy")
app.add_typer(wording.app, name="wording")
app.add_typer(disaster.app, name="disaster")
audit.install(app)
privacy.install(app)
backup.install(app)
simulate.install(app)
presence.install(app)
replay.install(app)
letters.install(app)


@app.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    with at_desk() as desk:
        from dispatch import migrations

        migrations.upgrade(desk.database)
        typer.echo("The database is at the newest migration.")


@app.command()
def admin(
    login: Annotated[str, typer.Argument(help="Their e-mail address.")],
    name: Annotated[str, typer.Option("--name", help="Their name.")] = "Admin",
    password: Annotated[
        str | None, typer.Option("--password", envvar="FAIRVISIT_ADMIN_PASSWORD")
    ] = None,
) -> None:
    """Make the first admin; everybody else is invited by them."""
    from dispatch.access.accounts import first_admin
    from dispatch.access.passwords import Passwords, require_good

    chosen = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with at_desk() as desk:
        require_good(chosen, login=login)
        hashed = Passwords().hash(chosen)
        with desk.database.writing("command.admin") as session:
            first_admin(session, login=login, name=name, password_hash=hashed, now=desk.now)
        typer.echo(f"{login} may sign in as admin.")


@app.command()
def branch(
    name: Annotated[str, typer.Argument(help="The branch's name.")],
    lender: Annotated[str, typer.Option("--lender", help="On whose behalf.")],
    time_zone: Annotated[
        str, typer.Option("--time-zone", help="IANA name, such as Asia/Shanghai.")
    ],
    country: Annotated[str, typer.Option("--country", help="Two letters, such as CN.")],
    lat: Annotated[float, typer.Option("--lat", help="Latitude of the depot, WGS-84.")],
    lon: Annotated[float, typer.Option("--lon", help="Longitude of the depot, WGS-84.")],
    pack: Annotated[str, typer.Option("--pack", help="The policy pack.")] = "baseline",
    currency: Annotated[str, typer.Option("--currency")] = "CNY",
    language: Annotated[str, typer.Option("--language", help="zh-CN or en.")] = "en",
) -> None:
    """Open a branch."""
    from dispatch.policy.pack import load_pack
    from dispatch.roster.branches import open_branch

    with at_desk() as desk:
        load_pack(pack, desk.settings.pack_folder)
        with desk.database.writing("command.branch") as session:
            open_branch(
                session,
                vault=desk.vault,
                name=name,
                time_zone=time_zone,
                country=country.upper(),
                depot_lat=lat,
                depot_lon=lon,
                lender_name=lender,
                pack_id=pack,
                currency=currency,
                language=language,
                actor="operator",
                now=desk.now,
            )
        typer.echo(f"The branch {name} is open.")


@app.command(name="import")
def import_(
    kind: Annotated[
        str, typer.Argument(help="cases, attempts, payments, agents, shifts or holidays.")
    ],
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.", exists=True, dir_okay=False)],
    branch: BranchName,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="YAML or JSON: our column to the file's.")
    ] = None,
    datum: Annotated[str, typer.Option("--datum", help="wgs84, gcj02 or bd09.")] = "wgs84",
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="utf-8 or gb18030; else found out.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Of an XLSX file; else the first.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Store the good rows.")] = False,
    as_json: Json = False,
) -> None:
    """Take a file in: all or nothing, unless --skip-bad."""
    from dispatch.console import tell_issues
    from dispatch.errors import ImportInvalid
    from dispatch.intake.columns import read_mapping
    from dispatch.intake.run import import_file
    from dispatch.model import ImportKind

    with at_desk() as desk:
        known = choose(kind, {one.value: one for one in ImportKind}, "kind of file")
        given = read_mapping(mapping.read_bytes()) if mapping else None
        try:
            with desk.database.writing("command.import") as session:
                report = import_file(
                    session,
                    vault=desk.vault,
                    branch=desk.branch(session, branch),
                    kind=known,
                    content=file.read_bytes(),
                    filename=file.name,
                    mapping=given,
                    datum=_datum(datum),
                    encoding=encoding,
                    sheet=sheet,
                    is_dry_run=dry_run,
                    skip_bad=skip_bad,
                    actor="operator",
                    now=desk.now,
                ).as_dict()
        except ImportInvalid as error:
            tell_issues(error.detail, list(error.issues), as_json)
            raise typer.Exit(2) from error
        tell(report, as_json, only=("rows", "created", "updated", "unchanged", "refused"))
        if report["issues"] and not as_json:
            tell_issues("", report["issues"], as_json)


@app.command()
def plan(
    branch: BranchName,
    on: OnDate,
    kind: Annotated[str, typer.Option("--kind", help="announce or release.")] = "announce",
    seconds: Annotated[int, typer.Option("--seconds", min=0, max=3600)] = 20,
    as_json: Json = False,
) -> None:
    """Plan a branch's day now, and wait for it."""
    from dispatch.gateways.roads import roads_of
    from dispatch.model import PlanRun, RunKind, RunReason, RunState
    from dispatch.planning.request import request_plan
    from dispatch.planning.runner import Planner, run_next
    from dispatch.solver.run import Solver
    from dispatch.store.rows import get_any

    with at_desk() as desk:
        with desk.database.writing("command.plan") as session:
            run_id = request_plan(
                session,
                branch=desk.branch(session, branch),
                on=date_of(on),
                kind=choose(kind, {one.value: one for one in RunKind}, "kind of run"),
                reason=RunReason.MANUAL,
                requested_by="operator",
                now=desk.now,
                seconds=seconds,
            ).id
        planner = Planner(
            database=desk.database,
            vault=desk.vault,
            roads=roads_of(desk.settings),
            solver=Solver(memory_mb=desk.settings.plan_memory_mb),
            clock=desk.clock,
            settings=desk.settings,
            worker="operator",
        )
        try:
            while (done := run_next(planner)) is not None and done.id != run_id:
                continue
        finally:
            planner.solver.close()
            planner.roads.close()
        with desk.database.reading() as session:
            run = get_any(session, PlanRun, run_id)
            tell(desk.told_of(session, run), as_json)
        if run.state is RunState.FAILED:
            raise typer.Exit(1)


@app.command(name="send-nothing")
def send_nothing(
    state: Annotated[str, typer.Argument(help="on or off.")],
    branch: Annotated[
        str | None, typer.Option("--branch", help="One branch only; else all.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason")] = "operator",
) -> None:
    """Stop every message from leaving, everywhere or for a branch; or let them go again."""
    from dispatch.backup.restore import require_finished
    from dispatch.store import duties

    with at_desk() as desk:
        is_on = choose(state, {"on": True, "off": False}, "state")
        with desk.database.writing("command.send_nothing") as session:
            require_finished(session)
            duties.switch(
                session,
                duties.SEND_NOTHING,
                branch_id=desk.branch(session, branch).id if branch else None,
                is_on=is_on,
                reason=reason,
                actor="operator",
                now=desk.now,
            )
        typer.echo(f"send-nothing is {state} for {branch or 'every branch'}.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what works and what does not: database, keys, packs, roads, messages, scheduler."""
    with at_desk() as desk:
        from dispatch.reporting.doctor import examine

        rows = examine(desk.settings, desk.database, desk.now)
        tell(rows, as_json)
        raise typer.Exit(0 if all(row["well"] for row in rows) else 1)


@app.command()
def demo(as_json: Json = False) -> None:
    """Fill an empty database with the demo branch."""
    from dispatch.demo.drive import make_demo

    with at_desk() as desk:
        tell(
            [
                asdict(one)
                for one in make_demo(
                    desk.database, vault=desk.vault, settings=desk.settings, now=desk.now
                )
            ],
            as_json,
        )


def _datum(text: str) -> Any:
    from dispatch.coordinates import Datum

    return choose(
        text.lower().replace("-", ""),
        {one.value.lower().replace("-", ""): one for one in Datum},
        "datum",
    )


if __name__ == "__main__":
    app()
