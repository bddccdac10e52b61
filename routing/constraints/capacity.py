"""The load on board never exceeds what the vehicle carries.

Deliveries of all tasks of the tour are on board at its start, pickups stay until its end.
"""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.crews import Ints
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Add up each kind of load, where there is a capacity."""
    tables = frame.tables
    if not any(crew.capacity for crew in tables.crews):
        return
    for number in range(tables.delivery.shape[1]):
        delivery, pickup = tables.delivery[:, number], tables.pickup[:, number]
        total = int(delivery.sum() + pickup.sum())
        most = [
            min(crew.capacity[number], total) if crew.capacity else total for crew in tables.crews
        ]
        if delivery.any():
            _dimension(frame, f"delivery {number}", delivery, most, from_zero=True)
        if pickup.any():
            mixed = bool(delivery.any())
            _dimension(frame, f"load {number}", pickup - delivery, most, from_zero=not mixed)
            if mixed:
                _begin_with_deliveries(frame, number)


def _dimension(frame: Frame, name: str, change: Ints, most: list[int], *, from_zero: bool) -> None:
    ends = frame.manager.GetNumberOfNodes() - len(change)
    evaluator = frame.routing.RegisterUnaryTransitVector([*map(int, change), *[0] * ends])
    frame.routing.AddDimensionWithVehicleCapacity(evaluator, 0, most, from_zero, name)


def _begin_with_deliveries(frame: Frame, number: int) -> None:
    """A tour starts with all that it delivers."""
    load = frame.routing.GetDimensionOrDie(f"load {number}")
    delivered = frame.routing.GetDimensionOrDie(f"delivery {number}")
    for crew in frame.tables.crews:
        start, end = frame.routing.Start(crew.index), frame.routing.End(crew.index)
        frame.solver.Add(load.CumulVar(start) == delivered.CumulVar(end))


def violations(drive: Drive) -> Iterator[Violation]:
    """Steps after which there is too much on board; a vehicle without capacity has no bound."""
    most = drive.vehicle.capacity
    if not most:
        return
    for step, load in zip(drive.tour.steps, drive.loads, strict=True):
        if any(own > limit for own, limit in zip(load, most, strict=True)):
            yield drive.violation(
                "capacity",
                f"carries {list(load)} at {step.arrival_s} s, at most {list(most)} allowed",
            )
