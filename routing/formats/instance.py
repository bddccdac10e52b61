"""Benchmark instances: one depot, one kind of vehicle, places in a plane; as requests.

The VRPTW literature counts in whole numbers as the DIMACS challenge of 2021 did: an arc is
``floor(10 * euclid)``, windows and service times are multiplied by ten, and a cost is told in tenths.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblem, Issue
from routing.formats.request import Request
from routing.matrix import Matrix
from routing.problem import Costs, Objective, Problem, Task, Vehicle, Window
from routing.units import MAX_PLACES, MAX_TIME_S, MAX_VEHICLES
from routing.validate import validate

DIMACS: Final = 10
"""Whole units in one unit of the file."""

type Rounding = Literal["dimacs", "nearest", "up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A customer, or the depot, in the file's own units."""

    id: int
    spot: tuple[float, float] = (0.0, 0.0)
    demand: int = 0
    backhaul: int = 0
    opens: float = 0.0
    closes: float | None = None
    service: float = 0.0
    prize: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A benchmark instance in its own units.

    Parameters
    ----------
    stops
        The depot first.
    vehicles
        How many there are.
    capacity
        Of each; None is no bound.
    rounding
        How a Euclidean distance becomes a whole number; see the module's docstring.
    weights
        Explicit distances instead of Euclidean ones, taken as they are.
    max_distance, max_duration
        Bounds of one route, in the file's units.
    """

    stops: tuple[Stop, ...]
    vehicles: int
    capacity: int | None = None
    rounding: Rounding = "dimacs"
    weights: NDArray[np.int64] | None = None
    max_distance: float | None = None
    max_duration: float | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def scale(self) -> int:
        """Whole units in one unit of the file."""
        return DIMACS if self.rounding == "dimacs" and self.weights is None else 1

    def scaled(self, value: float) -> int:
        """A time, distance or prize of the file in whole units."""
        return int(value * self.scale)


def travel(instance: Instance) -> NDArray[np.int64]:
    """Whole distances between all places, which are travel times as well."""
    if instance.weights is not None:
        return instance.weights
    spots = np.array([stop.spot for stop in instance.stops], dtype=np.float64)
    exact = np.hypot(*(spots[:, None, :] - spots[None, :, :]).transpose(2, 0, 1))
    whole = {
        "dimacs": lambda: np.floor(DIMACS * exact),
        "nearest": lambda: np.floor(exact + 0.5),
        "up": lambda: np.ceil(exact),
    }[instance.rounding]()
    return np.asarray(whole, dtype=np.int64)


def to_request(instance: Instance) -> Request:
    """An instance as a problem: distance is the cost, the fleet is that of the file.

    Stops with a prize are optional, all others required.

    Raises
    ------
    InvalidProblem
        When it is too large or makes no sense.
    """
    refuse_size(instance)
    depot, *customers = instance.stops
    tasks = tuple(
        Task(
            id=stop.id,
            place=place,
            windows=_windows(instance, stop),
            service_s=instance.scaled(stop.service),
            required=stop.prize is None,
            prize=instance.scaled(stop.prize or 0.0),
            delivery=(stop.demand,) if stop.demand else (),
            pickup=(stop.backhaul,) if stop.backhaul else (),
        )
        for place, stop in enumerate(customers, start=1)
    )
    problem = Problem(
        tasks=tasks,
        vehicles=fleet(instance, depot),
        matrices={"car": Matrix(travel(instance))},
        objective=Objective.PRIZES,
    )
    return as_request(problem, instance)


def refuse_size(instance: Instance) -> None:
    """Refuse an instance that is too large to have a matrix.

    Raises
    ------
    InvalidProblem
        When it has too many places or vehicles.
    """
    counts = (
        ("places", len(instance.stops), MAX_PLACES),
        ("vehicles", instance.vehicles, MAX_VEHICLES),
    )
    issues = [
        Issue("too-large", "", f"has {count} {what}", f"give at most {most}")
        for what, count, most in counts
        if count > most
    ]
    if issues:
        raise InvalidProblem(issues)


def as_request(problem: Problem, instance: Instance) -> Request:
    """A problem made of an instance, validated, with the instance's coordinates and notes."""
    issues = validate(problem)
    if issues:
        raise InvalidProblem(issues)
    planar = (
        {}
        if instance.weights is not None
        else dict(enumerate(stop.spot for stop in instance.stops))
    )
    return Request(
        problem=problem,
        coordinates=planar,
        cost_scale=instance.scale,
        notes=instance.notes,
    )


def fleet(instance: Instance, depot: Stop, costs: Costs | None = None) -> tuple[Vehicle, ...]:
    """The vehicles of an instance, numbered from 1."""
    last = MAX_TIME_S if depot.closes is None else instance.scaled(depot.closes)
    distance, duration = instance.max_distance, instance.max_duration
    return tuple(
        Vehicle(
            id=number,
            start=0,
            end=0,
            shift=Window(instance.scaled(depot.opens), last),
            capacity=() if instance.capacity is None else (instance.capacity,),
            max_travel_time_s=None if distance is None else instance.scaled(distance),
            max_duration_s=None if duration is None else instance.scaled(duration),
            costs=costs or Costs(),
        )
        for number in range(1, instance.vehicles + 1)
    )


def _windows(instance: Instance, stop: Stop) -> tuple[Window, ...]:
    if stop.closes is None:
        return ()
    return (Window(instance.scaled(stop.opens), instance.scaled(stop.closes)),)
