"""Which visit on which day: the most value over several days, the nearest deadline first.

A visit goes to one of its days or is left for later; days have room for so much work and so many
visits; two visits of one person lie days apart. CP-SAT chooses, begun from a greedy plan; then
work is evened out between days as far as single visits can move.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from routing.problem import Id

_EFFORT = 0.8
"""CP-SAT's deterministic time, some two seconds: the same answer on any machine."""

_MOST_CHOICES = 20_000
"""Pairs of visit and day that CP-SAT is asked about; beyond, the greedy plan stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A visit to be spread.

    Parameters
    ----------
    id
        Unique among calls.
    days
        Numbers of the days on which it may be made.
    work_s
        Seconds of a day that it takes, travel included.
    value
        What making it is worth, by day; a day that is not named is worth `value_else`.
    value_else
        At least 0.
    deadline
        Last day on which it is of use; None where there is none.
    person
        Whom it is about; calls of one person keep their distance.
    """

    id: Id
    days: tuple[int, ...]
    work_s: int
    value: Mapping[int, int]
    value_else: int = 0
    deadline: int | None = None
    person: Id | None = None

    def worth(self, day: int) -> int:
        """Value of making the call on a day."""
        return self.value.get(day, self.value_else)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What fits into one day: seconds of work, and a number of calls."""

    work_s: int
    calls: int


class Later(StrEnum):
    """Why a call is left for later; the closed list."""

    NO_DAY = "no_day"
    TOO_LONG = "too_long"
    TOO_SOON = "too_soon"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A day for each call, or the reason why it is left; both by the call's id."""

    day_of: Mapping[Id, int]
    left: Mapping[Id, Later]


def spread(calls: Sequence[Call], rooms: Sequence[Room], *, apart_days: int = 1) -> Spread:
    """Spread calls over days.

    Parameters
    ----------
    calls
        In any order; the answer depends on it only among equals.
    rooms
        By day, from day 0 on.
    apart_days
        Two calls of one person are at least so many days apart; 1 bars the same day only.

    Returns
    -------
    Spread
        Most value; among equals the calls with the nearest deadlines; then even days.
    """
    plan = _Plan(calls, rooms, apart_days)
    plan.fill()
    plan.take(_improved(plan))
    plan.even_out()
    left = {
        call.id: plan.why(index) for index, call in enumerate(calls) if index not in plan.day_of
    }
    return Spread(day_of={calls[index].id: day for index, day in plan.day_of.items()}, left=left)


class _Plan:
    """Days given so far, and the room that is left."""

    def __init__(self, calls: Sequence[Call], rooms: Sequence[Room], apart_days: int) -> None:
        self.calls, self.rooms, self.apart_days = calls, rooms, apart_days
        self.horizon = len(rooms)
        self.choices = [self._days(call) for call in calls]
        self.of_person: dict[Id, list[int]] = defaultdict(list)
        for index, call in enumerate(calls):
            if call.person is not None:
                self.of_person[call.person].append(index)
        self.take({})

    def _days(self, call: Call) -> tuple[int, ...]:
        last = self.horizon - 1 if call.deadline is None else call.deadline
        return tuple(
            day
            for day in sorted(set(call.days))
            if 0 <= day <= min(last, self.horizon - 1)
            and call.work_s <= self.rooms[day].work_s
            and self.rooms[day].calls
        )

    def merit(self, index: int, day: int) -> int:
        """Value first, then nearness of the deadline, as one number."""
        call = self.calls[index]
        late = self.horizon if call.deadline is None else min(call.deadline, self.horizon)
        ties = 1 + (self.horizon + 1) * len(self.calls)
        return call.worth(day) * ties + self.horizon + 1 - late

    def take(self, day_of: Mapping[int, int]) -> None:
        """Start again from given days."""
        self.day_of: dict[int, int] = {}
        self.work = [0] * self.horizon
        self.count = [0] * self.horizon
        for index, day in sorted(day_of.items()):
            self._put(index, day)

    def fill(self) -> None:
        """Give each call the best of its days, the most worth for its work first.

        Among equal days the one that calls still waiting press on least.
        """
        pressure = [float(work) for work in self.work]
        waiting = [index for index, days in enumerate(self.choices) if days]
        for index in waiting:
            self._press(pressure, index, 1)
        best = {
            index: max(self._density(index, day) for day in self.choices[index])
            for index in waiting
        }
        for index in sorted(waiting, key=lambda one: (-best[one], one)):
            self._press(pressure, index, -1)
            days = [day for day in self.choices[index] if self.fits(index, day)]
            if days:
                day = max(
                    days,
                    key=lambda at: (
                        self.merit(index, at),
                        -pressure[at] / max(1, self.rooms[at].work_s),
                        -at,
                    ),
                )
                self._put(index, day)
                pressure[day] += self.calls[index].work_s

    def _press(self, pressure: list[float], index: int, sign: int) -> None:
        days = self.choices[index]
        for day in days:
            pressure[day] += sign * self.calls[index].work_s / len(days)

    def _density(self, index: int, day: int) -> float:
        room = self.rooms[day]
        call = self.calls[index]
        return self.merit(index, day) / (call.work_s / max(1, room.work_s) + 1 / room.calls)

    def _put(self, index: int, day: int) -> None:
        self.day_of[index] = day
        self.work[day] += self.calls[index].work_s
        self.count[day] += 1

    def fits(self, index: int, day: int) -> bool:
        """Whether there is room on a day, and distance from the person's other calls."""
        room, call = self.rooms[day], self.calls[index]
        return (
            self.work[day] + call.work_s <= room.work_s
            and self.count[day] < room.calls
            and self.is_apart(index, day)
        )

    def is_apart(self, index: int, day: int) -> bool:
        """Whether the person's other calls are far enough from a day."""
        person = self.calls[index].person
        others = [] if person is None else self.of_person[person]
        return all(
            abs(self.day_of[other] - day) >= self.apart_days
            for other in others
            if other != index and other in self.day_of
        )

    def even_out(self) -> None:
        """Move calls to emptier days while that makes the fuller of the two less full."""
        for index in sorted(self.day_of, key=lambda one: (-self.calls[one].work_s, one)):
            day = self.day_of[index]
            equals = [
                other
                for other in self.choices[index]
                if self.merit(index, other) == self.merit(index, day)
                and self._is_better(index, other)
            ]
            if equals:
                self._move(index, min(equals, key=lambda other: (self._fullness(other), other)))

    def _is_better(self, index: int, other: int) -> bool:
        day, work = self.day_of[index], self.calls[index].work_s
        after = (self.work[other] + work) / self.rooms[other].work_s if work else 1.0
        return other != day and self.fits(index, other) and after < self._fullness(day)

    def _fullness(self, day: int) -> float:
        return self.work[day] / max(1, self.rooms[day].work_s)

    def _move(self, index: int, day: int) -> None:
        before = self.day_of[index]
        self.work[before] -= self.calls[index].work_s
        self.count[before] -= 1
        self._put(index, day)

    def why(self, index: int) -> Later:
        """Why a call has no day."""
        call = self.calls[index]
        in_time = [
            day
            for day in call.days
            if 0 <= day < self.horizon and (call.deadline is None or day <= call.deadline)
        ]
        if not in_time:
            return Later.NO_DAY
        if not self.choices[index]:
            return Later.TOO_LONG
        if not any(self.is_apart(index, day) for day in self.choices[index]):
            return Later.TOO_SOON
        return Later.FULL


def _improved(plan: _Plan) -> Mapping[int, int]:
    """Days by CP-SAT, or as they are where it would be too much or finds nothing."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - takes 0.5 s

    size = sum(map(len, plan.choices))
    if not 0 < size <= _MOST_CHOICES:
        return dict(plan.day_of)
    model = cp_model.CpModel()
    given = {
        (index, day): model.new_bool_var(f"{index} on {day}")
        for index, days in enumerate(plan.choices)
        for day in days
    }
    for index, days in enumerate(plan.choices):
        model.add_at_most_one(given[index, day] for day in days)
    for day, room in enumerate(plan.rooms):
        own = [(index, x) for (index, at), x in given.items() if at == day]
        model.add(sum(plan.calls[index].work_s * x for index, x in own) <= room.work_s)
        model.add(sum(x for _, x in own) <= room.calls)
    for one, two in _too_near(plan):
        model.add_at_most_one(given[one], given[two])
    model.maximize(sum(plan.merit(*way) * x for way, x in given.items()))
    for (index, day), x in given.items():
        model.add_hint(x, plan.day_of.get(index) == day)
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = _EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return dict(plan.day_of)
    return {index: day for (index, day), x in given.items() if solver.value(x)}


def _too_near(plan: _Plan) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of visit and day that one person can't both have."""
    for indexes in plan.of_person.values():
        for one, two in combinations(indexes, 2):
            for day in plan.choices[one]:
                for other in plan.choices[two]:
                    if abs(day - other) < plan.apart_days:
                        yield (one, day), (two, other)
