"""The cheapest gap of one route for one option: an O(1) test a gap, most gaps ruled out by bounds."""

import numpy as np

from routing.search.clock import rested, served, work_at
from routing.search.jit import inlined
from routing.search.layout import (
    BACK,
    BALANCE,
    BREAK,
    BREAK_FROM,
    BREAK_TO,
    CAPACITY,
    CLOSES,
    COST,
    D0,
    D1,
    DELIVERY,
    DIMENSIONS,
    DISTANCE,
    FIXED,
    FROZEN,
    GROUP,
    GROUP_AT,
    HAS_BONUS,
    HAS_SETUP,
    INF,
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
    MOST_SLACK,
    NODE,
    NOT_FIRST,
    NOT_LAST,
    OPENS,
    PER_METRE,
    PER_SECOND,
    PER_WORK,
    PICKUP_AT,
    PLACE,
    POSITION,
    PRICED,
    SERVICE_AT,
    SLACK,
    SLOW,
    TABLE,
    TRAVEL,
)
from routing.search.random import uniform
from routing.search.walk import leg_price, walk


@inlined
def has_room(day, state, a, o):
    """Whether crew a may serve option o, and has room for one more task and its load."""
    if day.allowed[a, o] == 0 or state.sums[0, a, LENGTH] >= day.crew[a, MAX_TASKS]:
        return False
    for m in range(day.misc[DIMENSIONS]):
        if state.sums[0, a, LOADS + m] + day.load[o, DELIVERY + m] > day.crew[a, CAPACITY + m]:
            return False
        both = day.misc[DIMENSIONS] + m
        if (
            state.sums[0, a, LOADS + both] + day.load[o, day.misc[PICKUP_AT] + m]
            > day.crew[a, CAPACITY + m]
        ):
            return False
    return True


@inlined
def base_price(day, state, a, o):
    """What option o adds to route a wherever it goes: use, work, unevenness, less the bonus."""
    price = day.crew[a, PER_WORK] * work_at(day, day.crew[a, KIND], o, 0, -1)
    if state.sums[0, a, LENGTH] == 0:
        price += day.crew[a, FIXED]
    if day.misc[HAS_BONUS] > 0:
        price -= day.bonus[a, o]
    group = day.crew[a, GROUP]
    if group >= 0 and day.misc[BALANCE] > 0:
        m = day.misc[day.misc[GROUP_AT] + group]
        n = state.sums[0, a, LENGTH]
        price += day.misc[BALANCE] * (m * (2 * n + 1) - 2 * state.mark[group, MEMBERS] - 1) // m
    return price


@inlined
def fits_clock(day, state, a, k, o, dp, dq, work):
    """Whether option o fits behind stop k of a fast crew's route, by the clock."""
    stop = state.stop
    e0 = np.int64(stop[0, a, k, D0])
    e1 = np.int64(stop[0, a, k, D1])
    m1 = e1 + dp if e1 < INF else np.int64(INF)
    if e0 < INF:
        rest = day.crew[a, BREAK]
        b0 = day.crew[a, BREAK_FROM]
        b1 = day.crew[a, BREAK_TO]
        m1 = min(m1, rested(rest, b0, b1, e0, dp))
        x = served(day, o, e0 + dp, work)
        if x < INF and (
            x + dq <= stop[0, a, k + 1, L0] or rested(rest, b0, b1, x, dq) <= stop[0, a, k + 1, L1]
        ):
            return True
    if m1 >= INF:
        return False
    x = served(day, o, m1, work)
    return x < INF and x + dq <= stop[0, a, k + 1, L1]


@inlined
def keeps_order(day, state, a, k, o):
    """Whether option o may stand behind stop k: promised position, not first, not last."""
    promised = day.option[o, POSITION]
    if promised > 0 and promised != k + 1:
        return False
    if day.option[o, NOT_FIRST] > 0 and k == 0:
        return False
    return day.option[o, NOT_LAST] == 0 or k < state.sums[0, a, LENGTH]


@inlined
def needs_walk(day, state, a, k, node):
    """Whether a setup of the gap behind stop k may come or go."""
    if day.misc[HAS_SETUP] == 0:
        return False
    before = state.stop[0, a, k, NODE]
    after = state.stop[0, a, k + 1, NODE]
    return before == node or after == node or before == after


@inlined
def cheapest_gap(day, state, a, o, blink, best):
    """The cheapest gap of route a for option o: (added grains, stop before the gap).

    Only gaps cheaper than `best` count; without one the answer is (best, -1). A share `blink` of
    the gaps is overlooked.
    """
    stop = state.stop
    found = np.int64(-1)
    service = np.int64(day.option[o, day.misc[SERVICE_AT] + day.crew[a, KIND]])
    if service > state.sums[0, a, MOST_SLACK] or not has_room(day, state, a, o):
        return best, found
    base = base_price(day, state, a, o)
    work = work_at(day, day.crew[a, KIND], o, 0, -1)
    node = np.int64(day.option[o, PLACE])
    table = day.crew[a, TABLE]
    last = np.int64(day.option[o, CLOSES])
    per_second = day.crew[a, PER_SECOND]
    is_simple = day.crew[a, PRICED] < 0 and day.crew[a, PER_METRE] == 0
    is_bounded = day.crew[a, MAX_TRAVEL] < INF or day.crew[a, METRES] >= 0
    is_slow = day.crew[a, SLOW] > 0
    n = state.sums[0, a, LENGTH]
    first = state.sums[0, a, FROZEN]
    soonest = np.int64(day.option[o, OPENS]) + service
    while first <= n and soonest > max(stop[0, a, first + 1, L0], stop[0, a, first + 1, L1]):
        first += 1
    for k in range(first, n + 1):
        if min(stop[0, a, k, D0], stop[0, a, k, D1]) > last:
            break
        room = np.int64(stop[0, a, k, SLACK]) - service
        if room < 0:
            continue
        dp = np.int64(day.table[day.crew[a, BACK], node, stop[0, a, k, NODE]])
        dq = np.int64(day.table[table, node, stop[0, a, k + 1, NODE]])
        if dp + dq > room:
            continue
        if is_simple:
            price = base + per_second * (dp + dq - stop[0, a, k, LEG])
        else:
            before = np.int64(stop[0, a, k, NODE])
            after = np.int64(stop[0, a, k + 1, NODE])
            price = base + leg_price(day, a, before, node, dp) + leg_price(day, a, node, after, dq)
            if n > 0:
                price -= leg_price(day, a, before, after, np.int64(stop[0, a, k, LEG]))
        if price >= best:
            continue
        if blink > 0.0 and uniform(state.random) < blink:
            continue
        if not keeps_order(day, state, a, k, o):
            continue
        if is_slow or needs_walk(day, state, a, k, node):
            gross = walk(day, state, a, np.int64(k), np.int64(o))
            if gross < state.sums[0, a, COST] + best:
                price = gross - state.sums[0, a, COST] + base
                price -= day.crew[a, PER_WORK] * work
                if n == 0:
                    price -= day.crew[a, FIXED]
                if price < best:
                    best = price
                    found = np.int64(k)
            continue
        if is_bounded and not _within(day, state, a, k, node, dp, dq):
            continue
        if fits_clock(day, state, a, k, o, dp, dq, work):
            best = price
            found = np.int64(k)
    return best, found


@inlined
def _within(day, state, a, k, node, dp, dq):
    """Whether a fast route with the detour keeps its bounds on travel time and distance."""
    stop = state.stop
    if state.sums[0, a, TRAVEL] + dp + dq - stop[0, a, k, LEG] > day.crew[a, MAX_TRAVEL]:
        return False
    x = day.crew[a, METRES]
    if x < 0:
        return True
    metres = state.sums[0, a, DISTANCE]
    metres += day.table[x, stop[0, a, k, NODE], node] + day.table[x, node, stop[0, a, k + 1, NODE]]
    if state.sums[0, a, LENGTH] > 0:
        metres -= day.table[x, stop[0, a, k, NODE], stop[0, a, k + 1, NODE]]
    return metres <= day.crew[a, MAX_METRES]
