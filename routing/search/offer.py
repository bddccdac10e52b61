"""What one more task would cost in every gap of a plan, and when it could begin there."""

import numpy as np

from routing.search.clock import work_at
from routing.search.gap import base_price, has_room
from routing.search.jit import entry, inlined
from routing.search.layout import (
    BACK,
    CLOSES,
    COST,
    FIXED,
    INF,
    KIND,
    LENGTH,
    NEVER,
    NODE,
    OPENS,
    PER_WORK,
    PLACE,
    SERVICE_AT,
    SLACK,
    TABLE,
    WINDOW,
    WINDOWS,
)
from routing.search.walk import walk


@inlined
def _price_gaps(day, state, asked, x, a, price):
    """Price the gaps of route a for an asked option; NEVER where a rule would be broken."""
    o = np.int64(asked[x, 0])
    for k in range(price.shape[2]):
        price[x, a, k] = NEVER
    if not has_room(day, state, a, o):
        return
    kind = day.crew[a, KIND]
    n = state.sums[0, a, LENGTH]
    fixed = base_price(day, state, a, o) - day.crew[a, PER_WORK] * work_at(day, kind, o, 0, -1)
    if n == 0:
        fixed -= day.crew[a, FIXED]
    node = np.int64(day.option[o, PLACE])
    service = np.int64(day.option[o, day.misc[SERVICE_AT] + kind])
    for k in range(n + 1):
        detour = np.int64(day.table[day.crew[a, BACK], node, state.stop[0, a, k, NODE]])
        detour += day.table[day.crew[a, TABLE], node, state.stop[0, a, k + 1, NODE]]
        if detour + service > state.stop[0, a, k, SLACK]:
            continue
        gross = walk(day, state, a, np.int64(k), o)
        if gross < NEVER:
            price[x, a, k] = gross - state.sums[0, a, COST] + fixed


@inlined
def _narrow(day, o, asked, x, low, high):
    """Let option o begin between two seconds only, inside its windows as `asked` keeps them."""
    for w in range(day.option[o, WINDOWS]):
        begin = max(np.int64(asked[x, 3 + 2 * w]), low)
        end = min(np.int64(asked[x, 4 + 2 * w]), high)
        day.option[o, WINDOW + 2 * w] = begin
        day.option[o, WINDOW + 2 * w + 1] = end if begin <= end else -INF


@inlined
def _first_and_last(day, state, asked, x, price):
    """First and last second at which an asked option can begin in a gap that fits it."""
    o = np.int64(asked[x, 0])
    a = np.int64(asked[x, 1])
    k = np.int64(asked[x, 2])
    opens = np.int64(day.option[o, OPENS])
    closes = np.int64(day.option[o, CLOSES])
    low = opens
    high = closes
    while low < high:
        middle = (low + high) // 2
        _narrow(day, o, asked, x, opens, middle)
        if walk(day, state, a, k, o) < NEVER:
            high = middle
        else:
            low = middle + 1
    price[x, 0, 0] = low
    high = closes
    while low < high:
        middle = (low + high + 1) // 2
        _narrow(day, o, asked, x, middle, closes)
        if walk(day, state, a, k, o) < NEVER:
            low = middle
        else:
            high = middle - 1
    price[x, 0, 1] = low
    _narrow(day, o, asked, x, opens, closes)


PRICES, SPANS = 0, 1


@entry
def offer(day, state, what, asked, price):
    """Answer questions about a plan that `act` has adopted; one row of `asked` each.

    `PRICES`: the rows are options; `price` (rows, crews, gaps) becomes the grains that inserting
    the option behind each stop adds, bonus taken off, NEVER where a rule would be broken.
    `SPANS`: a row is an option, a crew, a stop behind which it fits, and the option's windows;
    `price` (rows, 1, 2) becomes the first and last second at which it can begin there. The day's
    windows of the option are changed meanwhile, so no other thread may read them.
    """
    for x in range(asked.shape[0]):
        if what == PRICES:
            for a in range(day.crew.shape[0]):
                _price_gaps(day, state, asked, x, np.int64(a), price)
        else:
            _first_and_last(day, state, asked, x, price)
