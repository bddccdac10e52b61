"""The load on board never exceeds what the vehicle carries.

Deliveries of all tasks of the tour are on board at its start, pickups stay until its end.
"""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Violation


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
