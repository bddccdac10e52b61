"""What a further task would cost and when it could be: slots for a promise, in milliseconds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from routing.problem import Id, Problem, Task
from routing.record import routes_of
from routing.solution import Solution
from routing.tables import Tables, tables_of
from routing.timing import lay_out
from routing.uncertainty import punctuality
from routing.validate import ensure_valid


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in a plan where a task could go without moving another task to another vehicle.

    Parameters
    ----------
    vehicle
        Who would serve it.
    position
        Its place among the vehicle's tasks, counted from 1.
    earliest_s, latest_s
        Between which seconds its setup and service may start, if nothing else is added.
    added_cost
        What the plan would cost more, in units of cost, bonus of a granted wish taken off.
    added_travel_s
        Seconds of travel that it adds, at the first travel times of the day.
    alternative
        At which of its places: 0 its own, 1 the first of its alternatives.
    on_time_probability
        Part of the drawn days on which it would begin inside its windows; None where it has no
        window or no uncertainty is given.
    """

    vehicle: Id
    position: int
    earliest_s: int
    latest_s: int
    added_cost: int
    added_travel_s: int
    alternative: int = 0
    on_time_probability: float | None = None


def quote(
    problem: Problem, solution: Solution, task: Task, *, limit: int | None = None
) -> tuple[Slot, ...]:
    """Rank the places where a task could be inserted, cheapest first.

    Parameters
    ----------
    problem, solution
        The plan as it stands; it should pass `check`.
    task
        The task to place. If it is in the plan already, it is taken out first.
    limit
        At most so many slots.

    Returns
    -------
    tuple of Slot
        By added cost, then earliest start; one for each vehicle, position and place that fits.
        Empty if nothing does.

    Raises
    ------
    InvalidProblem
        When the vehicles, the matrices or the task make no sense.
    """
    served = {step.id for tour in solution.tours for step in tour.tasks}
    others = tuple(other for other in problem.tasks if other.id in served and other.id != task.id)
    tuning = replace(problem.tuning, stability=None)
    ensure_valid(replace(problem, tasks=(task,), tuning=tuning))
    tables = tables_of(replace(problem, tasks=(*others, task), tuning=tuning))
    mine = len(others)
    routes = [
        [option for option in route if int(tables.task_of[option]) != mine]
        for route in routes_of(tables, solution)
    ]
    slots = sorted(
        _slots(tables, routes, mine), key=lambda slot: (slot.added_cost, slot.earliest_s)
    )
    return tuple(_with_chances(tables, routes, mine, slots[:limit]))


def _slots(tables: Tables, routes: list[list[int]], task: int) -> Iterator[Slot]:
    from routing.gaps import NO_FIT, Gaps  # noqa: PLC0415 - numba takes 0.4 s to import

    gaps = Gaps(tables, routes)
    options = tables.options_of[task]
    prices = gaps.prices(options)
    prices[:, ~gaps.kept] = NO_FIT
    for option, price in zip(options, prices, strict=True):
        places = [(int(crew), int(gap)) for crew, gap in np.argwhere(price < NO_FIT)]
        spans = gaps.spans(option, places)
        for (crew, gap), (earliest, latest) in zip(places, spans, strict=True):
            yield Slot(
                vehicle=tables.problem.vehicles[crew].id,
                position=gap + 1,
                earliest_s=earliest,
                latest_s=latest,
                added_cost=int(price[crew, gap]) // tables.grain,
                added_travel_s=_detour_s(tables, crew, routes[crew], gap, option),
                alternative=int(tables.alternative_of[option]),
            )


def _detour_s(tables: Tables, crew: int, route: list[int], gap: int, option: int) -> int:
    own = tables.crews[crew]
    places = [own.start, *(int(tables.place[other]) for other in route), own.end]
    here, spot, there = places[gap], int(tables.place[option]), places[gap + 1]
    seconds = own.travel.seconds
    straight = int(seconds[here, there]) if route else 0
    return int(seconds[here, spot]) + int(seconds[spot, there]) - straight


def _with_chances(
    tables: Tables, routes: list[list[int]], task: int, slots: Iterable[Slot]
) -> Iterator[Slot]:
    """Slots with the chance that the task begins in time there."""
    rows = {vehicle.id: row for row, vehicle in enumerate(tables.problem.vehicles)}
    for slot in slots:
        if tables.problem.tuning.uncertainty is None:
            yield slot
            continue
        row, option = rows[slot.vehicle], tables.options_of[task][slot.alternative]
        route = list(routes[row])
        route.insert(slot.position - 1, option)
        tour = lay_out(tables, tables.crews[row], route)
        assert tour is not None, "a gap that fits can be timed"  # noqa: S101
        (own,) = punctuality(tables.problem, [tour])
        name = tables.problem.tasks[task].id
        chance = next(
            chance for step, chance in zip(tour.steps, own.on_time, strict=True) if step.id == name
        )
        yield replace(slot, on_time_probability=chance)
