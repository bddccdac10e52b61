"""Changing one route: cached numbers rebuilt or brought up to date, kept for undoing."""

import numpy as np

from routing.search.clock import backward, forward, rested, slacken, work_at
from routing.search.jit import compiled, inlined
from routing.search.layout import (
    BONUS,
    BREAK,
    BREAK_FROM,
    BREAK_TO,
    CAPACITY,
    CHANGED,
    COST,
    D0,
    D1,
    DELIVERY,
    DIMENSIONS,
    DISTANCE,
    END,
    FIXED,
    FROM,
    GROUP,
    HAS_BONUS,
    HAS_SETUP,
    INF,
    IS_CHANGED,
    KIND,
    L0,
    L1,
    LEG,
    LENGTH,
    LOADS,
    MAX_METRES,
    MAX_TASKS,
    MAX_TRAVEL,
    MEMBERS,
    METRES,
    NEVER,
    NODE,
    OPTION,
    PER_WORK,
    PICKUP_AT,
    PLACE,
    RANK,
    ROUTE,
    SERVICE_AT,
    SLOW,
    START,
    STOP,
    TABLE,
    TASK,
    TO,
    TOUCHED,
    TRAVEL,
    USING,
)
from routing.search.walk import leg_price, walk


@compiled
def rebuild(day, state, a):
    """Recompute every cached number of route a from its options; False if a rule is broken."""
    stop = state.stop
    n = state.sums[0, a, LENGTH]
    table = day.crew[a, TABLE]
    kind = day.crew[a, KIND]
    p = day.crew[a, START]
    q = day.crew[a, END]
    has_break = day.crew[a, BREAK] > 0
    stop[0, a, 0, NODE] = p
    stop[0, a, 0, D0] = day.crew[a, FROM] if has_break else INF
    stop[0, a, 0, D1] = INF if has_break else day.crew[a, FROM]
    stop[0, a, n + 1, NODE] = q
    stop[0, a, n + 1, L0] = -INF
    stop[0, a, n + 1, L1] = day.crew[a, TO]
    for x in range(LOADS, state.sums.shape[2]):
        state.sums[0, a, x] = 0
    price = day.crew[a, FIXED] if n > 0 else np.int64(0)
    travel = np.int64(0)
    bonus = np.int64(0)
    metres = np.int64(0)
    for k in range(1, n + 1):
        o = np.int64(stop[0, a, k, OPTION])
        task = day.option[o, TASK]
        node = np.int64(day.option[o, PLACE])
        d = np.int64(day.table[table, p, node])
        stop[0, a, k, NODE] = node
        stop[0, a, k - 1, LEG] = d
        state.task[task, ROUTE] = a
        state.task[task, RANK] = k
        state.task[task, USING] = o
        travel += d
        price += leg_price(day, a, p, node, d) + day.crew[a, PER_WORK] * work_at(
            day, kind, o, node, p
        )
        if day.crew[a, METRES] >= 0:
            metres += day.table[day.crew[a, METRES], p, node]
        if day.misc[HAS_BONUS] > 0:
            bonus += day.bonus[a, o]
        _add_load(day, state, a, o)
        p = node
    stop[0, a, n, LEG] = 0
    if n > 0:
        d = np.int64(day.table[table, p, q])
        stop[0, a, n, LEG] = d
        travel += d
        price += leg_price(day, a, p, q, d)
        if day.crew[a, METRES] >= 0:
            metres += day.table[day.crew[a, METRES], p, q]
    state.sums[0, a, TRAVEL] = travel
    state.sums[0, a, DISTANCE] = metres
    state.sums[0, a, COST] = price
    state.sums[0, a, BONUS] = bonus
    forward(day, state, a, np.int64(1), False)
    backward(day, state, a, n, False)
    slacken(day, state, a)
    if n == 0:
        return True
    if day.crew[a, SLOW] > 0:
        state.sums[0, a, COST] = walk(day, state, a, np.int64(-1), np.int64(-1))
        return state.sums[0, a, COST] < NEVER
    return _is_kept(day, state, a, n)


@inlined
def _is_kept(day, state, a, n):
    """Whether a fast route's clock reaches the end in time, and its bounds are kept."""
    stop = state.stop
    d = np.int64(stop[0, a, n, LEG])
    t0 = np.int64(stop[0, a, n, D0])
    t1 = np.int64(stop[0, a, n, D1])
    end = t1 + d if t1 < INF else np.int64(INF)
    if t0 < INF:
        rest = day.crew[a, BREAK]
        end = min(end, rested(rest, day.crew[a, BREAK_FROM], day.crew[a, BREAK_TO], t0, d))
    if end > day.crew[a, TO] or n > day.crew[a, MAX_TASKS]:
        return False
    for m in range(day.misc[DIMENSIONS]):
        if state.sums[0, a, LOADS + m] > day.crew[a, CAPACITY + m]:
            return False
        if state.sums[0, a, LOADS + day.misc[DIMENSIONS] + m] > day.crew[a, CAPACITY + m]:
            return False
    return (
        state.sums[0, a, TRAVEL] <= day.crew[a, MAX_TRAVEL]
        and state.sums[0, a, DISTANCE] <= day.crew[a, MAX_METRES]
    )


@inlined
def _add_load(day, state, a, o):
    for m in range(day.misc[DIMENSIONS]):
        state.sums[0, a, LOADS + m] += day.load[o, DELIVERY + m]
        state.sums[0, a, LOADS + day.misc[DIMENSIONS] + m] += day.load[o, day.misc[PICKUP_AT] + m]


@inlined
def insert(day, state, a, k, o):
    """Put option o right behind stop k of route a, and bring the cached numbers up to date."""
    stop = state.stop
    n = state.sums[0, a, LENGTH]
    for i in range(n + 1, k, -1):
        for f in range(STOP):
            stop[0, a, i + 1, f] = stop[0, a, i, f]
        if i <= n:
            state.task[day.option[stop[0, a, i, OPTION], TASK], RANK] = i + 1
    stop[0, a, k + 1, OPTION] = o
    state.sums[0, a, LENGTH] = n + 1
    if day.crew[a, GROUP] >= 0:
        state.mark[day.crew[a, GROUP], MEMBERS] += 1
    if day.crew[a, SLOW] > 0 or day.misc[HAS_SETUP] > 0:
        rebuild(day, state, a)
        return
    task = day.option[o, TASK]
    table = day.crew[a, TABLE]
    node = np.int64(day.option[o, PLACE])
    p = np.int64(stop[0, a, k, NODE])
    q = np.int64(stop[0, a, k + 2, NODE])
    dp = np.int64(day.table[table, p, node])
    dq = np.int64(day.table[table, node, q])
    leg = np.int64(stop[0, a, k, LEG])
    stop[0, a, k + 1, NODE] = node
    stop[0, a, k, LEG] = dp
    stop[0, a, k + 1, LEG] = dq
    state.sums[0, a, TRAVEL] += dp + dq - leg
    price = leg_price(day, a, p, node, dp) + leg_price(day, a, node, q, dq)
    price += day.crew[a, PER_WORK] * day.option[o, day.misc[SERVICE_AT] + day.crew[a, KIND]]
    price += day.crew[a, FIXED] if n == 0 else -leg_price(day, a, p, q, leg)
    state.sums[0, a, COST] += price
    if day.crew[a, METRES] >= 0:
        x = day.crew[a, METRES]
        state.sums[0, a, DISTANCE] += day.table[x, p, node] + day.table[x, node, q]
        if n > 0:
            state.sums[0, a, DISTANCE] -= day.table[x, p, q]
    if day.misc[HAS_BONUS] > 0:
        state.sums[0, a, BONUS] += day.bonus[a, o]
    _add_load(day, state, a, o)
    state.task[task, ROUTE] = a
    state.task[task, RANK] = k + 1
    state.task[task, USING] = o
    forward(day, state, a, k + 1, True)
    backward(day, state, a, k + 1, True)
    slacken(day, state, a)


@inlined
def touch(state, a):
    """Keep a copy of route a the first time that an iteration changes it."""
    if state.mark[a, IS_CHANGED] == 0:
        state.mark[a, IS_CHANGED] = 1
        state.mark[state.tally[TOUCHED], CHANGED] = a
        state.tally[TOUCHED] += 1
        for k in range(state.sums[0, a, LENGTH] + 2):
            for f in range(STOP):
                state.stop[1, a, k, f] = state.stop[0, a, k, f]
        for x in range(state.sums.shape[2]):
            state.sums[1, a, x] = state.sums[0, a, x]


@inlined
def undo(day, state):
    """Back to the plan before this iteration."""
    for x in range(state.tally[TOUCHED]):
        a = state.mark[x, CHANGED]
        for k in range(1, state.sums[0, a, LENGTH] + 1):
            state.task[day.option[state.stop[0, a, k, OPTION], TASK], ROUTE] = -1
    for x in range(state.tally[TOUCHED]):
        a = state.mark[x, CHANGED]
        n = state.sums[1, a, LENGTH]
        if day.crew[a, GROUP] >= 0:
            state.mark[day.crew[a, GROUP], MEMBERS] += n - state.sums[0, a, LENGTH]
        for y in range(state.sums.shape[2]):
            state.sums[0, a, y] = state.sums[1, a, y]
        for k in range(n + 2):
            for f in range(STOP):
                state.stop[0, a, k, f] = state.stop[1, a, k, f]
        for k in range(1, n + 1):
            o = state.stop[0, a, k, OPTION]
            task = day.option[o, TASK]
            state.task[task, ROUTE] = a
            state.task[task, RANK] = k
            state.task[task, USING] = o
