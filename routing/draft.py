"""A plan under construction: lanes, tasks still out, and where each of them could go."""

from collections.abc import Iterable, Sequence

import numpy as np

from routing.crews import Ints
from routing.insertion import NO_FIT, Lane
from routing.tables import Bools, Tables


class Draft:
    """Routes of all vehicles that keep every hard rule after each change.

    Parameters
    ----------
    tables
        The problem.
    routes
        Task indexes by vehicle; each must be feasible.

    Attributes
    ----------
    out
        By task: whether it is still to be placed.
    price, slot
        Vehicle by task: cheapest insertion (`NO_FIT` where none) and its position.
    """

    def __init__(self, tables: Tables, routes: Sequence[Sequence[int]] | None = None) -> None:
        self.tables = tables
        given = routes or [()] * len(tables.crews)
        self.lanes = [
            Lane(tables, crew, route) for crew, route in zip(tables.crews, given, strict=True)
        ]
        self.out: Bools = np.ones(tables.task_count, dtype=np.bool_)
        self.out[[task for route in given for task in route]] = False
        shape = (len(self.lanes), tables.task_count)
        self.price: Ints = np.full(shape, NO_FIT, dtype=np.int64)
        self.slot: Ints = np.zeros(shape, dtype=np.int64)
        for vehicle in range(len(self.lanes)):
            self._reprice(vehicle, np.flatnonzero(self.out))

    @property
    def routes(self) -> list[list[int]]:
        """Task indexes by vehicle, as copies."""
        return [list(lane.route) for lane in self.lanes]

    @property
    def total(self) -> int:
        """The objective as one number, in grains; less is better."""
        bonus = sum(
            int(self.tables.bonus[vehicle, lane.route].sum())
            for vehicle, lane in enumerate(self.lanes)
            if lane.route
        )
        cost = sum(lane.cost for lane in self.lanes)
        return cost - bonus + int(self.tables.weight[self.out].sum())

    def insert(self, task: int, vehicle: int) -> None:
        """Put a task at its cheapest position in a vehicle's route."""
        lane = self.lanes[vehicle]
        route = list(lane.route)
        route.insert(int(self.slot[vehicle, task]), task)
        self.out[task] = False
        self.price[:, task] = NO_FIT
        lane.replace(route)
        self._reprice(vehicle, np.flatnonzero(self.out))

    def remove(self, tasks: Iterable[int], vehicle: int) -> None:
        """Take tasks out of a vehicle's route; what is left stays feasible.

        Removal may break two rules only: a promised position, which the caller looks after, and
        travel bounds or windows where the detour was shorter than the straight way; then the
        route is emptied of all but what still fits.
        """
        gone = set(tasks)
        lane = self.lanes[vehicle]
        kept = [task for task in lane.route if task not in gone]
        before = list(lane.route)
        lane.replace(kept)
        if not lane.is_feasible:
            lane.replace([])
        freed = np.array(sorted(set(before) - set(lane.route)), dtype=np.int64)
        self.out[freed] = True
        self._reprice(vehicle, np.flatnonzero(self.out))
        for other in range(len(self.lanes)):
            if other != vehicle:
                self._reprice(other, freed)

    def _reprice(self, vehicle: int, tasks: Ints) -> None:
        if not len(tasks):
            return
        able = tasks[self.tables.allowed[vehicle, tasks]]
        if not len(able):
            return
        prices = self.lanes[vehicle].prices(able)
        slots = prices.argmin(axis=1)
        self.slot[vehicle, able] = slots
        self.price[vehicle, able] = prices[np.arange(len(able)), slots]
