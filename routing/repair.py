"""Plan the rest of a day anew after what happened, near to the plan that people know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from routing.crews import Crew
from routing.errors import InvalidProblem
from routing.evaluate import evaluate
from routing.event_issues import event_issues
from routing.events import Events
from routing.params import SolveParams
from routing.problem import Id, Problem
from routing.record import routes_of
from routing.rest_of_day import RestOfDay, rest_of_day
from routing.solution import Solution, Unassigned
from routing.solve import OnProgress, Stop, best_plan
from routing.standing import standings
from routing.tables import Tables, tables_of
from routing.whole_day import whole_day

if TYPE_CHECKING:
    from routing.search.climb import Climb

AT_MOST_S: Final = 0.3
"""Seconds of a repair unless `SolveParams` say otherwise: a blink."""

_FINISH_S: Final = 5e-5
"""Seconds to write the answer, for each task."""

_NEIGHBOURS: Final = 60
"""Nearest tasks of each that the search knows; to find more takes a tenth of the time."""

_CHANGE_SHARE: Final = 0.15
"""Price of a task that changes its vehicle, as a part of what a task costs on average."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repair:
    """A day planned anew from the present on.

    Parameters
    ----------
    problem
        The rest of the day, with what may not move written into it.
    solution
        Its plan; `check(problem, solution)` finds no fault with it. Each tour begins where its
        vehicle is. Totals are those of the rest of the day.
    whole
        The same plan after what is over: each vehicle's past, as it was planned, then its tour.
        Tasks have their own places and alternatives. Times of the past and the totals of tours
        that hold some of it are for people to read, not for `check`.
    moved
        Tasks whose vehicle is another than before, or none.
    """

    problem: Problem
    solution: Solution
    whole: Solution
    moved: tuple[Id, ...]


def repair(
    problem: Problem,
    solution: Solution,
    events: Events,
    params: SolveParams | None = None,
    *,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Repair:
    """Plan the rest of a day anew.

    The search begins with the old plan as far as it can still be driven, and pays a little for
    each task that changes its vehicle.

    Parameters
    ----------
    problem, solution
        The day as it was planned, which `validate` accepts, and the plan so far.
    events
        What happened since, and what may not move.
    params
        Limits of the search; `AT_MOST_S` seconds in all by default.
    on_progress, stop
        As in `solve`.

    Returns
    -------
    Repair
        Required tasks that can no longer be kept are among the unassigned, with reasons.

    Raises
    ------
    InvalidProblem
        With every issue of the events, of the vehicles and of the matrices.
    """
    began = monotonic()
    issues = event_issues(problem, events)
    if issues:
        raise InvalidProblem(issues)
    how = params or SolveParams(seconds=AT_MOST_S)
    start = _start(problem, solution, events, how)
    found = best_plan(
        start.tables,
        start.routes,
        replace(how, seconds=max(0.0, how.seconds - _FINISH_S * start.tables.task_count)),
        on_progress=on_progress,
        stop=stop,
        began=began,
        climb=start.climb,
    )
    rest, tables = start.rest, start.tables
    found = replace(found, unassigned=_reasoned(tables, found))
    return Repair(
        problem=rest.problem,
        solution=found,
        whole=whole_day(problem, rest, found),
        moved=_moved(rest, found),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Start:
    """The rest of the day, a search of it, and the old plan as far as it can still be driven."""

    rest: RestOfDay
    tables: Tables
    climb: "Climb | None"
    routes: list[list[int]]


def _start(problem: Problem, solution: Solution, events: Events, params: SolveParams) -> _Start:
    """Where the search begins.

    A next task that its vehicle cannot keep is let loose, and the rest is stated anew.
    """
    stand = standings(problem, solution, events)
    per_change = _per_change(solution)
    start = _begin(rest_of_day(problem, stand, events, per_change=per_change), params)
    index = {task.id: number for number, task in enumerate(start.rest.problem.tasks)}
    rows = {vehicle.id: row for row, vehicle in enumerate(problem.vehicles)}
    loose = [
        vehicle
        for vehicle, head in start.rest.heads.items()
        if start.routes[rows[vehicle]][:1] != [index[head]]
    ]
    if loose:
        rest = rest_of_day(problem, stand, events, per_change=per_change, loose=loose)
        start = _begin(rest, params)
    return start


def _begin(rest: RestOfDay, params: SolveParams) -> _Start:
    """Drive what every vehicle has ahead; what it cannot make any more is left out."""
    from routing.search.climb import Climb  # noqa: PLC0415 - numba takes 0.4 s to import

    tables = tables_of(rest.problem)
    routes = _routes(tables, rest)
    if not tables.task_count:
        return _Start(rest=rest, tables=tables, climb=None, routes=routes)
    climb = Climb(tables, seed=params.seed, threads=params.threads, neighbours=_NEIGHBOURS)
    climb.adopt(routes)
    driven = [
        route if kept else _thinned(tables, crew, route)
        for crew, route, kept in zip(tables.crews, routes, climb.routes, strict=True)
    ]
    return _Start(rest=rest, tables=tables, climb=climb, routes=driven)


def _per_change(solution: Solution) -> int:
    summary = solution.summary
    return max(1, round(_CHANGE_SHARE * summary.cost / max(1, summary.assigned)))


def _routes(tables: Tables, rest: RestOfDay) -> list[list[int]]:
    """What each vehicle still has ahead and may serve; options."""
    index = {task.id: number for number, task in enumerate(rest.problem.tasks)}
    routes = []
    for standing, crew in zip(rest.standings, tables.crews, strict=True):
        route = []
        for step in standing.ahead:
            if step.id is None or step.id not in index:
                continue
            options = tables.options_of[index[step.id]]
            alternative = 0 if step.id in rest.fixed else step.alternative
            route.append(options[alternative if alternative < len(options) else 0])
        routes.append([option for option in route if tables.allowed[crew.index, option]])
    return routes


def _thinned(tables: Tables, crew: Crew, route: Sequence[int]) -> list[int]:
    """A route without the tasks that keep it from being driven.

    If one task is enough, the least worthy such one; else the least worthy of all, and again.
    A task at a promised position goes only when no other is left.
    """
    kept = list(route)
    while kept and evaluate(tables, crew, kept) is None:
        free = [row for row, option in enumerate(kept) if tables.position[option] == 0]
        rows = sorted(free or range(len(kept)), key=lambda row: _worth(tables, kept[row]))
        enough = (
            row
            for row in rows
            if evaluate(tables, crew, [*kept[:row], *kept[row + 1 :]]) is not None
        )
        del kept[next(enough, rows[0])]
    return kept


def _worth(tables: Tables, option: int) -> int:
    return int(tables.weight[tables.task_of[option]])


def _reasoned(tables: Tables, found: Solution) -> tuple[Unassigned, ...]:
    """The unassigned, the required ones with reasons."""
    lost = {entry.task for entry in found.unassigned if entry.required}
    if not lost:
        return found.unassigned
    from routing.gaps import Gaps  # noqa: PLC0415 - numba takes 0.4 s to import
    from routing.reasons import reasons_of  # noqa: PLC0415

    tasks = [row for row, task in enumerate(tables.problem.tasks) if task.id in lost]
    told = reasons_of(tables, Gaps(tables, routes_of(tables, found)), tasks)
    reasons = {tables.problem.tasks[row].id: own for row, own in zip(tasks, told, strict=True)}
    return tuple(replace(entry, reasons=reasons.get(entry.task, ())) for entry in found.unassigned)


def _moved(rest: RestOfDay, found: Solution) -> tuple[Id, ...]:
    serves = {step.id: tour.vehicle for tour in found.tours for step in tour.tasks}
    left = {task.id for task in rest.problem.tasks}
    return tuple(
        step.id
        for standing in rest.standings
        for step in standing.ahead
        if step.id in left and step.id is not None
        if serves.get(step.id) != standing.vehicle.id
    )
