"""Time adds up: each step begins when the one before is over and the way is made."""

from collections.abc import Iterator
from itertools import pairwise

from routing.constraints.base import Drive, Frame
from routing.crews import Crew, Ints
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Add the dimension of time: registered matrices of stay, travel and setup on entry."""
    elsewhere = frame.node_place[:, None] != frame.node_place[None, :]

    def table(crew: Crew) -> Ints:
        stay, entry = frame.stay_s[crew.kind], frame.entry_s[crew.kind]
        seconds: Ints = frame.legs[id(crew.travel)] + stay[:, None] + elsewhere * entry[None, :]
        return seconds

    horizon = max(crew.shift_end_s for crew in frame.tables.crews)
    frame.routing.AddDimensionWithVehicleTransits(
        frame.evaluators(lambda crew: (id(crew.travel), crew.kind), table),
        horizon,
        horizon,
        False,  # vehicles start when they like
        "time",
    )


def violations(drive: Drive) -> Iterator[Violation]:
    """Steps that take negative time, or arrive before or after the time the one before leaves."""
    steps = drive.tour.steps
    for step in steps:
        if min(step.waiting_s, step.setup_s, step.service_s, step.travel_s, step.distance_m) < 0:
            yield drive.violation("clock", f"a time of the step at {step.arrival_s} s is negative")
    first, last = steps[0], steps[-1]
    if first.travel_s or first.distance_m:
        yield drive.violation("clock", "has travelled before it starts")
    if any(step.waiting_s or step.setup_s or step.service_s for step in (first, last)):
        yield drive.violation("clock", "waits or works at its start or end")
    for before, step in pairwise(steps):
        made = step.travel_s - before.travel_s
        if made < 0 or step.arrival_s != before.end_s + made:
            yield drive.violation(
                "clock",
                f"arrives at {step.arrival_s} s after leaving at {before.end_s} s and {made} s",
            )
        if step.distance_m < before.distance_m:
            yield drive.violation("clock", f"has covered less at {step.arrival_s} s than before")
