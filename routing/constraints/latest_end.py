"""A task is over by its latest end. OR-Tools is told so by the time variable of `windows`."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks that end too late."""
    for step, task in drive.visits():
        if task.latest_end_s is not None and step.end_s > task.latest_end_s:
            yield drive.violation(
                "latest-end", f"ends at {step.end_s} s, after {task.latest_end_s} s", task
            )
