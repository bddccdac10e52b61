"""Every way takes the time and the distance that the matrix says, at its time of the day."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Ways that are quicker, slower, shorter or longer than the matrix has them."""
    for leg in drive.legs:
        task = drive.tasks.get(leg.step.id)
        seconds = leg.step.travel_s - leg.origin.travel_s
        metres = leg.step.distance_m - leg.origin.distance_m
        if seconds != leg.seconds:
            yield drive.violation(
                "travel", f"travels {seconds} s where the matrix says {leg.seconds} s", task
            )
        if metres != leg.metres:
            yield drive.violation(
                "travel", f"covers {metres} m where the matrix says {leg.metres} m", task
            )
