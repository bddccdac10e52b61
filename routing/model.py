"""OR-Tools' routing model of a problem.

States every hard rule of this package as matrices, dimensions, variables' ranges and intervals,
never as Python callbacks (solvers.md measured them four times slower, and one that raises makes
OR-Tools answer "optimal, cost 0"). What it cannot state exactly:

- setup that is paid once at a shared place: the setup is part of the way in, so a task's windows
  are narrowed by it, which may refuse a start that is possible, never allow one that is not;
  windows too narrow for that pay the setup always;
- a break may be placed inside such a setup; the clock that times the result moves it or the route
  is refused.

Nothing of OR-Tools leaves this module: routes go in and come out as lists of task indexes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from routing.constraints import DECLARED
from routing.constraints.base import Frame
from routing.crews import Ints, Spans
from routing.tables import Tables
from routing.units import UNREACHED

type Routes = list[list[int]]

_REBUILD_S = 10
"""`lns_time_limit`: its default of 0.1 s is too short to rebuild a starting assignment."""

_NO_TIME_LIMIT_S = 10**6

_CONTRADICTION = "CP Solver fail"
"""What OR-Tools raises, as a bare `Exception`, when a variable is left without a value."""

_CHECKS = 500
"""Questions to the limit in one iteration; OR-Tools asks some 100,000 times a second."""

_PENALTY_SHARE = 0.3
"""Weight of guided local search's penalties; of 0.02 to 1 the best on three field days in 15 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polish:
    """Limits of one run of OR-Tools' local search.

    Parameters
    ----------
    seconds
        Wall-clock limit; None where only solutions are counted.
    iterations
        Bound on the solutions visited, and on `_CHECKS` times as many questions to the limit, so
        that a search which finds no further solution ends too; None where only time counts.
    seed
        Seed of the search.
    is_over
        Asked often during the search; true ends it. None is quicker: every question costs.
    on_solution
        Told the objective of each better solution, in grains.
    """

    seconds: float | None
    iterations: int | None
    seed: int
    is_over: Callable[[], bool] | None = None
    on_solution: Callable[[int], None] = field(default=lambda _: None)


def polish(tables: Tables, routes: Sequence[Sequence[int]], how: Polish) -> Routes | None:
    """Improve routes by guided local search.

    Parameters
    ----------
    tables
        A problem with at least one task.
    routes
        Task indexes by vehicle to start from; they should keep every hard rule.
    how
        Limits.

    Returns
    -------
    list of lists or None
        Task indexes by vehicle; None when OR-Tools refuses the start or finds nothing in time.
    """
    from ortools.constraint_solver import pywrapcp  # noqa: PLC0415 - takes 0.3 s

    frame = _frame(tables, pywrapcp)
    parameters = _parameters(how)
    try:
        for rule in DECLARED:
            rule.declare(frame)
    except Exception as error:
        if str(error) == _CONTRADICTION:
            return None
        raise
    _price(frame)
    frame.routing.CloseModelWithParameters(parameters)
    frame.solver.ReSeed(how.seed)
    start = frame.routing.ReadAssignmentFromRoutes(
        [[frame.index(task) for task in route] for route in routes],
        True,  # tasks in no route are left out
    )
    if start is None:
        return None
    _watch(frame, how)
    found = frame.routing.SolveFromAssignmentWithParameters(start, parameters)
    return None if found is None else _routes(frame, found)


def _frame(tables: Tables, pywrapcp: Any) -> Frame:
    places = sorted({place for crew in tables.crews for place in (crew.start, crew.end)})
    node_of = {place: tables.task_count + rank for rank, place in enumerate(places)}
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
        spans=spans,
        stay_s=stay,
        entry_s=entry,
    )


def _nodes(tables: Tables, count: int) -> tuple[tuple[Spans, ...], Ints, Ints]:
    """Intervals of each task's time variable, seconds of stay and of setup on entry, by node.

    Where a task alone stands at its place its setup is always paid: the time variable is the start
    of setup, as windows are. Where it shares the place, the variable is the start of service.
    """
    stay = np.zeros(count, dtype=np.int64)
    entry = np.zeros(count, dtype=np.int64)
    used, times = np.unique(
        np.concatenate([tables.place, [crew.start for crew in tables.crews]]), return_counts=True
    )
    shared = dict(zip(used.tolist(), (times > 1).tolist(), strict=True))
    horizon = max(crew.shift_end_s for crew in tables.crews)
    spans = []
    for task in range(tables.task_count):
        setup, service = int(tables.setup[0, task]), int(tables.service[0, task])
        own = tables.spans[task]
        wide = all(end - start >= setup for start, end in own)
        if setup and wide and shared[int(tables.place[task])]:
            entry[task], stay[task] = setup, service
            own = tuple((start + setup, end) for start, end in own)
        else:
            stay[task] = setup + service
        latest = min(int(tables.latest_end[task]), horizon) - int(stay[task])
        spans.append(tuple((start, min(end, latest)) for start, end in own if start <= latest))
    return tuple(spans), stay, entry


def _price(frame: Frame) -> None:
    """Cost of legs and of using a vehicle, less the bonus of wishes granted.

    A bonus may not be negative cost, so every vehicle pays on entry what it falls short of the
    task's best bonus; `presence` raises the price of leaving the task out by that best bonus.
    """
    tables = frame.tables
    here, there = frame.node_place[:, None], frame.node_place[None, :]
    best = tables.bonus.max(axis=0)
    matrices: dict[tuple[int, bytes], int] = {}
    for crew in tables.crews:
        short = np.zeros(len(frame.node_place), dtype=np.int64)
        short[: tables.task_count] = best - tables.bonus[crew.index]
        key = id(crew.travel), short.tobytes()
        if key not in matrices:
            table = crew.travel.cost[here, there] + short[None, :]
            matrices[key] = frame.routing.RegisterTransitMatrix(table.tolist())
        frame.routing.SetArcCostEvaluatorOfVehicle(matrices[key], crew.index)
        frame.routing.SetFixedCostOfVehicle(crew.fixed_cost, crew.index)


def _parameters(how: Polish) -> Any:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
    )
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.guided_local_search_lambda_coefficient = _PENALTY_SHARE
    limit = _NO_TIME_LIMIT_S if how.seconds is None else how.seconds
    parameters.time_limit.seconds = int(limit)
    parameters.time_limit.nanos = int(limit % 1 * 1e9)
    parameters.lns_time_limit.seconds = _REBUILD_S if how.seconds else _NO_TIME_LIMIT_S
    if how.iterations is not None:
        parameters.solution_limit = max(1, how.iterations)
    return parameters


def _watch(frame: Frame, how: Polish) -> None:
    best = UNREACHED
    bonuses = int(frame.tables.bonus.max(axis=0).sum())  # see `_price`

    def told() -> None:
        nonlocal best
        value = int(frame.routing.CostVar().Max()) - bonuses
        if value < best:
            best = value
            how.on_solution(value)

    frame.routing.AddAtSolutionCallback(told)
    if how.is_over is not None or how.iterations is not None:
        frame.routing.AddSearchMonitor(frame.solver.CustomLimit(_limit(how)))


def _limit(how: Polish) -> Callable[[], bool]:
    """Whether the search is over: told to stop, or out of questions."""
    asked = 0
    most = UNREACHED if how.iterations is None else how.iterations * _CHECKS

    def is_over() -> bool:
        nonlocal asked
        asked += 1
        return asked > most or (how.is_over is not None and how.is_over())

    return is_over


def _routes(frame: Frame, found: Any) -> Routes:
    routes: Routes = []
    for crew in frame.tables.crews:
        route: list[int] = []
        index = found.Value(frame.routing.NextVar(frame.routing.Start(crew.index)))
        while not frame.routing.IsEnd(index):
            route.append(frame.manager.IndexToNode(index))
            index = found.Value(frame.routing.NextVar(index))
        routes.append(route)
    return routes
