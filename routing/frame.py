"""A problem as OR-Tools' nodes and costs: what the rules declare themselves upon."""

from enum import StrEnum

import numpy as np

from routing.constraints.base import Frame
from routing.crews import Crew, Ints, Spans, Travel
from routing.tables import Tables, cost_of
from routing.units import UNREACHED


class Pace(StrEnum):
    """Which travel stands for a leg that takes longer at one hour than at another.

    `QUICKEST` admits every plan that is possible, and some that are not; with `SLOWEST` every plan
    is possible, and some that are possible are refused. Without day parts both say the same.
    """

    QUICKEST = "quickest"
    SLOWEST = "slowest"


def frame_of(tables: Tables, pace: Pace) -> Frame:
    """Make the nodes of a problem; nothing is declared yet, and nothing priced.

    Parameters
    ----------
    tables
        A problem with at least one task.
    pace
        What legs take where the time of day matters.
    """
    from ortools.constraint_solver import pywrapcp  # noqa: PLC0415 - takes 0.3 s

    places = sorted({place for crew in tables.crews for place in (crew.start, crew.end)})
    node_of = {place: tables.option_count + rank for rank, place in enumerate(places)}
    node_place = np.concatenate([tables.place, np.array(places, dtype=np.int64)])
    manager = pywrapcp.RoutingIndexManager(
        len(node_place),
        len(tables.crews),
        [node_of[crew.start] for crew in tables.crews],
        [node_of[crew.end] for crew in tables.crews],
    )
    spans, stay, entry = _nodes(tables, len(node_place))
    return Frame(
        tables=tables,
        routing=pywrapcp.RoutingModel(manager),
        manager=manager,
        node_place=node_place,
        hopeful=_hopeful(tables, spans, stay),
        spans=spans,
        stay_s=stay,
        entry_s=entry,
        legs={
            id(crew.travel): _legs(tables, crew.travel, node_place, pace) for crew in tables.crews
        },
    )


def _nodes(tables: Tables, count: int) -> tuple[tuple[Spans, ...], Ints, Ints]:
    """Intervals of each option's time variable; stay and setup on entry, kind by node.

    Where an option alone stands at its place its setup is always paid: the time variable is the
    start of setup, as windows are. Where it shares the place, it is the start of service.
    """
    stay = np.zeros((len(tables.setup), count), dtype=np.int64)
    entry = np.zeros_like(stay)
    used, times = np.unique(
        np.concatenate([tables.place, [crew.start for crew in tables.crews]]), return_counts=True
    )
    shared = dict(zip(used.tolist(), (times > 1).tolist(), strict=True))
    horizon = max(crew.shift_end_s for crew in tables.crews)
    spans = []
    for option in range(tables.option_count):
        setup, service = tables.setup[:, option], tables.service[:, option]
        longest = int(setup.max())
        own = tables.spans[option]
        wide = all(end - start >= longest for start, end in own)
        if longest and wide and shared[int(tables.place[option])]:
            entry[:, option], stay[:, option] = setup, service
            own = tuple((start + longest, end) for start, end in own)
        else:
            stay[:, option] = setup + service
        latest = horizon - int(stay[:, option].min())
        spans.append(tuple((start, min(end, latest)) for start, end in own if start <= latest))
    return tuple(spans), stay, entry


def _hopeful(tables: Tables, spans: tuple[Spans, ...], stay: Ints) -> tuple[int, ...]:
    able = tables.allowed.any(axis=0)
    kinds = [crew.kind for crew in tables.crews]
    latest = tables.latest_end - stay[kinds, : tables.option_count].min(axis=0)
    return tuple(
        option
        for option, own in enumerate(spans)
        if able[option] and own and own[0][0] <= latest[option]
    )


def _legs(tables: Tables, travel: Travel, node_place: Ints, pace: Pace) -> Ints:
    """Seconds from node to node, over the hours at which each node may be left."""
    here, there = node_place[:, None], node_place[None, :]
    legs: Ints = travel.seconds[here, there].astype(np.int64)
    if travel.parts:
        first, last = _departures(tables, len(node_place))
        begins = [-UNREACHED, *(begin for begin, _ in travel.parts), UNREACHED]
        seconds = [travel.seconds, *(table for _, table in travel.parts)]
        worst = UNREACHED if pace is Pace.QUICKEST else -1
        choose = np.minimum if pace is Pace.QUICKEST else np.maximum
        legs = np.full_like(legs, worst)
        for table, begin, until in zip(seconds, begins[:-1], begins[1:], strict=True):
            meets = (first < until) & (last >= begin)
            legs[meets] = choose(legs[meets], table[here[meets], there])
            before = last < begin
            if pace is Pace.QUICKEST and before.any():  # who leaves before may wait for this part
                waits = (begin - last[before])[:, None] + table[here[before], there]
                legs[before] = np.minimum(legs[before], waits)
    idle = tables.option_count
    legs[idle:, idle:] = 0  # a vehicle without tasks stays where it is
    return legs


def _departures(tables: Tables, count: int) -> tuple[Ints, Ints]:
    """First and last second at which each node may be left."""
    first = np.full(count, min(crew.shift_start_s for crew in tables.crews), dtype=np.int64)
    last = np.full(count, max(crew.shift_end_s for crew in tables.crews), dtype=np.int64)
    for option, own in enumerate(tables.spans):
        if own:
            work = tables.service[:, option]
            latest = own[-1][1] + int((work + tables.setup[:, option]).max())
            first[option] = max(first[option], own[0][0] + int(work.min()))
            last[option] = min(last[option], latest, int(tables.latest_end[option]))
    return first, last


def price(frame: Frame) -> None:
    """State the cost of legs, of work, of worse terms and of using a vehicle, and the wishes."""
    terms = np.zeros(len(frame.node_place), dtype=np.int64)
    terms[: frame.tables.option_count] = _terms(frame.tables)

    def table(crew: Crew) -> Ints:
        cost = _leg_costs(frame, crew) + terms[None, :]
        return cost + _work_s(frame, crew) * crew.work_cost if crew.work_cost else cost

    prices = frame.evaluators(
        lambda crew: (id(crew.travel), crew.work_cost and (crew.kind, crew.work_cost)), table
    )
    for crew in frame.tables.crews:
        frame.routing.SetArcCostEvaluatorOfVehicle(prices[crew.index], crew.index)
        frame.routing.SetFixedCostOfVehicle(crew.fixed_cost, crew.index)
    _wishes(frame)


def _leg_costs(frame: Frame, crew: Crew) -> Ints:
    here, there = frame.node_place[:, None], frame.node_place[None, :]
    travel = crew.travel
    if travel.priced is not None:
        return travel.priced[here, there]
    cost = frame.legs[id(travel)] * travel.per_second
    if travel.metres is not None and travel.per_metre:
        cost = cost + travel.metres[here, there].astype(np.int64) * travel.per_metre
    return cost


def _work_s(frame: Frame, crew: Crew) -> Ints:
    """Seconds of work that each leg leads to; setup is paid once at a place."""
    count = frame.tables.option_count
    work = np.zeros((2, len(frame.node_place)), dtype=np.int64)
    work[:, :count] = frame.tables.service[crew.kind], frame.tables.setup[crew.kind]
    elsewhere = frame.node_place[:, None] != frame.node_place[None, :]
    seconds: Ints = work[0][None, :] + elsewhere * work[1][None, :]
    return seconds


def _wishes(frame: Frame) -> None:
    """Charge each vehicle what it falls short of a task's best bonus.

    A bonus may not be negative cost; `presence` raises the price of leaving the task out by the
    best bonus instead. A dimension of its own, since as legs every vehicle had its own matrix. What
    worse terms cost is part of the legs: OR-Tools refuses plans where one task's options differ here.
    """
    tables = frame.tables
    short = best_bonus(tables)[tables.task_of] - (tables.bonus + _terms(tables))
    if not short.any():
        return
    ends = [0] * (len(frame.node_place) - tables.option_count)
    known: dict[bytes, int] = {}
    for row in short:
        if row.tobytes() not in known:
            known[row.tobytes()] = frame.routing.RegisterUnaryTransitVector([*row.tolist(), *ends])
    most = int(short.max(axis=0).sum())
    frame.routing.AddDimensionWithVehicleTransits(
        [known[row.tobytes()] for row in short], 0, most, True, "wishes"
    )
    frame.routing.GetDimensionOrDie("wishes").SetSpanCostCoefficientForAllVehicles(1)


def _terms(tables: Tables) -> Ints:
    """By option, what its terms are worse by than the task's own, in grains."""
    costs = [
        cost_of(tables.problem.tasks[int(task)], int(alternative)) * tables.grain
        for task, alternative in zip(tables.task_of, tables.alternative_of, strict=True)
    ]
    return np.array(costs, dtype=np.int64)


def best_bonus(tables: Tables) -> Ints:
    """By task, the best bonus of any vehicle, in grains."""
    return np.array(
        [tables.bonus[:, list(options)].max() for options in tables.options_of], dtype=np.int64
    )
