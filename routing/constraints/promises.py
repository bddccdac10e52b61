"""The part of the days on which each promise is kept is told as it is."""

from collections.abc import Iterator, Sequence

from routing.constraints.base import Drive
from routing.solution import Violation
from routing.uncertainty import Punctuality


def violations(drives: Sequence[Drive], driven: Sequence[Punctuality]) -> Iterator[Violation]:
    """Steps that tell another probability; as long as no uncertainty is given they tell none.

    Parameters
    ----------
    drives, driven
        Tours, and how they keep their promises.
    """
    for drive, days in zip(drives, driven, strict=True):
        uncertainty = drive.problem.tuning.uncertainty
        samples = 1 if uncertainty is None else uncertainty.samples
        for step, part in zip(drive.tour.steps, days.on_time, strict=True):
            told = step.on_time_probability
            if not _is_same(told, part, samples):
                yield drive.violation(
                    "on-time",
                    f"is on time on {told} of the days as told, on {part} as driven",
                    drive.tasks.get(step.id),
                )


def _is_same(told: float | None, part: float | None, samples: int) -> bool:
    """Whether two parts are the same number of days, however they were rounded."""
    if told is None or part is None:
        return told is part
    return abs(told - part) * samples < 0.5  # noqa: PLR2004
