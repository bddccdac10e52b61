"""What a route is expected to pay for late arrivals, on the drawn days of `routing.uncertainty`."""

import math

import numpy as np

from routing.search.clock import next_open, rested, served, work_at
from routing.search.jit import inlined
from routing.search.layout import (
    BREAK,
    BREAK_FROM,
    BREAK_TO,
    CLOSES,
    D0,
    D1,
    FROM,
    INF,
    KIND,
    LATE,
    LEG,
    LENGTH,
    NODE,
    OPTION,
    PROMISED,
    SLOW,
)


@inlined
def _break_leg(day, state, a, n):
    """The leg on which the earliest timing takes the break, counted from 0; -1 without one.

    Of legs that end the next task equally early it is the last.
    """
    stop = state.stop
    rest = day.crew[a, BREAK]
    if rest == 0:
        return np.int64(-1)
    first = day.crew[a, BREAK_FROM]
    last = day.crew[a, BREAK_TO]
    kind = day.crew[a, KIND]
    for k in range(n, 0, -1):
        d = np.int64(stop[0, a, k, LEG])
        taken = np.int64(stop[0, a, k, D1])
        before = taken + d if taken < INF else np.int64(INF)
        now = rested(rest, first, last, np.int64(stop[0, a, k, D0]), d)
        if k < n:  # what counts is when the next task is over, its wait included
            o = np.int64(stop[0, a, k + 1, OPTION])
            work = work_at(day, kind, o, stop[0, a, k + 1, NODE], stop[0, a, k, NODE])
            before = served(day, o, before, work) if before < INF else before
            now = served(day, o, now, work) if now < INF else now
        if now < INF and now <= before:
            return np.int64(k)
    return np.int64(0)


@inlined
def _stretched(seconds, factor):
    return np.int64(math.floor(seconds * np.float64(factor) + 0.5))


@inlined
def late_price(day, state, a):
    """Grains of expected lateness of route a; slow crews are not priced.

    The crew leaves as late as the earliest timing allows, takes the break on the planned leg, waits
    for windows to open, and begins late where the last one has closed.
    """
    n = state.sums[0, a, LENGTH]
    samples = day.factor.shape[0]
    if day.misc[LATE] == 0 or n == 0 or day.crew[a, SLOW] > 0:
        return np.int64(0)
    stop = state.stop
    kind = day.crew[a, KIND]
    rest = day.crew[a, BREAK]
    at_leg = _break_leg(day, state, a, n)
    begin = day.crew[a, FROM]
    if at_leg != 0:
        leg = np.int64(stop[0, a, 0, LEG])
        begin = next_open(day, np.int64(stop[0, a, 1, OPTION]), begin + leg) - leg
    late = np.int64(0)
    for s in range(samples):
        t = begin
        for k in range(n):
            o = np.int64(stop[0, a, k + 1, OPTION])
            d = _stretched(stop[0, a, k, LEG], day.factor[s, 0, o])
            if k == at_leg:
                first = max(t, day.crew[a, BREAK_FROM]) if t <= day.crew[a, BREAK_TO] else t
                t = max(t + d, first) + rest
            else:
                t += d
            if t > day.option[o, PROMISED]:
                late += 1
            elif t <= day.option[o, CLOSES]:
                t = next_open(day, o, t)
            before = np.int64(stop[0, a, k, NODE])
            work = work_at(day, kind, o, np.int64(stop[0, a, k + 1, NODE]), before)
            t += _stretched(work, day.factor[s, 1, o])
    return day.misc[LATE] * late // samples
