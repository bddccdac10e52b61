"""First free: what a calendar does that gives each visit the nearest day and the first free time.

The baseline that planned days are measured against (`dispatch.twin`), by way of the same problem,
the same rules and the same check. Nothing is optimised and nothing that was given is moved.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dispatch.errors import SolverFailed
from dispatch.solver.horizon import Dates, Horizon, spread_dates
from dispatch.solver.run import OnAsk, OnProgress, Solver
from routing import Problem, Solution, SolveParams, Step, StepKind, Task, Tour, Window, quote
from routing.solve import plan_of


class FirstFree(Solver):
    """A solver that gives visits, one after another, the nearest day and the first free time."""

    def solve(
        self,
        problem: Problem,
        params: SolveParams,
        initial: Solution | None = None,
        *,
        on_progress: OnProgress | None = None,
    ) -> Solution:
        """Return the day with each task at the first time that was free when its turn came.

        Raises
        ------
        SolverFailed
            If what was given makes no plan.
        """
        del params, initial, on_progress
        rows = {vehicle.id: row for row, vehicle in enumerate(problem.vehicles)}
        options = _options(problem.tasks)
        routes: list[list[int]] = [[] for _ in rows]
        order: list[list[Step]] = [[] for _ in rows]
        given: dict[Any, Task] = {}
        for task in _queue(problem.tasks):
            tours = tuple(
                Tour(vehicle=name, steps=tuple(order[row])) for name, row in rows.items()
            )
            so_far = replace(problem, tasks=tuple(given.values()))
            free = quote(so_far, Solution(tours=tours), task)
            if not free:
                continue
            slot = min(free, key=lambda one: (one.earliest_s, str(one.vehicle)))
            row, place = rows[slot.vehicle], slot.position - 1
            routes[row].insert(place, options[task.id, slot.alternative])
            order[row].insert(place, Step(kind=StepKind.TASK, id=task.id, arrival_s=0))
            # What was given stays where it is when others come.
            at = (Window(slot.earliest_s, slot.earliest_s),)
            given[task.id] = replace(task, windows=at, alternatives=())
        plan = plan_of(problem, routes)
        if plan is None:
            msg = "The first free times make no plan; try another way to plan."
            raise SolverFailed(msg)
        return plan

    def run(
        self,
        work: tuple[Any, tuple[Any, ...]],
        *,
        seconds: float,
        on_progress: OnProgress | None = None,
        on_ask: OnAsk | None = None,
    ) -> Any:
        """Spread visits over dates as a calendar does; leave all other work to the child."""
        function, given = work
        if function is spread_dates:
            return nearest_dates(*given)
        return super().run(work, seconds=seconds, on_progress=on_progress, on_ask=on_ask)


def nearest_dates(horizon: Horizon) -> Dates:
    """Return for each visit, in the order in which they came, the nearest date with room."""
    left = {one.on: one.visits for one in horizon.dates}
    given: dict[Any, date] = {}
    taken: set[tuple[Any, date]] = set()
    for visit in horizon.visits:
        for on in sorted(visit.dates):
            if left.get(on, 0) > 0 and (visit.person_id, on) not in taken:
                left[on] -= 1
                taken.add((visit.person_id, on))
                given[visit.visit_id] = on
                break
    return Dates(given=given, too_near=frozenset())


def _queue(tasks: Sequence[Task]) -> list[Task]:
    """What was promised first, in order of time; then the others as they came."""
    promised = [task for task in tasks if task.required]
    return [
        *sorted(promised, key=lambda task: task.windows[0].start_s if task.windows else 0),
        *(task for task in tasks if not task.required),
    ]


def _options(tasks: Sequence[Task]) -> dict[tuple[Any, int], int]:
    """The solver's number of each task at each of its places: their own first, then all others."""
    own = [(task.id, 0) for task in tasks]
    others = [(task.id, 1 + row) for task in tasks for row in range(len(task.alternatives))]
    return {key: number for number, key in enumerate([*own, *others])}
