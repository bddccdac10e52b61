"""Compare policies over the same days: means with intervals, and differences day by day.

Intervals are percentiles of 1,000 bootstrap samples of the days (Efron and Tibshirani, *An
Introduction to the Bootstrap*, 1993, section 13.3). A day is drawn for all policies at once, so that
what a difference is told of is their doing and not the day's: the days are common random numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from dispatch.twin.ledger import MEASURES, Counts, figures

SAMPLES: Final = 1000
_SURE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that holds it 95 times in a hundred."""

    value: float
    low: float
    high: float

    @property
    def is_apart(self) -> bool:
        """Whether zero lies outside: of a difference, that it is one."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What policies came to, and how each differs from the first."""

    means: Mapping[str, Mapping[str, Estimate]]
    differences: Mapping[str, Mapping[str, Estimate]]


def compare(runs: Mapping[str, Sequence[Counts]], *, seed: int = 1) -> Comparison:
    """Return the figures of each policy, and the differences to the first one.

    Parameters
    ----------
    runs
        The counts of each policy by day, the same days in the same order.
    """
    names = list(runs)
    first, number = names[0], len(runs[names[0]])
    whole = {name: figures(runs[name]) for name in names}
    dice = Random(seed)  # noqa: S311  a sample, not a secret
    drawn: list[dict[str, dict[str, float]]] = []
    for _ in range(SAMPLES):
        days = [dice.randrange(number) for _ in range(number)]
        drawn.append({name: figures([runs[name][day] for day in days]) for name in names})
    means = {
        name: {
            key: _estimate(whole[name][key], [one[name][key] for one in drawn]) for key in MEASURES
        }
        for name in names
    }
    differences = {
        name: {
            key: _estimate(
                whole[name][key] - whole[first][key],
                [one[name][key] - one[first][key] for one in drawn],
            )
            for key in MEASURES
        }
        for name in names[1:]
    }
    return Comparison(means, differences)


def _estimate(value: float, drawn: Sequence[float]) -> Estimate:
    ordered = sorted(drawn)
    edge = int((1 - _SURE) / 2 * len(ordered))
    return Estimate(value, ordered[edge], ordered[-edge - 1])
