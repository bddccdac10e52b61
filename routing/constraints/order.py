"""Some tasks must not be the first, or the last, of their vehicle."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Take the ways in from a start, and out to an end, away."""
    tables, crews = frame.tables, frame.tables.crews
    late = [frame.index(int(option)) for option in tables.not_first.nonzero()[0]]
    if late:
        for crew in crews:
            frame.routing.NextVar(frame.routing.Start(crew.index)).RemoveValues(late)
    ends = [frame.routing.End(crew.index) for crew in crews]
    for option in tables.not_last.nonzero()[0]:
        frame.routing.NextVar(frame.index(int(option))).RemoveValues(ends)


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks that open or close a tour and must not; breaks are not counted."""
    steps = drive.tour.tasks
    first, last = drive.tasks.get(steps[0].id), drive.tasks.get(steps[-1].id)
    if first is not None and first.not_first:
        yield drive.violation("not-first", "must not be the vehicle's first task", first)
    if last is not None and last.not_last:
        yield drive.violation("not-last", "must not be the vehicle's last task", last)
