"""One vehicle's tour as a problem of its own, small enough to try changes on."""

from dataclasses import replace

import numpy as np

from routing.matrix import DayPart, Matrix
from routing.problem import Alternative, Id, Problem, Task, Tuning, Vehicle


def one_tour(problem: Problem, vehicle: Vehicle, tasks: tuple[Task, ...]) -> Problem:
    """Cut a problem down to some tasks of one vehicle.

    Parameters
    ----------
    problem
        The whole.
    vehicle
        One of its vehicles, perhaps with other bounds.
    tasks
        Some of its tasks, perhaps with other windows.

    Returns
    -------
    Problem
        Only the places that these need, no soft terms, and no word of other vehicles.
    """
    named = {vehicle.start, vehicle.end}
    named |= {task.place for task in tasks}
    named |= {other.place for task in tasks for other in task.alternatives}
    places = sorted(place for place in named if place is not None)
    new = {place: number for number, place in enumerate(places)}
    return replace(
        problem,
        tasks=tuple(_moved(task, vehicle.id, new) for task in tasks),
        vehicles=(
            replace(
                vehicle,
                start=None if vehicle.start is None else new[vehicle.start],
                end=None if vehicle.end is None else new[vehicle.end],
            ),
        ),
        matrices={vehicle.profile: _cut(problem.matrices[vehicle.profile], places)},
        tuning=Tuning(),
    )


def _moved(task: Task, vehicle: Id, new: dict[int, int]) -> Task:
    return replace(
        task,
        place=new[task.place],
        allowed_vehicles=_only(task.allowed_vehicles, vehicle),
        forbidden_vehicles=_only(task.forbidden_vehicles, vehicle) or (),
        preferred_vehicles=tuple(
            wish for wish in task.preferred_vehicles if wish.vehicle == vehicle
        ),
        alternatives=tuple(
            Alternative(
                place=new[other.place],
                windows=other.windows,
                service_s=other.service_s,
                setup_s=other.setup_s,
                allowed_vehicles=_only(other.allowed_vehicles, vehicle),
                cost=other.cost,
            )
            for other in task.alternatives
        ),
    )


def _only(names: tuple[Id, ...] | None, vehicle: Id) -> tuple[Id, ...] | None:
    return None if names is None else tuple(name for name in names if name == vehicle)


def _cut(matrix: Matrix, places: list[int]) -> Matrix:
    rows = np.ix_(places, places)
    return Matrix(
        matrix.durations[rows],
        None if matrix.distances is None else matrix.distances[rows],
        None if matrix.costs is None else matrix.costs[rows],
        tuple(DayPart(part.from_s, part.durations[rows]) for part in matrix.day_parts),
    )
