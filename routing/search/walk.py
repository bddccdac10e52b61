"""The exact clock of one route: every break order, day part, bound and price.

Walks the route stop by stop with the earliest departure for each set of breaks taken, as
`routing.timing` does for finished plans. Slow crews are decided here, and the gaps of any crew in
which a setup may or may not be paid.
"""

import numpy as np

from routing.search.clock import next_open, served, work_at
from routing.search.jit import compiled, inlined
from routing.search.layout import (
    CAPACITY,
    DELIVERY,
    DIMENSIONS,
    END,
    FIXED,
    FROM,
    INF,
    KIND,
    LENGTH,
    LOADS,
    MAX_DURATION,
    MAX_METRES,
    MAX_TRAVEL,
    METRES,
    MOVE_FROM,
    NEVER,
    NORMAL_TO,
    NOT_FIRST,
    NOT_LAST,
    OPTION,
    PART_AT,
    PART_COUNT,
    PARTS,
    PER_METRE,
    PER_OVER,
    PER_SECOND,
    PER_WORK,
    PICKUP_AT,
    PLACE,
    POSITION,
    PRICED,
    REST_AT,
    REST_LOAD,
    REST_WIDTH,
    RESTS,
    START,
    TABLE,
    TO,
)

# Rows of State.scratch, by breaks taken.
_FREE, _MOVED, _BEGUN = 0, 1, 2
"""Earliest departure, seconds travelled until then, start of the route that leads there."""
_NEXT = 3
"""The same three for the stop that comes next."""
_LOADED = 9
"""Load on board, by dimension."""


@inlined
def leg_seconds(day, a, i, j, t):
    """Seconds of a leg that departs at t, first in first out."""
    parts = day.crew[a, PART_COUNT]
    if parts == 0:
        return np.int64(day.table[day.crew[a, TABLE], i, j])
    first = day.crew[a, PARTS]
    best = np.int64(day.table[first, i, j])
    for x in range(first + 1, first + parts):
        own = np.int64(day.table[x, i, j])
        begin = np.int64(day.misc[day.misc[PART_AT] + x])
        best = own if begin <= t else min(best, begin - t + own)
    return best


@inlined
def leg_price(day, a, i, j, seconds):
    """Grains of a leg that takes so many seconds."""
    if day.crew[a, PRICED] >= 0:
        return day.priced[day.crew[a, PRICED], i, j]
    price = day.crew[a, PER_SECOND] * seconds
    if day.crew[a, PER_METRE] > 0:
        price += day.crew[a, PER_METRE] * day.table[day.crew[a, METRES], i, j]
    return price


@inlined
def rest_column(day, a, rest, column):
    """A column of one of crew a's breaks."""
    return day.crew[a, day.misc[REST_AT] + rest * day.misc[REST_WIDTH] + column]


@inlined
def _rest_from(day, a, rest, t):
    """Earliest start of a break at or after t, INF when its last window has closed."""
    for k in range(rest_column(day, a, rest, 1)):
        if t <= rest_column(day, a, rest, 3 + 2 * k):
            return max(
                t,
                np.int64(rest_column(day, a, rest, 2 + 2 * k)),
            )
    return np.int64(INF)


@inlined
def _arrive(day, a, move, t, d):
    """Arrival after a leg of d seconds, left at t, with a move's breaks on it."""
    moment = t
    rested = np.int64(0)
    for x in range(day.move[move, 2]):
        rest = np.int64(day.move[move, 3 + x])
        moment = _rest_from(day, a, rest, moment)
        if moment >= INF:
            return np.int64(INF)
        moment += rest_column(day, a, rest, 0)
        rested += rest_column(day, a, rest, 0)
    return max(t + d + rested, moment)


@inlined
def _may_rest(day, state, a, move):
    """Whether the load on board allows a move's breaks."""
    for x in range(day.move[move, 2]):
        for m in range(day.misc[DIMENSIONS]):
            if (
                state.scratch[_LOADED, m]
                > day.crew[
                    a,
                    day.misc[REST_AT]
                    + day.move[move, 3 + x] * day.misc[REST_WIDTH]
                    + day.misc[REST_LOAD]
                    + m,
                ]
            ):
                return False
    return True


@inlined
def _rest_until(day, a, rest, t):
    """Latest start of a break at or before t, -INF when its first window has not opened."""
    for k in range(rest_column(day, a, rest, 1) - 1, -1, -1):
        if t >= rest_column(day, a, rest, 2 + 2 * k):
            return min(t, rest_column(day, a, rest, 3 + 2 * k))
    return np.int64(-INF)


@inlined
def _latest_start(day, a, i, j, move, begin):
    """Latest start of a route whose first task, a move's breaks before it, still begins at `begin`."""
    moment = begin
    rested = np.int64(0)
    for x in range(day.move[move, 2] - 1, -1, -1):
        rest = np.int64(day.move[move, 3 + x])
        moment = _rest_until(day, a, rest, moment - rest_column(day, a, rest, 0))
        rested += rest_column(day, a, rest, 0)
    parts = day.crew[a, PART_COUNT]
    if parts == 0:
        return min(moment, begin - rested - day.table[day.crew[a, TABLE], i, j])
    first = day.crew[a, PARTS]
    latest = np.int64(-INF)
    for x in range(first, first + parts):
        own = begin - rested - day.table[x, i, j]
        if x + 1 < first + parts:
            own = min(own, day.misc[day.misc[PART_AT] + x + 1] - 1)
        if own >= day.misc[day.misc[PART_AT] + x]:
            latest = own
    return min(moment, latest)


@inlined
def _step(day, state, a, i, j, o, work, is_first):
    """From the clocks at place i to those behind option o (-1: the end) at place j.

    Of several ways into a state the earliest is kept, then the latest start, then the least travel.
    """
    clock = state.scratch
    states = 1 << day.crew[a, RESTS]
    for s in range(states):
        clock[_NEXT, s] = INF
    rests = day.crew[a, RESTS]
    for move in range(day.misc[MOVE_FROM + rests], day.misc[MOVE_FROM + rests + 1]):
        s = np.int64(day.move[move, 0])
        free = clock[_FREE, s]
        if free >= INF or not _may_rest(day, state, a, move):
            continue
        d = leg_seconds(day, a, i, j, free)
        t = _arrive(day, a, move, free, d)
        if t >= INF:
            continue
        end = t if o < 0 else served(day, o, t, work)
        g = np.int64(day.move[move, 1])
        if end >= INF or end > clock[_NEXT, g]:
            continue
        begun = clock[_BEGUN, s]
        if is_first:
            begun = _latest_start(day, a, i, j, move, next_open(day, o, t))
            d = leg_seconds(day, a, i, j, begun)
        moved = clock[_MOVED, s] + d
        if end == clock[_NEXT, g]:
            later = begun > clock[_NEXT + _BEGUN, g]
            same = begun == clock[_NEXT + _BEGUN, g]
            if not later and not (same and moved < clock[_NEXT + _MOVED, g]):
                continue
        clock[_NEXT, g] = end
        clock[_NEXT + _MOVED, g] = moved
        clock[_NEXT + _BEGUN, g] = begun
    for s in range(states):
        clock[_FREE, s] = clock[_NEXT, s]
        clock[_MOVED, s] = clock[_NEXT + _MOVED, s]
        clock[_BEGUN, s] = clock[_NEXT + _BEGUN, s]


@inlined
def _load(day, state, a, o, sign):
    """Take option o's deliveries off and its pickups on (sign 1), and whether all still fits."""
    fits = True
    for m in range(day.misc[DIMENSIONS]):
        state.scratch[_LOADED, m] += sign * (
            day.load[o, day.misc[PICKUP_AT] + m] - day.load[o, DELIVERY + m]
        )
        if state.scratch[_LOADED, m] > day.crew[a, CAPACITY + m]:
            fits = False
    return fits


@inlined
def _ordered(day, o, position, count):
    """Whether option o may stand at a 1-based position among so many tasks."""
    promised = day.option[o, POSITION]
    if promised > 0 and promised != position:
        return False
    if day.option[o, NOT_FIRST] > 0 and position == 1:
        return False
    return day.option[o, NOT_LAST] == 0 or position < count


@compiled
def walk(day, state, a, gap, inserted):
    """Grains of crew a's route, `inserted` (an option) put behind stop `gap`; NEVER if it cannot be.

    With `gap` -1 the route as it stands. Bonuses are left out.
    """
    stop = state.stop
    clock = state.scratch
    n = state.sums[0, a, LENGTH]
    count = n + (1 if gap >= 0 else 0)
    if count == 0:
        return np.int64(0)
    dimensions = day.misc[DIMENSIONS]
    for m in range(dimensions):
        clock[_LOADED, m] = state.sums[0, a, LOADS + m]
        if gap >= 0:
            clock[_LOADED, m] += day.load[inserted, DELIVERY + m]
        if clock[_LOADED, m] > day.crew[a, CAPACITY + m]:
            return np.int64(NEVER)
    for s in range(1 << day.crew[a, RESTS]):
        clock[_FREE, s] = INF
    clock[_FREE, 0] = day.crew[a, FROM]
    clock[_MOVED, 0] = 0
    clock[_BEGUN, 0] = day.crew[a, FROM]
    kind = day.crew[a, KIND]
    here = day.crew[a, START]
    worked = np.int64(0)
    metres = np.int64(0)
    price = day.crew[a, FIXED]
    is_priced = day.crew[a, PRICED] >= 0
    k = np.int64(0)
    for position in range(1, count + 1):
        if position - 1 == gap:
            o = np.int64(inserted)
        else:
            k += 1
            o = np.int64(stop[0, a, k, OPTION])
        if not _ordered(day, o, position, count):
            return np.int64(NEVER)
        there = np.int64(day.option[o, PLACE])
        work = work_at(day, kind, o, there, here)
        _step(day, state, a, here, there, o, work, position == 1)
        if day.crew[a, METRES] >= 0:
            metres += day.table[day.crew[a, METRES], here, there]
        if is_priced:
            price += day.priced[day.crew[a, PRICED], here, there]
        if not _load(day, state, a, o, 1):
            return np.int64(NEVER)
        worked += work
        here = there
    there = day.crew[a, END]
    _step(day, state, a, here, there, np.int64(-1), np.int64(0), False)
    if day.crew[a, METRES] >= 0:
        metres += day.table[day.crew[a, METRES], here, there]
    if is_priced:
        price += day.priced[day.crew[a, PRICED], here, there]
    done = (1 << day.crew[a, RESTS]) - 1
    end = clock[_FREE, done]
    moved = clock[_MOVED, done]
    if (
        end > day.crew[a, TO]
        or moved > day.crew[a, MAX_TRAVEL]
        or metres > day.crew[a, MAX_METRES]
        or end - clock[_BEGUN, done] > day.crew[a, MAX_DURATION]
    ):
        return np.int64(NEVER)
    if not is_priced:
        price += day.crew[a, PER_SECOND] * moved + day.crew[a, PER_METRE] * metres
    price += day.crew[a, PER_WORK] * worked
    return price + day.crew[a, PER_OVER] * max(np.int64(0), end - day.crew[a, NORMAL_TO])
