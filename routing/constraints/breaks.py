"""A used vehicle takes each of its breaks once, inside a window, never during a service."""

from collections.abc import Iterator

from routing.constraints.base import Drive, Frame
from routing.constraints.windows import restrict
from routing.crews import Crew
from routing.problem import Break
from routing.solution import Step, StepKind, Violation
from routing.units import UNREACHED


def declare(frame: Frame) -> None:
    """Hand each vehicle's breaks to the dimension of time as intervals.

    A vehicle whose break cannot be taken at all serves nothing, since OR-Tools would have no
    interval to place.
    """
    if frame.time is None:
        return
    nodes = [frame.manager.IndexToNode(index) for index in range(frame.routing.Size())]
    idle = [0] * len(frame.tables.crews)
    visits = [[*map(int, stay[nodes]), *idle] for stay in frame.stay_s]
    for crew in frame.tables.crews:
        if not crew.rests:
            continue
        if not all(rest.spans for rest in crew.rests):
            _close(frame, crew)
            continue
        intervals = [_interval(frame, crew, number) for number in range(len(crew.rests))]
        frame.time.SetBreakIntervalsOfVehicle(intervals, crew.index, visits[crew.kind])


def _interval(frame: Frame, crew: Crew, number: int) -> object:
    rest = crew.rests[number]
    interval = frame.solver.FixedDurationIntervalVar(
        rest.spans[0][0],
        rest.spans[-1][1],
        rest.duration_s,
        False,  # the break is not optional
        f"break {number} of {crew.index}",
    )
    restrict(interval.StartExpr().Var(), rest.spans)
    if frame.time is not None and (crew.overtime_cost or crew.max_duration_s < UNREACHED):
        # OR-Tools lets a break lie outside the route; the clock counts it as part of it
        start, end = frame.routing.Start(crew.index), frame.routing.End(crew.index)
        frame.solver.Add(frame.time.CumulVar(start) <= interval.StartExpr())
        frame.solver.Add(frame.time.CumulVar(end) >= interval.EndExpr())
    return interval


def _close(frame: Frame, crew: Crew) -> None:
    for option in frame.hopeful:
        frame.routing.VehicleVar(frame.index(option)).RemoveValue(crew.index)


def violations(drive: Drive) -> Iterator[Violation]:
    """Breaks left out, taken twice, cut short, or begun outside their windows."""
    known = {rest.id: rest for rest in drive.vehicle.breaks}
    taken: list[object] = []
    for step in drive.tour.steps:
        if step.kind is not StepKind.BREAK:
            continue
        if step.id not in known or step.id in taken:
            yield drive.violation("break", f"break {step.id} is unknown or taken twice")
            continue
        taken.append(step.id)
        yield from _misplaced(drive, known[step.id], step)
    for rest in drive.vehicle.breaks:
        if rest.id not in taken:
            yield drive.violation("break", f"break {rest.id} is not taken")


def _misplaced(drive: Drive, rest: Break, step: Step) -> Iterator[Violation]:
    start = step.start_s
    if rest.windows and not any(w.start_s <= start <= w.end_s for w in rest.windows):
        yield drive.violation("break", f"break {rest.id} starts at {start} s, outside its windows")
    if step.service_s != rest.duration_s or step.setup_s:
        yield drive.violation(
            "break", f"break {rest.id} lasts {step.service_s} s instead of {rest.duration_s} s"
        )
