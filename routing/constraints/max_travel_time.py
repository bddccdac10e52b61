"""A vehicle travels at most so long."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation
from routing.units import UNREACHED


def declare(frame: Frame) -> None:
    """Add up each vehicle's travel time, where there is a bound."""
    crews = frame.tables.crews
    if all(crew.max_travel_s >= UNREACHED for crew in crews):
        return
    frame.routing.AddDimensionWithVehicleTransitAndCapacity(
        frame.evaluators(lambda crew: id(crew.travel), lambda crew: frame.legs[id(crew.travel)]),
        0,
        [crew.max_travel_s for crew in crews],
        True,  # the count starts at zero
        "travel time",
    )


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours that travel too long, by the matrix."""
    most = drive.vehicle.max_travel_time_s
    travelled = sum(leg.seconds for leg in drive.legs)
    if most is not None and travelled > most:
        yield drive.violation(
            "max-travel-time", f"travels {travelled} s, at most {most} s allowed"
        )
