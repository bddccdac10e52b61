"""A vehicle is out at most so long, from the start of its tour to its end."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation
from routing.units import UNREACHED


def declare(frame: Frame) -> None:
    """Bound the span of time, where there is a bound.

    OR-Tools may delay tasks to shorten the span; the clock does them as early as it can.
    """
    if frame.time is None:
        return
    for crew in frame.tables.crews:
        if crew.max_duration_s < UNREACHED:
            frame.time.SetSpanUpperBoundForVehicle(crew.max_duration_s, crew.index)


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours that last too long, rest and waiting included."""
    most = drive.vehicle.max_duration_s
    lasted = drive.tour.steps[-1].end_s - drive.tour.steps[0].arrival_s
    if most is not None and lasted > most:
        yield drive.violation("max-duration", f"lasts {lasted} s, at most {most} s allowed")
