"""The judge of tours on published files: VRPTW, prize-collecting VRPTW and team orienteering.

Knows the file and a plain list of routes of customers (1 is the first). Rounding is DIMACS's, as
the file's reader keeps it.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.files import SCALE, Customers


@dataclass(frozen=True, slots=True)
class TourScore:
    """What tours are worth: `value` is what the family counts; `fault` says what is broken.

    VRPTW: distance. PCVRPTW: distance plus prizes not collected. TOPTW: the prize (more is better).
    """

    value: int
    distance: int
    served: int
    fault: str | None = None


def score_tours(
    family: str, file: Customers, routes: Sequence[Sequence[int]], most_routes: int
) -> TourScore:
    """Judge tours; `most_routes` is the size of the fleet."""
    matrix = file.matrix()
    used = [list(route) for route in routes if len(route)]
    visits = [customer for route in used for customer in route]
    if not all(0 < customer < len(file) for customer in visits):
        return TourScore(0, 0, 0, "no such customer")
    distance = sum(_distance(matrix, route) for route in used)
    fault = _fault(family, file, matrix, used, most_routes)
    if family == "toptw":
        value = sum(int(file.demand[customer]) for customer in visits)
    elif family == "pcvrptw":
        assert file.prize is not None
        value = distance + int(file.prize.sum()) - sum(int(file.prize[c]) for c in visits)
    else:
        value = distance
    return TourScore(value, distance, len(visits), fault)


def gap_percent(family: str, value: float, best: float) -> float:
    """Return how far the value is from the best known; below 0 it is better."""
    worse = best - value if family == "toptw" else value - best
    return 100 * worse / best


def _distance(matrix: np.ndarray, route: Sequence[int]) -> int:
    places = [0, *route, 0]
    return sum(int(matrix[a, b]) for a, b in itertools.pairwise(places))


def _fault(
    family: str,
    file: Customers,
    matrix: np.ndarray,
    routes: Sequence[Sequence[int]],
    most_routes: int,
) -> str | None:
    visits = [customer for route in routes for customer in route]
    if len(routes) > most_routes:
        return f"{len(routes)} routes for {most_routes} vehicles"
    if len(set(visits)) != len(visits):
        return "a customer is visited twice"
    if family == "vrptw" and len(visits) != len(file) - 1:
        return f"{len(file) - 1 - len(visits)} customers are not visited"
    if family != "toptw":
        loads = [sum(int(file.demand[customer]) for customer in route) for route in routes]
        if any(load > file.capacity for load in loads):
            return "a vehicle is overloaded"
    late = next((customer for route in routes for customer in _late(file, matrix, route)), None)
    return None if late is None else f"late at {late}"


def _late(file: Customers, matrix: np.ndarray, route: Sequence[int]) -> list[int]:
    """Return the places of a route that are reached too late; 0 is the depot."""
    now, here, late = int(file.ready[0]), 0, []
    for there in [*route, 0]:
        now = max(now + int(matrix[here, there]), int(file.ready[there]))
        if now > file.due[there]:
            late.append(there)
        now += int(file.service[there])
        here = there
    return late


def as_printed(value: int) -> float:
    """Return a distance in tenths as tables print it."""
    return value / SCALE
