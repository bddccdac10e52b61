"""A task is served only by vehicles that it, or its place, allows and does not forbid."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.problem import Task, Vehicle
from routing.solution import Reason, ReasonCode, Violation


def declare(frame: Frame) -> None:
    """Leave each option only the vehicles that may serve it: permissions, skills, vehicle locks.

    `SetAllowedVehiclesForIndex` refuses a Python list in this wheel, so the vehicle variable is
    cut down itself; -1 stands for "not served".
    """
    for option in frame.hopeful:
        able = [int(vehicle) for vehicle in frame.tables.allowed[:, option].nonzero()[0]]
        if len(able) < len(frame.tables.crews):
            frame.routing.VehicleVar(frame.index(option)).SetValues([-1, *able])


def is_barred(vehicle: Vehicle, task: Task) -> bool:
    """Whether a task's lists keep a vehicle out."""
    if task.allowed_vehicles is not None and vehicle.id not in task.allowed_vehicles:
        return True
    return vehicle.id in task.forbidden_vehicles


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks served by a vehicle that they do not admit."""
    for step, task in drive.visits():
        if is_barred(drive.vehicle, task):
            yield drive.violation("permission", "does not admit this vehicle", task)
        if 0 < step.alternative <= len(task.alternatives):
            admitted = task.alternatives[step.alternative - 1].allowed_vehicles
            if admitted is not None and drive.vehicle.id not in admitted:
                yield drive.violation(
                    "permission", f"does not admit this vehicle at place {step.place}", task
                )


def blocks(vehicle: Vehicle, task: Task) -> Reason | None:
    """Why a task does not admit a vehicle, if it does not."""
    if not is_barred(vehicle, task):
        return None
    return Reason(
        code=ReasonCode.VEHICLE_BARRED,
        vehicle=vehicle.id,
        source=task.source,
        detail="the task does not admit this vehicle",
    )
