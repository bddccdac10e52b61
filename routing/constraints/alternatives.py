"""A task is served at one of the places it offers."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Alternatives that the task does not have."""
    for step, task in drive.visits():
        if drive.terms(step) is None:
            yield drive.violation(
                "alternative",
                f"has alternatives 0 to {len(task.alternatives)}, not {step.alternative}",
                task,
            )
