"""Solomon's and Gehring and Homberger's VRPTW files, and team orienteering on the same files."""

from dataclasses import replace

from routing.errors import InvalidProblem, Issue
from routing.formats.instance import (
    Instance,
    Stop,
    as_request,
    fleet,
    refuse_size,
    to_request,
    travel,
)
from routing.formats.lines import Lines
from routing.formats.request import Request
from routing.matrix import Matrix
from routing.problem import Costs, Objective, Problem, Task, Window
from routing.units import MAX_VEHICLES

_COLUMNS = 7
_TRAVEL_PER_HOUR = 1
"""In team orienteering 3,600 tenths of travel cost one unit: a tie-breaker, see `read_toptw`."""


def read_solomon(text: str) -> Request:
    """A file as a vehicle routing problem with time windows: least distance, everybody served.

    Raises
    ------
    InvalidProblem
        With every faulty line.
    """
    return to_request(parse_solomon(text))


def read_toptw(text: str, routes: int) -> Request:
    """A file as team orienteering with time windows: most demand collected on so many routes.

    A unit of demand counts `prize_unit` in prize, and 3,600 tenths of travel cost one; `prize_unit` is a power of ten that exceeds what all routes can travel within the
    depot's hours. So no saving of travel outweighs a unit of demand, and of two plans with equal
    prize the shorter one is better. Capacity plays no part.

    Parameters
    ----------
    text
        The file.
    routes
        How many routes there are.

    Raises
    ------
    InvalidProblem
        With every faulty line, or when `routes` is out of its range.
    """
    if not 1 <= routes <= MAX_VEHICLES:
        cause = f"--routes is {routes}"
        raise InvalidProblem(
            [Issue("number", "", cause, f"give a whole number from 1 to {MAX_VEHICLES}")]
        )
    instance = replace(parse_solomon(text), vehicles=routes, capacity=None)
    refuse_size(instance)
    depot, *customers = instance.stops
    unit = prize_unit(instance)
    problem = Problem(
        tasks=tuple(
            Task(
                id=stop.id,
                place=place,
                windows=(Window(instance.scaled(stop.opens), instance.scaled(stop.closes or 0)),),
                service_s=instance.scaled(stop.service),
                required=False,
                prize=unit * stop.demand,
            )
            for place, stop in enumerate(customers, start=1)
        ),
        vehicles=fleet(instance, depot, Costs(per_hour=_TRAVEL_PER_HOUR)),
        matrices={"car": Matrix(travel(instance))},
        objective=Objective.PRIZES,
    )
    told = f"Team orienteering: a unit of demand counts {unit} in prize_collected."
    return as_request(problem, replace(instance, notes=(told,)))


def prize_unit(instance: Instance) -> int:
    """A power of ten, at least 1,000, above what all routes together can cost."""
    depot = instance.stops[0]
    hours = instance.scaled((depot.closes or 0) - depot.opens) / 3600
    unit = 1000
    while unit <= _TRAVEL_PER_HOUR * hours * instance.vehicles + 1:
        unit *= 10
    return unit


def parse_solomon(text: str) -> Instance:
    """The instance that a file describes.

    Raises
    ------
    InvalidProblem
        With every faulty line.
    """
    lines = Lines(text)
    words = {line.split()[0].upper(): rank for rank, (_, line) in enumerate(lines.rows)}
    at, table = words.get("NUMBER"), words.get("CUST")
    if "VEHICLE" not in words or at is None or table is None or at + 1 >= len(lines.rows):
        lines.add(None, "has no VEHICLE and CUSTOMER tables", "give a file in Solomon's format")
        lines.raise_if_any()
    assert at is not None  # noqa: S101 - raised above
    assert table is not None  # noqa: S101
    number, line = lines.rows[at + 1]
    head = lines.numbers(number, line, 2) or [0, 0]
    stops = [
        stop
        for number, line in lines.rows[table + 1 :]
        if (stop := _stop(lines, number, line)) is not None
    ]
    if not stops:
        lines.add(None, "has no customers", "give the depot and at least one customer")
    lines.raise_if_any()
    return Instance(stops=tuple(stops), vehicles=int(head[0]), capacity=int(head[1]))


def _stop(lines: Lines, number: int, line: str) -> Stop | None:
    row = lines.numbers(number, line, _COLUMNS)
    if row is None:
        return None
    name, x, y, demand, ready, due, service = row[:_COLUMNS]
    if min(demand, ready, due, service) < 0 or demand != int(demand) or name != int(name):
        lines.add(number, "has a negative or a fractional number", "give number, demand, hours")
        return None
    return Stop(
        id=int(name), spot=(x, y), demand=int(demand), opens=ready, closes=due, service=service
    )
