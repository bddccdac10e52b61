"""The memory of a thread: an empty plan and its scratch space."""

import numpy as np

from routing.search import layout
from routing.search.layout import Day, State
from routing.search.random import seeded
from routing.tables import Tables
from routing.units import UNREACHED


def longest_route(tables: Tables, day: Day) -> int:
    """Most tasks that a route can hold, by the bounds on tasks, load and hours."""
    own = tables.service.min(axis=0)
    per_task = np.full(tables.task_count, UNREACHED, dtype=np.int64)
    np.minimum.at(per_task, tables.task_of, own)
    hours = int((day.crew[:, layout.TO] - day.crew[:, layout.FROM]).max())
    longest = int(np.searchsorted(np.cumsum(np.sort(per_task)), hours, side="right"))
    dimensions = tables.delivery.shape[1]
    capacity = day.crew[:, layout.CAPACITY : layout.CAPACITY + dimensions].max(axis=0)
    for amounts in (tables.delivery, tables.pickup):
        for dimension, most in enumerate(capacity):
            sums = np.cumsum(np.sort(amounts[: tables.task_count, dimension]))
            longest = min(longest, int(np.searchsorted(sums, most, side="right")))
    return max(1, min(longest, int(day.crew[:, layout.MAX_TASKS].max())))


def new_state(tables: Tables, day: Day, seed: int) -> State:
    """An empty plan, to be filled by `routing.search.anneal`."""
    return fresh_state(day, tables.task_count, longest_route(tables, day) + 2, seed)


def fresh_state(day: Day, tasks: int, stops: int, seed: int) -> State:
    """An empty plan of a day with so many tasks and, at most, stops of a route."""
    crews, dimensions = len(day.crew), int(day.misc[layout.DIMENSIONS])
    tally = np.zeros(layout.TALLIES, dtype=np.int64)
    tally[layout.IS_STEERED] = 1
    return State(
        stop=np.zeros((2, crews, stops, layout.STOP), dtype=np.int32),
        sums=np.zeros((2, crews, layout.LOADS + 2 * dimensions), dtype=np.int64),
        task=np.zeros((tasks, layout.TASK_COLUMNS), dtype=np.int32),
        mark=np.zeros((crews, layout.MARKS), dtype=np.int64),
        key=np.zeros(tasks),
        scratch=np.zeros((10, max(16, dimensions)), dtype=np.int64),
        tally=tally,
        random=seeded(seed),
        best=np.zeros((crews, 1 + stops), dtype=np.int32),
    )
