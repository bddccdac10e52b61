"""Time adds up: travel as the matrix says, work as the task says, no step before it can be."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.problem import Task
from routing.solution import Step, StepKind, Violation
from routing.units import scaled_travel


def declare(frame: Frame) -> None:
    """Add the dimension of time: registered matrices of stay, travel and setup on entry."""
    matrices: dict[int, int] = {}
    here, there = frame.node_place[:, None], frame.node_place[None, :]
    for crew in frame.tables.crews:
        if id(crew.travel) not in matrices:
            entry = (here != there) * frame.entry_s[None, :]
            table = crew.travel.seconds[here, there] + frame.stay_s[:, None] + entry
            matrices[id(crew.travel)] = frame.routing.RegisterTransitMatrix(table.tolist())
    horizon = max(crew.shift_end_s for crew in frame.tables.crews)
    frame.routing.AddDimensionWithVehicleTransits(
        [matrices[id(crew.travel)] for crew in frame.tables.crews],
        horizon,
        horizon,
        False,  # vehicles start when they like
        "time",
    )


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours whose form, arrivals, waits, work or travel do not add up."""
    steps = drive.tour.steps
    if not _is_well_formed(drive):
        yield drive.violation("form", "must go from start to end and serve a task between them")
        return
    for step in steps:
        if min(step.waiting_s, step.setup_s, step.service_s, step.travel_s, step.distance_m) < 0:
            yield drive.violation("clock", f"a time of the step at {step.arrival_s} s is negative")
    yield from _ends(drive)
    anchor = 0  # the last step that stands at a place
    for index in range(1, len(steps)):
        before, step = steps[index - 1], steps[index]
        made = step.travel_s - before.travel_s
        free = before.arrival_s + before.waiting_s + before.setup_s + before.service_s
        if made < 0 or step.arrival_s != free + made:
            yield drive.violation(
                "clock", f"arrives at {step.arrival_s} s after leaving at {free} s and {made} s"
            )
        if step.kind is not StepKind.BREAK:
            yield from _leg(drive, steps[anchor], step)
            anchor = index


def _is_well_formed(drive: Drive) -> bool:
    kinds = [step.kind for step in drive.tour.steps]
    inner = kinds[1:-1]
    return (
        len(kinds) > 2  # noqa: PLR2004
        and kinds[0] is StepKind.START
        and kinds[-1] is StepKind.END
        and StepKind.TASK in inner
        and not {StepKind.START, StepKind.END} & set(inner)
    )


def _ends(drive: Drive) -> Iterator[Violation]:
    first, last = drive.tour.steps[0], drive.tour.steps[-1]
    if first.place != drive.vehicle.start or last.place != drive.vehicle.end:
        yield drive.violation("place", "does not start and end where the vehicle does")
    if first.travel_s or first.distance_m:
        yield drive.violation("clock", "has travelled before it starts")
    if any(step.waiting_s or step.setup_s or step.service_s for step in (first, last)):
        yield drive.violation("clock", "waits or works at its start or end")


def _leg(drive: Drive, origin: Step, step: Step) -> Iterator[Violation]:
    """Travel between two places, breaks between them left aside, and the work at the second."""
    task = drive.tasks.get(step.id) if step.kind is StepKind.TASK else None
    matrix = drive.problem.matrices[drive.vehicle.profile]
    seconds = metres = 0
    if origin.place is not None and step.place is not None:
        pair = origin.place, step.place
        seconds = scaled_travel(int(matrix.durations[pair]), drive.vehicle.speed_factor)
        metres = 0 if matrix.distances is None else int(matrix.distances[pair])
    made = step.travel_s - origin.travel_s
    if made != seconds or step.distance_m - origin.distance_m != metres:
        yield drive.violation(
            "travel", f"travels {made} s where the matrix says {seconds} s", task
        )
    if task is not None:
        yield from _work(drive, origin, step, task)


def _work(drive: Drive, origin: Step, step: Step, task: Task) -> Iterator[Violation]:
    if step.place != task.place:
        yield drive.violation("place", f"is at place {task.place}, not {step.place}", task)
    setup = 0 if origin.place == task.place else task.setup_s
    if step.service_s != task.service_s or step.setup_s != setup:
        yield drive.violation(
            "clock",
            f"takes {step.setup_s} + {step.service_s} s instead of {setup} + {task.service_s} s",
            task,
        )
