"""A vehicle serves at most so many tasks."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation
from routing.units import UNREACHED


def declare(frame: Frame) -> None:
    """Count the tasks before each node, where a bound or a promised position needs the count."""
    tables = frame.tables
    bounds = [crew.max_tasks for crew in tables.crews]
    if min(bounds) >= UNREACHED and not tables.position.any():
        return
    nodes = frame.manager.GetNumberOfNodes()
    ones = [int(node < tables.task_count) for node in range(nodes)]
    count = frame.routing.RegisterUnaryTransitVector(ones)
    most = [min(bound, tables.task_count) for bound in bounds]
    frame.routing.AddDimensionWithVehicleCapacity(count, 0, most, True, "tasks")


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours with too many tasks."""
    served, most = len(drive.tour.tasks), drive.vehicle.max_tasks
    if most is not None and served > most:
        yield drive.violation("max-tasks", f"serves {served} tasks, at most {most} allowed")
