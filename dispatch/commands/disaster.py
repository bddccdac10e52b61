"""`python -m dispatch disaster`: name an area that something befell; nobody there is visited."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from dispatch.commands.desk import BranchName, Json, at_desk, date_of, refuse, tell

if TYPE_CHECKING:
    from dispatch.area import Area
    from dispatch.console import Desk
    from dispatch.model import Disaster

app = typer.Typer(
    no_args_is_help=True,
    help="Disasters: whoever has a place in the area is left in peace for a time.",
)
Circle = Annotated[
    str | None, typer.Option("--circle", help="Middle and radius: latitude,longitude,kilometres.")
]
Polygon = Annotated[
    Path | None,
    typer.Option("--polygon", help="A file with a GeoJSON Polygon, or a Feature of one."),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name", help="A postcode, district or street as addresses write it; repeat it."
    ),
]
_ACTOR = "operator"


@app.command()
def count(
    branch: BranchName,
    circle: Circle = None,
    polygon: Polygon = None,
    name: Names = None,
    as_json: Json = False,
) -> None:
    """Say how many people an area would hold and how many visits would end; change nothing."""
    with at_desk() as desk:
        tell(_count(desk, branch, _area(circle, polygon, name)), as_json)


@app.command()
def declare(
    branch: BranchName,
    until: Annotated[str, typer.Option("--until", help="The last day, such as 2026-08-09.")],
    begins: Annotated[
        str | None, typer.Option("--from", help="The first day, if it is one to come.")
    ] = None,
    circle: Circle = None,
    polygon: Polygon = None,
    name: Names = None,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking again.")] = False,
    as_json: Json = False,
) -> None:
    """Hold everybody in an area until a day is over: counted first, then put in chunks."""
    from dispatch.care.disasters import declare as put_down
    from dispatch.clock import local_day

    area = _area(circle, polygon, name)
    last_on, first_on = date_of(until), date_of(begins) if begins else None
    with at_desk() as desk:
        reach = _count(desk, branch, area)
        if not yes:
            typer.confirm(
                f"{reach['people']} people would be held and {reach['visits']} visits end. Go on?",
                abort=True,
            )
        with desk.database.writing("disaster.declare") as session:
            here = desk.branch(session, branch)
            from_at = local_day(here.time_zone, first_on)[0] if first_on else desk.now
            disaster = put_down(
                session,
                branch=here,
                area=area,
                from_at=max(from_at, desk.now),
                until_at=local_day(here.time_zone, last_on + timedelta(days=1))[0],
                actor=_ACTOR,
                now=desk.now,
            )
        tell(_worked_off(desk, disaster.id), as_json)


@app.command()
def lift(
    disaster: Annotated[UUID, typer.Argument(help="Its identifier, as `list` shows it.")],
    as_json: Json = False,
) -> None:
    """Say that it is over before its day; every hold that it put is lifted, in chunks."""
    from dispatch.care.disasters import lift as end
    from dispatch.model import Disaster, DisasterState
    from dispatch.store.rows import get_any

    with at_desk() as desk:
        with desk.database.writing("disaster.lift") as session:
            row = get_any(session, Disaster, disaster, lock=True)
            if row.state is not DisasterState.LIFTING:  # cut off before, it goes on here
                end(session, disaster=row, actor=_ACTOR, now=desk.now)
        tell(_worked_off(desk, disaster), as_json)


@app.command("list")
def list_them(branch: BranchName, as_json: Json = False) -> None:
    """Show a branch's disasters, the newest first."""
    from dispatch.store.disasters import of_branch
    from dispatch.store.scope import Scope

    with at_desk() as desk, desk.database.reading() as session:
        here = desk.branch(session, branch)
        found = of_branch(session, Scope.of({here.id}), here.id, limit=100)
        tell([_told(one) for one in found], as_json)


def _count(desk: "Desk", branch: str, area: "Area") -> dict[str, Any]:
    from dispatch.care.disasters import count_reach

    with desk.database.reading() as session:
        here = desk.branch(session, branch)
        reach = count_reach(session, vault=desk.vault, branch=here, area=area)
    return {"people": reach.people, "visits": reach.visits}


def _worked_off(desk: "Desk", disaster_id: UUID) -> dict[str, Any]:
    """Do chunk after chunk; what is left when this is cut off the scheduler does."""
    from dispatch.care.disasters import step
    from dispatch.model import Disaster
    from dispatch.store.rows import get_any

    has_more = True
    while has_more:
        with desk.database.writing("disaster.step") as session:
            has_more = step(
                session, vault=desk.vault, disaster_id=disaster_id, now=desk.clock.now()
            )
    with desk.database.reading() as session:
        return _told(get_any(session, Disaster, disaster_id))


def _told(disaster: "Disaster") -> dict[str, Any]:
    return {
        "id": str(disaster.id),
        "state": str(disaster.state),
        "held": disaster.held,
        "from": disaster.from_at.isoformat(),
        "until": disaster.until_at.isoformat(),
        "area": json.dumps(disaster.area, ensure_ascii=False),
    }


def _area(circle: str | None, polygon: Path | None, names: list[str] | None) -> "Area":
    from dispatch.area import Area

    told: dict[str, Any] = {"names": names or ()}
    try:
        if circle is not None:
            lat, lon, km = (float(part) for part in circle.split(","))
            told |= {"center": [lon, lat], "radius_m": round(km * 1000)}
        if polygon is not None:
            told["ring"] = _ring(json.loads(polygon.read_text("utf-8")))
        return Area.of_json(told)
    except OSError as error:
        refuse(f"The file {polygon} can't be read: {error.strerror}.")
    except (ValueError, KeyError, IndexError, TypeError) as error:
        refuse(
            f"That is no area: {error} Write --circle 30.6,119.9,12, or give a GeoJSON Polygon."
        )


def _ring(told: Mapping[str, Any]) -> list[list[float]]:
    shape = told.get("geometry", told)
    if shape.get("type") != "Polygon" or len(shape["coordinates"]) != 1:
        msg = "the file holds no Polygon without holes."
        raise ValueError(msg)
    (ring,) = shape["coordinates"]
    closed = ring[-1] == ring[0]
    return [[corner[0], corner[1]] for corner in (ring[:-1] if closed else ring)]
