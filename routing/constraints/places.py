"""Everything happens where it ought to: tasks at their place, start and end at the vehicle's."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import StepKind, Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Steps at another place, or at one that the matrices do not know."""
    size = drive.problem.place_count
    for step in drive.tour.steps:
        if step.place is not None and not 0 <= step.place < size:
            yield drive.violation("place", f"place {step.place} is not in the matrices")
        if step.kind is StepKind.BREAK and step.place is not None:
            yield drive.violation("place", f"break {step.id} is on the way, not at a place")
    first, last = drive.tour.steps[0], drive.tour.steps[-1]
    if first.place != drive.vehicle.start or last.place != drive.vehicle.end:
        yield drive.violation("place", "does not start and end where the vehicle does")
    for step, task in drive.visits():
        terms = drive.terms(step)
        if terms is not None and step.place != terms.place:
            yield drive.violation("place", f"is at place {terms.place}, not {step.place}", task)
