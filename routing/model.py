"""OR-Tools' routing model of a problem: a plan of its own, and the polish of a given one.

States every hard rule of this package as matrices, dimensions, variables' ranges and intervals,
never as Python callbacks (solvers.md measured them four times slower, and one that raises makes
OR-Tools answer "optimal, cost 0"). What it cannot state exactly:

- travel by parts of the day: a leg takes the quickest (or, for a plan of its own, the slowest)
  of the hours at which its origin may be left at all;
- a setup that is paid once at a shared place is part of the way in, so a task's windows are
  narrowed by it, which may refuse a start that is possible, never allow one that is not; windows
  too narrow for that pay the setup always; and a break may be placed inside such a setup;
- the duration of a tour whose tasks are done as early as can be: OR-Tools may delay them;
- a break in a tour of bounded duration, or with overtime: of two hundred plans of the tests' problems
  that hold two were refused, whose intervals its propagation did not settle;
- a break's `max_load`;
- balance and expected lateness.

Whatever improves is therefore judged once more by the package's own clock, with balance; what that
refuses is mended by leaving tasks out, so that a plan from here is never wrong, at worst less good. Lateness is
left to the caller, who keeps the better of two plans.

Nothing of OR-Tools leaves this module, `routing.frame` and the rules: routes go in and come out as
lists of option indexes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple

from routing.constraints import DECLARED
from routing.constraints.base import Frame
from routing.frame import Pace, best_bonus, frame_of, price
from routing.merit import Merit, Routes
from routing.tables import Tables
from routing.units import UNREACHED

_CONTRADICTION = "CP Solver fail"
"""What OR-Tools raises, as a bare `Exception`, when a variable is left without a value."""

_NO_TIME_LIMIT_S = 1e6

_REBUILD_S = 3.0
"""`lns_time_limit`, what one solution may take to be timed: with the default of 0.1 s a starting
assignment of 50 x 800 is refused, with 1 s on a busy machine no neighbour of it is ever accepted.
It is also the most by which a search can overrun."""

_LEAST_S = 0.001

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
        Wall-clock limit, building the model included; None where only solutions are counted.
    iterations
        Bound on the solutions visited, and on `_CHECKS` times as many questions to the limit, so
        that a search which finds no further solution ends too; None where only time counts.
    seed
        Seed of the search.
    is_over
        Asked often during the search; true ends it. None is quicker: every question costs.
    on_solution
        Told the objective of each better plan, in grains.
    """

    seconds: float | None
    iterations: int | None
    seed: int
    is_over: Callable[[], bool] | None = None
    on_solution: Callable[[int], None] = field(default=lambda _: None)


class Polished(NamedTuple):
    """What became of a plan handed to OR-Tools.

    `routes` are option indexes by vehicle, at least as good as the start, or None; `accepted`
    says whether the model found no fault with the start; `reason` is a sentence where there is
    no better plan.
    """

    routes: Routes | None
    accepted: bool
    reason: str | None = None


def polish(tables: Tables, routes: Sequence[Sequence[int]], how: Polish) -> Polished:
    """Check a plan against the model, then improve it by guided local search.

    Parameters
    ----------
    tables
        A problem with at least one task.
    routes
        Option indexes by vehicle to start from; they should keep every hard rule.
    how
        Limits.
    """
    run = _Run(tables, Pace.QUICKEST, how)
    if not run.is_stated:
        return Polished(None, False, "the rules contradict each other in OR-Tools' model")
    start = run.frame.routing.ReadAssignmentFromRoutes(
        [[run.frame.index(option) for option in route] for route in routes],
        True,  # options in no route are left out
    )
    if start is None:
        return Polished(None, False, "OR-Tools refuses the plan it was given")
    run.frame.routing.SolveFromAssignmentWithParameters(start, run.timed())
    given = [list(route) for route in routes]
    if run.first != given:
        late = how.seconds is not None and run.elapsed_s >= how.seconds
        why = "ran out of time before it had checked" if late else "refuses"
        return Polished(None, False, f"OR-Tools {why} the plan it was given")
    if run.best is None or run.best == given:
        return Polished(given, True, "OR-Tools found nothing better")
    return Polished(run.best, True)


def plan_alone(tables: Tables, how: Polish) -> Routes:
    """Plan from nothing: a first plan by cheapest insertion, then guided local search.

    Parameters
    ----------
    tables
        A problem with at least one task.
    how
        Limits.

    Returns
    -------
    list of lists
        Option indexes by vehicle; all empty where OR-Tools finds no plan in time.
    """
    run = _Run(tables, Pace.SLOWEST, how)
    if run.is_stated:
        run.frame.routing.SolveWithParameters(run.timed())
    return run.best or [[] for _ in tables.crews]


class _Run:
    """One search: the stated model, its limits, and the best plan that the clock can keep."""

    def __init__(self, tables: Tables, pace: Pace, how: Polish) -> None:
        self._began = monotonic()
        self.frame = frame_of(tables, pace)
        self.first: Routes | None = None
        self.best: Routes | None = None
        self._how = how
        self._merit = Merit(tables)
        self._bonuses = int(best_bonus(tables).sum())  # see `routing.frame`
        self._value = self._total = UNREACHED
        self.is_stated = _is_stated(self.frame)
        if not self.is_stated:
            return
        price(self.frame)
        self.parameters = self._parameters()
        self.frame.routing.CloseModelWithParameters(self.parameters)
        self.frame.solver.ReSeed(how.seed)
        self.frame.routing.AddAtSolutionCallback(self._told)
        if how.is_over is not None or how.iterations is not None:
            limit = self.frame.solver.CustomLimit(_limit(how))
            self.frame.routing.AddSearchMonitor(limit)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the model was begun."""
        return monotonic() - self._began

    def _parameters(self) -> Any:
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

        how = self._how
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
        )
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        parameters.guided_local_search_lambda_coefficient = _PENALTY_SHARE
        rebuild = _NO_TIME_LIMIT_S if how.seconds is None else _REBUILD_S
        _set(parameters.time_limit, _NO_TIME_LIMIT_S)
        _set(parameters.lns_time_limit, rebuild)
        if how.iterations is not None:
            parameters.solution_limit = max(1, how.iterations)
        return parameters

    def timed(self) -> Any:
        """Parameters with the time that building the model has left of the limit."""
        if self._how.seconds is not None:
            left = max(_LEAST_S, self._how.seconds - self.elapsed_s)
            _set(self.parameters.time_limit, left)
        return self.parameters

    def _told(self) -> None:
        """Keep a solution that is better, in the model and by the clock."""
        value = int(self.frame.routing.CostVar().Max()) - self._bonuses
        if self.first is not None and value >= self._value:
            return
        routes = _routes(self.frame)
        self.first = self.first or routes
        total = self._merit.total(routes)
        if total is None:
            routes = self._merit.mended(routes)
            total = self._merit.total(routes)
        else:
            self._value = value
        if total is not None and total < self._total:
            self.best, self._total = routes, total
            self._how.on_solution(total)


def _set(duration: Any, seconds: float) -> None:
    duration.seconds, duration.nanos = int(seconds), int(seconds % 1 * 1e9)


def _is_stated(frame: Frame) -> bool:
    """State every rule; whether that leaves each variable a value."""
    try:
        for rule in DECLARED:
            rule.declare(frame)
    except Exception as error:
        if str(error) == _CONTRADICTION:
            return False
        raise
    return True


def _limit(how: Polish) -> Callable[[], bool]:
    """Whether the search is over: told to stop, or out of questions."""
    asked = 0
    most = UNREACHED if how.iterations is None else how.iterations * _CHECKS

    def is_over() -> bool:
        nonlocal asked
        asked += 1
        return asked > most or (how.is_over is not None and how.is_over())

    return is_over


def _routes(frame: Frame) -> Routes:
    """The routes of the solution that the search stands at."""
    routing, routes = frame.routing, []
    for crew in frame.tables.crews:
        route: list[int] = []
        index = routing.NextVar(routing.Start(crew.index)).Value()
        while not routing.IsEnd(index):
            route.append(frame.manager.IndexToNode(index))
            index = routing.NextVar(index).Value()
        routes.append(route)
    return routes
