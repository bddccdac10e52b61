"""A route lies inside the vehicle's shift."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Bound the time at which each vehicle starts and ends."""
    for crew in frame.tables.crews:
        for index in (frame.routing.Start(crew.index), frame.routing.End(crew.index)):
            frame.time.CumulVar(index).SetRange(crew.shift_start_s, crew.shift_end_s)


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours that begin before the shift or end after it."""
    if not drive.tour.steps:
        return
    shift = drive.vehicle.shift
    first = drive.tour.steps[0].arrival_s
    if first < shift.start_s:
        yield drive.violation(
            "shift", f"begins at {first} s, before the shift's {shift.start_s} s"
        )
    last = drive.tour.steps[-1]
    over = last.arrival_s + last.waiting_s + last.setup_s + last.service_s
    if over > shift.end_s:
        yield drive.violation("shift", f"ends at {over} s, after the shift's {shift.end_s} s")
