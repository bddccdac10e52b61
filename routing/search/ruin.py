"""Ruin: strings of neighbouring tasks are taken out of routes near a seed.

Source: J. Christiaens and G. Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing
Problems", Transportation Science 54(2), 2020 (adjacent string removal, strings and split strings).
"""

import numpy as np

from routing.search.jit import inlined
from routing.search.layout import (
    CHANGED,
    FROZEN,
    GONE,
    GROUP,
    IS_CHANGED,
    LENGTH,
    MEMBERS,
    NEAR,
    NEAR_AT,
    NOT_FIRST,
    NOT_LAST,
    OPTION,
    RANK,
    ROUTE,
    TAKEN,
    TASK,
    TOUCHED,
    USING,
)
from routing.search.random import below, uniform
from routing.search.route import rebuild, touch

_SPLIT = 0.5
"""Share of strings that keep some tasks in their middle."""
_LONGER = 0.5
"""Chance that one more task in the middle is kept."""
_LARGE = 0.05
"""Share of the ruins that take many tasks."""
_LARGER = 3.0
"""How many times as many the large ones take."""


@inlined
def _mean_length(day, state):
    """Mean number of tasks of the routes in use."""
    used = 0
    tasks = 0
    for a in range(day.crew.shape[0]):
        if state.sums[0, a, LENGTH] > 0:
            used += 1
            tasks += state.sums[0, a, LENGTH]
    return tasks / used if used > 0 else 1.0


@inlined
def take_out(day, state, a, first, size, keep_from, keep):
    """Take `size` tasks of route a out, from the 0-based `first`, keeping `keep` in their middle."""
    stop = state.stop
    n = state.sums[0, a, LENGTH]
    w = first
    for i in range(first, n):
        o = np.int64(stop[0, a, i + 1, OPTION])
        inside = i < first + size + keep and not (keep_from <= i < keep_from + keep)
        if inside:
            _forget(day, state, o)
        else:
            stop[0, a, w + 1, OPTION] = o
            w += 1
    _shorten(day, state, a, w)


@inlined
def _forget(day, state, o):
    """Count option o's task among those taken out."""
    task = day.option[o, TASK]
    state.task[task, ROUTE] = -1
    state.task[state.tally[GONE], TAKEN] = task
    state.tally[GONE] += 1


@inlined
def _shorten(day, state, a, length):
    if day.crew[a, GROUP] >= 0:
        state.mark[day.crew[a, GROUP], MEMBERS] += length - state.sums[0, a, LENGTH]
    state.sums[0, a, LENGTH] = length


@inlined
def _string(day, state, a, p, most):
    """Take a string of route a out that holds its 0-based task p."""
    random = state.random
    first = state.sums[0, a, FROZEN]
    n = state.sums[0, a, LENGTH]
    m = n - first
    size = min(np.int64(uniform(random) * min(float(m), most) + 1.0), m)
    keep = np.int64(0)
    if size > 1 and size < m and uniform(random) < _SPLIT:
        keep = np.int64(1)
        while size + keep < m and uniform(random) < _LONGER:
            keep += 1
    low = max(first, p - size - keep + 1)
    high = min(p, n - size - keep)
    start = low + (below(random, high - low + 1) if high > low else np.int64(0))
    keep_from = start + below(random, size + 1) if keep > 0 else start
    take_out(day, state, a, start, size, keep_from, keep)


@inlined
def _tidy(day, state, a):
    """Take out what may not open or close the route, or all of a route that no longer holds."""
    stop = state.stop
    first = state.sums[0, a, FROZEN]
    changed = True
    while changed and state.sums[0, a, LENGTH] > first:
        changed = False
        n = state.sums[0, a, LENGTH]
        if first == 0 and day.option[stop[0, a, 1, OPTION], NOT_FIRST] > 0:
            take_out(day, state, a, np.int64(0), np.int64(1), np.int64(0), np.int64(0))
            changed = True
        elif day.option[stop[0, a, n, OPTION], NOT_LAST] > 0:
            take_out(day, state, a, n - 1, np.int64(1), n, np.int64(0))
            changed = True
    if not rebuild(day, state, a):
        n = state.sums[0, a, LENGTH]
        if n > first:
            take_out(day, state, a, first, n - first, n, np.int64(0))
            rebuild(day, state, a)


@inlined
def _strings(day, state, seed, mean_removed, longest):
    """Take strings out of routes near an option, about `mean_removed` tasks in all."""
    random = state.random
    most = min(longest, _mean_length(day, state))
    strings = np.int64(uniform(random) * max(4.0 * mean_removed / (1.0 + most) - 1.0, 1.0) + 1.0)
    done = 0
    for x in range(day.misc[NEAR]):
        if done >= strings:
            break
        o = np.int64(day.option[seed, day.misc[NEAR_AT] + x])
        task = day.option[o, TASK]
        if not _is_within_reach(state, task) or state.task[task, USING] != o:
            continue
        a = np.int64(state.task[task, ROUTE])
        touch(state, a)
        _string(day, state, a, np.int64(state.task[task, RANK]) - 1, most)
        done += 1


@inlined
def _is_within_reach(state, task):
    """Whether a task is served by a route that is still as it was, and may move."""
    a = np.int64(state.task[task, ROUTE])
    if a < 0 or state.mark[a, IS_CHANGED] != 0:
        return False
    return state.task[task, RANK] > state.sums[0, a, FROZEN]


@inlined
def _scatter(day, state, mean_removed):
    """Take single tasks out of routes anywhere, so that full routes can change places."""
    random = state.random
    for _ in range(2 + below(random, np.int64(mean_removed) + 1)):
        task = below(random, np.int64(state.task.shape[0]))
        if _is_within_reach(state, task):
            a = np.int64(state.task[task, ROUTE])
            touch(state, a)
            p = np.int64(state.task[task, RANK]) - 1
            take_out(day, state, a, p, np.int64(1), p, np.int64(0))


@inlined
def ruin(day, state, seed, mean_removed, longest, scattered):
    """Take tasks out of routes; they go to the list `TAKEN`.

    Most ruins take strings near option `seed`, about `mean_removed` tasks in strings of at most
    `longest`; a share of them takes several times as many, and a share `scattered` takes single tasks
    anywhere.
    """
    state.tally[GONE] = 0
    kind = uniform(state.random)
    if kind < scattered:
        _scatter(day, state, mean_removed)
    else:
        times = _LARGER if kind < scattered + _LARGE else 1.0
        _strings(day, state, seed, times * mean_removed, times * longest)
    for x in range(state.tally[TOUCHED]):
        _tidy(day, state, np.int64(state.mark[x, CHANGED]))
