"""Some tasks must not be the first, or the last, of their vehicle."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks that open or close a tour and must not; breaks are not counted."""
    steps = drive.tour.tasks
    first, last = drive.tasks.get(steps[0].id), drive.tasks.get(steps[-1].id)
    if first is not None and first.not_first:
        yield drive.violation("not-first", "must not be the vehicle's first task", first)
    if last is not None and last.not_last:
        yield drive.violation("not-last", "must not be the vehicle's last task", last)
