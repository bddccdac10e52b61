"""A problem as arrays: what the search, the clock and the quotes read.

An *option* is one way to serve a task: option `o < task_count` is task `o` at its own place, later
ones are alternatives. Routes are lists of options. A *kind* is a vehicle type as far as it changes
the length of work.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.crews import Crew, Ints, Spans, bound, crews_of, merged
from routing.problem import Id, Problem, Skill, Task, Vehicle, Window
from routing.units import (
    UNREACHED,
)
from routing.weights import cost_grain, weights

type Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tables:
    """Arrays of a valid problem. Tasks, options and vehicles are named by their index.

    Attributes
    ----------
    grain
        Grains in one unit of cost; all costs and weights here are in grains.
    weight, required
        By task: what leaving it out costs, required tasks far above any sum of others.
    task_of, alternative_of
        By option: its task, and which of the task's places it is.
    place, latest_end, position
        By option; seconds; position 0 means free.
    service, setup
        Kind by option, in seconds.
    opens, closes
        Option by window: bounds of the start, padded with windows that never open.
    not_first, not_last
        By option.
    delivery, pickup
        Option by dimension of load.
    allowed
        Vehicle by option: skills, permissions and vehicle locks.
    bonus
        Vehicle by option: granted wishes, less the tax on a changed vehicle.
    group
        By vehicle: number of its balance group, -1 for none.
    """

    problem: Problem
    grain: int
    crews: tuple[Crew, ...]
    weight: Ints
    required: Bools
    task_of: Ints
    alternative_of: Ints
    place: Ints
    latest_end: Ints
    position: Ints
    service: Ints
    setup: Ints
    opens: Ints
    closes: Ints
    not_first: Bools
    not_last: Bools
    delivery: Ints
    pickup: Ints
    allowed: Bools
    bonus: Ints
    group: Ints

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.weight)

    @property
    def option_count(self) -> int:
        """Number of options."""
        return len(self.place)

    @cached_property
    def spans(self) -> tuple[Spans, ...]:
        """By option, the windows as plain tuples, for the clock."""
        return tuple(_spans(option) for option in _options(self.problem))

    @cached_property
    def options_of(self) -> tuple[tuple[int, ...], ...]:
        """By task, its options, its own place first."""
        options: list[list[int]] = [[task] for task in range(self.task_count)]
        for option in range(self.task_count, self.option_count):
            options[int(self.task_of[option])].append(option)
        return tuple(map(tuple, options))


@dataclass(frozen=True, slots=True)
class _Option:
    """A task at one of its places."""

    task: Task
    index: int
    alternative: int
    place: int
    windows: tuple[Window, ...]
    service_s: int
    setup_s: int
    allowed_vehicles: tuple[Id, ...] | None


def _options(problem: Problem) -> list[_Option]:
    """Each task at its own place, then the alternatives, task by task."""
    own = [
        _Option(task, index, 0, task.place, task.windows, task.service_s, task.setup_s, None)
        for index, task in enumerate(problem.tasks)
    ]
    others = [
        _Option(
            task,
            index,
            number,
            other.place,
            task.windows if other.windows is None else other.windows,
            task.service_s if other.service_s is None else other.service_s,
            task.setup_s if other.setup_s is None else other.setup_s,
            other.allowed_vehicles,
        )
        for index, task in enumerate(problem.tasks)
        for number, other in enumerate(task.alternatives, start=1)
    ]
    return own + others


def _spans(option: _Option) -> Spans:
    """Intervals in which a task may start there: its windows within its lock."""
    spans = merged(option.windows)
    lock = option.task.lock
    if lock is None or lock.start_s is None:
        return spans
    low, high = lock.start_s - lock.tolerance_s, lock.start_s + lock.tolerance_s
    return tuple((max(a, low), min(b, high)) for a, b in spans if a <= high and b >= low)


def tables_of(problem: Problem) -> Tables:
    """Read a valid problem into arrays.

    Parameters
    ----------
    problem
        A problem that `validate` finds no fault with.
    """
    grain = cost_grain(problem)
    tasks, options = problem.tasks, _options(problem)
    kinds = kinds_of(problem)
    opens, closes = _window_arrays([_spans(option) for option in options])
    dimensions = load_dimensions(problem)
    return Tables(
        problem=problem,
        grain=grain,
        crews=crews_of(problem, grain, kinds),
        weight=_ints(weights(problem, grain)),
        required=np.array([task.is_required for task in tasks], dtype=np.bool_),
        task_of=_ints(option.index for option in options),
        alternative_of=_ints(option.alternative for option in options),
        place=_ints(option.place for option in options),
        latest_end=_ints(bound(option.task.latest_end_s) for option in options),
        position=_ints(
            (option.task.lock.position or 0) if option.task.lock else 0 for option in options
        ),
        service=_ints(
            [option.task.service_per_type.get(kind, option.service_s) for option in options]
            for kind in kinds
        ).reshape(len(kinds), len(options)),
        setup=_ints(
            [option.task.setup_per_type.get(kind, option.setup_s) for option in options]
            for kind in kinds
        ).reshape(len(kinds), len(options)),
        opens=opens,
        closes=closes,
        not_first=np.array([option.task.not_first for option in options], dtype=np.bool_),
        not_last=np.array([option.task.not_last for option in options], dtype=np.bool_),
        delivery=_loads([option.task.delivery for option in options], dimensions),
        pickup=_loads([option.task.pickup for option in options], dimensions),
        allowed=_allowed(problem, options),
        bonus=_bonus(problem, options, grain),
        group=_groups(problem),
    )


def load_dimensions(problem: Problem) -> int:
    """Numbers in a load: as many as the capacities and amounts of a valid problem have."""
    amounts = [amount for task in problem.tasks for amount in (task.delivery, task.pickup)]
    amounts += [vehicle.capacity for vehicle in problem.vehicles]
    amounts += [rest.max_load or () for vehicle in problem.vehicles for rest in vehicle.breaks]
    return max(map(len, amounts), default=0)


def kinds_of(problem: Problem) -> tuple[str, ...]:
    """Vehicle types that some task's work goes by, after "" for all others."""
    named = {
        kind for task in problem.tasks for kind in (*task.setup_per_type, *task.service_per_type)
    }
    return ("", *sorted(named & {vehicle.type or "" for vehicle in problem.vehicles} - {""}))


def _window_arrays(spans: list[Spans]) -> tuple[Ints, Ints]:
    width = max((len(own) for own in spans), default=1) or 1
    opens = np.full((len(spans), width), UNREACHED, dtype=np.int64)
    closes = np.full((len(spans), width), -UNREACHED, dtype=np.int64)
    for row, own in enumerate(spans):
        for column, (start, end) in enumerate(own):
            opens[row, column], closes[row, column] = start, end
    return opens, closes


def _allowed(problem: Problem, options: list[_Option]) -> Bools:
    allowed = np.ones((len(problem.vehicles), len(options)), dtype=np.bool_)
    skilled: dict[tuple[Skill, ...], Bools] = {}
    for column, option in enumerate(options):
        task = option.task
        if task.skills not in skilled:
            skilled[task.skills] = np.array(
                [has_skills(vehicle, task) for vehicle in problem.vehicles], dtype=np.bool_
            )
        allowed[:, column] = skilled[task.skills]
        if task.lock or task.forbidden_vehicles or task.allowed_vehicles is not None:
            allowed[:, column] &= [admits(task, vehicle) for vehicle in problem.vehicles]
        if option.allowed_vehicles is not None:
            named = set(option.allowed_vehicles)
            allowed[:, column] &= [vehicle.id in named for vehicle in problem.vehicles]
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


def _bonus(problem: Problem, options: list[_Option], grain: int) -> Ints:
    bonus = np.zeros((len(problem.vehicles), len(options)), dtype=np.int64)
    rows: dict[Id, int] = {vehicle.id: row for row, vehicle in enumerate(problem.vehicles)}
    stability = problem.tuning.stability
    for column, option in enumerate(options):
        for wish in option.task.preferred_vehicles:
            bonus[rows[wish.vehicle], column] = wish.bonus * grain
        bonus[:, column] -= cost_of(option.task, option.alternative) * grain
        if stability is not None and option.task.id in stability.plan:
            bonus[:, column] -= stability.per_change * grain
            row = rows.get(stability.plan[option.task.id])
            if row is not None:
                bonus[row, column] += stability.per_change * grain
    return bonus


def cost_of(task: Task, alternative: int) -> int:
    """Return what serving a task at one of its places adds, in units of cost."""
    return task.alternatives[alternative - 1].cost if alternative else 0


def _groups(problem: Problem) -> Ints:
    names = [vehicle.balance_group for vehicle in problem.vehicles]
    known: dict[Id, int] = {}
    for name in names:
        if name is not None:
            known.setdefault(name, len(known))
    return _ints(-1 if name is None else known[name] for name in names)


def _loads(amounts: list[tuple[int, ...]], dimensions: int) -> Ints:
    table = np.zeros((len(amounts), dimensions), dtype=np.int64)
    for row, own in enumerate(amounts):
        table[row, : len(own)] = own
    return table


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]
