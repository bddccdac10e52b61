"""A tour goes from a start to an end and serves something on the way."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.solution import Step, StepKind, Violation


def violations(drive: Drive) -> Iterator[Violation]:
    """Tours whose steps are none, or that say of a step what only others can be said of."""
    kinds = [step.kind for step in drive.tour.steps]
    inner = kinds[1:-1]
    is_sound = (
        len(kinds) > 2  # noqa: PLR2004
        and kinds[0] is StepKind.START
        and kinds[-1] is StepKind.END
        and StepKind.TASK in inner
        and not {StepKind.START, StepKind.END} & set(inner)
    )
    if not is_sound:
        yield drive.violation("form", "must go from start to end and serve a task between them")
        return
    for step in drive.tour.steps:
        if _is_odd(step):
            yield drive.violation("form", f"the {step.kind} at {step.arrival_s} s has too much")


def _is_odd(step: Step) -> bool:
    """Whether a step has a name or an alternative that its kind has not."""
    if step.kind is StepKind.TASK:
        return False
    named = step.id is not None and step.kind is not StepKind.BREAK
    return named or bool(step.alternative)
