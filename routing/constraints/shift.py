"""A route lies inside the vehicle's shift, its overtime included."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Bound the time at which each vehicle starts and ends, overtime included."""
    time = frame.time
    if time is None:
        return
    for crew in frame.tables.crews:
        for index in (frame.routing.Start(crew.index), frame.routing.End(crew.index)):
            time.CumulVar(index).SetRange(crew.shift_start_s, crew.shift_end_s)


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours that begin before the shift, or end after it and its overtime."""
    shift, extra = drive.vehicle.shift, drive.vehicle.overtime
    first, over = drive.tour.steps[0].arrival_s, drive.tour.steps[-1].end_s
    latest = shift.end_s + (extra.max_s if extra else 0)
    if first < shift.start_s:
        yield drive.violation(
            "shift", f"begins at {first} s, before the shift's {shift.start_s} s"
        )
    if over > latest:
        yield drive.violation("shift", f"ends at {over} s, at most {latest} s allowed")
