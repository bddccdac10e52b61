"""Room for a required task where every route is full: optional tasks leave for it."""

import numpy as np

from routing.search.gap import cheapest_gap
from routing.search.jit import compiled, inlined
from routing.search.layout import (
    BONUS,
    COST,
    FROZEN,
    GONE,
    IS_CHANGED,
    LENGTH,
    MUST,
    NEVER,
    NEXT,
    NOT_FIRST,
    NOT_LAST,
    OPTION,
    TASK,
    TOUCHED,
    WEIGHT,
)
from routing.search.route import insert, rebuild, touch, undo
from routing.search.ruin import take_out


@inlined
def _weight(day, state, a, p):
    """Weight of the 0-based task p of route a; NEVER for one that has to stay."""
    weight = day.load[day.option[state.stop[0, a, p + 1, OPTION], TASK], WEIGHT]
    return np.int64(NEVER) if weight >= day.misc[MUST] else weight


@inlined
def _leave(day, state, a, p, q):
    """Take the tasks p and q of route a out (one where they are the same); False if it breaks."""
    state.tally[TOUCHED] = 0
    state.tally[GONE] = 0
    touch(state, a)
    take_out(day, state, a, q, np.int64(1), q, np.int64(0))
    if p < q:
        take_out(day, state, a, p, np.int64(1), p, np.int64(0))
    state.mark[a, IS_CHANGED] = 0
    if not rebuild(day, state, a):
        return False
    n = state.sums[0, a, LENGTH]
    if n == 0 or state.sums[0, a, FROZEN] > 0:
        return True
    first = np.int64(state.stop[0, a, 1, OPTION])
    last = np.int64(state.stop[0, a, n, OPTION])
    return day.option[first, NOT_FIRST] == 0 and day.option[last, NOT_LAST] == 0


@inlined
def _saved(state, a):
    """What a route costs less than before it was touched."""
    cost = state.sums[1, a, COST] - state.sums[1, a, BONUS]
    return cost - state.sums[0, a, COST] + state.sums[0, a, BONUS]


@compiled
def _cheapest_leave(day, state, task, pairs):
    """Find the one task (with `pairs`: the two of a route) whose leaving costs least.

    The answer is crew, both tasks, gap and option; crew -1 where no leaving makes room.
    """
    best = np.int64(NEVER)
    none = np.int64(-1)
    crew, one, other, gap, chosen = none, none, none, none, none
    for a in range(day.crew.shape[0]):
        n = state.sums[0, a, LENGTH]
        for p in range(state.sums[0, a, FROZEN], n):
            lost = _weight(day, state, a, np.int64(p))
            if lost >= NEVER:
                continue
            for q in range(p + 1 if pairs else p, n if pairs else p + 1):
                both = lost + _weight(day, state, a, np.int64(q)) if pairs else lost
                if both >= NEVER:
                    continue
                if _leave(day, state, a, np.int64(p), np.int64(q)):
                    price = both - _saved(state, a)
                    o = np.int64(task)
                    while o >= 0:
                        added, k = cheapest_gap(day, state, a, o, 0.0, best - price)
                        if k >= 0:
                            best = price + added
                            crew, one, other = np.int64(a), np.int64(p), np.int64(q)
                            gap, chosen = k, o
                        o = np.int64(day.option[o, NEXT])
                undo(day, state)
    return crew, one, other, gap, chosen


@compiled
def make_room(day, state, task):
    """Serve a required task where one optional task leaves for it, or two of a route.

    What costs least is taken, the worth that is lost and the way that is saved counted; the caller
    looks for other places for those that left. False if no such leaving makes room.
    """
    a, p, q, k, o = _cheapest_leave(day, state, task, False)
    if a < 0:
        a, p, q, k, o = _cheapest_leave(day, state, task, True)
    if a >= 0:
        _leave(day, state, a, p, q)
        insert(day, state, a, k, o)
    state.tally[TOUCHED] = 0
    return a >= 0
