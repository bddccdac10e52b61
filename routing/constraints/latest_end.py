"""A task is over by its latest end."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.solution import Violation
from routing.units import UNREACHED


def declare(frame: Frame) -> None:
    """Bound each option's time variable from above; who serves it may tell how long it takes."""
    time, crews = frame.time, frame.tables.crews
    if time is None:
        return
    for option in frame.hopeful:
        latest = int(frame.tables.latest_end[option])
        if latest >= UNREACHED:
            continue
        variable = time.CumulVar(frame.index(option))
        stays = [int(frame.stay_s[crew.kind, option]) for crew in crews]
        variable.SetMax(latest - min(stays))
        if min(stays) < max(stays):
            ends = [latest, *(latest - stay for stay in stays)]  # the first where it is left out
            vehicle = (frame.routing.VehicleVar(frame.index(option)) + 1).Var()
            frame.solver.Add(variable <= frame.solver.Element(ends, vehicle))


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks that end too late."""
    for step, task in drive.visits():
        if task.latest_end_s is not None and step.end_s > task.latest_end_s:
            yield drive.violation(
                "latest-end", f"ends at {step.end_s} s, after {task.latest_end_s} s", task
            )
