"""Parts of a plan that threads improve at the same time, cut another way each time.

A part is a set of crews whose routes lie together, the tasks of these routes, and the unserved tasks
that lie nearest to them. No thread sees more than its part, so parts can be put together without a
conflict; since each epoch cuts elsewhere, no border stays.
"""

from collections.abc import Sequence

import numpy as np

from routing.search import layout
from routing.search.layout import Day, Int32, Int64, State


class Zones:
    """Cuts a plan into as many parts as there are threads.

    Parameters
    ----------
    day
        The day.
    seed
        Seed of the choice of cuts.
    """

    def __init__(self, day: Day, seed: int) -> None:
        self._day = day
        self._random = np.random.default_rng(seed)
        self._parts: list[Int64] = []

    def cut(self, state: State, parts: int) -> list[Int32]:
        """Crews and unserved tasks of each part, as `routing.search.anneal.SHARE` reads them.

        Two tasks are drawn, and places ordered by how much nearer they are to the one than to the
        other; a route lies where its middle task does, an unused crew where it starts.
        """
        day = self._day
        crews, tasks = len(day.crew), len(state.task)
        one, other = day.option[self._random.integers(0, tasks, 2), layout.PLACE]
        table = day.table[0]
        nearer = table[:, one].astype(np.int64) - table[:, other]
        length = state.sums[0, :, layout.LENGTH]
        middle = state.stop[0, np.arange(crews), (length + 1) // 2, layout.NODE]
        where = nearer[np.where(length > 0, middle, day.crew[:, layout.START])]
        order = np.lexsort((self._random.random(crews), where))
        self._parts = np.array_split(order, parts)
        used = np.array(
            [where[part[length[part] > 0]].max(initial=-layout.INF) for part in self._parts]
        )
        part_of = np.searchsorted(
            np.maximum.accumulate(used)[:-1], nearer[day.option[:tasks, layout.PLACE]]
        )
        given = []
        for number, part in enumerate(self._parts):
            own = np.zeros((max(crews, tasks), 2), dtype=np.int32)
            own[part, 0] = 1
            own[:tasks, 1] = part_of == number
            given.append(own)
        return given

    def joined(self, states: Sequence[State], *, is_best: bool) -> Int32:
        """The threads' parts as one plan, laid out like `State.best`.

        Parameters
        ----------
        states
            One for each part, in the order of `cut`.
        is_best
            Whether the best or the current plan of each is taken.
        """
        whole = states[0].best.copy()
        for state, part in zip(states, self._parts, strict=True):
            whole[part] = (state.best if is_best else driven(state))[part]
        return whole


def driven(state: State) -> Int32:
    """The current plan of a thread, laid out like `State.best`."""
    plan = state.best.copy()
    plan[:, 0] = state.sums[0, :, layout.LENGTH]
    plan[:, 1:-1] = state.stop[0, :, 1:, layout.OPTION]
    return plan
