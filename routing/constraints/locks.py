"""A promise is kept: vehicle, start within tolerance, position among the vehicle's tasks."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.problem import Task, Vehicle
from routing.solution import Reason, ReasonCode, Violation


def declare(frame: Frame) -> None:
    """Fix promised positions; vehicles and starts are part of permissions and windows."""
    for option in frame.tables.position.nonzero()[0]:
        position = int(frame.tables.position[option])
        count = frame.count.CumulVar(frame.index(int(option)))
        count.SetRange(position - 1, position - 1)


def violations(drive: Drive) -> Iterator[Violation]:
    """Locks broken by this tour."""
    for position, (step, task) in enumerate(drive.visits(), start=1):
        if task.lock is None:
            continue
        if task.lock.vehicle not in (None, drive.vehicle.id):
            yield drive.violation("lock", f"is promised to vehicle {task.lock.vehicle}", task)
        if task.lock.position not in (None, position):
            yield drive.violation("lock", f"is at {position}, not {task.lock.position}", task)
        start = step.start_s
        wanted = task.lock.start_s
        if wanted is not None and abs(start - wanted) > task.lock.tolerance_s:
            yield drive.violation("lock", f"starts at {start} s, promised for {wanted} s", task)


def blocks(vehicle: Vehicle, task: Task) -> Reason | None:
    """Why a task is promised to another vehicle, if it is."""
    if task.lock is None or task.lock.vehicle in (None, vehicle.id):
        return None
    return Reason(
        code=ReasonCode.LOCK_ELSEWHERE,
        vehicle=vehicle.id,
        source=task.source,
        detail=f"the task is promised to vehicle {task.lock.vehicle}",
    )
