"""When a search is how hot, how greedy for worth, and when it begins again.

A large day is cooled once. A small one leaves time for several cycles: the first ones begin anew,
since where a cycle ends depends much on chance, the last ones begin from the best plan, less hot.

Where bounds on tasks bind, a plan that serves one task more has to be found before it can be made
short. An *eager* cycle therefore begins with optional tasks worth ten times as much, and comes down
to the truth as it cools: on 8 x 120 tasks half of such cycles fill every place, of the others none.
Where time binds they are a waste; so each kind is tried once, then mostly the one that did better.

Where vehicles stay at home although tasks wait, a route pays only once it has most of its tasks. A single
cooling begins with tasks worth half as much again, opens such routes, and lets go what does not pay.
"""

from enum import Enum
from math import inf

from routing.search.effort import Effort

_ANEW_PART = 0.7
"""Part of the limit for cycles that begin anew, where there are several."""
_MOST_CYCLES = 16
_REHEAT = 0.15
"""Temperature of the last cycles, as a part of the first ones'."""
_EAGERNESS, _EAGER_PART = 10.0, 0.8
"""How many times their weight optional tasks are worth when an eager cycle begins; the part of it
after which they are worth their weight."""
_OTHER_KIND = 4
"""Every so many cycles the kind that did worse has a turn."""


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
        self._is_eager = False
        self._reached: dict[bool, float] = {False: inf, True: inf}

    def begins(self, part: float) -> Begin:
        """What to begin from when a part of the limit is used; `NOTHING` within a cycle."""
        last = self._cycle
        while self._cycle + 1 < len(self._marks) and part >= self._marks[self._cycle + 1] - 1e-9:
            self._cycle += 1
        if self._cycle == last:
            return Begin.NOTHING
        return Begin.ANEW if self._is_anew[self._cycle] else Begin.BEST

    def ended(self, total: float) -> None:
        """Take note of what the cycle before the last `begins` has reached, and choose the next kind.

        Parameters
        ----------
        total
            Cost of its best plan.
        """
        kind, number = self._is_eager, self._cycle
        self._reached[kind] = min(self._reached[kind], total)
        if number == 1:
            self._is_eager = True
        else:
            is_better = self._reached[True] < self._reached[False]
            self._is_eager = is_better != (number % _OTHER_KIND == _OTHER_KIND - 1)

    def eagerness(self, part: float) -> float:
        """By how much the weights of optional tasks count when a part of the limit is used."""
        if len(self._marks) == 1:
            return float(self._effort.eagerness ** max(0.0, 1.0 - part / _EAGER_PART))
        if not self._is_eager or not self._is_anew[self._cycle]:
            return 1.0
        left = max(0.0, 1.0 - self._inside(part) / _EAGER_PART)
        return 1.0 + (_EAGERNESS - 1.0) * left

    def heat(self, part: float) -> float:
        """Temperature in grains when a part of the limit is used: geometric within a cycle."""
        hot = self._effort.hot * (1.0 if self._is_anew[self._cycle] else _REHEAT)
        hot = max(hot, self._effort.cold)
        return float(hot * (self._effort.cold / hot) ** self._inside(part))

    def _inside(self, part: float) -> float:
        """The part of the cycle that is used."""
        begin = self._marks[self._cycle]
        ends = [*self._marks[1:], 1.0]
        inside = (part - begin) / max(ends[self._cycle] - begin, 1e-9)
        return min(1.0, max(0.0, inside))
