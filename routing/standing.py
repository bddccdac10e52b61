"""Where each vehicle stands in its day: what of its plan is over, and what is still ahead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.events import Events, VehicleState
from routing.problem import Id, Problem, Task, Vehicle, Window
from routing.solution import Solution, Step, StepKind, Tour
from routing.units import scaled_travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One vehicle in the middle of its day.

    Parameters
    ----------
    vehicle
        As the problem has it.
    at, free_at_s
        Where it goes on from, and when.
    unavailable
        Whether it serves nothing more.
    past
        Tasks and breaks that are over, in order, as they were planned.
    ahead
        Tasks planned for it that are not, in order.
    began_s
        When its tour began; None where it has not left.
    travel_s, distance_m
        Travelled so far, by the matrices.
    """

    vehicle: Vehicle
    at: int | None
    free_at_s: int
    unavailable: bool
    past: tuple[Step, ...]
    ahead: tuple[Step, ...]
    began_s: int | None
    travel_s: int
    distance_m: int

    @property
    def done(self) -> tuple[Step, ...]:
        """The tasks that are over."""
        return tuple(step for step in self.past if step.kind is StepKind.TASK)

    @property
    def rested(self) -> frozenset[Id | None]:
        """The breaks that are over."""
        return frozenset(step.id for step in self.past if step.kind is StepKind.BREAK)


def standings(problem: Problem, plan: Solution, events: Events) -> tuple[Standing, ...]:
    """Split every vehicle's day at the present.

    Over is what `VehicleState.done` names, and a visit in progress: the first one ahead, if the
    vehicle stands at its place, came there from another, is not free yet, and the visit may have
    begun. A break is over if it was planned before something that is over, or is being taken
    exactly as planned.

    Parameters
    ----------
    problem
        The day as it was planned.
    plan
        The plan so far.
    events
        What happened since; `event_issues` finds no fault with it.

    Returns
    -------
    tuple of Standing
        In the order of the problem's vehicles.
    """
    states = {state.id: state for state in events.vehicles}
    tours = {tour.vehicle: tour for tour in plan.tours}
    day = _Day(
        problem=problem,
        now_s=events.now_s,
        tasks={task.id: task for task in (*problem.tasks, *events.change)},
        planned={step.id: step for tour in plan.tours for step in tour.tasks},
        gone={name for state in events.vehicles for name in state.done} | set(events.cancel),
    )
    return tuple(
        day.standing(vehicle, states.get(vehicle.id), tours.get(vehicle.id))
        for vehicle in problem.vehicles
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What the split of a vehicle's day goes by; `gone` is what is done or cancelled."""

    problem: Problem
    now_s: int
    tasks: Mapping[Id | None, Task]
    planned: Mapping[Id | None, Step]
    gone: set[Id]

    def standing(self, vehicle: Vehicle, told: VehicleState | None, tour: Tour | None) -> Standing:
        state = told or VehicleState(id=vehicle.id)
        steps = tour.steps if tour else ()
        free_at = max(self.now_s, state.free_at_s or 0)
        done = [self._done(name, free_at) for name in state.done]
        ahead = [
            step
            for step in steps
            if step.kind is StepKind.TASK and step.id in self.tasks and step.id not in self.gone
        ]
        places = [vehicle.start, *map(self.place_of, done)]
        in_progress = bool(ahead) and self._has_begun(ahead[0], state, places[-1])
        done += [ahead.pop(0)] if in_progress else []
        past = _with_breaks(steps, done)
        if not in_progress:
            past += _resting(steps, past, self.now_s, free_at)
        has_left = bool(done) or state.at not in (None, vehicle.start)
        legs = _legs([vehicle.start, *map(self.place_of, done), state.at])
        return Standing(
            vehicle=vehicle,
            at=vehicle.start if state.at is None else state.at,
            free_at_s=free_at if has_left else max(free_at, vehicle.shift.start_s),
            unavailable=state.unavailable,
            past=tuple(past),
            ahead=tuple(ahead),
            began_s=_began(steps, vehicle, free_at) if has_left else None,
            travel_s=self._travel_s(vehicle, legs),
            distance_m=self._distance_m(vehicle, legs),
        )

    def _done(self, name: Id, free_at: int) -> Step:
        """A task that is over, as it was planned; if nobody had planned it, at the last moment."""
        step = self.planned.get(name)
        if step is not None:
            return step
        place = self.tasks[name].place
        return Step(kind=StepKind.TASK, id=name, place=place, arrival_s=free_at)

    def _has_begun(self, step: Step, state: VehicleState, came_from: int | None) -> bool:
        """Whether a visit is in progress, so that the vehicle is free when it is over."""
        is_there = state.at is not None and state.at == self.place_of(step) != came_from
        busy = state.free_at_s is not None and state.free_at_s > self.now_s
        return is_there and busy and self._opens_at(step) <= self.now_s

    def _opens_at(self, step: Step) -> int:
        task = self.tasks[step.id]
        windows: Sequence[Window] = task.windows
        if 0 < step.alternative <= len(task.alternatives):
            windows = task.alternatives[step.alternative - 1].windows or windows
        return min((window.start_s for window in windows), default=0)

    def place_of(self, step: Step) -> int:
        """Where a task is served; plans that were read need not say."""
        task = self.tasks[step.id]
        if 0 < step.alternative <= len(task.alternatives):
            return task.alternatives[step.alternative - 1].place
        return task.place

    def _travel_s(self, vehicle: Vehicle, legs: Sequence[tuple[int, int]]) -> int:
        seconds = self.problem.matrices[vehicle.profile].durations
        return sum(scaled_travel(int(seconds[leg]), vehicle.speed_factor) for leg in legs)

    def _distance_m(self, vehicle: Vehicle, legs: Sequence[tuple[int, int]]) -> int:
        metres = self.problem.matrices[vehicle.profile].distances
        return 0 if metres is None else sum(int(metres[leg]) for leg in legs)


def _legs(places: Sequence[int | None]) -> list[tuple[int, int]]:
    known = [place for place in places if place is not None]
    return list(pairwise(known))


def _began(steps: Sequence[Step], vehicle: Vehicle, free_at: int) -> int:
    return min(steps[0].arrival_s if steps else vehicle.shift.start_s, free_at)


def _with_breaks(steps: Sequence[Step], done: Sequence[Step]) -> list[Step]:
    """What is over, each task after the breaks that were planned before it."""
    before: dict[Id | None, list[Step]] = {}
    breaks: list[Step] = []
    for step in steps:
        if step.kind is StepKind.BREAK:
            breaks.append(step)
        elif step.kind is StepKind.TASK:
            before[step.id] = list(breaks)
    past: list[Step] = []
    for step in done:
        past += [rest for rest in before.get(step.id, ()) if rest not in past]
        past.append(step)
    return past


def _resting(
    steps: Sequence[Step], known: Sequence[Step], now_s: int, free_at: int
) -> Iterator[Step]:
    """The break that began by plan and at whose end the vehicle is free."""
    for step in steps:
        is_on = step.kind is StepKind.BREAK and step.start_s <= now_s < step.end_s == free_at
        if is_on and step not in known:
            yield step
