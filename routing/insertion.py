"""Where a task could go: every position of a route judged at once.

A route keeps, for each node and each set of breaks taken, the earliest departure (forward) and the
latest arrival from which the rest still works (backward). One comparison then tells whether a task
fits between two nodes; numpy makes it for all tasks and positions together.
"""

from collections.abc import Sequence

import numpy as np

from routing.crews import Crew, Ints, Move, Rest, Shorts
from routing.moments import arrive, last_open, leave_by, next_open
from routing.tables import Bools, Tables
from routing.units import UNREACHED

NO_FIT = UNREACHED
"""The price of an insertion that breaks a rule."""


class Lane:
    """One vehicle's route while it is being built.

    Parameters
    ----------
    tables
        The problem.
    crew
        The vehicle.
    route
        Task indexes in order; must be feasible.
    """

    def __init__(self, tables: Tables, crew: Crew, route: Sequence[int] = ()) -> None:
        self.tables = tables
        self.crew = crew
        self.route: list[int] = []
        self.replace(route)

    def replace(self, route: Sequence[int]) -> None:
        """Drive another route from now on."""
        tables, crew = self.tables, self.crew
        self.route = list(route)
        self._places = [crew.start, *(int(tables.place[task]) for task in route), crew.end]
        here, there = np.array(self._places[:-1]), np.array(self._places[1:])
        self._legs: Ints = crew.travel.seconds[here, there].astype(np.int64)
        used = bool(route)
        self.travel_s = int(self._legs.sum()) if used else 0
        self.leg_costs: Ints = crew.travel.cost[here, there] * used
        self.cost = int(self.leg_costs.sum()) + crew.fixed_cost * used
        metres = crew.travel.metres
        self._leg_metres = None if metres is None else metres[here, there] * used
        self.distance_m = 0 if self._leg_metres is None else int(self._leg_metres.sum())
        self._forward()
        self._backward()

    @property
    def is_feasible(self) -> bool:
        """Whether the clock reaches the end in time with all breaks taken and bounds kept."""
        crew = self.crew
        return (
            self.late[0] >= crew.shift_start_s
            and len(self.route) <= crew.max_tasks
            and self.travel_s <= crew.max_travel_s
            and self.distance_m <= crew.max_distance_m
            and all(
                self.tables.position[task] in (0, index)
                for index, task in enumerate(self.route, start=1)
            )
        )

    def _forward(self) -> None:
        tables, crew = self.tables, self.crew
        self.early = np.full((crew.states, len(self.route) + 1), UNREACHED, dtype=np.int64)
        self.early[0, 0] = crew.shift_start_s
        before = [UNREACHED] * crew.states
        before[0] = crew.shift_start_s
        for index, task in enumerate(self.route, start=1):
            now = [UNREACHED] * crew.states
            travel = int(self._legs[index - 1])
            for move in crew.moves:
                if before[move.origin] < UNREACHED:
                    moment = arrive(crew, before[move.origin], travel, move.order)
                    end = next_open(tables.spans[task], moment) + self._work(index)
                    if end <= tables.latest_end[task]:
                        now[move.target] = min(now[move.target], end)
            self.early[:, index] = before = now

    def _work(self, index: int) -> int:
        """Seconds of setup and service at a node, 1-based."""
        task = self.route[index - 1]
        service = int(self.tables.service[self.crew.kind, task])
        same = self._places[index] == self._places[index - 1]
        return service if same else service + int(self.tables.setup[self.crew.kind, task])

    def _backward(self) -> None:
        """Latest arrivals, by whether setup is paid at the node (row 0) or not (row 1)."""
        crew, size = self.crew, len(self.route)
        self.latest = np.full((2, crew.states, size + 2), -UNREACHED, dtype=np.int64)
        self.latest[:, -1, size + 1] = crew.shift_end_s
        after = [-UNREACHED] * crew.states
        after[-1] = crew.shift_end_s
        for index in range(size, 0, -1):
            depart = self._latest_departures(after, int(self._legs[index]))
            task = self.route[index - 1]
            setup, service = (
                int(self.tables.setup[self.crew.kind, task]),
                int(self.tables.service[self.crew.kind, task]),
            )
            paid = self._latest_arrivals(task, depart, service + setup)
            free = self._latest_arrivals(task, depart, service)
            self.latest[0, :, index], self.latest[1, :, index] = paid, free
            after = free if self._places[index] == self._places[index - 1] else paid
        self.late = self._latest_departures(after, int(self._legs[0]))

    def _latest_departures(self, after: list[int], travel: int) -> list[int]:
        depart = [-UNREACHED] * self.crew.states
        for move in self.crew.moves:
            if after[move.target] > -UNREACHED:
                moment = leave_by(self.crew, after[move.target], travel, move.order)
                depart[move.origin] = max(depart[move.origin], moment)
        return depart

    def _latest_arrivals(self, task: int, depart: list[int], work: int) -> list[int]:
        bound = int(self.tables.latest_end[task])
        return [last_open(self.tables.spans[task], min(moment, bound) - work) for moment in depart]

    def prices(self, tasks: Ints) -> Ints:
        """What inserting each task at each position adds to the cost, in grains.

        Parameters
        ----------
        tasks
            Indexes of tasks that are not in the route.

        Returns
        -------
        array of shape (tasks, positions)
            `NO_FIT` where a rule would be broken. Bonuses are taken off, weights are not.
        """
        tables, crew = self.tables, self.crew
        price = (
            self._added(crew.travel.cost, self.leg_costs, tasks)
            - tables.bonus[crew.index, tasks, None]
        )
        if not self.route:
            price = price + crew.fixed_cost
        fits = self.fits(tasks) & self.within_bounds(tasks)
        fits &= tables.allowed[crew.index, tasks, None] & self.keeps_positions(tasks)
        return np.where(fits, price, NO_FIT)

    def _added(self, table: Ints | Shorts, legs: Ints | Shorts, tasks: Ints) -> Ints:
        places = np.array(self._places)
        here, there = places[None, :-1], places[None, 1:]
        spot = self.tables.place[tasks][:, None]
        added: Ints = table[here, spot].astype(np.int64) + table[spot, there] - legs[None, :]
        return added

    def added_travel(self, tasks: Ints) -> Ints:
        """Seconds of travel that each insertion adds."""
        return self._added(self.crew.travel.seconds, self._legs * bool(self.route), tasks)

    def within_bounds(self, tasks: Ints) -> Bools:
        """Whether bounds on tasks, travel time and distance are kept after an insertion."""
        room = len(self.route) < self.crew.max_tasks
        return self.within_travel_time(tasks) & self.within_distance(tasks) & room

    def within_travel_time(self, tasks: Ints) -> Bools:
        """Whether the bound on travel time is kept after an insertion."""
        if self.crew.max_travel_s >= UNREACHED:
            return np.ones((len(tasks), len(self.route) + 1), dtype=np.bool_)
        kept: Bools = self.travel_s + self.added_travel(tasks) <= self.crew.max_travel_s
        return kept

    def within_distance(self, tasks: Ints) -> Bools:
        """Whether the bound on distance is kept after an insertion."""
        metres, legs = self.crew.travel.metres, self._leg_metres
        if self.crew.max_distance_m >= UNREACHED or metres is None or legs is None:
            return np.ones((len(tasks), len(self.route) + 1), dtype=np.bool_)
        kept: Bools = (
            self.distance_m + self._added(metres, legs, tasks) <= self.crew.max_distance_m
        )
        return kept

    def keeps_positions(self, tasks: Ints) -> Bools:
        """Whether an insertion leaves every promised position as it is."""
        slots = np.arange(len(self.route) + 1)
        pinned = [index for index, task in enumerate(self.route) if self.tables.position[task]]
        wanted = self.tables.position[tasks][:, None]
        kept: Bools = ((wanted == 0) | (wanted == slots + 1)) & (slots > max(pinned, default=-1))
        return kept

    def fits(self, tasks: Ints) -> Bools:
        """Whether the clock allows each task at each position; other rules are not looked at."""
        tables, crew = self.tables, self.crew
        places = np.array(self._places)
        here, there = places[None, :-1], places[None, 1:]
        spot = tables.place[tasks][:, None]
        seconds = crew.travel.seconds
        to, onward = seconds[here, spot].astype(np.int64), seconds[spot, there].astype(np.int64)
        work = tables.service[crew.kind, tasks][:, None] + np.where(
            here == spot, 0, tables.setup[crew.kind, tasks][:, None]
        )
        unpaid = spot == there
        ends = self._ends(tasks, to, work)
        fits = np.zeros(to.shape, dtype=np.bool_)
        for move in crew.moves:
            arrival = _arrivals(crew.rests, ends[move.origin], onward, move)
            limit = np.where(
                unpaid, self.latest[1, move.target, 1:], self.latest[0, move.target, 1:]
            )
            fits |= arrival <= limit
        return fits

    def _ends(self, tasks: Ints, to: Ints, work: Ints) -> list[Ints]:
        """Earliest end of each task at each position, by set of breaks taken."""
        bound = self.tables.latest_end[tasks][:, None]
        ends = [np.full(to.shape, UNREACHED, dtype=np.int64) for _ in range(self.crew.states)]
        for move in self.crew.moves:
            early = self.early[move.origin][None, :]
            start = self._starts(tasks, _arrivals(self.crew.rests, early, to, move))
            end = start + work
            ends[move.target] = np.minimum(
                ends[move.target], np.where(end <= bound, end, UNREACHED)
            )
        return ends

    def _starts(self, tasks: Ints, arrival: Ints) -> Ints:
        opens, closes = self.tables.opens[tasks], self.tables.closes[tasks]
        start = np.full(arrival.shape, UNREACHED, dtype=np.int64)
        for window in reversed(range(opens.shape[1])):
            begin, end = opens[:, window, None], closes[:, window, None]
            start = np.where(arrival <= end, np.maximum(arrival, begin), start)
        return start

    def span_at(self, task: int, position: int) -> tuple[int, int]:
        """Earliest and latest start of a task inserted at a position where it fits.

        The latest start is that which keeps the rest of the route feasible; times between the two
        lie inside the task's windows only if it has a single one.
        """
        one = np.array([task])
        crew, places = self.crew, self._places
        spot = int(self.tables.place[task])
        to = crew.travel.seconds[np.array(places[:-1])[None, :], spot].astype(np.int64)
        paid = 0 if places[position] == spot else int(self.tables.setup[self.crew.kind, task])
        work = int(self.tables.service[self.crew.kind, task]) + paid
        ends = self._ends(one, to, np.full(to.shape, work))
        row = int(spot == places[position + 1])
        onward = int(crew.travel.seconds[spot, places[position + 1]])
        limits = [int(limit) for limit in self.latest[row, :, position + 1]]
        departs = self._latest_departures(limits, onward)
        bound = int(self.tables.latest_end[task])
        pairs = [
            (
                int(end[0, position]) - work,
                last_open(self.tables.spans[task], min(by, bound) - work),
            )
            for end, by in zip(ends, departs, strict=True)
        ]
        open_pairs = [pair for pair in pairs if pair[0] <= pair[1]]
        return min(low for low, _ in open_pairs), max(high for _, high in open_pairs)


def _arrivals(rests: tuple[Rest, ...], depart: Ints, travel: Ints, move: Move) -> Ints:
    """`timing.arrive` for arrays."""
    if not move.order:
        return depart + travel
    moment, rested = depart, 0
    for rest in move.order:
        start = np.full(moment.shape, UNREACHED, dtype=np.int64)
        for begin, end in reversed(rests[rest].spans):
            start = np.where(moment <= end, np.maximum(moment, begin), start)
        moment = start + rests[rest].duration_s
        rested += rests[rest].duration_s
    arrival: Ints = np.maximum(depart + travel + rested, moment)
    return arrival
