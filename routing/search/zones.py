"""A plan cut into territories, another way each time.

A territory is a set of crews whose routes lie together, the tasks of these routes, and the unserved
tasks that lie nearest to them. No thread sees more than its own, so territories can be put together
again without a conflict; since each round cuts elsewhere, no border stays.
"""

import numpy as np

from routing.search import layout
from routing.search.layout import Day, Int32, Int64

type Part = tuple[Int64, Int64]
"""Crews and tasks, ascending."""


class Zones:
    """Cuts plans of a day.

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

    def cut(self, plan: Int32, parts: int) -> list[Part]:
        """Cut a plan, laid out like `State.best`, into parts with about as many crews each.

        Two tasks of a part are drawn, and places ordered by how much nearer they are to the one than
        to the other; there it is cut in two, and the halves again. A route lies where its middle task
        does, an unused crew where it starts.
        """
        day = self._day
        length = plan[:, 0].astype(np.int64)
        rows = np.arange(len(plan))
        middle = day.option[plan[rows, (length + 1) // 2], layout.PLACE]
        where = np.where(length > 0, middle, day.crew[:, layout.START])
        served = plan[:, 1:][np.arange(plan.shape[1] - 1) < length[:, None]]
        crew_of = np.full(int(day.option[:, layout.TASK].max()) + 1, -1, dtype=np.int64)
        crew_of[day.option[served, layout.TASK]] = np.repeat(rows, length)
        waiting = np.flatnonzero(crew_of < 0)
        found: list[Part] = []
        for crews, unserved in self._split(where, length > 0, rows, waiting, parts):
            is_own = np.zeros(len(plan) + 1, dtype=np.bool_)  # the last row is nobody's
            is_own[crews] = True
            tasks = np.concatenate([np.flatnonzero(is_own[crew_of]), unserved])
            if len(tasks):
                found.append((np.sort(crews), np.sort(tasks)))
        return found

    def _split(
        self, where: Int64, is_used: np.ndarray, crews: Int64, waiting: Int64, parts: int
    ) -> list[Part]:
        """Crews, and the unserved tasks nearest to them, in so many parts."""
        if parts == 1:
            return [(crews, waiting)]
        spots = np.concatenate([where[crews], self._day.option[waiting, layout.PLACE]])
        one, other = self._random.choice(spots, 2)
        back = self._day.table[int(self._day.crew[0, layout.BACK])]
        nearer = back[one].astype(np.int64) - back[other]
        along = nearer[where[crews]]
        order = np.lexsort((self._random.random(len(crews)), along))
        first = parts // 2
        left, right = np.split(order, [len(order) * first // parts])
        used = left[is_used[crews[left]]]
        border = along[used].max(initial=-layout.INF)
        is_left = nearer[self._day.option[waiting, layout.PLACE]] <= border
        return [
            *self._split(where, is_used, crews[left], waiting[is_left], first),
            *self._split(where, is_used, crews[right], waiting[~is_left], parts - first),
        ]
