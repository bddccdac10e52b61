"""Tails: two routes change what lies behind a stop of each, or an unused crew takes what lies behind one.

Ruins take short strings out; the second half of a long route moves to another crew only so. Most
pairs are ruled out by the price of the two new legs and by the clock, before anything is changed.

Source: J.-Y. Potvin and J.-M. Rousseau, "An Exchange Heuristic for Routeing Problems with Time
Windows", Journal of the Operational Research Society 46(12), 1995 (2-opt*).
"""

import numpy as np

from routing.search.jit import inlined
from routing.search.layout import (
    CHANGED,
    D0,
    D1,
    END,
    FIXED,
    FROZEN,
    GONE,
    GROUP,
    IS_CHANGED,
    L0,
    L1,
    LEG,
    LENGTH,
    MAX_TASKS,
    MEMBERS,
    NEAR,
    NEAR_AT,
    NODE,
    NOT_FIRST,
    NOT_LAST,
    OPTION,
    RANK,
    ROUTE,
    START,
    TABLE,
    TASK,
    TOUCHED,
    TWIN,
    USING,
)
from routing.search.route import rebuild, touch, undo
from routing.search.walk import leg_price

_BESIDE = 25
"""Nearest options that may follow the seed."""


@inlined
def _end_price(day, a, p, end):
    """Grains of crew a's last leg, from place p."""
    d = np.int64(day.table[day.crew[a, TABLE], p, end])
    return leg_price(day, a, p, end, d)


@inlined
def _is_tempting(day, state, a, i, b, r, allowance):
    """Whether the legs of the new routes cost at most `allowance` more, and the clocks may allow them."""
    stop = state.stop
    m = state.sums[0, a, LENGTH]
    n = state.sums[0, b, LENGTH]
    here = np.int64(stop[0, a, i, NODE])
    there = np.int64(stop[0, b, r, NODE])
    d = np.int64(day.table[day.crew[a, TABLE], here, there])
    if min(stop[0, a, i, D0], stop[0, a, i, D1]) + d > max(stop[0, b, r, L0], stop[0, b, r, L1]):
        return False
    before = np.int64(stop[0, b, r - 1, NODE])
    end_a = np.int64(day.crew[a, END])
    end_b = np.int64(day.crew[b, END])
    price = leg_price(day, a, here, there, d)
    after = np.int64(stop[0, a, i + 1, NODE])
    price -= leg_price(day, a, here, after, np.int64(stop[0, a, i, LEG]))
    price -= leg_price(day, b, before, there, np.int64(stop[0, b, r - 1, LEG]))
    if i < m:
        e = np.int64(day.table[day.crew[b, TABLE], before, after])
        if min(stop[0, b, r - 1, D0], stop[0, b, r - 1, D1]) + e > max(
            stop[0, a, i + 1, L0], stop[0, a, i + 1, L1]
        ):
            return False
        price += leg_price(day, b, before, after, e)
        last = np.int64(stop[0, a, m, NODE])
        price += _end_price(day, b, last, end_b) - _end_price(day, a, last, end_a)
    elif r > 1:
        price += _end_price(day, b, before, end_b)
    last = np.int64(stop[0, b, n, NODE])
    price += _end_price(day, a, last, end_a) - _end_price(day, b, last, end_b)
    return price < allowance


@inlined
def _may_swap(day, state, a, i, b, r):
    """Whether both crews may serve what they would get, in that order, and so many."""
    stop = state.stop
    m = state.sums[0, a, LENGTH]
    n = state.sums[0, b, LENGTH]
    if i + n - r + 1 > day.crew[a, MAX_TASKS] or r - 1 + m - i > day.crew[b, MAX_TASKS]:
        return False
    for k in range(r, n + 1):
        if day.allowed[a, stop[0, b, k, OPTION]] == 0:
            return False
    for k in range(i + 1, m + 1):
        if day.allowed[b, stop[0, a, k, OPTION]] == 0:
            return False
    if r == 1:
        return i == m or day.option[stop[0, a, i + 1, OPTION], NOT_FIRST] == 0
    return i < m or day.option[stop[0, b, r - 1, OPTION], NOT_LAST] == 0


@inlined
def _relength(day, state, a, length):
    if day.crew[a, GROUP] >= 0:
        state.mark[day.crew[a, GROUP], MEMBERS] += length - state.sums[0, a, LENGTH]
    state.sums[0, a, LENGTH] = length


@inlined
def _swap(day, state, a, i, b, r):
    """Let the tails change routes; False, and nothing has changed, where that breaks a rule."""
    stop = state.stop
    m = state.sums[0, a, LENGTH]
    n = state.sums[0, b, LENGTH]
    touch(state, a)
    touch(state, b)
    for k in range(r, n + 1):
        stop[0, a, i + 1 + k - r, OPTION] = stop[1, b, k, OPTION]
    for k in range(i + 1, m + 1):
        stop[0, b, r + k - i - 1, OPTION] = stop[1, a, k, OPTION]
    _relength(day, state, a, i + n - r + 1)
    _relength(day, state, b, r - 1 + m - i)
    if rebuild(day, state, a) and rebuild(day, state, b):
        return True
    undo(day, state)
    for x in range(state.tally[TOUCHED]):
        state.mark[state.mark[x, CHANGED], IS_CHANGED] = 0
    state.tally[TOUCHED] = 0
    return False


@inlined
def _spare(day, state, a):
    """An unused crew, of the same class if there is one; -1 if all are used."""
    spare = np.int64(-1)
    for b in range(day.crew.shape[0]):
        if state.sums[0, b, LENGTH] == 0:
            if day.crew[b, TWIN] == day.crew[a, TWIN]:
                return np.int64(b)
            spare = np.int64(b)
    return spare


@inlined
def _split(day, state, a, i, allowance):
    """Give what lies behind stop i to an unused crew; False where none may have it at that price."""
    stop = state.stop
    m = state.sums[0, a, LENGTH]
    if i == m or day.option[stop[0, a, i, OPTION], NOT_LAST] > 0:
        return False
    here = np.int64(stop[0, a, i, NODE])
    after = np.int64(stop[0, a, i + 1, NODE])
    start = np.int64(day.crew[a, START])
    price = _end_price(day, a, here, np.int64(day.crew[a, END]))
    price -= leg_price(day, a, here, after, np.int64(stop[0, a, i, LEG]))
    d = np.int64(day.table[day.crew[a, TABLE], start, after])
    price += leg_price(day, a, start, after, d) + day.crew[a, FIXED]
    if price >= allowance:
        return False
    b = _spare(day, state, a)
    one = np.int64(1)
    return b >= 0 and _may_swap(day, state, a, i, b, one) and _swap(day, state, a, i, b, one)


@inlined
def swap_tails(day, state, seed, allowance):
    """Give what lies behind an option to an unused crew, or let it change places with a tail that begins near it.

    False if neither may be, at a price below `allowance`.
    """
    state.tally[GONE] = 0
    task = day.option[seed, TASK]
    a = np.int64(state.task[task, ROUTE])
    if a < 0 or state.task[task, USING] != seed:
        return False
    i = np.int64(state.task[task, RANK])
    if i < state.sums[0, a, FROZEN]:
        return False
    if _split(day, state, a, i, allowance):
        return True
    for x in range(1, min(np.int64(_BESIDE), day.misc[NEAR])):
        other = np.int64(day.option[seed, day.misc[NEAR_AT] + x])
        task = day.option[other, TASK]
        b = np.int64(state.task[task, ROUTE])
        if b < 0 or b == a or state.task[task, USING] != other:
            continue
        r = np.int64(state.task[task, RANK])
        if (
            r > state.sums[0, b, FROZEN]
            and _is_tempting(day, state, a, i, b, r, allowance)
            and _may_swap(day, state, a, i, b, r)
            and _swap(day, state, a, i, b, r)
        ):
            return True
    return False
