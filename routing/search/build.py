"""A problem's tables as the flat arrays of the search, and a thread's fresh state."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.crews import Crew
from routing.errors import InvalidProblem, Issue
from routing.search import layout
from routing.search.layout import INF, Day, Int32, Int64
from routing.tables import Tables
from routing.uncertainty import factors
from routing.units import MAX_BREAKS, UNREACHED

NEIGHBOURS = 200
"""Nearest options that a ruin may reach from its seed."""

_LONGEST_DAY_S = INF // 2

_MOST_DAYS = 64
"""Drawn days by which the search prices lateness; the finished plan is told of all."""


def build_day(tables: Tables, neighbours: int = NEIGHBOURS) -> Day:
    """The arrays that all threads read.

    Parameters
    ----------
    tables
        A valid problem with at least one task.
    neighbours
        Nearest options that are listed with each, itself among them.

    Raises
    ------
    InvalidProblem
        When windows and shifts span more than 17 years.
    """
    origin, horizon = _span(tables)
    misc = np.zeros(layout.MISC, dtype=np.int64)
    pile, begins, where = _travel(tables, origin)
    priced, priced_at = _pile(tables.crews, "priced")
    metred = [crew for crew in tables.crews if _counts_metres(crew)]
    metres, metres_at = _pile(metred, "metres")
    metres_at = {key: len(pile) + number for key, number in metres_at.items()}
    table = np.stack([*pile, *metres], dtype=np.int32)
    rests = _rests(tables, origin, misc)
    rows = [
        _crew_row(
            tables,
            crew,
            origin,
            horizon,
            where[id(crew.travel)],
            metres_at.get(id(crew.travel.metres), -1) if _counts_metres(crew) else -1,
            priced_at.get(id(crew.travel.priced), -1),
        )
        for crew in tables.crews
    ]
    crew = np.concatenate(
        [np.array(rows, dtype=np.int64).reshape(len(rows), -1), _capacity(tables), rests], axis=1
    )
    crew[:, layout.TWIN] = _twins(tables, crew)
    moves, misc[layout.MOVE_FROM : layout.MOVE_FROM + MAX_BREAKS + 2] = _moves()
    option = _options(tables, origin, horizon, table[0], misc, neighbours)
    misc[layout.REST_AT] = crew.shape[1] - rests.shape[1]
    _count(tables, misc)
    groups = np.bincount(tables.group[tables.group >= 0]).astype(np.int64)
    misc[layout.GROUP_AT], misc[layout.GROUPS] = layout.MISC, len(groups)
    misc[layout.PART_AT] = layout.MISC + len(groups)
    misc[layout.TWINS] = crew[:, layout.TWIN].max() + 1
    return Day(
        table=table,
        priced=np.stack(priced or [np.zeros((1, 1), dtype=np.int64)]),
        crew=np.ascontiguousarray(crew),
        option=option,
        load=_loads(tables),
        bonus=tables.bonus.copy(),
        allowed=tables.allowed.astype(np.uint8),
        move=moves,
        misc=np.concatenate([misc, groups, begins]),
        factor=_factors(tables),
    )


def _span(tables: Tables) -> tuple[int, int]:
    """Origin of the day, and a second by which every route that can be driven is over."""
    origin = min(crew.shift_start_s for crew in tables.crews)
    last = max(crew.shift_end_s for crew in tables.crews)
    opens = tables.opens[tables.opens < UNREACHED >> 1]
    rests = [rest for crew in tables.crews for rest in crew.rests if rest.spans]
    begin = max(
        [
            int(opens.max(initial=origin)),
            *(crew.shift_start_s for crew in tables.crews),
            *(rest.spans[-1][0] for rest in rests),
        ]
    )
    different = {id(table): table for crew in tables.crews for table in _tables_of(crew)}
    leg = max(int(table.max(initial=0)) for table in different.values())
    work = int((tables.service.max(axis=0) + tables.setup.max(axis=0))[: tables.task_count].sum())
    rest = max(sum(rest.duration_s for rest in crew.rests) for crew in tables.crews)
    horizon = min(last, begin + work + rest + leg * (tables.task_count + 1))
    if horizon - origin > _LONGEST_DAY_S:
        raise InvalidProblem(
            [
                Issue(
                    "time-span",
                    "/vehicles",
                    "shifts and windows span more than 17 years",
                    "give times in seconds of the planned days",
                )
            ]
        )
    return origin, horizon


def _tables_of(crew: Crew) -> list[Int32]:
    return [crew.travel.seconds, *(table for _, table in crew.travel.parts)]


def _travel(
    tables: Tables, origin: int
) -> tuple[list[Int32], Int64, dict[int, tuple[int, int, int, int]]]:
    """Travel tables to be piled up, each once, and the seconds from which they hold.

    By `Travel`: the fast clock's table, its transpose, the first and the number of the day parts'.
    """
    pile: list[Int32] = []
    begins: list[int] = []
    where: dict[int, tuple[int, int, int, int]] = {}
    known: dict[tuple[int, ...], tuple[int, int, int, int]] = {}
    for crew in tables.crews:
        given = _tables_of(crew)
        same = (*map(id, given), *(begin for begin, _ in crew.travel.parts))
        if same not in known:
            known[same] = _heap(given, pile)
            begins += [0] * (len(pile) - len(begins))
            first, count = known[same][2:]
            parts = [int(np.clip(begin - origin, -INF, INF)) for begin, _ in crew.travel.parts]
            begins[first : first + count] = [-INF, *parts] if count else []
        where[id(crew.travel)] = known[same]
    return pile, np.array(begins, dtype=np.int64), where


def _heap(given: Sequence[Int32], pile: list[Int32]) -> tuple[int, int, int, int]:
    """Put the tables of one `Travel` on the pile; where they lie there."""
    own = [_short(table) for table in given]
    least = np.minimum.reduce(own) if len(own) > 1 else own[0]
    first = len(pile)
    pile.append(least)
    if not np.array_equal(least, least.T):
        pile.append(least.T)
    back = len(pile) - 1
    if len(own) == 1:
        return first, back, 0, 0
    pile += own
    return first, back, back + 1, len(own)


def _counts_metres(crew: Crew) -> bool:
    return crew.max_distance_m < UNREACHED or crew.travel.per_metre > 0


def _pile(crews: Sequence[Crew], name: str) -> tuple[list[NDArray[Any]], dict[int, int]]:
    """Tables that some crews' `Travel`s have under a name, each once, and where they lie."""
    given = {id(table): table for crew in crews for table in [getattr(crew.travel, name)]}
    given.pop(id(None), None)
    return list(given.values()), {key: number for number, key in enumerate(given)}


def _crew_row(
    tables: Tables,
    crew: Crew,
    origin: int,
    horizon: int,
    travel: tuple[int, int, int, int],
    metres: int,
    priced: int,
) -> list[int]:
    row = [0] * layout.CAPACITY
    is_slow = _is_slow(tables, crew)
    row[layout.START], row[layout.END] = crew.start, crew.end
    row[layout.FROM] = min(crew.shift_start_s, horizon) - origin
    row[layout.TO] = min(crew.shift_end_s, horizon) - origin
    row[layout.NORMAL_TO] = min(crew.normal_end_s, horizon) - origin
    row[layout.KIND] = crew.kind
    row[layout.TABLE : layout.PART_COUNT + 1] = travel
    row[layout.MAX_TASKS] = min(crew.max_tasks, tables.task_count)
    row[layout.MAX_TRAVEL] = crew.max_travel_s
    row[layout.MAX_METRES] = crew.max_distance_m
    row[layout.MAX_DURATION] = crew.max_duration_s
    row[layout.FIXED], row[layout.PER_WORK] = crew.fixed_cost, crew.work_cost
    row[layout.PER_SECOND], row[layout.PER_METRE] = crew.travel.per_second, crew.travel.per_metre
    row[layout.PER_OVER] = crew.overtime_cost
    row[layout.METRES], row[layout.PRICED] = metres, priced
    row[layout.SLOW], row[layout.RESTS] = int(is_slow), len(crew.rests)
    row[layout.GROUP] = int(tables.group[crew.index])
    if any(not rest.spans for rest in crew.rests):
        row[layout.MAX_TASKS] = 0
    elif crew.rests and not is_slow:
        rest = crew.rests[0]
        row[layout.BREAK] = rest.duration_s
        row[layout.BREAK_FROM] = rest.spans[0][0] - origin
        row[layout.BREAK_TO] = rest.spans[0][1] - origin
    return row


def _is_slow(tables: Tables, crew: Crew) -> bool:
    """Whether the fast clock cannot tell all that matters for a crew."""
    rests = crew.rests
    is_simple_rest = len(rests) == 0 or (
        len(rests) == 1
        and len(rests[0].spans) <= 1
        and rests[0].duration_s > 0
        and rests[0].max_load is None
    )
    has_both = bool(tables.delivery.any() and tables.pickup.any() and crew.capacity)
    return (
        not is_simple_rest
        or bool(crew.travel.parts)
        or crew.max_duration_s < UNREACHED
        or crew.overtime_cost > 0
        or has_both
    )


def _twins(tables: Tables, crew: Int64) -> Int64:
    """Number of each vehicle's class of vehicles that differ in nothing."""
    known: dict[bytes, int] = {}
    twins = []
    for row in tables.crews:
        own = crew[row.index].copy()
        key = own.tobytes() + tables.allowed[row.index].tobytes()
        key += tables.bonus[row.index].tobytes() if tables.bonus.any() else b""
        twins.append(known.setdefault(key, len(known)))
    return np.array(twins, dtype=np.int64)


def _options(
    tables: Tables, origin: int, horizon: int, travel: Int32, misc: Int64, neighbours: int
) -> Int32:
    """Rows of all options, and in `misc` where their parts lie."""
    spans = [_inside(own, origin, horizon) for own in tables.spans]
    width = max((len(own) for own in spans), default=1) or 1
    own = np.zeros((tables.option_count, layout.WINDOW + 2 * width), dtype=np.int32)
    own[:, layout.PLACE] = tables.place
    own[:, layout.TASK] = tables.task_of
    own[:, layout.WINDOWS] = [len(span) for span in spans]
    own[:, layout.OPENS] = [span[0][0] if span else INF for span in spans]
    own[:, layout.CLOSES] = [span[-1][1] if span else -INF for span in spans]
    own[:, layout.PROMISED] = np.clip(tables.closes.max(axis=1) - origin, -INF, INF)
    own[:, layout.LATEST_END] = np.clip(tables.latest_end - origin, -INF, INF - 1)
    own[:, layout.POSITION] = np.minimum(tables.position, INF)
    own[:, layout.NOT_FIRST] = tables.not_first
    own[:, layout.NOT_LAST] = tables.not_last
    own[:, layout.NEXT] = -1
    for options in tables.options_of:
        for here, there in pairwise(options):
            own[here, layout.NEXT] = there
    for row, span in enumerate(spans):
        own[row, layout.WINDOW : layout.WINDOW + 2 * len(span)] = np.array(span).ravel()
    near = nearest(travel, own[:, layout.PLACE], neighbours)
    parts = [own, _short(tables.service.T), _short(tables.setup.T), near]
    ends = np.cumsum([part.shape[1] for part in parts])
    misc[layout.SERVICE_AT], misc[layout.SETUP_AT], misc[layout.NEAR_AT] = ends[:3]
    misc[layout.NEAR] = near.shape[1]
    return np.ascontiguousarray(np.concatenate(parts, axis=1))


def _inside(spans: Sequence[tuple[int, int]], origin: int, horizon: int) -> list[tuple[int, int]]:
    cut = ((max(a, origin) - origin, min(b, horizon) - origin) for a, b in spans)
    return [(a, b) for a, b in cut if a <= b]


def _short(table: Int64 | Int32) -> Int32:
    is_long = table.max(initial=0) > _LONGEST_DAY_S
    return (np.minimum(table, _LONGEST_DAY_S) if is_long else table).astype(np.int32, copy=False)


def _capacity(tables: Tables) -> Int64:
    dimensions = tables.delivery.shape[1]
    capacity = np.full((len(tables.crews), dimensions), UNREACHED, dtype=np.int64)
    for crew in tables.crews:
        capacity[crew.index, : len(crew.capacity)] = crew.capacity
    return capacity


def _rests(tables: Tables, origin: int, misc: Int64) -> Int64:
    """Columns of each crew's four breaks, and in `misc` how wide one is."""
    width = max((len(rest.spans) for crew in tables.crews for rest in crew.rests), default=1) or 1
    dimensions = tables.delivery.shape[1]
    rests = np.zeros((len(tables.crews), MAX_BREAKS, 2 + 2 * width + dimensions), dtype=np.int64)
    rests[:, :, 2 + 2 * width :] = UNREACHED
    for crew in tables.crews:
        for number, rest in enumerate(crew.rests):
            row = rests[crew.index, number]
            row[0], row[1] = min(rest.duration_s, _LONGEST_DAY_S), len(rest.spans)
            flat = [min(bound - origin, INF) for span in rest.spans for bound in span]
            row[2 : 2 + len(flat)] = flat
            if rest.max_load is not None:
                most = rest.max_load[:dimensions]
                row[2 + 2 * width : 2 + 2 * width + len(most)] = most
    misc[layout.REST_WIDTH], misc[layout.REST_LOAD] = rests.shape[2], 2 + 2 * width
    return rests.reshape(len(tables.crews), -1)


def _moves() -> tuple[Int32, list[int]]:
    """Every way to take breaks on one leg, for crews with 0 to 4 of them (`routing.crews.Move`)."""
    rows: list[list[int]] = []
    first = [0]
    for count in range(MAX_BREAKS + 1):
        for origin in range(1 << count):
            left = [rest for rest in range(count) if not origin >> rest & 1]
            for size in range(len(left) + 1):
                for order in permutations(left, size):
                    target = origin | sum(1 << rest for rest in order)
                    rows.append([origin, target, size, *order, *[0] * (MAX_BREAKS - size)])
        first.append(len(rows))
    return np.array(rows, dtype=np.int32), first


def _loads(tables: Tables) -> Int64:
    weight = np.zeros((tables.option_count, 1), dtype=np.int64)
    weight[: tables.task_count, 0] = tables.weight
    return np.concatenate([weight, tables.delivery, tables.pickup], axis=1)


def _factors(tables: Tables) -> NDArray[np.float32]:
    """Factors of travel and service on the first drawn days, where lateness is priced."""
    uncertainty = tables.problem.tuning.uncertainty
    if uncertainty is None or uncertainty.late_cost == 0:
        return np.zeros((0, 2, 1), dtype=np.float32)
    days = replace(uncertainty, samples=min(uncertainty.samples, _MOST_DAYS))
    travel, service = factors(tables, days)
    drawn = np.ones((days.samples, 2, tables.option_count + 1), dtype=np.float32)
    drawn[:, 0, :], drawn[:, 1, :-1] = travel, service
    return drawn


def _count(tables: Tables, misc: Int64) -> None:
    misc[layout.HAS_SETUP] = tables.setup.any()
    misc[layout.HAS_BONUS] = tables.bonus.any()
    misc[layout.DIMENSIONS] = tables.delivery.shape[1]
    misc[layout.PICKUP_AT] = layout.DELIVERY + tables.delivery.shape[1]
    misc[layout.BALANCE] = tables.problem.tuning.balance_weight * tables.grain
    uncertainty = tables.problem.tuning.uncertainty
    misc[layout.LATE] = tables.grain * (uncertainty.late_cost if uncertainty else 0)
    must = tables.weight[tables.required]
    misc[layout.MUST] = must.min() if len(must) else layout.NEVER


def nearest(travel: Int32, places: Int32, count: int) -> Int32:
    """For each option the nearest ones, there and back, itself first; ties by number."""
    total = len(places)
    count = min(count, total)
    if count == 1:
        return np.arange(total, dtype=np.int32)[:, None]
    near = np.empty((total, count), dtype=np.int32)
    for begin in range(0, total, 512):  # in slices, since the whole table of a large day is large
        rows = np.arange(begin, min(begin + 512, total))
        both = travel[np.ix_(places[rows], places)].astype(np.int64)
        both += travel[np.ix_(places, places[rows])].T
        key = ((both + 1) << 24) + np.arange(total)
        key[np.arange(len(rows)), rows] = rows
        key.partition(count - 1, axis=1)
        near[rows] = np.sort(key[:, :count], axis=1) & (2**24 - 1)
    return near
