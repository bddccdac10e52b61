"""When a search is how hot, and when it begins again.

A large day is cooled once. A small one leaves time for several cycles: the first ones begin anew,
since where a cycle ends depends much on chance (on 8 x 120 tasks one in six ended a twentieth
better than the others, however long it was), the last ones begin from the best plan, less hot.
"""

from enum import Enum

from routing.search.effort import Effort

_ANEW_PART = 0.7
"""Part of the limit for cycles that begin anew, where there are several."""
_MOST_CYCLES = 16
_REHEAT = 0.15
"""Temperature of the last cycles, as a part of the first ones'."""


class Begin(Enum):
    """What a cycle begins from."""

    NOTHING = "goes on"
    ANEW = "anew"
    BEST = "best"


class Cooling:
    """Temperatures over a search.

    Parameters
    ----------
    effort
        First and last temperature, and the iterations that one cycle needs.
    iterations
        About how many a thread will make.
    """

    def __init__(self, effort: Effort, iterations: float) -> None:
        self._effort = effort
        anew = int(_ANEW_PART * iterations / effort.cycle) if effort.cycle else 1
        anew = min(anew, _MOST_CYCLES)
        self._marks = [0.0]
        self._is_anew = [True]
        if anew > 1:
            again = max(1, anew // 4)
            self._marks = [_ANEW_PART * number / anew for number in range(anew)]
            rest = 1.0 - _ANEW_PART
            self._marks += [_ANEW_PART + rest * number / again for number in range(again)]
            self._is_anew = [True] * anew + [False] * again
        self._cycle = 0

    def begins(self, part: float) -> Begin:
        """What to begin from when a part of the limit is used; `NOTHING` within a cycle."""
        last = self._cycle
        while self._cycle + 1 < len(self._marks) and part >= self._marks[self._cycle + 1] - 1e-9:
            self._cycle += 1
        if self._cycle == last:
            return Begin.NOTHING
        return Begin.ANEW if self._is_anew[self._cycle] else Begin.BEST

    @property
    def is_eager(self) -> bool:
        """Whether this cycle overrates optional tasks: every other one that begins anew does."""
        return self._is_anew[self._cycle] and self._cycle % 2 == 1

    def heat(self, part: float) -> float:
        """Temperature in grains when a part of the limit is used: geometric within a cycle."""
        begin = self._marks[self._cycle]
        ends = [*self._marks[1:], 1.0]
        inside = (part - begin) / max(ends[self._cycle] - begin, 1e-9)
        hot = self._effort.hot * (1.0 if self._is_anew[self._cycle] else _REHEAT)
        hot = max(hot, self._effort.cold)
        return float(hot * (self._effort.cold / hot) ** min(1.0, max(0.0, inside)))
