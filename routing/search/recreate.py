"""Recreate: tasks that were taken out, and some that wait, go in at their cheapest gaps.

The order is drawn anew each time, and a small share of the gaps is overlooked ("blinks",
Christiaens and Vanden Berghe 2020).
"""

import numpy as np

from routing.search.gap import cheapest_gap
from routing.search.jit import inlined
from routing.search.layout import (
    CHANGED,
    CLOSES,
    GONE,
    LENGTH,
    LISTED,
    MISSING,
    MUST,
    NEAR,
    NEAR_AT,
    NEARBY,
    NEXT,
    OPENS,
    PLACE,
    POOL,
    POOLED,
    ROUTE,
    SEEN,
    SERVICE_AT,
    STAMP,
    START,
    TAKEN,
    TASK,
    TODO,
    TOUCHED,
    TRIED,
    TWIN,
    TWINS,
    WAITS,
    WEIGHT,
)
from routing.search.random import below, uniform
from routing.search.route import insert, touch

BLINK = 0.01
_GENEROUS, _GENEROSITY, _LEAST = 0.05, 3, 0.02
"""Share of the iterations in which an optional task may cost more than it is worth; how many times as
much, divided by a number drawn from `_LEAST` to 1, since a route far away costs many times that."""
_WIDE = 0.2
"""Share of the generous iterations in which all that waits within a drawn distance of the seed is tried,
nearest first: a route that needs many tasks to pay for its crew opens at once or never."""
_ANYWHERE = 3
"""Tasks that are tried wherever they wait."""
_NEAREST = 9
"""The order of `_rank` that is by the way from the seed."""
_MUST_KEY, _FIRST = -1e15, -1e14
"""Required tasks come first, then the seed of a generous iteration."""


@inlined
def _rank(day, state, o, weight, order, must_order, beside):
    """Sort key of an option's task: required ones first, each kind by one of several orders.

    `beside` is the place of the seed.
    """
    random = state.random
    home = day.crew[0, START]
    if weight >= day.misc[MUST]:
        if must_order >= 11:
            value = float(day.option[o, CLOSES])
        elif must_order >= 9:
            value = -float(day.option[o, OPENS])
        elif must_order >= 7:
            value = float(day.option[o, CLOSES] - day.option[o, OPENS])
        elif must_order >= 6:
            value = float(day.table[0, home, day.option[o, PLACE]])
        elif must_order >= 5:
            value = -float(day.table[0, home, day.option[o, PLACE]])
        else:
            value = uniform(random) * 1e6
        return _MUST_KEY + value
    if order < 4:
        return uniform(random)
    if order < 7:
        return -float(weight) * (0.8 + 0.4 * uniform(random))
    if order < 9:
        return (
            -float(weight)
            / (day.option[o, day.misc[SERVICE_AT] + 0] + 600.0)
            * (0.8 + 0.4 * uniform(random))
        )
    if order == _NEAREST:
        return float(day.table[0, beside, day.option[o, PLACE]])
    return float(day.table[0, home, day.option[o, PLACE]])


@inlined
def _enlist(state, task, key):
    """Insertion sort: put a task into the list of tasks to insert."""
    i = state.tally[LISTED]
    state.tally[LISTED] += 1
    while i > 0 and (
        state.key[i - 1] > key or (state.key[i - 1] == key and state.task[i - 1, TODO] > task)
    ):
        state.key[i] = state.key[i - 1]
        state.task[i, TODO] = state.task[i - 1, TODO]
        i -= 1
    state.key[i] = key
    state.task[i, TODO] = task


@inlined
def _offer(day, state, task, order, must_order, beside):
    """Put a task that waits into the list, by the drawn order."""
    state.task[task, WAITS] = 1
    weight = day.load[task, WEIGHT]
    _enlist(state, task, _rank(day, state, task, weight, order, must_order, beside))


@inlined
def _list_tasks(day, state, seed, offered, is_generous, is_wide):
    """List what was taken out, the required tasks that wait and some of the others, in a drawn order.

    Usually up to `offered` that wait nearest to the seed, and a few from anywhere: what lies far from the
    routes that have changed hardly ever goes in. A generous iteration lists what waits near the seed,
    the seed first; a wide one all that waits not farther than a task drawn from the pool.
    """
    seed_task = np.int64(day.option[seed, TASK])
    random = state.random
    order = np.int64(_NEAREST) if is_wide else below(random, 11)
    beside = np.int64(day.option[seed, PLACE])
    must_order = below(random, 13)
    state.tally[LISTED] = 0
    for i in range(state.tally[GONE]):
        task = np.int64(state.task[i, TAKEN])
        weight = day.load[task, WEIGHT]
        _enlist(state, task, _rank(day, state, task, weight, order, must_order, beside))
    if state.tally[POOL] == 0:
        return
    if is_wide:
        _list_around(day, state, seed, order)
    else:
        if (
            is_generous
            and state.task[seed_task, ROUTE] == -1
            and state.task[seed_task, WAITS] == 0
        ):
            state.task[seed_task, WAITS] = 1
            _enlist(state, seed_task, _FIRST)
        _list_near(day, state, seed, offered, order, must_order)
    if state.tally[MISSING] > 0:
        for i in range(state.tally[POOL]):
            task = np.int64(state.task[i, POOLED])
            if state.task[task, WAITS] == 0 and day.load[task, WEIGHT] >= day.misc[MUST]:
                _offer(day, state, task, order, must_order, beside)


@inlined
def _list_near(day, state, seed, offered, order, must_order):
    """List what waits near the seed, and a few tasks that wait anywhere."""
    beside = np.int64(day.option[seed, PLACE])
    left = offered
    for x in range(day.misc[NEAR]):
        if left <= 0.0:
            break
        o = day.option[seed, day.misc[NEAR_AT] + x]
        task = np.int64(day.option[o, TASK])
        if state.task[task, ROUTE] == -1 and state.task[task, WAITS] == 0:
            _offer(day, state, task, order, must_order, beside)
            left -= 1.0
    for _ in range(_ANYWHERE):
        task = np.int64(state.task[below(state.random, state.tally[POOL]), POOLED])
        if state.task[task, WAITS] == 0:
            _offer(day, state, task, order, must_order, beside)


@inlined
def _list_around(day, state, seed, order):
    """List optional tasks that wait as near to the seed as one that is drawn, the seed first."""
    random = state.random
    beside = np.int64(day.option[seed, PLACE])
    drawn = np.int64(state.task[below(random, state.tally[POOL]), POOLED])
    farthest = day.table[0, beside, day.option[drawn, PLACE]]
    for i in range(state.tally[POOL]):
        task = np.int64(state.task[i, POOLED])
        way = day.table[0, beside, day.option[task, PLACE]]
        weight = day.load[task, WEIGHT]
        if way <= farthest and weight < day.misc[MUST]:
            state.task[task, WAITS] = 1
            is_seed = task == day.option[seed, TASK]
            key = _FIRST if is_seed else _rank(day, state, task, weight, order, 0, beside)
            _enlist(state, task, key)


@inlined
def place(day, state, task, best, blink, only_touched, reach):
    """Put a task into its cheapest gap below a price; False if there is none.

    `only_touched` looks at the routes that this iteration changed only; `reach`, where it is not 0,
    only at the routes of that many nearest options, at routes that changed, and at unused crews.
    """
    crew = np.int64(-1)
    gap = np.int64(-1)
    chosen = np.int64(-1)
    state.tally[STAMP] += 1
    stamp = state.tally[STAMP]
    is_near = reach > 0 and not only_touched
    if only_touched:
        count = state.tally[TOUCHED]
    elif is_near:
        count = _reach(day, state, task, reach)
    else:
        count = np.int64(day.crew.shape[0])
    for x in range(count):
        if only_touched:
            a = np.int64(state.mark[x, CHANGED])
        elif is_near:
            a = np.int64(state.mark[x, NEARBY])
        else:
            a = np.int64(x)
        is_unused = state.sums[0, a, LENGTH] == 0
        if is_unused and not is_near and not _is_first_of_class(day, state, a, stamp):
            continue
        o = np.int64(task)
        while o >= 0:
            best, k = cheapest_gap(day, state, a, o, blink, best)
            if k >= 0:
                crew = a
                gap = k
                chosen = o
            o = np.int64(day.option[o, NEXT])
    if crew < 0:
        return False
    touch(state, crew)
    insert(day, state, crew, gap, chosen)
    return True


@inlined
def _is_first_of_class(day, state, a, stamp):
    """Whether no unused crew like this one was looked at in this search for a gap."""
    if state.mark[day.crew[a, TWIN], TRIED] == stamp:
        return False
    state.mark[day.crew[a, TWIN], TRIED] = stamp
    return True


@inlined
def _reach(day, state, task, reach):
    """List the routes near a task: of its nearest options, changed ones, and unused crews."""
    stamp = state.tally[STAMP]
    count = np.int64(0)
    unused = np.int64(0)
    for x in range(state.tally[TOUCHED]):
        a = np.int64(state.mark[x, CHANGED])
        state.mark[a, SEEN] = stamp
        if state.sums[0, a, LENGTH] == 0:
            if not _is_first_of_class(day, state, a, stamp):
                continue
            unused += 1
        state.mark[count, NEARBY] = a
        count += 1
    o = np.int64(task)
    while o >= 0:
        for x in range(1, min(reach, day.misc[NEAR])):
            other = day.option[day.option[o, day.misc[NEAR_AT] + x], TASK]
            a = np.int64(state.task[other, ROUTE])
            if a >= 0 and state.mark[a, SEEN] != stamp:
                state.mark[a, SEEN] = stamp
                state.mark[count, NEARBY] = a
                count += 1
        o = np.int64(day.option[o, NEXT])
    for a in range(day.crew.shape[0]):
        if unused == day.misc[TWINS]:
            break
        if state.sums[0, a, LENGTH] == 0 and _is_first_of_class(day, state, a, stamp):
            state.mark[count, NEARBY] = a
            count += 1
            unused += 1
    return count


@inlined
def recreate(day, state, seed, offered, reach):
    """Insert the tasks taken out and up to `offered` of the unserved ones.

    A share of the iterations is generous: optional tasks go in although they do not pay by
    themselves, since several may pay together, such as those that open a route.
    """
    is_generous = uniform(state.random) < _GENEROUS
    generosity = _GENEROSITY / max(_LEAST, uniform(state.random)) if is_generous else 1.0
    for i in range(state.tally[GONE]):
        state.task[state.task[i, TAKEN], WAITS] = -1
    is_wide = (
        is_generous
        and state.task[day.option[seed, TASK], ROUTE] == -1
        and state.task[day.option[seed, TASK], WAITS] == 0
        and uniform(state.random) < _WIDE
    )
    _list_tasks(day, state, seed, offered, is_generous, is_wide)
    for i in range(state.tally[LISTED]):
        task = np.int64(state.task[i, TODO])
        weight = day.load[task, WEIGHT]
        if weight >= day.misc[MUST]:
            if reach == 0 or not place(day, state, task, weight, BLINK, False, reach):
                place(day, state, task, weight, BLINK, False, np.int64(0))
            continue
        is_spare = state.task[task, WAITS] == 1 and not (
            is_generous and task == day.option[seed, TASK]
        )
        bound = weight
        if is_generous and (not is_wide or task == day.option[seed, TASK]):
            bound = np.int64(weight * generosity)
        place(day, state, task, bound, BLINK, is_spare, reach)
