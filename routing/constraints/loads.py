"""Loads add up: deliveries are on board from the start, pickups to the end."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Steps that tell another load than is on board."""
    for step, load in zip(drive.tour.steps, drive.loads, strict=True):
        if step.load != load:
            yield drive.violation(
                "load",
                f"tells a load of {list(step.load)} at {step.arrival_s} s, not {list(load)}",
                drive.tasks.get(step.id),
            )
