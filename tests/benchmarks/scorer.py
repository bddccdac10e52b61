"""The one judge of every solver's field days, apart from `routing` and its clock.

Knows the JSON problem and a plain list of routes: for each vehicle, in the problem's order, the
indexes of its jobs. Times are earliest times, exact: a crew's lunch has two states, to come and
taken, and an earlier time in a state is never worse.

A plan that breaks a rule is repaired, in its favour where there is a choice: visits that are
counted twice or need a skill the crew lacks go first; then the cheapest optional visit whose
absence mends the route, else the cheapest, else a required one. What was dropped is counted.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.benchmarks.field_days import prize_bound

_NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan is worth, after repair.

    `objective` is travel plus the prize of optional visits that are not made; required visits
    that are missed are counted apart and are in no sum.
    """

    objective: int
    travel: int
    prize: int
    served: int
    required_missed: int
    dropped: int
    bound: int

    @property
    def rank(self) -> tuple[int, int]:
        """What less of is better: missed promises, then the objective."""
        return self.required_missed, self.objective


@dataclass(frozen=True, slots=False)
class FieldScorer:
    """Judges plans of one problem."""

    document: dict[str, Any]

    @cached_property
    def _durations(self) -> list[list[int]]:
        return self.document["matrices"]["car"]["durations"]

    def score(self, routes: Sequence[Sequence[int]]) -> Score:
        """Judge a plan.

        Raises
        ------
        ValueError
            When it has another number of routes than vehicles, or a job there is not.
        """
        jobs, vehicles = self.document["jobs"], self.document["vehicles"]
        if len(routes) != len(vehicles):
            raise ValueError(f"{len(routes)} routes for {len(vehicles)} vehicles")
        kept, dropped = self._admitted(routes)
        for number, route in enumerate(kept):
            dropped += self._mend(number, route)
        served = {job for route in kept for job in route}
        travel = sum(self._travel(number, route) for number, route in enumerate(kept))
        prizes = {i: job.get("prize", 0) for i, job in enumerate(jobs) if not job.get("required")}
        collected = sum(prize for job, prize in prizes.items() if job in served)
        return Score(
            objective=travel + sum(prizes.values()) - collected,
            travel=travel,
            prize=collected,
            served=len(served),
            required_missed=sum(
                1 for i in range(len(jobs)) if i not in prizes and i not in served
            ),
            dropped=dropped,
            bound=prize_bound(self.document),
        )

    def is_feasible(self, vehicle: int, route: Sequence[int]) -> bool:
        """Whether one route keeps every rule: skills, cap, windows, lunch and shift."""
        crew = self.document["vehicles"][vehicle]
        jobs = [self.document["jobs"][job] for job in route]
        return (
            not any(set(job["skills"]) - set(crew["skills"]) for job in jobs)
            and len(route) <= crew.get("max_tasks", len(route))
            and self._end(vehicle, route) <= crew["time_window"][1]
        )

    def _admitted(self, routes: Sequence[Sequence[int]]) -> tuple[list[list[int]], int]:
        """Return the routes without doubled visits and those the crew has no skill for."""
        jobs, vehicles = self.document["jobs"], self.document["vehicles"]
        seen: set[int] = set()
        kept: list[list[int]] = []
        dropped = 0
        for crew, route in zip(vehicles, routes, strict=True):
            mine = []
            for job in route:
                if not 0 <= job < len(jobs):
                    raise ValueError(f"no job {job}")
                if job in seen or set(jobs[job]["skills"]) - set(crew["skills"]):
                    dropped += 1
                else:
                    mine.append(job)
                    seen.add(job)
            kept.append(mine)
        return kept, dropped

    def _mend(self, vehicle: int, route: list[int]) -> int:
        """Drop visits until the route is feasible; return how many."""
        dropped = 0
        while route and not self.is_feasible(vehicle, route):
            victims = sorted(route, key=self._price)
            mending = (
                job
                for job in victims
                if self.is_feasible(vehicle, [other for other in route if other != job])
            )
            route.remove(next(mending, victims[0]))
            dropped += 1
        return dropped

    def _price(self, job: int) -> tuple[bool, int]:
        it = self.document["jobs"][job]
        return bool(it.get("required")), it.get("prize", 0)

    def _travel(self, vehicle: int, route: Sequence[int]) -> int:
        if not route:
            return 0
        places = self._places(vehicle, route)
        return sum(self._durations[a][b] for a, b in itertools.pairwise(places))

    def _places(self, vehicle: int, route: Sequence[int]) -> list[int]:
        crew = self.document["vehicles"][vehicle]
        inner = [self.document["jobs"][job]["location_index"] for job in route]
        return [crew["start_index"], *inner, crew["end_index"]]

    def _end(self, vehicle: int, route: Sequence[int]) -> int:
        """Return the earliest time the crew is back with its lunch taken; `_NEVER` if it can't be."""
        crew = self.document["vehicles"][vehicle]
        if not route:
            return crew["time_window"][0]
        breaks = crew.get("breaks") or []
        if len(breaks) > 1:
            raise ValueError("a field day has one break a vehicle")
        places = self._places(vehicle, route)
        hungry, fed = crew["time_window"][0], _NEVER
        if not breaks:
            hungry, fed = _NEVER, hungry
        for index, (here, there) in enumerate(itertools.pairwise(places)):
            way = self._durations[here][there]
            ready = min(fed + way, _after_break(breaks, hungry, way))
            hungry += way
            if index < len(route):
                job = self.document["jobs"][route[index]]
                hungry = _served(job, hungry)
                ready = _served(job, ready)
            fed = ready
        return fed


def _served(job: dict[str, Any], ready: int) -> int:
    """Return when service ends that may begin at `ready`."""
    if ready >= _NEVER:
        return _NEVER
    windows = job.get("time_windows") or [[0, _NEVER]]
    starts = [max(ready, first) for first, last in windows if ready <= last]
    return min(starts) + job["service"] if starts else _NEVER


def _after_break(breaks: Sequence[dict[str, Any]], free: int, way: int) -> int:
    """Return the earliest arrival over a leg with the break on it, before, during or after travel."""
    if not breaks or free >= _NEVER:
        return _NEVER
    starts = [max(free, first) for first, last in breaks[0]["time_windows"] if free <= last]
    if not starts:
        return _NEVER
    return max(free + way, min(starts)) + breaks[0]["service"]
