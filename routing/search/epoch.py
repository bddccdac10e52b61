"""What a thread does between two exchanges: improve some plans, in slices after which it looks up."""

from dataclasses import dataclass
from threading import Event
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from routing.search.acts import anneal
from routing.search.cooling import Cooling
from routing.search.effort import Effort
from routing.search.layout import Day, State

type Work = list[tuple[Day, State]]
"""Plans that a thread improves one after another."""

_SLICE_S, _SLICE = 0.01, 2000
"""Seconds, or iterations, until a thread asks whether somebody wants to stop."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When an epoch of a timed search ends, and how hot it is until then.

    Attributes
    ----------
    cooling
        Temperature by the part of the limit that is used.
    began
        When the search did, by `time.monotonic`.
    until, seconds
        Seconds from then to the end of the epoch, and of the search.
    """

    cooling: Cooling
    began: float
    until: float
    seconds: float


def by_count(work: Work, count: int, heat: float, effort: Effort, over: Event) -> None:
    """Improve plans by so many iterations together, shared out by their numbers of tasks."""
    tasks = sum(len(state.task) for _, state in work)
    for day, state in work:
        left = count * len(state.task) // tasks
        while left > 0 and not over.is_set():
            size = min(left, _SLICE)
            anneal(day, state, size, heat, effort)
            left -= size


def by_clock(
    work: Work, clock: Clock, effort: Effort, sizes: NDArray[np.int64], over: Event
) -> None:
    """Improve plans until the end of the epoch, each for as long as the others.

    `sizes[0]` is the number of iterations that take about `_SLICE_S`, kept from epoch to epoch.
    """
    for index, (day, state) in enumerate(work):
        used = monotonic() - clock.began
        until = used + (clock.until - used) / (len(work) - index)
        while used < until and not over.is_set():
            size = int(sizes[0])
            anneal(day, state, size, clock.cooling.heat(used / clock.seconds), effort)
            now = monotonic() - clock.began
            wanted = min(_SLICE_S, max(until - now, 1e-4))
            faster = min(4.0, wanted / max(now - used, 1e-6))
            sizes[0] = max(1, int(size * faster))
            used = now
