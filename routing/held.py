"""What a repair may not move, written into the tasks that are left."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from routing.events import Hold
from routing.problem import Id, Lock, Task, Window
from routing.solution import Step
from routing.standing import Standing
from routing.tables import admits, has_skills
from routing.validate_tasks import places_of


class Held:
    """Tasks as they may be served from now on.

    Parameters
    ----------
    standings
        Where each vehicle stands.
    hold
        What may not move.
    tasks
        The tasks that are left, by id.
    loose
        Vehicles that cannot keep their next task as the next.

    Attributes
    ----------
    planned
        By task ahead: whose it is, and the step that serves it.
    heads
        By vehicle: the next task, where it is held at the first position.
    fixed
        By task held at one of its places: which of its alternatives that is.
    """

    def __init__(
        self,
        standings: tuple[Standing, ...],
        hold: Hold,
        tasks: Mapping[Id, Task],
        loose: frozenset[Id],
    ) -> None:
        self._standing = {standing.vehicle.id: standing for standing in standings}
        self._hold = hold
        self._out = tuple(own.vehicle.id for own in standings if own.done)
        self.fixed: dict[Id, int] = {}
        self.planned: dict[Id, tuple[Standing, Step]] = {
            step.id: (standing, step)
            for standing in standings
            for step in standing.ahead
            if step.id in tasks and step.id is not None
        }
        self._next = {} if hold is Hold.NONE else self._next_tasks()
        self.heads = {
            vehicle: name
            for name, vehicle in self._next.items()
            if vehicle not in loose and _may_lead(tasks[name], self._standing[vehicle])
        }

    def _next_tasks(self) -> dict[Id, Id]:
        """Vehicle by task: the first one ahead of each that still serves."""
        firsts: dict[Id, Id] = {}
        for name, (standing, _) in self.planned.items():
            if not standing.unavailable:
                firsts.setdefault(standing.vehicle.id, name)
        return {name: vehicle for vehicle, name in firsts.items()}

    def task(self, task: Task) -> Task:
        """A task as it may be served from now on."""
        new: dict[str, Any] = {"allowed_vehicles": task.allowed_vehicles}
        if task.not_first and self._out:
            _narrow(new, self._out)
            new["not_first"] = False
        if task.lock is not None:
            self._loosen(task, task.lock, new)
        if self._is_held(task):
            self._hold_on(task, new)
        new = {name: value for name, value in new.items() if value != getattr(task, name)}
        return replace(task, **new) if new else task

    def _is_held(self, task: Task) -> bool:
        is_promised = self._hold is Hold.PROMISED and task.is_required
        return task.id in self._next or (is_promised and task.id in self.planned)

    def _hold_on(self, task: Task, new: dict[str, Any]) -> None:
        """Hold a task to its vehicle and place, to its window and as the next, as is due."""
        standing, step = self.planned[task.id]
        vehicle = standing.vehicle.id
        if task.alternatives:
            new.update(alternatives=(), **self._at(task, step.alternative))
            _narrow(new, new.pop("there"))
        _narrow(new, (vehicle,))
        if self._hold is Hold.PROMISED and task.is_required:
            new["windows"] = _around(new.get("windows", task.windows), step.start_s)
        if self.heads.get(vehicle) == task.id:
            lock = new.get("lock") or Lock()
            new["lock"] = replace(lock, vehicle=vehicle, position=1)

    def _at(self, task: Task, alternative: int) -> dict[str, Any]:
        """A task at one of its places only, and who may serve it `there`."""
        self.fixed[task.id] = alternative if alternative <= len(task.alternatives) else 0
        if not self.fixed[task.id]:
            return {"there": None}
        other = task.alternatives[alternative - 1]
        own = {
            "place": other.place,
            "windows": other.windows,
            "service_s": other.service_s,
            "setup_s": other.setup_s,
        }
        told = {name: value for name, value in own.items() if value is not None}
        return {**told, "there": other.allowed_vehicles}

    def _loosen(self, task: Task, lock: Lock, new: dict[str, Any]) -> None:
        """Say a locked vehicle as a permission, and count a locked position from now on.

        A lock on a vehicle that is late would be impossible on its face; a permission that cannot
        be used makes a task unservable, which is data.
        """
        new["required"] = True
        if lock.vehicle is not None:
            _narrow(new, (lock.vehicle,))
        vehicle = lock.vehicle
        if vehicle is None and task.id in self.planned:
            vehicle = self.planned[task.id][0].vehicle.id
        position = 0 if vehicle is None else self._position(task, lock, vehicle)
        left = replace(lock, vehicle=vehicle if position else None, position=position or None)
        new["lock"] = None if left.start_s is None and not position else left

    def _position(self, task: Task, lock: Lock, vehicle: Id) -> int:
        """A promised position counted from now on; 0 where it is over or another's."""
        standing = self._standing[vehicle]
        position = (lock.position or 0) - len(standing.done)
        taken = position == 1 and self.heads.get(vehicle, task.id) != task.id
        possible = position > 0 and not taken and _may_promise(task, standing, position)
        return position if possible else 0


def _narrow(new: dict[str, Any], vehicles: tuple[Id, ...] | None) -> None:
    """Let only those vehicles serve a task that some others admit too; None admits all."""
    allowed = new["allowed_vehicles"]
    if vehicles is not None:
        some = vehicles if allowed is None else allowed
        new["allowed_vehicles"] = tuple(name for name in some if name in vehicles)


def _may_lead(task: Task, standing: Standing) -> bool:
    """Whether a task may be held as the next of a vehicle, as far as the clock is not asked."""
    is_barred_first = task.not_first and not standing.done
    return not is_barred_first and _may_promise(task, standing, 1)


def _may_promise(task: Task, standing: Standing, position: int) -> bool:
    """Whether a lock on a position from now on is possible on its face."""
    vehicle = standing.vehicle
    if standing.unavailable or not (admits(task, vehicle) and has_skills(vehicle, task)):
        return False
    if vehicle.max_tasks is not None:
        last = vehicle.max_tasks - len(standing.done)
        if position > last or (position == last and task.not_last):
            return False
    return task.lock is None or task.lock.start_s is None or _is_in_time(task, standing)


def _is_in_time(task: Task, standing: Standing) -> bool:
    """Whether a locked start lies in what is left of a vehicle's shift."""
    lock, vehicle = task.lock or Lock(), standing.vehicle
    start, late = lock.start_s or 0, vehicle.overtime.max_s if vehicle.overtime else 0
    service = max(seconds for _, seconds in places_of(task))
    begin, end = start + lock.tolerance_s, start - lock.tolerance_s + service
    return begin >= standing.free_at_s and end <= vehicle.shift.end_s + late


def _around(windows: tuple[Window, ...], moment: int) -> tuple[Window, ...]:
    """The window that a moment lies in; all of them where it lies in none."""
    told = tuple(window for window in windows if window.start_s <= moment <= window.end_s)
    return told or windows
