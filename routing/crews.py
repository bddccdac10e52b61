"""Vehicles as the search and the clock read them: travel tables, breaks, bounds and prices."""

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from routing.matrix import blank_table, closed, with_open_place
from routing.problem import Break, Problem, Vehicle, Window
from routing.units import (
    COST_GRAIN,
    GRAINS_PER_HOUR_SECOND,
    GRAINS_PER_KM_METRE,
    UNREACHED,
)

type Ints = NDArray[np.int64]
type Shorts = NDArray[np.int32]
type Spans = tuple[tuple[int, int], ...]
"""Closed intervals, disjoint and ascending."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A break as the clock reads it: windows that keep it inside the shift."""

    spans: Spans
    duration_s: int
    max_load: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Breaks taken on one leg: from one set of breaks taken to a larger one, in an order."""

    origin: int
    target: int
    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Travel:
    """Travel of like vehicles; the last row and column are the open place, which is near to all.

    Attributes
    ----------
    seconds, metres
        Square int32 tables; `metres` is None where the matrix has no distances.
    parts
        Later parts of the day: from which second, and the seconds of travel, in order of time.
    per_second, per_metre
        Prices in grains (see `Tables.grain`).
    priced
        Grains of each leg where a matrix of costs is given, else None.
    """

    seconds: Shorts
    metres: Shorts | None
    parts: tuple[tuple[int, Shorts], ...]
    per_second: int
    per_metre: int
    priced: Ints | None

    @cached_property
    def cost(self) -> Ints:
        """Grains of each leg, at the day's first travel times."""
        if self.priced is not None:
            return self.priced
        cost = self.seconds.astype(np.int64) * self.per_second
        if self.metres is not None and self.per_metre:
            cost += self.metres.astype(np.int64) * self.per_metre
        return cost

    def leg_cost(self, origin: int, destination: int, seconds: int) -> int:
        """Grains of a leg that takes so many seconds."""
        if self.priced is not None:
            return int(self.priced[origin, destination])
        metres = 0 if self.metres is None else int(self.metres[origin, destination])
        return self.per_second * seconds + self.per_metre * metres

    def leg_seconds(self, origin: int, destination: int, depart: int) -> int:
        """Seconds of a leg that departs at a time, first in first out.

        Waiting for a quicker part of the day counts as travel.
        """
        best = int(self.seconds[origin, destination])
        for begin, table in self.parts:
            own = int(table[origin, destination])
            best = own if begin <= depart else min(best, begin - depart + own)
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Crew:
    """A vehicle as the search reads it; bounds that are not given are `UNREACHED`.

    `shift_end_s` is the latest end, overtime included; beyond `normal_end_s` each second costs
    `overtime_cost` grains. `work_cost` is the grains of a second of setup and service.
    """

    index: int
    kind: int
    travel: Travel
    start: int
    end: int
    shift_start_s: int
    shift_end_s: int
    normal_end_s: int
    rests: tuple[Rest, ...]
    moves: tuple[Move, ...]
    fixed_cost: int
    work_cost: int
    overtime_cost: int
    max_tasks: int
    max_travel_s: int
    max_distance_m: int
    max_duration_s: int
    capacity: tuple[int, ...]

    @property
    def states(self) -> int:
        """Number of sets of breaks taken."""
        return 1 << len(self.rests)


def crews_of(problem: Problem, grain: int, kinds: tuple[str, ...]) -> tuple[Crew, ...]:
    """Every vehicle of a valid problem; like vehicles share one `Travel`.

    Parameters
    ----------
    problem
        The problem.
    grain
        Grains in a unit of cost.
    kinds
        Vehicle types that the length of work goes by; see `routing.tables`.
    """
    shared: dict[tuple[object, ...], Travel] = {}
    tables = _Tables(problem, grain)
    crews = []
    for index, vehicle in enumerate(problem.vehicles):
        key = (
            vehicle.profile,
            vehicle.speed_factor,
            vehicle.costs.per_hour,
            vehicle.costs.per_km,
        )
        if key not in shared:
            shared[key] = tables.travel(vehicle)
        kind = kinds.index(vehicle.type) if vehicle.type in kinds else 0
        crews.append(_crew(problem, index, vehicle, shared[key], grain, kind))
    return tuple(crews)


def _crew(
    problem: Problem, index: int, vehicle: Vehicle, travel: Travel, grain: int, kind: int
) -> Crew:
    everywhere = problem.place_count
    extra = vehicle.overtime
    latest = vehicle.shift.end_s + (extra.max_s if extra else 0)
    rests = tuple(_rest(rest, Window(vehicle.shift.start_s, latest)) for rest in vehicle.breaks)
    return Crew(
        index=index,
        kind=kind,
        travel=travel,
        start=everywhere if vehicle.start is None else vehicle.start,
        end=everywhere if vehicle.end is None else vehicle.end,
        shift_start_s=vehicle.shift.start_s,
        shift_end_s=latest,
        normal_end_s=vehicle.shift.end_s,
        rests=rests,
        moves=_moves(len(rests)),
        fixed_cost=vehicle.costs.fixed * grain,
        work_cost=hourly(vehicle.costs.per_task_hour, grain),
        overtime_cost=hourly(extra.per_hour, grain) if extra else 0,
        max_tasks=bound(vehicle.max_tasks),
        max_travel_s=bound(vehicle.max_travel_time_s),
        max_distance_m=bound(vehicle.max_distance_m),
        max_duration_s=bound(vehicle.max_duration_s),
        capacity=vehicle.capacity,
    )


def _rest(rest: Break, shift: Window) -> Rest:
    latest = shift.end_s - rest.duration_s
    inside = ((max(start, shift.start_s), min(end, latest)) for start, end in merged(rest.windows))
    spans = tuple(span for span in inside if span[0] <= span[1])
    return Rest(spans, rest.duration_s, rest.max_load)


def _moves(count: int) -> tuple[Move, ...]:
    moves = []
    for origin in range(1 << count):
        left = [rest for rest in range(count) if not origin >> rest & 1]
        for size in range(len(left) + 1):
            moves += [
                Move(origin, origin | sum(1 << rest for rest in order), order)
                for order in permutations(left, size)
            ]
    return tuple(moves)


class _Tables:
    """The tables of a problem's matrices, each held once however many vehicles travel by it."""

    def __init__(self, problem: Problem, grain: int) -> None:
        self._problem = problem
        self._grain = grain
        self._scaled: dict[tuple[int, float], Shorts] = {}
        self._priced: dict[str, Ints] = {}

    def travel(self, vehicle: Vehicle) -> Travel:
        """How a vehicle travels."""
        matrix, factor = self._problem.matrices[vehicle.profile], vehicle.speed_factor
        return Travel(
            seconds=self._seconds(matrix.durations, factor),
            metres=None if matrix.distances is None else self._seconds(matrix.distances, 1.0),
            parts=tuple(
                (part.from_s, self._seconds(part.durations, factor)) for part in matrix.day_parts
            ),
            per_second=hourly(vehicle.costs.per_hour, self._grain),
            per_metre=GRAINS_PER_KM_METRE * vehicle.costs.per_km * self._grain // COST_GRAIN,
            priced=None if matrix.costs is None else self._grains(vehicle.profile, matrix.costs),
        )

    def _seconds(self, table: Shorts, factor: float) -> Shorts:
        """A table, by a speed factor quicker, with the open place behind it."""
        key = id(table), factor
        if key not in self._scaled:
            self._scaled[key] = with_open_place(_scaled(table, factor))
        return self._scaled[key]

    def _grains(self, profile: str, costs: Shorts) -> Ints:
        if profile not in self._priced:
            self._priced[profile] = np.pad(costs.astype(np.int64) * self._grain, (0, 1))
        return self._priced[profile]


def hourly(per_hour: int, grain: int) -> int:
    """Grains of a second at a price for the hour."""
    return GRAINS_PER_HOUR_SECOND * per_hour * grain // COST_GRAIN


def _scaled(durations: Shorts, speed_factor: float) -> Shorts:
    if speed_factor == 1.0:
        return durations
    scaled = blank_table(len(durations))
    # Row by row, since a whole table of floats is twice as large.
    for row, own in zip(scaled, durations, strict=True):
        row[:] = np.floor(own / speed_factor + 0.5)
    return closed(scaled)


def merged(windows: tuple[Window, ...]) -> Spans:
    """Windows as disjoint ascending intervals; no window means all of time."""
    if not windows:
        return ((0, UNREACHED >> 1),)
    spans: list[tuple[int, int]] = []
    for window in sorted(windows):
        if spans and window.start_s <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], window.end_s))
        else:
            spans.append((window.start_s, window.end_s))
    return tuple(spans)


def bound(limit: int | None) -> int:
    """A bound, `UNREACHED` where there is none."""
    return UNREACHED if limit is None else limit
