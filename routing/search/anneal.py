"""Simulated annealing over ruin and recreate: the kernels that Python calls."""

import math

import numpy as np

from routing.search.jit import compiled, entry, inlined
from routing.search.late import late_price
from routing.search.layout import (
    ABSENT,
    BALANCE,
    BEST,
    BONUS,
    CHANGED,
    COST,
    FROZEN,
    GONE,
    GROUP,
    GROUP_AT,
    GROUPS,
    IS_CHANGED,
    IS_STEERED,
    ITERATIONS,
    LATE,
    LENGTH,
    LOST,
    MEMBERS,
    MISSING,
    MUST,
    NEVER,
    NEW_POOL,
    NEXT,
    NOW,
    OPTION,
    POOL,
    POOLED,
    POSITION,
    ROUTE,
    SOFT,
    TAKEN,
    TASK,
    TOUCHED,
    UNEVEN,
    WAITS,
    WEIGHT,
)
from routing.search.random import below, uniform
from routing.search.recreate import place, recreate
from routing.search.room import make_room
from routing.search.route import rebuild, undo
from routing.search.ruin import ruin
from routing.search.tails import swap_tails
from routing.search.walk import walk

_FROM_POOL = 0.3
"""Share of the iterations that begin beside an unserved task."""


@inlined
def _remember(day, state):
    """The current plan is the best so far."""
    state.tally[BEST] = state.tally[NOW]
    for a in range(day.crew.shape[0]):
        n = state.sums[0, a, LENGTH]
        state.best[a, 0] = n
        for k in range(n):
            state.best[a, 1 + k] = state.stop[0, a, k + 1, OPTION]


@inlined
def _unevenness(day, state):
    """Price of uneven task counts within the balance groups, in grains."""
    price = np.int64(0)
    if day.misc[BALANCE] > 0:
        for g in range(day.misc[GROUPS]):
            m = day.misc[day.misc[GROUP_AT] + g]
            squares = np.int64(0)
            for a in range(day.crew.shape[0]):
                if day.crew[a, GROUP] == g:
                    squares += state.sums[0, a, LENGTH] * state.sums[0, a, LENGTH]
            price += (
                day.misc[BALANCE]
                * (m * squares - state.mark[g, MEMBERS] * state.mark[g, MEMBERS])
                // m
            )
    return price


@inlined
def _sum_up(day, state):
    """Count the pool and the cost of the current plan anew."""
    state.tally[POOL] = 0
    state.tally[LOST] = 0
    state.tally[MISSING] = 0
    for task in range(state.task.shape[0]):
        state.task[task, WAITS] = 0
        if state.task[task, ROUTE] < 0:
            state.task[state.tally[POOL], POOLED] = task
            state.tally[POOL] += 1
            state.tally[LOST] += day.load[task, WEIGHT]
            if day.load[task, WEIGHT] >= day.misc[MUST]:
                state.tally[MISSING] += 1
    cost = state.tally[LOST]
    for a in range(day.crew.shape[0]):
        state.mark[a, IS_CHANGED] = 0
        state.sums[0, a, SOFT] = late_price(day, state, a)
        cost += state.sums[0, a, COST] - state.sums[0, a, BONUS] + state.sums[0, a, SOFT]
    state.tally[UNEVEN] = _unevenness(day, state)
    state.tally[NOW] = cost + state.tally[UNEVEN]
    state.tally[TOUCHED] = 0


@compiled
def _adopt(day, state, given, is_best):
    """Drive other routes from now on: (crews,) lengths and (crews, stops) options.

    A route that breaks a rule, or serves what an earlier one does, is emptied. With `is_best` it also counts as the best plan; else it
    does where it is better.
    """
    for task in range(state.task.shape[0]):
        state.task[task, ROUTE] = -1
    for g in range(day.misc[GROUPS]):
        state.mark[g, MEMBERS] = 0
    for a in range(day.crew.shape[0]):
        n = np.int64(given[a, 0])
        state.sums[0, a, LENGTH] = n
        kept = True
        for k in range(n):
            o = np.int64(given[a, 1 + k])
            state.stop[0, a, k + 1, OPTION] = o
            if state.task[day.option[o, TASK], ROUTE] >= 0 or day.allowed[a, o] == 0:
                kept = False
            else:
                state.task[day.option[o, TASK], ROUTE] = a
        kept = (
            kept
            and rebuild(day, state, a)
            and walk(day, state, a, np.int64(-1), np.int64(-1)) < NEVER
        )
        if not kept:
            for k in range(n):
                task = day.option[state.stop[0, a, k + 1, OPTION], TASK]
                if state.task[task, ROUTE] == a:
                    state.task[task, ROUTE] = -1
            state.sums[0, a, LENGTH] = 0
            rebuild(day, state, a)
        _freeze(day, state, a)
        if day.crew[a, GROUP] >= 0:
            state.mark[day.crew[a, GROUP], MEMBERS] += state.sums[0, a, LENGTH]
    _sum_up(day, state)
    if is_best > 0 or state.tally[NOW] < state.tally[BEST]:
        _remember(day, state)


@inlined
def _freeze(day, state, a):
    """What stands at or before a promised position stays."""
    state.sums[0, a, FROZEN] = 0
    for k in range(1, state.sums[0, a, LENGTH] + 1):
        if day.option[state.stop[0, a, k, OPTION], POSITION] > 0:
            state.sums[0, a, FROZEN] = k


@compiled
def _construct(day, state, given, times):
    """Insert the tasks of `given`, one after another, each at its cheapest gap if it has one.

    An optional one may cost `times` what it is worth. For a required one that has none optional ones leave; they are inserted later if they stand
    behind it.
    """
    for i in range(given.shape[0]):
        task = np.int64(given[i, 0])
        if state.task[task, ROUTE] < 0:
            state.tally[TOUCHED] = 0
            bound = day.load[task, WEIGHT]
            if bound < day.misc[MUST]:
                bound *= times
            placed = place(day, state, task, bound, 0.0, task < 0, np.int64(0))
            if placed:
                state.mark[state.task[task, ROUTE], IS_CHANGED] = 0
            elif day.load[task, WEIGHT] >= day.misc[MUST]:
                placed = make_room(day, state, task)
            if placed and day.option[task, POSITION] > 0:
                _freeze(day, state, np.int64(state.task[task, ROUTE]))
    _sum_up(day, state)
    if state.tally[NOW] < state.tally[BEST]:
        _remember(day, state)


@inlined
def _judge(day, state, allowance):
    """Take the new plan over if it costs less than `allowance` more, or go back to the one before."""
    unserved = np.int64(0)
    lost = np.int64(0)
    missing = np.int64(0)
    absence = np.int64(0)
    for part in range(2):
        for i in range(state.tally[POOL] if part == 0 else state.tally[GONE]):
            task = np.int64(state.task[i, POOLED]) if part == 0 else np.int64(state.task[i, TAKEN])
            state.task[task, WAITS] = 0
            if state.task[task, ROUTE] < 0:
                state.task[unserved, NEW_POOL] = task
                unserved += 1
                lost += day.load[task, WEIGHT]
                if day.load[task, WEIGHT] >= day.misc[MUST]:
                    missing += 1
                    absence += state.task[task, ABSENT]
    cost = state.tally[NOW] + lost - state.tally[LOST]
    for x in range(state.tally[TOUCHED]):
        a = np.int64(state.mark[x, CHANGED])
        if day.misc[LATE] > 0:
            state.sums[0, a, SOFT] = late_price(day, state, a)
        cost += state.sums[0, a, COST] - state.sums[1, a, COST]
        cost -= state.sums[0, a, BONUS] - state.sums[1, a, BONUS]
        cost += state.sums[0, a, SOFT] - state.sums[1, a, SOFT]
    uneven = state.tally[UNEVEN]
    if day.misc[BALANCE] > 0:
        uneven = _unevenness(day, state)
        cost += uneven - state.tally[UNEVEN]
    if state.tally[IS_STEERED] > 0 and (missing > 0 or state.tally[MISSING] > 0):
        taken = _is_nearer(day, state, missing, absence, cost, allowance, unserved)
    else:
        taken = cost < state.tally[NOW] + allowance
    if not taken:
        undo(day, state)
        return
    state.tally[NOW] = cost
    state.tally[LOST] = lost
    state.tally[UNEVEN] = uneven
    state.tally[MISSING] = missing
    state.tally[POOL] = unserved
    for i in range(unserved):
        state.task[i, POOLED] = state.task[i, NEW_POOL]
    if cost < state.tally[BEST]:
        _remember(day, state)


@inlined
def _is_nearer(day, state, missing, absence, cost, allowance, unserved):
    """Whether a plan is nearer to serving all required tasks.

    Fewer missing, or missing ones that were missing less often: the fleet minimisation of
    Christiaens and Vanden Berghe (2020), with vehicles given and tasks to be served.
    """
    before = np.int64(0)
    for i in range(state.tally[POOL]):
        if day.load[state.task[i, POOLED], WEIGHT] >= day.misc[MUST]:
            before += state.task[state.task[i, POOLED], ABSENT]
    for i in range(unserved):
        if day.load[state.task[i, NEW_POOL], WEIGHT] >= day.misc[MUST]:
            state.task[state.task[i, NEW_POOL], ABSENT] += 1
    if missing < state.tally[MISSING] or absence < before:
        return True
    if missing > state.tally[MISSING]:
        return False
    return cost < state.tally[NOW] + allowance


@inlined
def _seed(day, state):
    """The option to ruin around: of an unserved task in part of the iterations, else of any."""
    random = state.random
    if state.tally[POOL] > 0 and uniform(random) < _FROM_POOL:
        task = np.int64(state.task[below(random, state.tally[POOL]), POOLED])
    else:
        task = below(random, np.int64(state.task.shape[0]))
    option = task
    while day.option[option, NEXT] >= 0 and uniform(random) < 0.5:
        option = np.int64(day.option[option, NEXT])
    return option


@inlined
def _allowance(state, temperature):
    """How much more the next plan may cost: drawn as annealing does."""
    return -temperature * math.log(max(1e-300, uniform(state.random)))


@inlined
def _settle(state):
    """Begin to note anew which routes change."""
    for x in range(state.tally[TOUCHED]):
        state.mark[state.mark[x, CHANGED], IS_CHANGED] = 0
    state.tally[TOUCHED] = 0


@inlined
def _anneal(
    day, state, iterations, temperature, mean_removed, longest, offered, reach, scattered, tails
):
    """Run ruin and recreate a number of times at one temperature (grains)."""
    for _ in range(iterations):
        state.tally[TOUCHED] = 0
        seed = _seed(day, state)
        if uniform(state.random) < tails:
            allowance = _allowance(state, temperature)
            if swap_tails(day, state, seed, allowance):
                _judge(day, state, allowance)
                _settle(state)
        ruin(day, state, seed, mean_removed, longest, scattered)
        recreate(day, state, seed, offered, reach)
        _judge(day, state, _allowance(state, temperature))
        _settle(state)
    state.tally[ITERATIONS] += iterations


ADOPT, CONSTRUCT, ANNEAL = 0, 1, 2


@entry
def act(
    day,
    state,
    what,
    number,
    given,
    temperature,
    mean_removed,
    longest,
    offered,
    reach,
    scattered,
    tails,
):
    """The one way in, since each entry is compiled with all that it calls.

    `ADOPT` drives the routes of `given`, laid out like `State.best`, from now on, and counts them
    as the best if `number` is 1; `CONSTRUCT` inserts the tasks of the first column of `given` in
    that order, optional ones for at most `number` times what they are worth; `ANNEAL` runs `number`
    iterations.
    """
    if what == ADOPT:
        _adopt(day, state, given, number)
    elif what == CONSTRUCT:
        _construct(day, state, given, number)
    else:
        _anneal(
            day,
            state,
            number,
            temperature,
            mean_removed,
            longest,
            offered,
            reach,
            scattered,
            tails,
        )
