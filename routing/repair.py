"""Plan the rest of a day anew after what happened, near to the plan that people know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

from routing.crews import Crew
from routing.errors import InvalidProblem
from routing.evaluate import evaluate
from routing.event_issues import event_issues
from routing.events import Events
from routing.explain import explain
from routing.params import SolveParams
from routing.problem import Id, Problem
from routing.rest_of_day import RestOfDay, rest_of_day
from routing.solution import Solution, Step, StepKind, Tour, Unassigned
from routing.solve import OnProgress, Stop, solve
from routing.standing import standings
from routing.tables import Tables, tables_of
from routing.whole_day import whole_day

AT_MOST_S: Final = 0.3
"""Seconds of a repair unless `SolveParams` say otherwise: a blink."""

_CHANGE_SHARE: Final = 0.1
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
        The day as it was planned, and the plan so far.
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
        With every issue of the problem, or every issue of the events.
    """
    began = monotonic()
    issues = event_issues(problem, events)
    if issues:
        raise InvalidProblem(issues)
    rest, start = _rest_and_start(problem, solution, events)
    limits = params or SolveParams(seconds=AT_MOST_S)
    if limits.iterations is None:
        limits = replace(limits, seconds=max(0.0, limits.seconds - (monotonic() - began)))
    found = solve(rest.problem, limits, start, on_progress=on_progress, stop=stop)
    found = replace(found, unassigned=_reasoned(rest, found))
    return Repair(
        problem=rest.problem,
        solution=found,
        whole=whole_day(problem, rest, found),
        moved=_moved(rest, found),
    )


def _rest_and_start(
    problem: Problem, solution: Solution, events: Events
) -> tuple[RestOfDay, Solution]:
    """The rest of the day, and the old plan as far as it can still be driven.

    A next task that its vehicle cannot keep is let loose, and the rest is stated anew.
    """
    stand = standings(problem, solution, events)
    per_change = _per_change(solution)
    rest = rest_of_day(problem, stand, events, per_change=per_change)
    tables = tables_of(rest.problem)
    routes = _routes(tables, rest)
    index = {task.id: number for number, task in enumerate(rest.problem.tasks)}
    rows = {vehicle.id: row for row, vehicle in enumerate(problem.vehicles)}
    loose = [v for v, head in rest.heads.items() if routes[rows[v]][:1] != [index[head]]]
    if loose:
        rest = rest_of_day(problem, stand, events, per_change=per_change, loose=loose)
        routes = _routes(tables_of(rest.problem), rest)
    return rest, _as_solution(tables, routes)


def _per_change(solution: Solution) -> int:
    summary = solution.summary
    return max(1, round(_CHANGE_SHARE * summary.cost / max(1, summary.assigned)))


def _routes(tables: Tables, rest: RestOfDay) -> list[list[int]]:
    """What each vehicle still has ahead, less what it cannot make any more; options."""
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
        routes.append(_thinned(tables, crew, route))
    return routes


def _thinned(tables: Tables, crew: Crew, route: Sequence[int]) -> list[int]:
    """A route without the tasks that keep it from being driven.

    If one task is enough, the least worthy such one; else the least worthy of all, and again.
    A task at a promised position goes last.
    """
    kept = [option for option in route if tables.allowed[crew.index, option]]
    while kept and evaluate(tables, crew, kept) is None:
        rows = sorted(range(len(kept)), key=lambda row: _worth(tables, kept[row]))
        enough = (
            row
            for row in rows
            if evaluate(tables, crew, [*kept[:row], *kept[row + 1 :]]) is not None
        )
        del kept[next(enough, rows[0])]
    return kept


def _worth(tables: Tables, option: int) -> tuple[bool, int]:
    return int(tables.position[option]) > 0, int(tables.weight[tables.task_of[option]])


def _as_solution(tables: Tables, routes: Sequence[Sequence[int]]) -> Solution:
    """Routes as a plan without times, to start a search from."""
    problem = tables.problem
    return Solution(
        tours=tuple(
            Tour(
                vehicle=vehicle.id,
                steps=tuple(
                    Step(
                        kind=StepKind.TASK,
                        id=problem.tasks[int(tables.task_of[option])].id,
                        alternative=int(tables.alternative_of[option]),
                        arrival_s=0,
                    )
                    for option in route
                ),
            )
            for vehicle, route in zip(problem.vehicles, routes, strict=True)
        )
    )


def _reasoned(rest: RestOfDay, found: Solution) -> tuple[Unassigned, ...]:
    """The unassigned, the required ones with reasons."""
    lost = tuple(entry for entry in found.unassigned if entry.required)
    if not lost:
        return found.unassigned
    told = explain(rest.problem, replace(found, unassigned=lost))
    reasons = {entry.task: entry for entry in told}
    return tuple(reasons.get(entry.task, entry) for entry in found.unassigned)


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
