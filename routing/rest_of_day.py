"""The rest of a day as a problem of its own.

What is over is out; each vehicle goes on from where it is, with the breaks, tasks, travel and
capacity that are left to it. What may not move is said in the words of the problem: permitted
vehicles, windows, a promised first position.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from routing.events import Events
from routing.held import Held
from routing.problem import Break, Id, Overtime, Problem, Stability, Task, Vehicle, Window
from routing.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestOfDay:
    """What is left of a day.

    Parameters
    ----------
    problem
        The tasks and vehicles that are left; times and places are those of the whole day.
    standings
        Where each vehicle stands.
    heads
        By vehicle: the next task, where it is held at the first position.
    fixed
        By task that is held at one of its places: which of its alternatives that is. In `problem`
        it has this place only.
    """

    problem: Problem
    standings: tuple[Standing, ...]
    heads: Mapping[Id, Id]
    fixed: Mapping[Id, int]


def rest_of_day(
    day: Problem,
    standings: tuple[Standing, ...],
    events: Events,
    *,
    per_change: int,
    loose: Iterable[Id] = (),
) -> RestOfDay:
    """State what is left of a day as a problem.

    Parameters
    ----------
    day
        The day as it was planned.
    standings
        Where each vehicle stands in it.
    events
        What happened since.
    per_change
        Price of a task that changes its vehicle, in units of cost; a price of the day's own
        `Stability` goes before it.
    loose
        Vehicles that cannot keep their next task as the next; it stays theirs, at any position.
    """
    over = {step.id for standing in standings for step in standing.done} | set(events.cancel)
    changed = {task.id: task for task in events.change}
    left = [changed.get(task.id, task) for task in day.tasks if task.id not in over]
    left += [task for task in events.add if task.id not in over]
    held = Held(standings, events.lock, {task.id: task for task in left}, frozenset(loose))
    known = {task.id: task for task in (*day.tasks, *events.change, *events.add)}
    own = day.tuning.stability
    stability = Stability(
        plan={name: standing.vehicle.id for name, (standing, _) in held.planned.items()},
        per_change=per_change if own is None else own.per_change,
    )
    problem = replace(
        day,
        tasks=tuple(held.task(task) for task in left),
        vehicles=tuple(_vehicle_left(standing, known) for standing in standings),
        tuning=replace(day.tuning, stability=stability),
    )
    return RestOfDay(problem=problem, standings=standings, heads=held.heads, fixed=held.fixed)


def _vehicle_left(standing: Standing, tasks: Mapping[Id, Task]) -> Vehicle:
    """A vehicle as far as its day is still ahead."""
    vehicle, begin = standing.vehicle, standing.free_at_s
    end = begin if standing.unavailable else max(begin, vehicle.shift.end_s)
    aboard = _picked_up(standing, tasks)
    return replace(
        vehicle,
        start=standing.at,
        shift=Window(begin, end),
        breaks=tuple(
            _rest_left(rest, begin, aboard)
            for rest in vehicle.breaks
            if rest.id not in standing.rested and not standing.unavailable
        ),
        max_tasks=0 if standing.unavailable else _less(vehicle.max_tasks, len(standing.done)),
        max_travel_time_s=_less(vehicle.max_travel_time_s, standing.travel_s),
        max_distance_m=_less(vehicle.max_distance_m, standing.distance_m),
        max_duration_s=_less(
            vehicle.max_duration_s,
            0 if standing.began_s is None else max(0, begin - standing.began_s),
        ),
        overtime=_overtime_left(vehicle, begin, standing),
        capacity=_room(vehicle.capacity, aboard),
        costs=vehicle.costs if standing.began_s is None else replace(vehicle.costs, fixed=0),
    )


def _rest_left(rest: Break, begin: int, aboard: tuple[int, ...]) -> Break:
    """A break still to be taken: at once where its last window is over."""
    missed = bool(rest.windows) and max(window.end_s for window in rest.windows) < begin
    most = None if rest.max_load is None else _room(rest.max_load, aboard)
    windows = (Window(begin, begin),) if missed else rest.windows
    return replace(rest, windows=windows, max_load=most)


def _overtime_left(vehicle: Vehicle, begin: int, standing: Standing) -> Overtime | None:
    if vehicle.overtime is None or standing.unavailable:
        return None
    left = vehicle.overtime.max_s - max(0, begin - vehicle.shift.end_s)
    return replace(vehicle.overtime, max_s=left) if left > 0 else None


def _picked_up(standing: Standing, tasks: Mapping[Id, Task]) -> tuple[int, ...]:
    """What the vehicle has taken on board, by dimension of its capacity."""
    loads = [tasks[step.id].pickup for step in standing.done if step.id is not None]
    width = max(map(len, loads), default=0)
    return tuple(sum(load[row] for load in loads if load) for row in range(width))


def _room(most: tuple[int, ...], aboard: tuple[int, ...]) -> tuple[int, ...]:
    taken = (*aboard, *(0 for _ in most))
    return tuple(max(0, own - load) for own, load in zip(most, taken, strict=False))


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)
