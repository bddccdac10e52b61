"""Ways to spoil a sound plan, each certain to break a rule by how it is made.

A mutation takes a source of chance, the problem and a sound plan, and returns a spoiled plan, or
None where it has nothing to spoil. None of them asks `check`.
"""

from dataclasses import replace

from routing.solution import StepKind

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
