"""A vehicle covers at most so many metres."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.crews import Crew, Ints
from routing.solution import Violation
from routing.units import UNREACHED


def declare(frame: Frame) -> None:
    """Add up each vehicle's metres, where there is a bound."""
    crews = frame.tables.crews
    if all(crew.max_distance_m >= UNREACHED for crew in crews):
        return

    def table(crew: Crew) -> Ints:
        metres = frame.legs[id(crew.travel)] * 0
        if crew.travel.metres is not None:
            metres += crew.travel.metres[frame.node_place[:, None], frame.node_place[None, :]]
        idle = frame.tables.option_count
        metres[idle:, idle:] = 0  # a vehicle without tasks stays where it is
        return metres

    frame.routing.AddDimensionWithVehicleTransitAndCapacity(
        frame.evaluators(lambda crew: id(crew.travel), table),
        0,
        [crew.max_distance_m for crew in crews],
        True,  # the count starts at zero
        "distance",
    )


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours that are too long, by the matrix."""
    most = drive.vehicle.max_distance_m
    covered = sum(leg.metres for leg in drive.legs)
    if most is not None and covered > most:
        yield drive.violation("max-distance", f"covers {covered} m, at most {most} m allowed")
