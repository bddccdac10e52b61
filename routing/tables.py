"""A problem as arrays: what the search, the clock and the quotes read."""

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from routing.problem import Break, Id, Problem, Skill, Task, Vehicle, Window
from routing.units import (
    COST_GRAIN,
    GRAINS_PER_HOUR_SECOND,
    GRAINS_PER_KM_METRE,
    UNREACHED,
)
from routing.weights import cost_grain, weights

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Spans = tuple[tuple[int, int], ...]
"""Closed intervals, disjoint and ascending."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A break as the clock reads it: windows that keep it inside the shift."""

    spans: Spans
    duration_s: int


@dataclass(frozen=True, slots=True)
class Move:
    """Breaks taken on one leg: from one set of breaks taken to a larger one, in an order."""

    origin: int
    target: int
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Travel:
    """Travel of like vehicles; the last row and column are the open place, which is near to all.

    `seconds` and `metres` in their units, `cost` in grains (see `Tables.grain`).
    """

    seconds: Ints
    metres: Ints | None
    cost: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Crew:
    """A vehicle as the search reads it."""

    index: int
    travel: Travel
    start: int
    end: int
    shift_start_s: int
    shift_end_s: int
    rests: tuple[Rest, ...]
    moves: tuple[Move, ...]
    fixed_cost: int
    max_tasks: int
    max_travel_s: int
    max_distance_m: int

    @property
    def states(self) -> int:
        """Number of sets of breaks taken."""
        return 1 << len(self.rests)


@dataclass(frozen=True, eq=False)
class Tables:
    """Arrays of a valid problem. Tasks and vehicles are named by their index.

    Attributes
    ----------
    grain
        Grains in one unit of cost; all costs and weights here are in grains.
    place, service, setup, latest_end, position
        By task; seconds; position 0 means free.
    opens, closes
        Task by window: bounds of the start, padded with windows that never open.
    weight
        By task: what leaving it out costs, required tasks far above any sum of others.
    allowed
        Vehicle by task: skills, permissions and vehicle locks.
    bonus
        Vehicle by task: granted wishes.
    """

    problem: Problem
    grain: int
    crews: tuple[Crew, ...]
    place: Ints
    service: Ints
    setup: Ints
    latest_end: Ints
    position: Ints
    opens: Ints
    closes: Ints
    required: Bools
    weight: Ints
    allowed: Bools
    bonus: Ints

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.place)

    @cached_property
    def spans(self) -> tuple[Spans, ...]:
        """By task, the windows as plain tuples, for the clock."""
        return tuple(effective_spans(task) for task in self.problem.tasks)


def effective_spans(task: Task) -> Spans:
    """Intervals in which a task may start: its windows within its lock."""
    spans = merged(task.windows)
    if task.lock is None or task.lock.start_s is None:
        return spans
    low = task.lock.start_s - task.lock.tolerance_s
    high = task.lock.start_s + task.lock.tolerance_s
    return tuple((max(a, low), min(b, high)) for a, b in spans if a <= high and b >= low)


def merged(windows: tuple[Window, ...]) -> Spans:
    """Windows as disjoint ascending intervals; no window means all of time."""
    if not windows:
        return ((0, UNREACHED >> 1),)
    spans: list[tuple[int, int]] = []
    for window in sorted(windows):
        if spans and window.start_s <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], window.end_s))
        else:
            spans.append((window.start_s, window.end_s))
    return tuple(spans)


def tables_of(problem: Problem) -> Tables:
    """Read a valid problem into arrays.

    Parameters
    ----------
    problem
        A problem that `validate` finds no fault with.
    """
    grain = cost_grain(problem)
    tasks = problem.tasks
    crews = _crews(problem, grain)
    opens, closes = _window_arrays(tasks)
    return Tables(
        problem=problem,
        grain=grain,
        crews=crews,
        place=_ints(task.place for task in tasks),
        service=_ints(task.service_s for task in tasks),
        setup=_ints(task.setup_s for task in tasks),
        latest_end=_ints(
            UNREACHED if task.latest_end_s is None else task.latest_end_s for task in tasks
        ),
        position=_ints((task.lock.position or 0) if task.lock else 0 for task in tasks),
        opens=opens,
        closes=closes,
        required=np.array([task.is_required for task in tasks], dtype=np.bool_),
        weight=_ints(weights(problem, grain)),
        allowed=_allowed(problem),
        bonus=_bonus(problem, grain),
    )


def _crews(problem: Problem, grain: int) -> tuple[Crew, ...]:
    shared: dict[tuple[object, ...], Travel] = {}
    crews = []
    for index, vehicle in enumerate(problem.vehicles):
        key = (
            vehicle.profile,
            vehicle.speed_factor,
            vehicle.costs.per_hour,
            vehicle.costs.per_km,
        )
        if key not in shared:
            shared[key] = _travel(problem, vehicle, grain)
        crews.append(_crew(problem, index, vehicle, shared[key], grain))
    return tuple(crews)


def _crew(problem: Problem, index: int, vehicle: Vehicle, travel: Travel, grain: int) -> Crew:
    everywhere = problem.place_count
    rests = tuple(_rest(rest, vehicle.shift) for rest in vehicle.breaks)
    return Crew(
        index=index,
        travel=travel,
        start=everywhere if vehicle.start is None else vehicle.start,
        end=everywhere if vehicle.end is None else vehicle.end,
        shift_start_s=vehicle.shift.start_s,
        shift_end_s=vehicle.shift.end_s,
        rests=rests,
        moves=_moves(len(rests)),
        fixed_cost=vehicle.costs.fixed * grain,
        max_tasks=_bound(vehicle.max_tasks),
        max_travel_s=_bound(vehicle.max_travel_time_s),
        max_distance_m=_bound(vehicle.max_distance_m),
    )


def _rest(rest: Break, shift: Window) -> Rest:
    latest = shift.end_s - rest.duration_s
    inside = ((max(start, shift.start_s), min(end, latest)) for start, end in merged(rest.windows))
    return Rest(tuple(span for span in inside if span[0] <= span[1]), rest.duration_s)


def _moves(count: int) -> tuple[Move, ...]:
    moves = []
    for origin in range(1 << count):
        left = [rest for rest in range(count) if not origin >> rest & 1]
        for size in range(len(left) + 1):
            moves += [
                Move(origin, origin | sum(1 << rest for rest in order), order)
                for order in permutations(left, size)
            ]
    return tuple(moves)


def _travel(problem: Problem, vehicle: Vehicle, grain: int) -> Travel:
    matrix = problem.matrices[vehicle.profile]
    seconds = matrix.durations.astype(np.int64)
    if vehicle.speed_factor != 1.0:
        seconds = np.floor(matrix.durations / vehicle.speed_factor + 0.5).astype(np.int64)
    metres = None if matrix.distances is None else matrix.distances.astype(np.int64)
    if matrix.costs is not None:
        cost = matrix.costs.astype(np.int64) * grain
    else:
        cost = seconds * (GRAINS_PER_HOUR_SECOND * vehicle.costs.per_hour * grain // COST_GRAIN)
        if metres is not None:
            cost += metres * (GRAINS_PER_KM_METRE * vehicle.costs.per_km * grain // COST_GRAIN)
    return Travel(_padded(seconds), None if metres is None else _padded(metres), _padded(cost))


def _padded(table: Ints) -> Ints:
    return np.pad(table, (0, 1))


def _window_arrays(tasks: tuple[Task, ...]) -> tuple[Ints, Ints]:
    spans = [effective_spans(task) for task in tasks]
    width = max((len(own) for own in spans), default=1) or 1
    opens = np.full((len(tasks), width), UNREACHED, dtype=np.int64)
    closes = np.full((len(tasks), width), -UNREACHED, dtype=np.int64)
    for row, own in enumerate(spans):
        for column, (start, end) in enumerate(own):
            opens[row, column], closes[row, column] = start, end
    return opens, closes


def _allowed(problem: Problem) -> Bools:
    allowed = np.ones((len(problem.vehicles), len(problem.tasks)), dtype=np.bool_)
    skilled: dict[tuple[Skill, ...], Bools] = {}
    for column, task in enumerate(problem.tasks):
        if task.skills not in skilled:
            skilled[task.skills] = np.array(
                [has_skills(vehicle, task) for vehicle in problem.vehicles], dtype=np.bool_
            )
        allowed[:, column] = skilled[task.skills]
        if task.lock or task.forbidden_vehicles or task.allowed_vehicles is not None:
            allowed[:, column] &= [admits(task, vehicle) for vehicle in problem.vehicles]
    return allowed


def admits(task: Task, vehicle: Vehicle) -> bool:
    """Whether permissions and a vehicle lock let a vehicle serve a task."""
    if task.allowed_vehicles is not None and vehicle.id not in task.allowed_vehicles:
        return False
    if vehicle.id in task.forbidden_vehicles:
        return False
    return task.lock is None or task.lock.vehicle in (None, vehicle.id)


def has_skills(vehicle: Vehicle, task: Task) -> bool:
    """Whether a vehicle has every skill of a task at its level."""
    return all(
        any(own.id == need.id and own.level >= need.level for own in vehicle.skills)
        for need in task.skills
    )


def _bonus(problem: Problem, grain: int) -> Ints:
    bonus = np.zeros((len(problem.vehicles), len(problem.tasks)), dtype=np.int64)
    rows: dict[Id, int] = {vehicle.id: row for row, vehicle in enumerate(problem.vehicles)}
    for column, task in enumerate(problem.tasks):
        for wish in task.preferred_vehicles:
            bonus[rows[wish.vehicle], column] = wish.bonus * grain
    return bonus


def _bound(limit: int | None) -> int:
    return UNREACHED if limit is None else limit


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]
