"""What was planned: tours of timed steps, what was left out and why, and the totals."""

from dataclasses import dataclass
from enum import StrEnum

from routing.problem import Id


class StepKind(StrEnum):
    """What happens at a step."""

    START = "start"
    TASK = "task"
    BREAK = "break"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that a given route breaks, in VROOM's words.

    Parameters
    ----------
    cause
        ``delay``, ``lead_time``, ``load``, ``max_tasks``, ``skills``, ``precedence``,
        ``missing_break``, ``max_travel_time``, ``max_distance``, ``max_load``; or a rule's slug.
    duration_s
        Seconds of delay or lead time.
    """

    cause: str
    duration_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing a vehicle does, and when.

    Parameters
    ----------
    kind
        Start, task, break or end.
    id
        The task's or the break's id; None at start and end.
    place
        Place in the matrices; None for breaks and for open starts and ends.
    arrival_s
        Second at which the vehicle gets there.
    waiting_s
        Seconds before work may begin.
    setup_s, service_s
        Seconds of work; a break's rest counts as service.
    travel_s, distance_m
        Travel since the start of the route, in seconds and metres.
    alternative
        Which of the task's places: 0 its own, 1 the first of its alternatives.
    load
        On board when the step is over, one number for each dimension.
    on_time_probability
        Part of the drawn days on which the task begins inside its windows; None where it has no
        window or no uncertainty is given.
    breaches
        Rules broken here; only in plan mode, where rules are told of instead of kept.
    """

    kind: StepKind
    id: Id | None = None
    place: int | None = None
    arrival_s: int
    waiting_s: int = 0
    setup_s: int = 0
    service_s: int = 0
    travel_s: int = 0
    distance_m: int = 0
    alternative: int = 0
    load: tuple[int, ...] = ()
    on_time_probability: float | None = None
    breaches: tuple[Breach, ...] = ()

    @property
    def start_s(self) -> int:
        """Second at which setup and service (or the rest) begin."""
        return self.arrival_s + self.waiting_s

    @property
    def end_s(self) -> int:
        """Second at which the vehicle is free again."""
        return self.arrival_s + self.waiting_s + self.setup_s + self.service_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """One vehicle's steps, from start to end; vehicles without tasks have no tour.

    Parameters
    ----------
    vehicle
        Its id.
    steps
        In order of time.
    cost
        Cost of the tour in whole units of cost (seconds of travel by default), rounded.
    breaches
        Rules that the tour as a whole breaks; only in plan mode.
    """

    vehicle: Id
    steps: tuple[Step, ...]
    cost: int = 0
    breaches: tuple[Breach, ...] = ()

    @property
    def tasks(self) -> tuple[Step, ...]:
        """The steps that serve a task, in order."""
        return tuple(step for step in self.steps if step.kind is StepKind.TASK)

    @property
    def travel_s(self) -> int:
        """Seconds of travel of the whole tour."""
        return self.steps[-1].travel_s if self.steps else 0

    @property
    def distance_m(self) -> int:
        """Metres of the whole tour."""
        return self.steps[-1].distance_m if self.steps else 0


class ReasonCode(StrEnum):
    """Why a task is not served by a vehicle; the closed list."""

    VEHICLE_BARRED = "vehicle_barred"
    SKILL_MISSING = "skill_missing"
    LOCK_ELSEWHERE = "lock_elsewhere"
    OUT_OF_REACH = "out_of_reach"
    OUTSIDE_SHIFT = "outside_shift"
    BEYOND_LATEST_END = "beyond_latest_end"
    BREAK_IN_THE_WAY = "break_in_the_way"
    BEYOND_CAPACITY = "beyond_capacity"
    BEYOND_MAX_TASKS = "beyond_max_tasks"
    BEYOND_MAX_TRAVEL_TIME = "beyond_max_travel_time"
    BEYOND_MAX_DISTANCE = "beyond_max_distance"
    BEYOND_MAX_DURATION = "beyond_max_duration"
    LOCK_POSITION = "lock_position"
    MUST_NOT_BE_FIRST = "must_not_be_first"
    MUST_NOT_BE_LAST = "must_not_be_last"
    NO_TIME_LEFT = "no_time_left"
    NOT_WORTH_ITS_COST = "not_worth_its_cost"
    NOT_FOUND_IN_TIME = "not_found_in_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one vehicle does not serve a task.

    Parameters
    ----------
    code
        From the closed list.
    vehicle
        The vehicle it is about; None where it holds for all.
    source
        The task's own `source`, echoed.
    detail
        One sentence for the person who reads it.
    """

    code: ReasonCode
    vehicle: Id | None = None
    source: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The least change that lets a task in, tried for real; of vehicles and optional widths only.

    Parameters
    ----------
    change
        What to change: a slug of the closed list in `routing.changes`.
    by
        How much: seconds, metres, tasks, or a level, as `change` says.
    cost
        What the plan then costs more, in units of cost.
    vehicle
        Whose bound it is; None where it is the task's own.
    """

    change: str
    by: int
    cost: int
    vehicle: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A task left out; `explain` fills in the rest.

    Parameters
    ----------
    task, required
        Its id, and whether it had to be served.
    reasons
        One for each vehicle.
    relaxation
        The cheapest one that was found.
    conflict
        Required tasks that cannot all be served together, while every part of them can.
    """

    task: Id
    required: bool
    reasons: tuple[Reason, ...] = ()
    relaxation: Relaxation | None = None
    conflict: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Totals of a solution.

    Parameters
    ----------
    cost
        Cost of the routes, in whole units of cost (seconds of travel by default).
    objective
        `cost` less the bonuses of granted wishes, plus the prizes of unserved tasks.
    travel_s, distance_m
        Seconds and metres travelled.
    service_s, setup_s, waiting_s
        Seconds of work and of waiting; breaks count as service, as in VROOM.
    assigned
        Tasks served.
    priority
        Sum of the priorities of tasks served.
    prize_collected
        Sum of the prizes of tasks served.
    required_unserved
        Required tasks left out.
    soft_cost
        What balance, stability and expected lateness add, in units of cost; not part of
        `objective`. The search minimises the sum of both.
    """

    cost: int = 0
    objective: int = 0
    travel_s: int = 0
    distance_m: int = 0
    service_s: int = 0
    setup_s: int = 0
    waiting_s: int = 0
    assigned: int = 0
    priority: int = 0
    prize_collected: int = 0
    required_unserved: int = 0
    soft_cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A plan. Every task is in one tour or among the unassigned.

    Parameters
    ----------
    tours
        In the order of the problem's vehicles.
    unassigned
        In the order of the problem's tasks.
    summary
        Totals, which `check` recomputes.
    engine
        Who found it: ``construction`` or ``ortools``.
    notes
        What the reader should know about how it was found, in plain sentences.
    """

    tours: tuple[Tour, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()
    summary: Summary = Summary()
    engine: str = "construction"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that a solution breaks.

    Parameters
    ----------
    code
        The rule's slug.
    detail
        What is wrong, in one sentence.
    vehicle, task
        Whom it is about, where it is about one.
    source
        The task's own `source`, echoed.
    """

    code: str
    detail: str
    vehicle: Id | None = None
    task: Id | None = None
    source: str | None = None
