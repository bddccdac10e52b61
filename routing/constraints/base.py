"""What a rule needs to state itself to OR-Tools and to judge a finished tour.

Each rule is one module of this package with up to three functions:

- ``declare(frame)`` states it to OR-Tools' routing model;
- ``violations(visit)`` finds where a finished tour breaks it, from the problem and the tour alone;
- ``blocks(vehicle, task)`` says why the vehicle can never serve the task, if the rule forbids it.

OR-Tools is imported by nobody here: the frame carries the objects that a rule talks to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from routing.crews import Ints, Spans
from routing.problem import Problem, Task, Vehicle
from routing.solution import Step, StepKind, Tour, Violation
from routing.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """OR-Tools' routing model of a problem while rules declare themselves.

    Parameters
    ----------
    tables
        The problem; model node ``i`` is task ``i`` for ``i < tables.task_count``, later nodes are
        starts and ends.
    routing, manager
        OR-Tools' ``RoutingModel`` and ``RoutingIndexManager``.
    node_place
        Place of each node.
    spans, stay_s, entry_s
        By node: intervals of the time variable, seconds that a break may not interrupt, and
        seconds added on entry from another place. See `routing.model.nodes`.
    """

    tables: Tables
    routing: Any
    manager: Any
    node_place: Ints
    spans: tuple[Spans, ...]
    stay_s: Ints
    entry_s: Ints

    @property
    def hopeful(self) -> list[int]:
        """Tasks that some vehicle may serve at some time; OR-Tools raises on an empty domain."""
        able = self.tables.allowed.any(axis=0)
        return [task for task in range(self.tables.task_count) if able[task] and self.spans[task]]

    @property
    def solver(self) -> Any:
        """OR-Tools' underlying constraint solver."""
        return self.routing.solver()

    @property
    def time(self) -> Any:
        """The dimension of time, in seconds."""
        return self.routing.GetDimensionOrDie("time")

    def index(self, task: int) -> int:
        """OR-Tools' index of a task."""
        return int(self.manager.NodeToIndex(task))


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """A finished tour beside the vehicle and tasks it is about, for a rule to judge."""

    problem: Problem
    vehicle: Vehicle
    tour: Tour
    tasks: dict[object, Task]

    def visits(self) -> Iterator[tuple[Step, Task]]:
        """Steps that serve a known task, each with its task."""
        for step in self.tour.steps:
            if step.kind is StepKind.TASK and step.id in self.tasks:
                yield step, self.tasks[step.id]

    def violation(self, code: str, detail: str, task: Task | None = None) -> Violation:
        """A violation by this vehicle, and perhaps of this task."""
        return Violation(
            code=code,
            detail=detail,
            vehicle=self.vehicle.id,
            task=None if task is None else task.id,
            source=self.vehicle.source if task is None else task.source,
        )
