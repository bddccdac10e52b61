"""Ways to spoil who serves what, the form of tours, lists and totals."""

from dataclasses import replace

from routing.problem import Id
from routing.solution import StepKind, Summary, Unassigned
from routing.tables import tables_of
from tests.support.spoiling import (
    mutation,
    on_task,
    on_tour,
    task_of,
    with_step,
    with_steps,
)

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
