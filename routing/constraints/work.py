"""Work takes its time; setup is paid on arrival from another place only."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import StepKind, Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks whose setup or service is not what the task asks of this vehicle at this place."""
    for leg in drive.legs:
        step = leg.step
        terms = drive.terms(step) if step.kind is StepKind.TASK else None
        if terms is None:
            continue
        setup = 0 if leg.origin.place == terms.place else terms.setup_s
        if (step.setup_s, step.service_s) != (setup, terms.service_s):
            yield drive.violation(
                "work",
                f"takes {step.setup_s} + {step.service_s} s "
                f"instead of {setup} + {terms.service_s} s",
                drive.tasks[step.id],
            )
