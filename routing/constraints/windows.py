"""A task starts inside one of its windows."""

from collections.abc import Iterator
from itertools import pairwise

from routing.constraints.base import Drive, Frame
from routing.crews import Spans
from routing.solution import Violation


def declare(frame: Frame) -> None:
    """Bound each option's time variable and cut out the gaps between its windows."""
    time = frame.time
    if time is None:
        return
    for option in frame.hopeful:
        restrict(time.CumulVar(frame.index(option)), frame.spans[option])


def restrict(variable: object, spans: Spans) -> None:
    """Keep an OR-Tools variable inside closed, disjoint, ascending intervals."""
    variable.SetRange(spans[0][0], spans[-1][1])  # type: ignore[attr-defined]
    for (_, end), (start, _) in pairwise(spans):
        if start - end > 1:
            variable.RemoveInterval(end + 1, start - 1)  # type: ignore[attr-defined]


def violations(drive: Drive) -> Iterator[Violation]:
    """Starts outside all windows of the place at which the task is served."""
    for step, task in drive.visits():
        terms = drive.terms(step)
        if terms is None or not terms.windows:
            continue
        start = step.start_s
        if not any(window.start_s <= start <= window.end_s for window in terms.windows):
            yield drive.violation("window", f"starts at {start} s, outside its windows", task)
