"""A vehicle serves at most so many tasks."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Bound the count of tasks at each vehicle's end."""
    for crew in frame.tables.crews:
        if crew.max_tasks < frame.tables.task_count:
            frame.count.CumulVar(frame.routing.End(crew.index)).SetMax(crew.max_tasks)


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours with too many tasks."""
    served, most = len(drive.tour.tasks), drive.vehicle.max_tasks
    if most is not None and served > most:
        yield drive.violation("max-tasks", f"serves {served} tasks, at most {most} allowed")
