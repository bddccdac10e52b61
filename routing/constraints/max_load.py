"""A break that bounds the load is taken only while the load is within its bound."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import StepKind, Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Breaks with too much on board."""
    bounds = {rest.id: rest.max_load for rest in drive.vehicle.breaks}
    for step, load in zip(drive.tour.steps, drive.loads, strict=True):
        most = bounds.get(step.id) if step.kind is StepKind.BREAK and step.id is not None else None
        if most is not None and any(a > b for a, b in zip(load, most, strict=True)):
            yield drive.violation(
                "max-load", f"break {step.id} has {list(load)} on board, at most {list(most)}"
            )
