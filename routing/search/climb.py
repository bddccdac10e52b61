"""The search as a whole: threads that anneal, exchange their plans, and watch the limits.

Kernels run in slices and return to Python, which alone knows the clock, the temperature, progress
and whether somebody wants to stop.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from time import monotonic

import numpy as np

from routing.problem import Objective
from routing.search import layout
from routing.search.acts import anneal, drive, driven
from routing.search.build import NEIGHBOURS, build_day
from routing.search.cooling import Begin, Cooling
from routing.search.effort import Effort
from routing.search.empty_plan import longest_route, new_state
from routing.search.epoch import Clock, Work, by_clock, by_count
from routing.search.first_plan import FirstPlan
from routing.search.layout import Day, Int32, State
from routing.search.territory import Territory, territory
from routing.search.zones import Zones
from routing.tables import Tables

type Routes = list[list[int]]
type OnEpoch = Callable[[float], bool]

_EPOCHS = 60
"""Times at which plans are compared and cut into territories anew, at least `_EPOCH_S` apart."""
_EPOCH_S = 0.1
_FEWEST = 6
"""Epochs of a short search, such as a repair."""
_TERRITORY, _LEAST_TERRITORY = 25, 4
"""Crews of a territory, and the least that more threads make of it."""
_FIRST_SLICE = 16
_TRIED, _LOADED = 200, 0.9
"""Iterations by which the pace is measured; how much slower it is with all threads at work."""


class Climb:
    """One search of a problem, from a first plan to the best one.

    Parameters
    ----------
    tables
        A valid problem with at least one task.
    seed
        Seed of every thread's random choices.
    threads
        Number of plans that are improved at the same time.
    neighbours
        Nearest options of each from which a ruin may take its routes.
    """

    def __init__(
        self, tables: Tables, *, seed: int, threads: int, neighbours: int = NEIGHBOURS
    ) -> None:
        self.tables = tables
        self.day: Day = build_day(tables, neighbours)
        self._states = [
            new_state(tables, self.day, seed * 1009 + number) for number in range(threads)
        ]
        self._threads = threads
        self._parts: list[Territory] = []
        self._over = Event()
        self._sizes = np.full(threads, _FIRST_SLICE)
        self._stops = longest_route(tables, self.day)
        self._truth = self.day
        self._eagerness = 1.0
        self._zones = Zones(self.day, seed)
        self._random = np.random.default_rng(seed)
        self._total = layout.NEVER
        self._best = self._states[0].best

    @property
    def state(self) -> State:
        """The first thread's plan and scratch space."""
        return self._states[0]

    @property
    def total(self) -> int:
        """Cost, soft terms and weights of the best plan, in grains."""
        if self.day is not self._truth:
            return self._total
        return min(self._total, *(int(state.tally[layout.BEST]) for state in self._states))

    @property
    def routes(self) -> Routes:
        """Options by crew of the best plan."""
        state = min(self._states, key=lambda state: int(state.tally[layout.BEST]))
        is_kept = self.day is not self._truth or self._total < state.tally[layout.BEST]
        best = self._best if is_kept else state.best
        return [row[1 : 1 + row[0]].tolist() for row in best]

    def adopt(self, routes: Sequence[Sequence[int]]) -> None:
        """Drive given routes as they are; one that breaks a rule is emptied.

        Parameters
        ----------
        routes
            Options by crew.
        """
        given = self._packed(routes)
        for state in self._states:
            drive(self.day, state, given)

    def begin(self, effort: Effort, routes: Sequence[Sequence[int]] | None = None) -> None:
        """Make the first plan: from given routes, what breaks a rule left out; completed greedily.

        Optional tasks of given routes leave for a required one that has no gap. A search from given
        routes stays near them: the cost alone decides what it takes over.

        Parameters
        ----------
        effort
            How hard to try where required tasks are still unserved then.
        routes
            Options by crew.
        """
        if effort.is_shared:
            del self._states[1:]
        maker = self._maker = FirstPlan(self.tables, self.day, effort)
        if routes is None:
            for state in self._states:
                maker.make(state)
            return
        given = maker.complete(self._states[0], self._packed(routes))
        for state in self._states:
            drive(self.day, state, given)

    def _packed(self, routes: Sequence[Sequence[int]]) -> Int32:
        given = np.zeros((len(routes), self._stops + 3), dtype=np.int32)
        for crew, route in enumerate(routes):
            if len(route) <= self._stops:
                given[crew, 0] = len(route)
                given[crew, 1 : 1 + len(route)] = route
        return given

    def run(
        self,
        effort: Effort,
        *,
        seconds: float | None,
        iterations: int | None,
        on_epoch: Callable[[float], bool],
    ) -> None:
        """Improve until a limit is reached.

        Parameters
        ----------
        effort
            How hard to try.
        seconds
            Wall-clock limit; without effect where `iterations` is given.
        iterations
            Ruins of all threads together; the result then depends on seed and threads only.
        on_epoch
            Told the part of the limit used, at least ten times a second; true ends the search.
        """
        self._over.clear()
        with ThreadPoolExecutor(self._threads) as pool:
            if iterations is not None:
                self._by_count(effort, iterations, on_epoch, pool)
            elif seconds is not None and seconds > 0:
                self._by_clock(effort, seconds, on_epoch, pool)
        if self.day is not self._truth:
            self._keep()

    def _by_count(
        self, effort: Effort, iterations: int, on_epoch: OnEpoch, pool: ThreadPoolExecutor
    ) -> None:
        own = -(-iterations // self._threads)
        cooling = Cooling(effort, own)
        marks = [own * epoch // _EPOCHS for epoch in range(_EPOCHS + 1)]
        for epoch in range(_EPOCHS):
            part = epoch / _EPOCHS
            count = marks[epoch + 1] - marks[epoch]
            self._prepare(cooling, part)
            heat = cooling.heat(part)
            jobs = [
                pool.submit(by_count, work, count, heat, effort, self._over)
                for work in self._dealt(effort, pool)
            ]
            self._attend(jobs, part, on_epoch)
            self._join()
            if self._over.is_set() or on_epoch((epoch + 1) / _EPOCHS):
                return

    def _by_clock(
        self, effort: Effort, seconds: float, on_epoch: OnEpoch, pool: ThreadPoolExecutor
    ) -> None:
        began = monotonic()
        cooling = Cooling(effort, self._pace(effort) * seconds)
        least_s = min(_EPOCH_S, seconds / _FEWEST)
        epoch_s = seconds / _EPOCHS
        epoch_s = max(epoch_s, least_s) if effort.is_shared else min(epoch_s, _EPOCH_S)
        while (used := monotonic() - began) < seconds:
            part = used / seconds
            self._prepare(cooling, part)
            dealt = self._dealt(effort, pool)
            clock = Clock(cooling, began, min(used + epoch_s, seconds), seconds)
            jobs = [
                pool.submit(by_clock, work, clock, effort, self._sizes[number:], self._over)
                for number, work in enumerate(dealt)
            ]
            self._attend(jobs, part, on_epoch)
            self._join()
            if self._over.is_set() or on_epoch(min(1.0, (monotonic() - began) / seconds)):
                return

    def _attend(self, jobs: Sequence[Future[None]], part: float, on_epoch: OnEpoch) -> None:
        """Wait for the threads; the whole plan stays, and can be told, while they work on parts."""
        while wait(jobs, _EPOCH_S if self._parts else None).not_done:
            if on_epoch(part):
                self._over.set()
        for job in jobs:
            job.result()

    def _pace(self, effort: Effort) -> float:
        """Iterations a second of one thread, where the cycles depend on it."""
        if not effort.cycle:
            return 0.0
        began = monotonic()
        anneal(self.day, self._states[0], _TRIED, effort.cold, effort)
        return _TRIED * _LOADED / max(monotonic() - began, 1e-6)

    def _prepare(self, cooling: Cooling, part: float) -> None:
        """Begin the next cycle where one is due."""
        begun = cooling.begins(part)
        if begun is not Begin.NOTHING:
            cooling.ended(self._keep())
        self._weigh(cooling.eagerness(part))
        if begun is Begin.ANEW:
            for state in self._states:
                self._maker.anew(self.day, state, self._random)
        elif begun is Begin.BEST:
            self.adopt(self.routes)

    def _weigh(self, eagerness: float) -> None:
        """Go on with optional tasks worth so many times their weight."""
        if eagerness == self._eagerness:
            return
        plans = [driven(state) for state in self._states]
        self._keep()
        self._eagerness = eagerness
        self.day = _eager(self.tables, self._truth, eagerness)
        for state, plan in zip(self._states, plans, strict=True):
            drive(self.day, state, plan)

    def _keep(self) -> int:
        """Hold on to the best plan of all threads; what it costs in truth, in grains."""
        reached = layout.NEVER
        for state in self._states:
            given = state.best.copy()
            drive(self._truth, state, given)
            reached = min(reached, int(state.tally[layout.BEST]))
            if state.tally[layout.BEST] < self._total:
                self._total, self._best = int(state.tally[layout.BEST]), given
        self.day, self._eagerness = self._truth, 1.0
        return reached

    def _dealt(self, effort: Effort, pool: ThreadPoolExecutor) -> list[Work]:
        """By thread, what it improves in this epoch: a plan of its own, or parts of one plan."""
        if not effort.is_shared:
            return [[(self.day, state)] for state in self._states]
        crews = len(self.day.crew)
        each = -(-crews // (self._threads * _TERRITORY))
        count = max(1, min(self._threads * each, crews // _LEAST_TERRITORY))
        (state,) = self._states
        plan = driven(state)
        cut = self._zones.cut(plan, count)
        seeds = self._random.integers(0, 2**62, len(cut)).tolist()
        self._parts = list(
            pool.map(
                lambda part, seed: territory(self.day, plan, part[0], part[1], seed), cut, seeds
            )
        )
        for part in self._parts:
            part.state.tally[layout.IS_STEERED] = state.tally[layout.IS_STEERED]
        work = [(part.day, part.state) for part in self._parts]
        return [work[first :: self._threads] for first in range(min(self._threads, len(work)))]

    def _join(self) -> None:
        """Put the parts of one plan together again."""
        if not self._parts:
            return
        (state,) = self._states
        now, best = driven(state), driven(state)
        for part in self._parts:
            part.write(best, is_best=True)
            part.write(now, is_best=False)
        self._parts = []
        drive(self.day, state, best)
        if state.tally[layout.BEST] < self._total:
            self._total, self._best = int(state.tally[layout.BEST]), best
        drive(self.day, state, now, is_best=False)


def _eager(tables: Tables, day: Day, times: float) -> Day:
    """The day with optional tasks worth so many times their weight, though never as much as required ones."""
    if times == 1.0 or tables.problem.objective is Objective.PRIORITIES or tables.required.all():
        return day
    load = day.load.copy()
    optional = np.flatnonzero(~tables.required)
    must = int(day.misc[layout.MUST]) - 1
    load[optional, layout.WEIGHT] = np.minimum(times * load[optional, layout.WEIGHT], must)
    return day._replace(load=load)
