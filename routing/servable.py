"""Whether some tasks can all be served together, answered by CP-SAT and by a plan.

A no is proven in a model that is never stricter than the rules: travel may go over any other place,
as if a task in between were served; an order of tasks, a setup at a shared place and loads in the
middle of a tour are left out. A yes is a plan that passed `check`. In between lies "unknown".
"""

from collections.abc import Sequence
from enum import StrEnum
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from routing.check import check
from routing.crews import Crew, Ints, Shorts, Travel
from routing.merit import Routes
from routing.record import record
from routing.solution import Solution
from routing.tables import Tables
from routing.units import UNREACHED


class Verdict(StrEnum):
    """What is known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """A verdict, and for a yes the plan that proves it."""

    verdict: Verdict
    witness: Solution | None = None


class Ways:
    """Seconds and metres between places, for several questions about one problem."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], tuple[Shorts | Ints, Shorts | Ints | None]] = {}

    def between(
        self, travel: Travel, *, strict: bool
    ) -> tuple[Shorts | Ints, Shorts | Ints | None]:
        """Of the straight way at the slowest hours, or the least of any way at any hour."""
        if (id(travel), strict) not in self._known:
            every = np.stack([travel.seconds, *(table for _, table in travel.parts)])
            metres = travel.metres
            self._known[id(travel), strict] = (
                every.max(axis=0) if strict else _least_ways(every.min(axis=0)),
                metres if strict or metres is None else _least_ways(metres),
            )
        return self._known[id(travel), strict]


def serve_together(
    tables: Tables, tasks: Sequence[int], *, seconds: float, ways: Ways | None = None
) -> Answer:
    """Say whether one plan can serve all of some tasks, whatever becomes of the others.

    Parameters
    ----------
    tables
        The problem.
    tasks
        Indexes of tasks.
    seconds
        Wall-clock limit.
    ways
        To be shared between questions about one problem.
    """
    ways = ways or Ways()
    until = monotonic() + seconds
    status, routes = _Question(tables, tasks, ways, strict=True).ask(until)
    if routes is not None:
        witness = record(tables, routes, "cp-sat")
        if witness is not None and not check(tables.problem, witness):
            return Answer(Verdict.YES, witness)
    if status is Verdict.UNKNOWN:
        return Answer(Verdict.UNKNOWN)
    status, _ = _Question(tables, tasks, ways, strict=False).ask(until)
    return Answer(Verdict.NO if status is Verdict.NO else Verdict.UNKNOWN)


_HOME = -1
"""Stands for a vehicle's start and end among the options of its circuit."""


class _Question:
    """One CP-SAT model: a circuit for each vehicle over the options of the tasks.

    `strict` models what a plan of these tasks alone needs, else what every plan keeps.
    """

    def __init__(self, tables: Tables, tasks: Sequence[int], ways: Ways, *, strict: bool) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - takes 0.3 s

        self._cp: Any = cp_model
        self._model: Any = cp_model.CpModel()
        self._tables, self._ways, self._strict = tables, ways, strict
        self._horizon = max(crew.shift_end_s for crew in tables.crews)
        self._start: dict[int, Any] = {}
        self._work: dict[int, Any] = {}
        self._arcs: dict[tuple[int, int, int], Any] = {}
        self._served: dict[tuple[int, int], Any] = {}
        options = [option for task in tasks for option in tables.options_of[task]]
        options = [option for option in options if self._add_start(option)]
        for crew in tables.crews:
            able = [option for option in options if tables.allowed[crew.index, option]]
            if able and all(rest.spans for rest in crew.rests):
                self._add_circuit(crew, able)
                self._add_bounds(crew, able)
                self._add_positions(crew, able)
                self._add_clock(crew, able)
        for task in tasks:
            own = [arc for (_, o), arc in self._served.items() if tables.task_of[o] == task]
            self._model.add_exactly_one(own)

    def ask(self, until: float) -> tuple[Verdict, Routes | None]:
        """Solve until a moment of the monotonic clock; routes where there are some."""
        solver = self._cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.01, until - monotonic())
        solver.parameters.num_workers = 1  # the same answer each time
        status = solver.solve(self._model)
        if status == self._cp.INFEASIBLE:
            return Verdict.NO, None
        if status not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            return Verdict.UNKNOWN, None
        follow = {key[:2]: key[2] for key, arc in self._arcs.items() if solver.value(arc)}
        routes: Routes = []
        for crew in self._tables.crews:
            route: list[int] = []
            here = follow.get((crew.index, _HOME), _HOME)
            while here != _HOME:
                route.append(here)
                here = follow[crew.index, here]
            routes.append(route)
        return Verdict.YES, routes

    def _add_start(self, option: int) -> bool:
        """Start and work of an option, unless it has no time at all."""
        tables, latest = self._tables, int(self._tables.latest_end[option])
        last = min(latest, self._horizon)
        own = [[start, min(end, last)] for start, end in tables.spans[option] if start <= last]
        if not own:
            return False
        self._start[option] = self._model.new_int_var_from_domain(
            self._cp.Domain.from_intervals(own), f"start {option}"
        )
        longest = int((tables.service + tables.setup)[:, option].max())
        self._work[option] = self._model.new_int_var(0, longest, f"work {option}")
        if latest < UNREACHED:
            self._model.add(self._start[option] + self._work[option] <= latest)
        return True

    def _add_circuit(self, crew: Crew, able: list[int]) -> None:
        """Arcs of a vehicle; an option's arc to itself leaves it out."""
        model, tables, v = self._model, self._tables, crew.index
        number = {_HOME: 0} | {option: rank for rank, option in enumerate(able, start=1)}
        task = {_HOME: -1} | {option: int(tables.task_of[option]) for option in able}
        arcs = {
            (here, there): model.new_bool_var(f"{v}: {here} to {there}")
            for here in number
            for there in number
            if here == there or task[here] != task[there]
        }
        model.add_circuit([(number[a], number[b], arc) for (a, b), arc in arcs.items()])
        self._arcs |= {(v, *pair): arc for pair, arc in arcs.items()}
        for option in able:
            self._served[v, option] = arcs[option, option].Not()
            model.add_implication(arcs[_HOME, _HOME], arcs[option, option])
            if self._strict and tables.not_first[option]:
                model.add(arcs[_HOME, option] == 0)
            if self._strict and tables.not_last[option]:
                model.add(arcs[option, _HOME] == 0)

    def _add_bounds(self, crew: Crew, able: list[int]) -> None:
        """Tasks, loads, travel time and distance of a vehicle; promised positions."""
        model, tables = self._model, self._tables
        served = [self._served[crew.index, option] for option in able]
        if crew.max_tasks < len(able):
            model.add(sum(served) <= crew.max_tasks)
        for number, most in enumerate(crew.capacity):
            for load in (tables.delivery, tables.pickup):
                amounts = [int(load[option, number]) for option in able]
                model.add(self._cp.LinearExpr.weighted_sum(served, amounts) <= most)
        seconds, metres = self._ways.between(crew.travel, strict=self._strict)
        for most, table in ((crew.max_travel_s, seconds), (crew.max_distance_m, metres)):
            if most < UNREACHED and table is not None:
                arcs = self._own_arcs(crew)
                lengths = [int(table[self._ends(crew, *pair)]) for pair in arcs]
                total = self._cp.LinearExpr.weighted_sum(list(arcs.values()), lengths)
                model.add(total <= most)

    def _add_positions(self, crew: Crew, able: list[int]) -> None:
        """Promised positions among the tasks of a vehicle."""
        model, position = self._model, self._tables.position
        if not (self._strict and position[able].any()):
            return
        rank = {option: model.new_int_var(1, len(able), f"rank {option}") for option in able}
        for (here, there), arc in self._own_arcs(crew).items():
            if there != _HOME:
                before = 0 if here == _HOME else rank[here]
                model.add(rank[there] == before + 1).only_enforce_if(arc)
        for option in able:
            if position[option]:
                served = self._served[crew.index, option]
                model.add(rank[option] == int(position[option])).only_enforce_if(served)

    def _add_clock(self, crew: Crew, able: list[int]) -> None:
        """Each leg leads to a later start, with the breaks that are taken on it."""
        model, v = self._model, crew.index
        leave = model.new_int_var(crew.shift_start_s, crew.shift_end_s, f"{v} leaves")
        back = model.new_int_var(crew.shift_start_s, crew.shift_end_s, f"{v} is back")
        if crew.max_duration_s < UNREACHED:
            model.add(back - leave <= crew.max_duration_s)
        free = {_HOME: leave} | {o: self._start[o] + self._work[o] for o in able}
        arrival = {o: model.new_int_var(0, self._horizon, f"{v}: after {o}") for o in free}
        rested = self._add_rests(crew, free, arrival)
        seconds, _ = self._ways.between(crew.travel, strict=self._strict)
        for (here, there), arc in self._own_arcs(crew).items():
            travel = int(seconds[self._ends(crew, here, there)])
            model.add(arrival[here] >= free[here] + travel + rested[here]).only_enforce_if(arc)
            target = back if there == _HOME else self._start[there]
            model.add(target >= arrival[here]).only_enforce_if(arc)
            if there != _HOME:
                work = int(self._tables.service[crew.kind, there])
                if self._pays_setup(crew, here, there):
                    work += int(self._tables.setup[crew.kind, there])
                model.add(self._work[there] == work).only_enforce_if(arc)

    def _add_rests(
        self, crew: Crew, free: dict[int, Any], arrival: dict[int, Any]
    ) -> dict[int, Any]:
        """Each break on the leg after one node; returns the seconds of rest after each node."""
        model, v = self._model, crew.index
        rested: dict[int, Any] = dict.fromkeys(free, 0)
        intervals = []
        for number, rest in enumerate(crew.rests):
            domain = self._cp.Domain.from_intervals([list(span) for span in rest.spans])
            begin = model.new_int_var_from_domain(domain, f"{v} rests {number}")
            intervals.append(
                model.new_fixed_size_interval_var(begin, rest.duration_s, f"{v} {number}")
            )
            after = {node: model.new_bool_var(f"{v} rests {number} after {node}") for node in free}
            for node, here in after.items():
                idle = self._arcs[v, node, node]
                model.add_implication(idle, here.Not())
                model.add(begin >= free[node]).only_enforce_if(here)
                model.add(arrival[node] >= begin + rest.duration_s).only_enforce_if(here)
                rested[node] += rest.duration_s * here
            model.add(sum(after.values()) == 1 - self._arcs[v, _HOME, _HOME])
        model.add_no_overlap(intervals)
        return rested

    def _own_arcs(self, crew: Crew) -> dict[tuple[int, int], Any]:
        return {
            (here, there): arc
            for (vehicle, here, there), arc in self._arcs.items()
            if vehicle == crew.index and here != there
        }

    def _ends(self, crew: Crew, here: int, there: int) -> tuple[int, int]:
        place = self._tables.place
        return (
            crew.start if here == _HOME else int(place[here]),
            crew.end if there == _HOME else int(place[there]),
        )

    def _pays_setup(self, crew: Crew, here: int, there: int) -> bool:
        """Whether a setup is paid, as far as every plan must: others may share the place."""
        place = int(self._tables.place[there])
        if self._strict:
            return self._ends(crew, here, there)[0] != place
        return place != crew.start and int((self._tables.place == place).sum()) == 1


def _least_ways(table: Shorts) -> Shorts | Ints:
    """Length of the shortest way between places over any others (Floyd and Warshall 1962).

    The last row and column are the open place, over which no way leads.
    """
    small = int(table.max(initial=0)) < 1 << 30  # the sum of two fits int32
    least = table.copy() if small else table.astype(np.int64)
    for over in range(len(least) - 1):
        np.minimum(least, least[:, over, None] + least[None, over, :], out=least)
    return least
