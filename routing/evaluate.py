"""Whether one vehicle may drive one route, and what that costs: the truth the search is held to."""

from collections.abc import Sequence

from routing.crews import Crew
from routing.tables import Tables
from routing.timing import Timing, time_route


def evaluate(tables: Tables, crew: Crew, route: Sequence[int]) -> int | None:
    """Exact cost of a route if it keeps every hard rule.

    Parameters
    ----------
    tables
        The problem.
    crew
        The vehicle.
    route
        Options in order. An empty route leaves the vehicle at home, at no cost.

    Returns
    -------
    int or None
        Cost of the tour in grains (see `Tables.grain`), without bonuses and weights; None where a
        hard rule is broken.
    """
    if not len(route):
        return 0
    timing = time_route(tables, crew, route)
    if timing is None or not keeps_bounds(tables, crew, route, timing):
        return None
    return timing.grains


def keeps_bounds(tables: Tables, crew: Crew, route: Sequence[int], timing: Timing) -> bool:
    """Whether a timed route keeps the rules that `time_route` does not look at.

    These are skills, permissions and locked vehicles, promised positions, what must be neither
    first nor last, each task once, and bounds on tasks, travel time and distance.
    """
    options = list(route)
    return (
        len(options) <= crew.max_tasks
        and len({int(tables.task_of[option]) for option in options}) == len(options)
        and bool(tables.allowed[crew.index, options].all())
        and not tables.not_first[options[0]]
        and not tables.not_last[options[-1]]
        and _keeps_positions(tables, options)
        and timing.travel_s <= crew.max_travel_s
        and _metres(crew, timing) <= crew.max_distance_m
    )


def _keeps_positions(tables: Tables, options: list[int]) -> bool:
    return all(
        int(tables.position[option]) in (0, rank) for rank, option in enumerate(options, start=1)
    )


def _metres(crew: Crew, timing: Timing) -> int:
    metres = crew.travel.metres
    if metres is None:
        return 0
    return sum(int(metres[node.origin, node.place]) for node in timing.nodes)
