"""What is to be planned: tasks, vehicles and the travel between places, as immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.matrix import Matrix
from routing.units import DEFAULT_PER_HOUR, MAX_TIME_S

type Id = int | str
"""A name given by the caller, echoed in the answer; unique among its kind."""


class Objective(StrEnum):
    """What "best" means.

    `PRIZES`: most required tasks served, then least cost of routes plus prizes of unserved tasks.
    `PRIORITIES`: VROOM's: highest sum of priorities, then most tasks, then least cost.
    In both a required task (a lock makes one) comes before everything else.
    """

    PRIZES = "prizes"
    PRIORITIES = "priorities"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A closed interval of time, ends included, in seconds from the plan's origin."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Skill:
    """An ability at a level; a vehicle serves a task that asks for its level or a lower one."""

    id: Id
    level: int = 1


@dataclass(frozen=True, slots=True)
class Lock:
    """A promise already made about a task; it makes the task required.

    Parameters
    ----------
    vehicle
        The vehicle that must serve the task.
    start_s, tolerance_s
        The task starts within `tolerance_s` seconds of `start_s`, either side. As with windows,
        the start is that of setup and service together: the moment the door opens.
    position
        Place among the vehicle's tasks, counted from 1; breaks are not counted.
    """

    vehicle: Id | None = None
    start_s: int | None = None
    tolerance_s: int = 0
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """A wished vehicle; serving the task by it takes `bonus` units off the cost."""

    vehicle: Id
    bonus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work at one place.

    Parameters
    ----------
    id
        Unique among tasks.
    place
        Row and column of the place in the matrices.
    windows
        The start of setup and service lies in one of them; none means any time of the shift.
    service_s, setup_s
        Seconds of work; setup is not paid again by a task that follows another (or the vehicle's
        start) at the same place.
    latest_end_s
        Service is over by this second.
    required
        Served before anything optional is weighed; see `Objective`.
    prize
        What leaving the task out costs, in units of cost (seconds of travel by default).
    priority
        VROOM's 0 to 100; only with `Objective.PRIORITIES`.
    skills
        All of them are needed.
    allowed_vehicles, forbidden_vehicles
        By id; None allows every vehicle.
    preferred_vehicles
        Wishes, priced.
    lock
        A promise that binds vehicle, start or position.
    source
        Opaque text echoed in reasons and violations.
    description
        Opaque text echoed in the answer.
    """

    id: Id
    place: int
    windows: tuple[Window, ...] = ()
    service_s: int = 0
    setup_s: int = 0
    latest_end_s: int | None = None
    required: bool
    prize: int = 0
    priority: int = 0
    skills: tuple[Skill, ...] = ()
    allowed_vehicles: tuple[Id, ...] | None = None
    forbidden_vehicles: tuple[Id, ...] = ()
    preferred_vehicles: tuple[Preference, ...] = ()
    lock: Lock | None = None
    source: str | None = None
    description: str | None = None

    @property
    def is_required(self) -> bool:
        """Whether the task must be served: said so, or locked."""
        return self.required or self.lock is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest that every used vehicle takes; it may split travel, never a service.

    Parameters
    ----------
    id
        Unique among the vehicle's breaks.
    windows
        The break starts in one of them; none means any time of the shift.
    duration_s
        Seconds of rest.
    """

    id: Id
    windows: tuple[Window, ...] = ()
    duration_s: int = 0
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a route costs: `fixed` once, `per_hour` of travel, `per_km`; whole units of cost."""

    fixed: int = 0
    per_hour: int = DEFAULT_PER_HOUR
    per_km: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Who serves tasks during one shift.

    Parameters
    ----------
    id
        Unique among vehicles.
    start, end
        Places in the matrices; None means the route starts (ends) with its first (last) task.
    shift
        The route lies inside it, breaks included.
    breaks
        Each is taken once by a vehicle that serves anything; at most four.
    profile
        Name of the matrix it travels by.
    skills
        What it can do, at which level.
    speed_factor
        Travel times are divided by it; above 0, at most 5.
    max_tasks, max_travel_time_s, max_distance_m
        Bounds of one route; None means no bound.
    costs
        Prices of its route.
    """

    id: Id
    start: int | None = None
    end: int | None = None
    shift: Window = Window(0, MAX_TIME_S)
    breaks: tuple[Break, ...] = ()
    profile: str = "car"
    skills: tuple[Skill, ...] = ()
    speed_factor: float = 1.0
    max_tasks: int | None = None
    max_travel_time_s: int | None = None
    max_distance_m: int | None = None
    costs: Costs = Costs()
    source: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Everything a plan depends on; `validate` says whether it makes sense.

    Parameters
    ----------
    tasks, vehicles
        In the caller's order.
    matrices
        By profile; all of one size.
    objective
        What "best" means.
    """

    tasks: tuple[Task, ...]
    vehicles: tuple[Vehicle, ...]
    matrices: Mapping[str, Matrix] = field(repr=False)
    objective: Objective = Objective.PRIZES

    @property
    def place_count(self) -> int:
        """Number of places that the matrices know."""
        return max((len(matrix) for matrix in self.matrices.values()), default=0)
