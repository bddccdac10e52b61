"""Ways to spoil a sound plan, each certain to break a rule by how it is made.

A mutation takes a source of chance, the problem and a sound plan, and returns a spoiled plan, or
None where it has nothing to spoil. None of them asks `check`.
"""

from dataclasses import replace

from routing.problem import Id
from routing.solution import StepKind, Summary, Unassigned
from routing.tables import tables_of

KINDS = {}
"""By name."""

BEYOND = 10**7
"""More seconds than any shift or window of the generated problems."""


def mutation(make):
    KINDS[make.__name__] = make
    return make


# ---- parts of a plan -------------------------------------------------------------------------


def spots(plan, *kinds):
    """Tour and step indexes of all steps of some kinds."""
    return [
        (number, index)
        for number, tour in enumerate(plan.tours)
        for index, step in enumerate(tour.steps)
        if step.kind in kinds
    ]


def task_spots(plan):
    return spots(plan, StepKind.TASK)


def all_spots(plan):
    return spots(plan, *StepKind)


def step_at(plan, spot):
    return plan.tours[spot[0]].steps[spot[1]]


def with_steps(plan, number, steps):
    tours = list(plan.tours)
    tours[number] = replace(tours[number], steps=tuple(steps))
    return replace(plan, tours=tuple(tours))


def with_step(plan, spot, **over):
    number, index = spot
    steps = list(plan.tours[number].steps)
    steps[index] = replace(steps[index], **over)
    return with_steps(plan, number, steps)


def later(plan, spot, by, **over):
    """A step changed, and all that follow it moved in time so that the clock still adds up."""
    number, index = spot
    steps = list(plan.tours[number].steps)
    steps[index] = replace(steps[index], **over)
    steps[index + 1 :] = [
        replace(step, arrival_s=step.arrival_s + by) for step in steps[index + 1 :]
    ]
    return with_steps(plan, number, steps)


def moved(plan, number, by):
    """A whole tour at another time."""
    steps = plan.tours[number].steps
    return with_steps(
        plan, number, [replace(step, arrival_s=step.arrival_s + by) for step in steps]
    )


def pick(rng, items):
    return rng.choice(items) if items else None


def vehicle_of(problem, plan, number):
    name = plan.tours[number].vehicle
    return next(vehicle for vehicle in problem.vehicles if vehicle.id == name)


def task_of(problem, step):
    return next(task for task in problem.tasks if task.id == step.id)


def windows_of(problem, step):
    task = task_of(problem, step)
    other = task.alternatives[step.alternative - 1] if step.alternative else None
    return task.windows if other is None or other.windows is None else other.windows


def places_of(task):
    return [task.place, *(other.place for other in task.alternatives)]


def on_task(make):
    """A mutation of one step that serves a task."""

    def mutate(rng, problem, plan):
        spot = pick(rng, task_spots(plan))
        return None if spot is None else make(rng, problem, plan, spot, step_at(plan, spot))

    mutate.__name__ = make.__name__
    return mutation(mutate)


def on_break(make):
    """A mutation of one break."""

    def mutate(rng, problem, plan):
        spot = pick(rng, spots(plan, StepKind.BREAK))
        return None if spot is None else make(rng, problem, plan, spot, step_at(plan, spot))

    mutate.__name__ = make.__name__
    return mutation(mutate)


def on_tour(make):
    """A mutation of one tour."""

    def mutate(rng, problem, plan):
        number = pick(rng, list(range(len(plan.tours))))
        return None if number is None else make(rng, problem, plan, number)

    mutate.__name__ = make.__name__
    return mutation(mutate)


# ---- time and travel -------------------------------------------------------------------------


@on_tour
def step_arrives_at_another_time(rng, problem, plan, number):
    index = rng.randrange(1, len(plan.tours[number].steps))
    by = rng.choice([-900, -1, 1, 60])
    arrival = plan.tours[number].steps[index].arrival_s
    return with_step(plan, (number, index), arrival_s=arrival + by)


@on_tour
def start_is_moved_alone(rng, problem, plan, number):
    arrival = plan.tours[number].steps[0].arrival_s
    return with_step(plan, (number, 0), arrival_s=arrival + rng.choice([-60, -1, 1, 60]))


@on_tour
def rest_of_a_tour_is_moved(rng, problem, plan, number):
    index = rng.randrange(len(plan.tours[number].steps) - 1)
    return later(plan, (number, index), rng.choice([-600, -1, 1, 600]))


@on_tour
def tour_begins_before_the_shift(rng, problem, plan, number):
    shift = vehicle_of(problem, plan, number).shift
    return moved(plan, number, shift.start_s - plan.tours[number].steps[0].arrival_s - 1)


@on_tour
def tour_ends_after_the_shift(rng, problem, plan, number):
    return moved(plan, number, BEYOND)


@on_task
def wait_is_negative(rng, problem, plan, spot, step):
    return later(plan, spot, -step.waiting_s - 1, waiting_s=-1)


@on_task
def wait_lasts_beyond_the_windows(rng, problem, plan, spot, step):
    windows = windows_of(problem, step)
    if not windows:
        return None
    by = max(window.end_s for window in windows) + 1 - step.start_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def wait_lasts_beyond_the_latest_end(rng, problem, plan, spot, step):
    latest = task_of(problem, step).latest_end_s
    if latest is None:
        return None
    by = latest + 1 - step.end_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def wait_breaks_the_promised_start(rng, problem, plan, spot, step):
    lock = task_of(problem, step).lock
    if lock is None or lock.start_s is None:
        return None
    by = lock.start_s + lock.tolerance_s + 1 - step.start_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def wait_lasts_beyond_the_duration(rng, problem, plan, spot, step):
    most = vehicle_of(problem, plan, spot[0]).max_duration_s
    if most is None:
        return None
    steps = plan.tours[spot[0]].steps
    by = most + 1 - (steps[-1].end_s - steps[0].arrival_s)
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def setup_takes_another_time(rng, problem, plan, spot, step):
    by = 1 if not step.setup_s else rng.choice([-step.setup_s, -1, 1])
    return later(plan, spot, by, setup_s=step.setup_s + by)


@on_task
def service_takes_another_time(rng, problem, plan, spot, step):
    by = 60 if not step.service_s else rng.choice([-step.service_s, -1, 60])
    return later(plan, spot, by, service_s=step.service_s + by)


@on_task
def way_takes_another_time(rng, problem, plan, spot, step):
    number, index = spot
    by = rng.choice([-1, 1, 60])
    steps = [
        replace(one, arrival_s=one.arrival_s + by, travel_s=one.travel_s + by)
        if rank >= index
        else one
        for rank, one in enumerate(plan.tours[number].steps)
    ]
    return with_steps(plan, number, steps)


@on_task
def way_has_another_length(rng, problem, plan, spot, step):
    number, index = spot
    steps = [
        replace(one, distance_m=one.distance_m + 7) if rank >= index else one
        for rank, one in enumerate(plan.tours[number].steps)
    ]
    return with_steps(plan, number, steps)


@on_tour
def has_travelled_before_it_starts(rng, problem, plan, number):
    return with_step(plan, (number, 0), travel_s=5)


@on_tour
def works_at_its_end(rng, problem, plan, number):
    return with_step(plan, (number, len(plan.tours[number].steps) - 1), service_s=5)


# ---- places and alternatives -----------------------------------------------------------------


@on_task
def task_is_elsewhere(rng, problem, plan, spot, step):
    return with_step(plan, spot, place=(step.place + 1) % problem.place_count)


@on_task
def task_is_at_no_known_place(rng, problem, plan, spot, step):
    return with_step(plan, spot, place=rng.choice([-1, problem.place_count, None]))


@on_tour
def tour_starts_elsewhere(rng, problem, plan, number):
    start = vehicle_of(problem, plan, number).start
    return with_step(plan, (number, 0), place=0 if start is None else None)


@on_tour
def tour_ends_elsewhere(rng, problem, plan, number):
    end = vehicle_of(problem, plan, number).end
    last = len(plan.tours[number].steps) - 1
    return with_step(plan, (number, last), place=0 if end is None else None)


@on_break
def break_has_a_place(rng, problem, plan, spot, step):
    return with_step(plan, spot, place=0)


@on_task
def other_alternative_is_told(rng, problem, plan, spot, step):
    places = places_of(task_of(problem, step))
    others = [number for number, place in enumerate(places) if place != step.place]
    return with_step(plan, spot, alternative=rng.choice(others)) if others else None


@on_task
def alternative_does_not_exist(rng, problem, plan, spot, step):
    count = len(task_of(problem, step).alternatives)
    return with_step(plan, spot, alternative=rng.choice([-1, count + 1]))


# ---- loads -----------------------------------------------------------------------------------


@mutation
def load_is_told_wrong(rng, problem, plan):
    spot = pick(rng, all_spots(plan))
    if spot is None:
        return None
    load = step_at(plan, spot).load
    wrong = (1,) if not load else (load[0] + rng.choice([-1, 1]), *load[1:])
    return with_step(plan, spot, load=wrong)


@mutation
def load_is_left_out(rng, problem, plan):
    told = [spot for spot in all_spots(plan) if step_at(plan, spot).load]
    return with_step(plan, rng.choice(told), load=()) if told else None


# ---- breaks ----------------------------------------------------------------------------------


@on_break
def break_is_left_out(rng, problem, plan, spot, step):
    steps = list(plan.tours[spot[0]].steps)
    del steps[spot[1]]
    return with_steps(plan, spot[0], steps)


@on_break
def break_is_taken_twice(rng, problem, plan, spot, step):
    steps = list(plan.tours[spot[0]].steps)
    steps.insert(spot[1], step)
    return with_steps(plan, spot[0], steps)


@on_break
def break_is_unknown(rng, problem, plan, spot, step):
    return with_step(plan, spot, id="siesta")


@on_break
def break_lasts_another_time(rng, problem, plan, spot, step):
    by = 60 if not step.service_s else -1
    return later(plan, spot, by, service_s=step.service_s + by)


@on_break
def break_begins_after_its_windows(rng, problem, plan, spot, step):
    rests = vehicle_of(problem, plan, spot[0]).breaks
    windows = next(rest for rest in rests if rest.id == step.id).windows
    if not windows:
        return None
    by = max(window.end_s for window in windows) + 1 - step.start_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_break
def break_needs_setup(rng, problem, plan, spot, step):
    return later(plan, spot, 60, setup_s=60)


# ---- who serves what, in which order ---------------------------------------------------------


@on_task
def task_is_dropped(rng, problem, plan, spot, step):
    steps = list(plan.tours[spot[0]].steps)
    del steps[spot[1]]
    return with_steps(plan, spot[0], steps)


@on_task
def task_is_dropped_and_listed(rng, problem, plan, spot, step):
    required = task_of(problem, step).is_required
    listed = (*plan.unassigned, Unassigned(task=step.id, required=required))
    steps = [one for one in plan.tours[spot[0]].steps if one is not step]
    return replace(with_steps(plan, spot[0], steps), unassigned=listed)


@on_task
def task_is_served_twice(rng, problem, plan, spot, step):
    steps = list(plan.tours[spot[0]].steps)
    steps.insert(spot[1], step)
    return with_steps(plan, spot[0], steps)


@on_task
def task_is_unknown(rng, problem, plan, spot, step):
    return with_step(plan, spot, id="nobody")


@on_task
def task_becomes_a_break(rng, problem, plan, spot, step):
    return with_step(plan, spot, kind=StepKind.BREAK)


@on_tour
def two_tasks_change_places(rng, problem, plan, number):
    steps = list(plan.tours[number].steps)
    pairs = [
        index
        for index in range(1, len(steps) - 2)
        if steps[index].kind is steps[index + 1].kind is StepKind.TASK
        and steps[index + 1].end_s > steps[index].arrival_s
    ]
    if not pairs:
        return None
    index = rng.choice(pairs)
    steps[index], steps[index + 1] = steps[index + 1], steps[index]
    return with_steps(plan, number, steps)


@on_tour
def tour_is_driven_by_one_who_may_not(rng, problem, plan, number):
    """Renamed to an idle vehicle that may not serve one of its tasks."""
    tables = tables_of(problem)
    busy = {tour.vehicle for tour in plan.tours}
    index = {task.id: row for row, task in enumerate(problem.tasks)}
    options = [
        tables.options_of[index[step.id]][step.alternative] for step in plan.tours[number].tasks
    ]
    others = [
        vehicle.id
        for row, vehicle in enumerate(problem.vehicles)
        if vehicle.id not in busy and not tables.allowed[row, options].all()
    ]
    return _renamed(plan, number, rng.choice(others)) if others else None


@mutation
def two_vehicles_are_swapped(rng, problem, plan):
    """Tours of vehicles that start or end apart."""
    ends = {vehicle.id: (vehicle.start, vehicle.end) for vehicle in problem.vehicles}
    pairs = [
        (one, other)
        for one in range(len(plan.tours))
        for other in range(one)
        if ends[plan.tours[one].vehicle] != ends[plan.tours[other].vehicle]
    ]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    names = plan.tours[one].vehicle, plan.tours[other].vehicle
    return _renamed(_renamed(plan, one, names[1]), other, names[0])


@on_tour
def vehicle_is_unknown(rng, problem, plan, number):
    return _renamed(plan, number, "nobody")


@on_tour
def vehicle_has_two_tours(rng, problem, plan, number):
    return replace(plan, tours=(*plan.tours, plan.tours[number]))


@on_tour
def tour_is_lost(rng, problem, plan, number):
    return _without(plan, number)


@on_tour
def tour_is_lost_and_its_tasks_listed(rng, problem, plan, number):
    listed = tuple(
        Unassigned(task=step.id, required=task_of(problem, step).is_required)
        for step in plan.tours[number].tasks
    )
    left = _without(plan, number)
    return replace(left, unassigned=(*left.unassigned, *listed))


def _renamed(plan, number, name: Id):
    tours = list(plan.tours)
    tours[number] = replace(tours[number], vehicle=name)
    return replace(plan, tours=tuple(tours))


def _without(plan, number):
    return replace(plan, tours=plan.tours[:number] + plan.tours[number + 1 :])


# ---- form ------------------------------------------------------------------------------------


@on_tour
def start_is_missing(rng, problem, plan, number):
    return with_steps(plan, number, plan.tours[number].steps[1:])


@on_tour
def end_is_missing(rng, problem, plan, number):
    return with_steps(plan, number, plan.tours[number].steps[:-1])


@on_tour
def steps_are_missing(rng, problem, plan, number):
    return with_steps(plan, number, rng.choice([(), plan.tours[number].steps[:: 10**6]]))


@on_tour
def start_has_a_name(rng, problem, plan, number):
    return with_step(plan, (number, 0), id=problem.tasks[0].id)


@on_task
def promise_is_told_wrong(rng, problem, plan, spot, step):
    told = step.on_time_probability
    if told is None:
        return with_step(plan, spot, on_time_probability=0.5)
    return with_step(plan, spot, on_time_probability=rng.choice([None, told - 1, 1.5]))


# ---- lists and totals ------------------------------------------------------------------------


@mutation
def unserved_task_is_not_listed(rng, problem, plan):
    if not plan.unassigned:
        return None
    gone = rng.randrange(len(plan.unassigned))
    return replace(plan, unassigned=plan.unassigned[:gone] + plan.unassigned[gone + 1 :])


@on_task
def served_task_is_listed(rng, problem, plan, spot, step):
    entry = Unassigned(task=step.id, required=task_of(problem, step).is_required)
    return replace(plan, unassigned=(*plan.unassigned, entry))


@mutation
def unserved_task_is_listed_twice(rng, problem, plan):
    return replace(plan, unassigned=plan.unassigned * 2) if plan.unassigned else None


@mutation
def unserved_task_has_the_wrong_duty(rng, problem, plan):
    if not plan.unassigned:
        return None
    first, *others = plan.unassigned
    return replace(plan, unassigned=(replace(first, required=not first.required), *others))


@mutation
def unknown_task_is_listed(rng, problem, plan):
    entry = Unassigned(task="nobody", required=False)
    return replace(plan, unassigned=(*plan.unassigned, entry))


@on_tour
def cost_of_a_tour_is_told_wrong(rng, problem, plan, number):
    tours = list(plan.tours)
    tours[number] = replace(tours[number], cost=tours[number].cost + rng.choice([-1, 1]))
    return replace(plan, tours=tuple(tours))


def _total(name):
    def mutate(rng, problem, plan):
        value = getattr(plan.summary, name) + rng.choice([-1, 1])
        return replace(plan, summary=replace(plan.summary, **{name: value}))

    mutate.__name__ = f"{name}_is_told_wrong"
    mutation(mutate)


for _name in Summary.__dataclass_fields__:
    _total(_name)
