"""What a rule needs to state itself to OR-Tools and to judge a finished tour.

Each rule is one module of this package with up to three functions:

- ``declare(frame)`` states it to OR-Tools' routing model;
- ``violations(drive)`` finds where a finished tour breaks it, from the problem and the tour alone;
- ``blocks(vehicle, task)`` says why the vehicle can never serve the task, if the rule forbids it.

OR-Tools is imported by nobody here: the frame carries the objects that a rule talks to.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from routing.crews import Crew, Ints, Spans
from routing.matrix import Matrix
from routing.problem import Problem, Task, Vehicle, Window
from routing.solution import Step, StepKind, Tour, Violation
from routing.tables import Tables
from routing.units import scaled_travel


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """OR-Tools' routing model of a problem while rules declare themselves.

    Parameters
    ----------
    tables
        The problem; model node ``i`` is option ``i`` for ``i < tables.option_count``, later nodes
        are starts and ends.
    routing, manager
        OR-Tools' ``RoutingModel`` and ``RoutingIndexManager``.
    node_place
        Place of each node.
    hopeful
        Options that some vehicle may serve at some time; OR-Tools raises on an empty domain.
    spans
        By option: intervals of the time variable.
    stay_s, entry_s
        Kind by node: seconds that a break may not interrupt, and seconds added on entry from
        another place. See `routing.frame`.
    legs
        By ``id(crew.travel)``: seconds of travel from node to node.
    """

    tables: Tables
    routing: Any
    manager: Any
    node_place: Ints
    hopeful: tuple[int, ...]
    spans: tuple[Spans, ...]
    stay_s: Ints
    entry_s: Ints
    legs: Mapping[int, Ints]

    @property
    def solver(self) -> Any:
        """OR-Tools' underlying constraint solver."""
        return self.routing.solver()

    @property
    def time(self) -> Any | None:
        """The dimension of time, in seconds; None where `clocks` has not declared it."""
        known = "time" in self.routing.GetAllDimensionNames()
        return self.routing.GetDimensionOrDie("time") if known else None

    @property
    def count(self) -> Any:
        """The dimension that counts the tasks before each node, made when first asked for."""
        if "tasks" not in self.routing.GetAllDimensionNames():
            options, nodes = self.tables.option_count, self.manager.GetNumberOfNodes()
            ones = [int(node < options) for node in range(nodes)]
            counter = self.routing.RegisterUnaryTransitVector(ones)
            self.routing.AddDimension(counter, 0, self.tables.task_count, True, "tasks")
        return self.routing.GetDimensionOrDie("tasks")

    def index(self, option: int) -> int:
        """OR-Tools' index of an option."""
        return int(self.manager.NodeToIndex(option))

    def evaluators(
        self, key: Callable[[Crew], Hashable], table: Callable[[Crew], Ints]
    ) -> list[int]:
        """Registered matrices by vehicle; vehicles of one key share the matrix of the first."""
        known: dict[Hashable, int] = {}
        for crew in self.tables.crews:
            if key(crew) not in known:
                known[key(crew)] = self.routing.RegisterTransitMatrix(table(crew).tolist())
        return [known[key(crew)] for crew in self.tables.crews]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a task asks for at one of its places of one vehicle."""

    place: int
    windows: tuple[Window, ...]
    setup_s: int
    service_s: int


@dataclass(frozen=True, slots=True)
class Leg:
    """The way from one place to the next, breaks left aside, as the matrix has it."""

    origin: Step
    step: Step
    seconds: int
    metres: int


@dataclass(frozen=True, eq=False)
class Drive:
    """A finished tour beside the vehicle and tasks it is about, for a rule to judge.

    The tour has steps, the first a start and the last an end; `routing.constraints.form` judges
    that before any other rule. `dimensions` is how many numbers a load has.
    """

    problem: Problem
    vehicle: Vehicle
    tour: Tour
    tasks: Mapping[object, Task]
    dimensions: int = 0

    def visits(self) -> Iterator[tuple[Step, Task]]:
        """Steps that serve a known task, each with its task."""
        for step in self.tour.steps:
            if step.kind is StepKind.TASK and step.id in self.tasks:
                yield step, self.tasks[step.id]

    def terms(self, step: Step) -> Terms | None:
        """What the task of a step asks for; None where the problem has no such task or place."""
        task = self.tasks.get(step.id)
        if task is None or not 0 <= step.alternative <= len(task.alternatives):
            return None
        setup, service = task.setup_s, task.service_s
        place, windows = task.place, task.windows
        if step.alternative:
            other = task.alternatives[step.alternative - 1]
            place = other.place
            windows = windows if other.windows is None else other.windows
            setup = setup if other.setup_s is None else other.setup_s
            service = service if other.service_s is None else other.service_s
        kind = self.vehicle.type
        if kind is not None:
            setup = task.setup_per_type.get(kind, setup)
            service = task.service_per_type.get(kind, service)
        return Terms(place, windows, setup, service)

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """Every way between two steps that stand at a place, as the matrix has it."""
        matrix = self.problem.matrices[self.vehicle.profile]
        stands = [step for step in self.tour.steps if step.kind is not StepKind.BREAK]
        legs = []
        for origin, step in pairwise(stands):
            seconds = metres = 0
            if _is_known(origin.place, matrix) and _is_known(step.place, matrix):
                pair = origin.place, step.place
                seconds = self._leg_seconds(matrix, pair, origin.end_s)
                metres = 0 if matrix.distances is None else int(matrix.distances[pair])
            legs.append(Leg(origin, step, seconds, metres))
        return tuple(legs)

    def _leg_seconds(self, matrix: Matrix, pair: object, depart: int) -> int:
        """Shortest way at a departure, waiting for a quicker part of the day included."""
        speed = self.vehicle.speed_factor
        now = scaled_travel(int(matrix.durations[pair]), speed)
        later = []
        for part in matrix.day_parts:
            seconds = scaled_travel(int(part.durations[pair]), speed)
            if part.from_s <= depart:
                now = seconds
            else:
                later.append(part.from_s - depart + seconds)
        return min([now, *later])

    @cached_property
    def loads(self) -> tuple[tuple[int, ...], ...]:
        """What is on board when each step is over, from the amounts of the tasks."""
        zero = (0,) * self.dimensions
        board = zero
        for _, task in self.visits():
            board = _sum(board, task.delivery or zero)
        loads = []
        for step in self.tour.steps:
            if step.kind is StepKind.TASK and step.id in self.tasks:
                task = self.tasks[step.id]
                given = tuple(-amount for amount in task.delivery)
                board = _sum(_sum(board, given or zero), task.pickup or zero)
            loads.append(board)
        return tuple(loads)

    def violation(self, code: str, detail: str, task: Task | None = None) -> Violation:
        """A violation by this vehicle, and perhaps of this task."""
        return Violation(
            code=code,
            detail=detail,
            vehicle=self.vehicle.id,
            task=None if task is None else task.id,
            source=self.vehicle.source if task is None else task.source,
        )


def _is_known(place: int | None, matrix: Matrix) -> bool:
    return place is not None and 0 <= place < len(matrix)


def _sum(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))
