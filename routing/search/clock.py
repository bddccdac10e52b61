"""Clocks of one route: earliest departures, latest arrivals, and the slack of its gaps."""

import numpy as np

from routing.search.jit import inlined
from routing.search.layout import (
    BREAK,
    BREAK_FROM,
    BREAK_TO,
    D0,
    D1,
    HAS_SETUP,
    INF,
    KIND,
    L0,
    L1,
    LATEST_END,
    LEG,
    LENGTH,
    MOST_SLACK,
    NODE,
    OPTION,
    SERVICE_AT,
    SETUP_AT,
    SLACK,
    WINDOW,
    WINDOWS,
)


@inlined
def next_open(day, o, t):
    """Earliest start of option o at or after t, INF when its last window has closed."""
    for k in range(day.option[o, WINDOWS]):
        if t <= day.option[o, WINDOW + 2 * k + 1]:
            return max(t, np.int64(day.option[o, WINDOW + 2 * k]))
    return np.int64(INF)


@inlined
def last_open(day, o, t):
    """Latest start of option o at or before t, -INF when its first window has not opened."""
    for k in range(day.option[o, WINDOWS] - 1, -1, -1):
        if t >= day.option[o, WINDOW + 2 * k]:
            return min(t, np.int64(day.option[o, WINDOW + 2 * k + 1]))
    return np.int64(-INF)


@inlined
def served(day, o, t, work):
    """Earliest end of option o when reached at t, INF when it is too late."""
    start = next_open(day, o, t)
    return start + work if start + work <= day.option[o, LATEST_END] else np.int64(INF)


@inlined
def reach_by(day, o, leave, work):
    """Latest arrival at option o that lets the crew leave by a time; -INF when none does."""
    return last_open(day, o, min(leave, np.int64(day.option[o, LATEST_END])) - work)


@inlined
def rested(rest, first, last, t, d):
    """Arrival after a leg of d seconds, left at t, on which the break is taken."""
    if t > last:
        return np.int64(INF)
    return (max(t + d, first) if t < first else t + d) + rest


@inlined
def work_at(day, kind, o, node, before):
    """Seconds of work at option o; setup is not paid where the crew stands at the place already."""
    work = np.int64(day.option[o, day.misc[SERVICE_AT] + kind])
    if day.misc[HAS_SETUP] > 0 and node != before:
        work += day.option[o, day.misc[SETUP_AT] + kind]
    return work


@inlined
def forward(day, state, a, first, early):
    """Earliest departures of stops first..n; `early`: end at the first later one that stays."""
    stop = state.stop
    rest = day.crew[a, BREAK]
    b0 = day.crew[a, BREAK_FROM]
    b1 = day.crew[a, BREAK_TO]
    kind = day.crew[a, KIND]
    t0 = np.int64(stop[0, a, first - 1, D0])
    t1 = np.int64(stop[0, a, first - 1, D1])
    for k in range(first, state.sums[0, a, LENGTH] + 1):
        o = np.int64(stop[0, a, k, OPTION])
        d = np.int64(stop[0, a, k - 1, LEG])
        work = work_at(day, kind, o, stop[0, a, k, NODE], stop[0, a, k - 1, NODE])
        m1 = t1 + d if t1 < INF else np.int64(INF)
        if t0 < INF:
            m1 = min(m1, rested(rest, b0, b1, t0, d))
            t0 = served(day, o, t0 + d, work)
        t1 = served(day, o, m1, work) if m1 < INF else np.int64(INF)
        if early and k > first and stop[0, a, k, D0] == t0 and stop[0, a, k, D1] == t1:
            break
        stop[0, a, k, D0] = t0
        stop[0, a, k, D1] = t1


@inlined
def backward(day, state, a, last, early):
    """Latest arrivals of stops last..1; `early`: end at the first earlier one that stays."""
    stop = state.stop
    rest = day.crew[a, BREAK]
    b0 = day.crew[a, BREAK_FROM]
    b1 = day.crew[a, BREAK_TO]
    kind = day.crew[a, KIND]
    l0 = np.int64(stop[0, a, last + 1, L0])
    l1 = np.int64(stop[0, a, last + 1, L1])
    for k in range(last, 0, -1):
        o = np.int64(stop[0, a, k, OPTION])
        d = np.int64(stop[0, a, k, LEG])
        work = work_at(day, kind, o, stop[0, a, k, NODE], stop[0, a, k - 1, NODE])
        leave = np.int64(-INF)
        if rest > 0:
            if l0 > -INF:
                leave = l0 - d
            if l1 >= b0 + rest:
                leave = max(leave, min(b1, l1 - rest - d))
        l1 = reach_by(day, o, l1 - d, work) if l1 > -INF else np.int64(-INF)
        l0 = reach_by(day, o, leave, work) if leave > -INF else np.int64(-INF)
        if early and k < last and stop[0, a, k, L0] == l0 and stop[0, a, k, L1] == l1:
            break
        stop[0, a, k, L0] = l0
        stop[0, a, k, L1] = l1


@inlined
def slacken(day, state, a):
    """Slack of each gap, with the break after, before or in it."""
    stop = state.stop
    rest = day.crew[a, BREAK]
    most = np.int64(-INF)
    for k in range(state.sums[0, a, LENGTH] + 1):
        d0 = np.int64(stop[0, a, k, D0])
        l1 = np.int64(stop[0, a, k + 1, L1])
        slack = max(stop[0, a, k + 1, L0] - d0, l1 - stop[0, a, k, D1], l1 - d0 - rest)
        stop[0, a, k, SLACK] = slack
        most = max(most, slack)
    state.sums[0, a, MOST_SLACK] = most
