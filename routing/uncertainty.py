"""Promises on days that go otherwise than planned: the part of them on which each is kept.

Travel and service are multiplied by log-normal factors of mean 1. A factor depends on nothing but
the constant seed, the number of the day, and the task that is driven to or served (with its
place), so two plans are always compared on the same days, whatever else they hold: common random
numbers (Law, *Simulation Modeling and Analysis*, 5th ed., section 11.2).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.crews import Ints, Spans, merged
from routing.problem import Id, Problem, Task, Uncertainty, Vehicle
from routing.solution import Step, StepKind, Tour
from routing.tables import Tables
from routing.units import scaled_travel

type Floats = NDArray[np.float32]

type Promise = Callable[[Step, Ints], tuple[int, int] | None]
"""Asked before each task, with the second at which the agent gets there on each day: the first and
the last second of a window to be promised, or None where the task has its own."""

SEED: Final = b"fairvisit days 1"
"""Seed of every factor; another one would be another set of days, so it is never changed."""

_HOME: Final = ("", -1)
"""What the last leg of a tour leads to, in place of a task."""

_NO_PROMISE: Final = -1
"""Late days of a step that has no window."""

_STRIDE: Final = 0x9E3779B97F4A7C15
"""Weyl step of SplitMix64 (Steele, Lea and Flood 2014)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How a tour keeps its promises.

    Parameters
    ----------
    on_time
        By step: part of the days on which the task begins inside one of its windows; None for
        steps without windows, and where no uncertainty is given.
    late_cost
        Expected price of late arrivals in whole units of cost, halves rounded up.
    """

    on_time: tuple[float | None, ...]
    late_cost: int = 0


def factors(tables: Tables, uncertainty: Uncertainty) -> tuple[Floats, Floats]:
    """What travel and service are multiplied by, on each day, for the search.

    Parameters
    ----------
    tables
        The problem.
    uncertainty
        How far they stray, and the number of days.

    Returns
    -------
    travel : float32 array of shape (samples, options + 1)
        By the option that a leg leads to; the last column is the leg to the end.
    service : float32 array of shape (samples, options)
        Of setup and service together. On both sides a duration on a day is
        ``floor(seconds * factor + 0.5)`` in float64.
    """
    ids = [task.id for task in tables.problem.tasks]
    keys = [
        (ids[task], int(alternative))
        for task, alternative in zip(tables.task_of, tables.alternative_of, strict=True)
    ]
    travel, service = _drawn([*keys, _HOME], uncertainty)
    return np.ascontiguousarray(travel.T), np.ascontiguousarray(service[:-1].T)


def punctuality(
    problem: Problem, tours: Iterable[Tour], promise: Promise | None = None
) -> tuple[Punctuality, ...]:
    """Drive each tour on every day, as an agent would.

    The agent leaves at the planned start, serves in the planned order and takes each break on its
    planned leg, not before its window opens. Before a window opens the agent waits; when one is
    missed, for the next; when the last is missed, the task begins late. Each leg takes the part
    of the day in which it departs.

    Parameters
    ----------
    problem
        The problem, with its `Tuning.uncertainty`.
    tours
        Finished tours of its vehicles, at places that the matrices know.
    promise
        Chooses windows as the tour goes: each is kept by whoever drives on, and counts as the
        task's own.

    Returns
    -------
    tuple of Punctuality
        One for each tour.
    """
    uncertainty = problem.tuning.uncertainty
    if uncertainty is None:
        return tuple(Punctuality(on_time=(None,) * len(tour.steps)) for tour in tours)
    tasks: dict[object, Task] = {task.id: task for task in problem.tasks}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    return tuple(
        _Days(problem, vehicles[tour.vehicle], uncertainty).driven(tour, tasks, promise)
        for tour in tours
    )


class _Days:
    """One vehicle on all days at once: every moment is an array over the days."""

    def __init__(self, problem: Problem, vehicle: Vehicle, uncertainty: Uncertainty) -> None:
        self._matrix = problem.matrices[vehicle.profile]
        self._speed_factor = vehicle.speed_factor
        self._uncertainty = uncertainty
        self._breaks: dict[object, Spans] = {
            rest.id: merged(rest.windows) for rest in vehicle.breaks
        }

    def driven(
        self, tour: Tour, tasks: dict[object, Task], promise: Promise | None
    ) -> Punctuality:
        start, legs = tour.steps[0], _legs(tour.steps)
        travel, service = _drawn([_key(leg[-1]) for leg in legs], self._uncertainty)
        free = np.full(self._uncertainty.samples, start.end_s, dtype=np.int64)
        here, late = start.place, [_NO_PROMISE]
        for leg, on_the_way, at_work in zip(legs, travel, service, strict=True):
            goal = leg[-1]
            seconds = _stretched(self._leg_s(here, goal.place, free), on_the_way)
            arrival = self._arrival(free, seconds, leg[:-1])
            chosen = promise(goal, arrival) if promise and goal.id in tasks else None
            spans = (chosen,) if chosen else _promised(tasks.get(goal.id), goal)
            late += [_NO_PROMISE] * (len(leg) - 1)
            late.append(int((arrival > spans[-1][1]).sum()) if spans else _NO_PROMISE)
            work = np.full_like(free, goal.setup_s + goal.service_s)
            free = _opened(spans, arrival) + _stretched(work, at_work)
            here = goal.place
        return self._told(late)

    def _leg_s(self, here: int | None, there: int | None, depart: Ints) -> Ints:
        """Planned seconds of a leg by its departure, first in first out."""
        if here is None or there is None:
            return np.zeros_like(depart)
        whole = scaled_travel(int(self._matrix.durations[here, there]), self._speed_factor)
        best = np.full_like(depart, whole)
        for part in self._matrix.day_parts:
            own = scaled_travel(int(part.durations[here, there]), self._speed_factor)
            waited = np.minimum(best, part.from_s - depart + own)
            best = np.where(part.from_s <= depart, own, waited)
        return best

    def _arrival(self, depart: Ints, seconds: Ints, breaks: Sequence[Step]) -> Ints:
        """Arrival after a leg with breaks; travel fills the time around them."""
        moment, rested = depart, 0
        for step in breaks:
            moment = _opened(self._breaks.get(step.id, ()), moment) + step.service_s
            rested += step.service_s
        arrival: Ints = np.maximum(depart + seconds + rested, moment)
        return arrival

    def _told(self, late: Sequence[int]) -> Punctuality:
        days = self._uncertainty.samples
        missed = sum(own for own in late if own != _NO_PROMISE)
        return Punctuality(
            on_time=tuple(None if own == _NO_PROMISE else 1 - own / days for own in late),
            late_cost=(2 * self._uncertainty.late_cost * missed + days) // (2 * days),
        )


def _legs(steps: Sequence[Step]) -> list[list[Step]]:
    """Each task (and the end) after the breaks on the way to it."""
    legs: list[list[Step]] = [[]]
    for step in steps[1:]:
        legs[-1].append(step)
        if step.kind is not StepKind.BREAK:
            legs.append([])
    return [leg for leg in legs if leg]


def _key(step: Step) -> tuple[Id, int]:
    return _HOME if step.id is None else (step.id, step.alternative)


def _promised(task: Task | None, step: Step) -> Spans:
    """When a step's task may begin: its windows within its lock; empty for at any time."""
    if task is None or not 0 <= step.alternative <= len(task.alternatives):
        return ()
    other = task.alternatives[step.alternative - 1] if step.alternative else None
    windows = task.windows if other is None or other.windows is None else other.windows
    lock = task.lock
    if lock is None or lock.start_s is None:
        return merged(windows) if windows else ()
    low, high = lock.start_s - lock.tolerance_s, lock.start_s + lock.tolerance_s
    inside = ((max(start, low), min(end, high)) for start, end in merged(windows))
    return tuple(span for span in inside if span[0] <= span[1])


def _opened(spans: Spans, moments: Ints) -> Ints:
    """The next moments inside the intervals; the moments themselves where none is left."""
    opened = moments
    for start, end in reversed(spans):
        opened = np.where(moments <= end, np.maximum(moments, start), opened)
    return opened


def _stretched(seconds: Ints, factor: Floats) -> Ints:
    return np.floor(seconds * factor.astype(np.float64) + 0.5).astype(np.int64)


def _drawn(keys: Sequence[tuple[Id, int]], uncertainty: Uncertainty) -> tuple[Floats, Floats]:
    """Factors of travel and of service, key by day."""
    names = [blake2b(repr(key).encode(), key=SEED, digest_size=8).digest() for key in keys]
    origins = np.frombuffer(b"".join(names), dtype="<u8").astype(np.uint64)[:, None]
    steps = np.arange(1, 2 * uncertainty.samples + 1, dtype=np.uint64) * np.uint64(_STRIDE)
    uniform = _mixed(origins + steps)
    # Box and Muller (1958): two uniforms make two independent normals
    radius = np.sqrt(-2 * np.log(uniform[:, ::2]))
    angle = 2 * np.pi * uniform[:, 1::2]
    return (
        _log_normal(radius * np.cos(angle), uncertainty.travel_cv),
        _log_normal(radius * np.sin(angle), uncertainty.service_cv),
    )


def _mixed(states: NDArray[np.uint64]) -> NDArray[np.float64]:
    """SplitMix64's output for each state, as numbers above 0, at most 1."""
    mixed = (states ^ (states >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    uniform: NDArray[np.float64] = ((mixed >> np.uint64(11)) + np.uint64(1)) * np.float64(2**-53)
    return uniform


def _log_normal(normal: NDArray[np.float64], variation: float) -> Floats:
    """Factors of mean 1 with a coefficient of variation, from standard normals."""
    spread = np.sqrt(np.log1p(variation * variation))
    drawn: Floats = np.exp(spread * normal - spread * spread / 2).astype(np.float32)
    return drawn
