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
class Alternative:
    """Another place, or other terms, for the same task; what is None is as the task says.

    Parameters
    ----------
    place
        Row and column of the place in the matrices.
    windows
        Instead of the task's own.
    service_s, setup_s
        Seconds of work there.
    allowed_vehicles
        By id; both the task's own list and this one must admit the vehicle.
    cost
        Units of cost that serving the task here adds: what these terms are worse than its own.
    """

    place: int
    windows: tuple[Window, ...] | None = None
    service_s: int | None = None
    setup_s: int | None = None
    allowed_vehicles: tuple[Id, ...] | None = None
    cost: int = 0


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
    alternatives
        Other places for the task; its own place is alternative 0, these are 1, 2, ...
    not_first, not_last
        Whether it must not open (close) its vehicle's tasks.
    delivery, pickup
        Amounts taken from the start and brought to the end, one number for each dimension of
        the vehicles' capacity; an empty tuple is nothing.
    setup_per_type, service_per_type
        Seconds of work instead of `setup_s` and `service_s`, by `Vehicle.type`, at every
        alternative.
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
    alternatives: tuple[Alternative, ...] = ()
    not_first: bool = False
    not_last: bool = False
    delivery: tuple[int, ...] = ()
    pickup: tuple[int, ...] = ()
    setup_per_type: Mapping[str, int] = field(default_factory=dict)
    service_per_type: Mapping[str, int] = field(default_factory=dict)
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
    max_load
        The load on board while resting is at most this, in each dimension; None is no bound.
    """

    id: Id
    windows: tuple[Window, ...] = ()
    duration_s: int = 0
    max_load: tuple[int, ...] | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a route costs, in whole units of cost.

    `fixed` once, `per_hour` of travel, `per_km`, `per_task_hour` of setup and service.
    """

    fixed: int = 0
    per_hour: int = DEFAULT_PER_HOUR
    per_km: int = 0
    per_task_hour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtime:
    """Work after the shift's end: at most `max_s` seconds, each hour for `per_hour` units."""

    max_s: int
    per_hour: int


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
    max_duration_s
        Bound on the seconds from the start of its route to the end, rest and waiting included.
    overtime
        How far its route may end after the shift, at which price.
    capacity
        The load it can carry, one number for each dimension; an empty tuple is no bound.
    type
        What a task's work `per_type` goes by.
    balance_group
        Vehicles of one group share the tasks evenly, as far as `Tuning.balance_weight` pays.
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
    max_duration_s: int | None = None
    overtime: Overtime | None = None
    capacity: tuple[int, ...] = ()
    type: str | None = None
    balance_group: Id | None = None
    costs: Costs = Costs()
    source: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stability:
    """A published plan; each of its tasks costs `per_change` when another vehicle or none serves it.

    Parameters
    ----------
    plan
        Vehicle by task.
    per_change
        Units of cost.
    """

    plan: Mapping[Id, Id]
    per_change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """How far travel and service stray from what is planned, and what a late arrival costs.

    Parameters
    ----------
    travel_cv, service_cv
        Coefficients of variation (standard deviation over mean) of log-normal factors.
    samples
        Days drawn, at most 10,000.
    late_cost
        Units of cost of a task that begins after its window, times the part of the days on
        which that happens.
    """

    travel_cv: float
    service_cv: float
    samples: int = 200
    late_cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Soft terms, all in units of cost.

    Parameters
    ----------
    balance_weight
        Price of unevenness within a `Vehicle.balance_group`: for each group of m vehicles the sum
        of squared task counts less N * N / m, times this.
    stability
        Taxed change against a published plan.
    uncertainty
        Priced lateness.
    """

    balance_weight: int = 0
    stability: Stability | None = None
    uncertainty: Uncertainty | None = None


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
    tuning
        Soft terms beside it.
    """

    tasks: tuple[Task, ...]
    vehicles: tuple[Vehicle, ...]
    matrices: Mapping[str, Matrix] = field(repr=False)
    objective: Objective = Objective.PRIZES
    tuning: Tuning = Tuning()

    @property
    def place_count(self) -> int:
        """Number of places that the matrices know."""
        return max((len(matrix) for matrix in self.matrices.values()), default=0)
