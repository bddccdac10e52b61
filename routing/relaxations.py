"""The cheapest change that would let a task in, tried for real.

Only what belongs to vehicles is ever relaxed, and the width of the windows of optional tasks:
never a window or a promise of a required task, a permission, a latest end or a place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.changes import CHANGES, SKILL, WINDOW_WIDTH, Change, lacking
from routing.check import check
from routing.constraints import locks, permissions
from routing.crews import Ints
from routing.evaluate import evaluate
from routing.gaps import NO_FIT, Gaps
from routing.one_tour import one_tour
from routing.problem import Problem
from routing.record import record
from routing.solution import Relaxation, Solution, Tour
from routing.tables import Bools, Tables, tables_of

_TRIED = 2
"""Gaps tried for each task and kind of change, the cheapest first."""


@dataclass(frozen=True, slots=True, order=True)
class _Try:
    """A gap that a change may open: added grains, then what to change where."""

    price: int
    change: int
    crew: int
    gap: int
    option: int


class Relaxer:
    """Finds relaxations for the tasks that a plan leaves out.

    Parameters
    ----------
    tables
        The problem.
    routes
        Options by vehicle; a plan that `check` finds no fault with.
    gaps
        Its gaps.
    """

    def __init__(self, tables: Tables, routes: Sequence[Sequence[int]], gaps: Gaps) -> None:
        self._tables = tables
        self._problem = tables.problem
        self._routes = routes
        self._gaps = gaps

    def relaxations(self, tasks: Sequence[int]) -> list[Relaxation | None]:
        """For each task the cheapest verified relaxation; None where none of `CHANGES` is enough.

        Cheapest is the least of what the plan costs more and what the change counts for. A task
        that fits and pays as it is needs none.
        """
        if not tasks:
            return []
        options = [option for task in tasks for option in self._tables.options_of[task]]
        rows: dict[int, list[_Try]] = {task: [] for task in tasks}
        for number, change in enumerate(CHANGES):
            prices = self._prices(change, options)
            for option, price in zip(options, prices, strict=True):
                task = int(self._tables.task_of[option])
                rows[task] += self._cheapest(number, option, price, int(self._tables.weight[task]))
        fits = self._gaps.prices(options).min(axis=(1, 2))
        pays = {
            int(self._tables.task_of[option])
            for option, price in zip(options, fits, strict=True)
            if price < self._tables.weight[self._tables.task_of[option]]
        }
        return [None if task in pays else self._best(sorted(rows[task])) for task in tasks]

    def _prices(self, change: Change, options: Sequence[int]) -> Ints:
        """Prices of all gaps where the rule of a change does not hold, less what is no use."""
        if change.rule is None:
            return Gaps(_with_longer_shifts(self._tables, change), self._routes).prices(options)
        if change is WINDOW_WIDTH:
            prices = self._gaps.without(change.rule, options=options).prices(options)
            for row, option in enumerate(options):
                task = self._problem.tasks[self._tables.task_of[option]]
                if task.is_required or option >= self._tables.task_count or not task.windows:
                    prices[row] = NO_FIT
            return prices
        prices = self._gaps.without(change.rule).prices(options)
        if change is SKILL:
            for row, option in enumerate(options):
                prices[row][~self._lacks_one_skill(option)] = NO_FIT
        return prices

    def _lacks_one_skill(self, option: int) -> Bools:
        """By vehicle: whether one skill, and nothing else for good, keeps it from an option."""
        task = self._problem.tasks[self._tables.task_of[option]]
        own = option < self._tables.task_count
        return np.array(
            [
                own
                and len(lacking(vehicle, task)) == 1
                and locks.blocks(vehicle, task) is None
                and permissions.blocks(vehicle, task) is None
                for vehicle in self._problem.vehicles
            ]
        )

    def _cheapest(self, change: int, option: int, price: Ints, weight: int) -> Iterator[_Try]:
        """The cheapest gaps that a change opens; what it does not open is cheaper without it."""
        flat = np.argsort(price, axis=None, kind="stable")[:_TRIED]
        for crew, gap in zip(*np.unravel_index(flat, price.shape), strict=True):
            grains = int(price[crew, gap])
            if grains < min(weight, NO_FIT):
                yield _Try(grains, change, int(crew), int(gap), option)

    def _best(self, tries: Sequence[_Try]) -> Relaxation | None:
        best: tuple[float, Relaxation] | None = None
        for one in tries:
            if best is not None and one.price / self._tables.grain >= best[0]:
                break
            found = self._verified(one)
            if found is not None:
                score = found.cost + CHANGES[one.change].per_unit * found.by
                if best is None or score < best[0]:
                    best = score, found
        return None if best is None else best[1]

    def _verified(self, one: _Try) -> Relaxation | None:
        """The relaxation of one try, as small as can be; None if it does not do."""
        change, crew = CHANGES[one.change], self._tables.crews[one.crew]
        trial = _Trial(self._tables, one.crew, self._routes[one.crew], one.gap, one.option, change)
        by = trial.least()
        solution = None if by is None else trial.solved(by)
        if by is None or solution is None:
            return None
        before = evaluate(self._tables, crew, self._routes[one.crew]) or 0
        grain = self._tables.grain
        return Relaxation(
            change=change.slug,
            by=by,
            cost=solution.summary.cost - (2 * before + grain) // (2 * grain),
            vehicle=None if change is WINDOW_WIDTH else self._problem.vehicles[one.crew].id,
        )


def _with_longer_shifts(tables: Tables, change: Change) -> Tables:
    """The tables of a problem in which every vehicle works longer."""
    problem = tables.problem
    some = problem.tasks[0]
    longer = tuple(change.written(vehicle, some, change.most)[0] for vehicle in problem.vehicles)
    return tables_of(replace(problem, vehicles=longer))


class _Trial:
    """One task put into one gap, with some change."""

    def __init__(
        self,
        tables: Tables,
        crew: int,
        route: Sequence[int],
        gap: int,
        option: int,
        change: Change,
    ) -> None:
        self._options = [*route[:gap], option, *route[gap:]]
        self._tables, self._gap, self._change = tables, gap, change
        self._vehicle = tables.problem.vehicles[crew]
        self._tasks = [tables.problem.tasks[int(tables.task_of[own])] for own in self._options]

    def least(self) -> int | None:
        """The least change that is enough; None if the most of it is not, or none is needed."""
        change, task = self._change, self._tasks[self._gap]
        tour = self._tour(change.most)
        if tour is None or self._tour(0) is not None:
            return None
        if change.measure is not None:
            by = change.measure(self._vehicle, task, tour)
            return by if 0 < by <= change.most else None
        low, high = 0, change.most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._tour(middle) else (middle, high)
        return high

    def solved(self, by: int) -> Solution | None:
        """The tour after a change, timed and checked; None if it breaks a rule."""
        problem = self._changed(by)
        tables = tables_of(problem)
        solution = record(tables, [self._route(tables)], "relaxation")
        return None if solution is None or check(problem, solution) else solution

    def _tour(self, by: int) -> Tour | None:
        tables = tables_of(self._changed(by))
        (crew,) = tables.crews
        route = self._route(tables)
        if evaluate(tables, crew, route) is None:
            return None
        solution = record(tables, [route], "relaxation")
        return None if solution is None else solution.tours[0]

    def _changed(self, by: int) -> Problem:
        vehicle, task = self._vehicle, self._tasks[self._gap]
        if by:
            vehicle, task = self._change.written(vehicle, task, by)
        tasks = (*self._tasks[: self._gap], task, *self._tasks[self._gap + 1 :])
        return one_tour(self._tables.problem, vehicle, tasks)

    def _route(self, tables: Tables) -> list[int]:
        return [
            tables.options_of[row][int(self._tables.alternative_of[option])]
            for row, option in enumerate(self._options)
        ]
