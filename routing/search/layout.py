"""How a day and a plan lie in memory: flat arrays, so that kernels allocate nothing.

Times are int32 seconds from the day's origin, costs int64 grains (see `routing.tables.Tables`).
An *option* is a task at one of its places. A *stop* is one row of eight int32 (half a cache line):
stop 0 of a route is its start, stops 1..n its tasks, stop n + 1 its end.

A *fast* crew has at most one break with one window, and travel that does not depend on the time of
day: its stops hold exact clocks, and whether a task fits into a gap is one comparison. Any other
crew is *slow*: its stops hold the clocks of a relaxation (no breaks, the day's shortest travel),
which rule out most gaps; what they let through is walked stop by stop (`walk`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

type Int32 = NDArray[np.int32]
type Int64 = NDArray[np.int64]

INF = 1 << 30
"""A second later than any; days are shorter than half of it."""

NEVER = 1 << 61
"""A cost larger than any."""

# Columns of a stop.
OPTION, NODE, LEG = 0, 1, 2
"""Option served, its place, seconds of travel to the next stop."""
D0, D1 = 3, 4
"""Earliest departure with the break still to come, and with the break taken."""
L0, L1 = 5, 6
"""Latest arrival that keeps the rest of the day feasible, break still to come, and taken."""
SLACK = 7
"""Most seconds that a detour between this stop and the next may take."""
STOP = 8

# Columns of Day.crew.
START, END, FROM, TO, KIND = 0, 1, 2, 3, 4
TABLE, BACK, PARTS, PART_COUNT = 5, 6, 7, 8
"""Travel table of the fast clock, its transpose; first and number of the day parts' tables (0: one
table for the whole day)."""
MAX_TASKS, MAX_TRAVEL, MAX_METRES, MAX_DURATION = 9, 10, 11, 12
BREAK, BREAK_FROM, BREAK_TO = 13, 14, 15
"""The one break of a fast crew: seconds (0: none), first and last start."""
FIXED, PER_SECOND, PER_METRE, PER_WORK, PER_OVER, NORMAL_TO = 16, 17, 18, 19, 20, 21
"""Prices in grains: of use, a second's travel, a metre, a second's work, a second after NORMAL_TO."""
METRES, PRICED = 22, 23
"""Number of the table of metres, of leg prices; -1 for none."""
SLOW, RESTS, GROUP, TWIN = 24, 25, 26, 27
"""Whether `walk` decides; number of breaks; balance group or -1; number of its class of like crews."""
CAPACITY = 28
"""First of the capacities; behind them, from REST_AT, four breaks of REST_WIDTH columns each:
seconds, number of windows, windows, and from REST_LOAD the most load while resting."""

# Columns of Day.option.
PLACE, TASK, WINDOWS, OPENS, CLOSES, LATEST_END = 0, 1, 2, 3, 4, 5
"""Place, task, number of windows, first opening, last closing, latest end of service."""
POSITION, NOT_FIRST, NOT_LAST, NEXT = 6, 7, 8, 9
"""Promised position or 0; flags; next option of the task or -1."""
PROMISED = 10
"""After it a service begins late: last closing of a window, also beyond the day; INF without one."""
WINDOW = 11
"""First of the windows: opening, closing, ...; behind them service and setup by kind (SERVICE_AT,
SETUP_AT) and the nearest options (NEAR_AT), itself first."""

# Columns of Day.load.
WEIGHT, DELIVERY = 0, 1
"""Grains of leaving the task out; deliveries by dimension; pickups behind them (PICKUP_AT)."""

# Columns of State.sums, one row a route.
LENGTH, COST, BONUS, TRAVEL, DISTANCE, MOST_SLACK, SOFT, FROZEN = 0, 1, 2, 3, 4, 5, 6, 7
"""Tasks; grains without bonus; bonus; seconds; metres; largest SLACK; lateness in grains; tasks that
may not be moved."""
LOADS = 8
"""First of the sums of deliveries, then of pickups, one column for each dimension."""

# Columns of State.task.
ROUTE, RANK, USING, WAITS, ABSENT = 0, 1, 2, 3, 4
"""Crew (-1: unserved), stop, option; whether it waits in the pool; how often a required task was
left out."""
POOLED, NEW_POOL, TAKEN, TODO = 5, 6, 7, 8
"""Four lists of tasks: unserved before and after this iteration, taken out by it, to be inserted."""
TASK_COLUMNS = 9

# Columns of State.mark.
CHANGED, IS_CHANGED, TRIED, MEMBERS, SEEN, NEARBY = 0, 1, 2, 3, 4, 5
"""List of the routes that this iteration changed; whether a route is in it; by class of like crews,
when an unused one was last looked at; tasks of a balance group; when the route was last looked at;
list of the routes to look at."""
MARKS = 6

# Entries of Day.misc.
HAS_SETUP, HAS_BONUS, DIMENSIONS, BALANCE, MUST = 0, 1, 2, 3, 4
"""Whether there is any setup, any bonus; load dimensions; price of unevenness; the least weight of
a required task."""
SERVICE_AT, SETUP_AT, NEAR_AT, NEAR, PICKUP_AT = 5, 6, 7, 8, 9
REST_AT, REST_WIDTH, REST_LOAD = 10, 11, 12
MOVE_FROM = 13
"""First row of `Day.move` for crews with 0, 1, ... 4 breaks, and the row behind the last."""
GROUP_AT, GROUPS, PART_AT, LATE, TWINS = 19, 20, 21, 22, 23
"""Where the groups' numbers of crews lie, how many groups; second from which each table holds;
grains of a late task; number of classes of like crews."""
MISC = 24

# Entries of State.tally.
POOL, GONE, TOUCHED, LISTED, ITERATIONS, MISSING, STAMP = 0, 1, 2, 3, 4, 5, 6
"""Tasks unserved, taken out, to insert; routes touched; iterations made; required tasks unserved;
number of the last search for a gap."""
NOW, BEST, LOST, UNEVEN, IS_STEERED = 7, 8, 9, 10, 11
"""Grains of the current plan and the best one; of the unserved; of uneven groups; whether plans that
are nearer to serving all required tasks are taken at any cost."""
TALLIES = 12


class Day(NamedTuple):
    """A problem as read-only arrays, shared by all threads.

    There are few of them because every kernel passes all of them to every other, and that is what
    compiling takes time for.

    Attributes
    ----------
    table
        int32 (tables, places + 1, places + 1): seconds of travel, their transposes, metres; the
        last place is the open one, near to all.
    priced
        int64 (tables, places + 1, places + 1): grains of legs.
    crew
        int64 (crews, CAPACITY + ...).
    option
        int32 (options, WINDOW + ...).
    load
        int64 (options, DELIVERY + ...).
    bonus
        int64 (crews, options).
    allowed
        uint8 (crews, options).
    move
        int32 (moves, 7): origin, target, number of breaks, breaks in order.
    misc
        int64 (MISC + ...).
    factor
        float32 (samples, 2, options + 1): drawn factors of travel to, and service at, an option.
    """

    table: Int32
    priced: Int64
    crew: Int64
    option: Int32
    load: Int64
    bonus: Int64
    allowed: NDArray[np.uint8]
    move: Int32
    misc: Int64
    factor: NDArray[np.float32]


class State(NamedTuple):
    """The current plan, the best plan and the scratch space of one thread.

    Attributes
    ----------
    stop
        int32 (2, crews, stops, STOP): the routes, and copies of those touched by this iteration.
    sums
        int64 (2, crews, LOADS + 2 * dimensions): likewise.
    task
        int32 (tasks, TASK_COLUMNS).
    mark
        int64 (crews, MARKS).
    key
        float64 (tasks,): sort keys of the tasks to insert.
    scratch
        int64 (10, 16 or more): clocks of `walk`, by breaks taken.
    tally
        int64 (TALLIES,).
    random
        uint64 (1,).
    best
        int32 (crews, 1 + stops): length and options of the best plan's routes.
    """

    stop: Int32
    sums: Int64
    task: Int32
    mark: Int64
    key: NDArray[np.float64]
    scratch: Int64
    tally: Int64
    random: NDArray[np.uint64]
    best: Int32
