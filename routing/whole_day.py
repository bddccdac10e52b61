"""A day with its past: what is over, as it was planned, before the new plan of the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from routing.problem import Id, Problem
from routing.rest_of_day import RestOfDay
from routing.solution import Solution, Step, StepKind, Summary, Tour
from routing.standing import Standing
from routing.units import scaled_travel


def whole_day(day: Problem, rest: RestOfDay, found: Solution) -> Solution:
    """Put each vehicle's past before its new tour.

    Parameters
    ----------
    day
        The day as it was planned.
    rest
        What was left of it.
    found
        The plan of the rest.

    Returns
    -------
    Solution
        What is over ends no later than its vehicle is free. Costs are those still to come; work,
        travel and what was served are those of the whole day.
    """
    tours = {tour.vehicle: tour for tour in found.tours}
    joined = [
        _joined(day, standing, tours.get(standing.vehicle.id), rest.fixed)
        for standing in rest.standings
        if standing.past or standing.vehicle.id in tours
    ]
    return replace(found, tours=tuple(joined), summary=_summary(rest, day, found.summary, joined))


def _joined(day: Problem, standing: Standing, tour: Tour | None, fixed: Mapping[Id, int]) -> Tour:
    vehicle = standing.vehicle
    if tour is None:
        ahead: Sequence[Step] = (_way_home(day, standing),)
        cost = 0
    else:
        ahead, cost = tour.steps[1:], tour.cost
    if tour is not None and not standing.past:
        start = tour.steps[0]
    else:
        began = standing.free_at_s if standing.began_s is None else standing.began_s
        start = Step(kind=StepKind.START, place=vehicle.start, arrival_s=began)
    past = [_over_by(step, standing) for step in standing.past]
    return Tour(
        vehicle=vehicle.id,
        steps=(start, *past, *(_ahead(step, standing, fixed) for step in ahead)),
        cost=cost,
    )


def _way_home(day: Problem, standing: Standing) -> Step:
    """The end of a tour that serves nothing more."""
    vehicle, seconds, metres = standing.vehicle, 0, 0
    if standing.at is not None and vehicle.end is not None:
        matrix, leg = day.matrices[vehicle.profile], (standing.at, vehicle.end)
        seconds = scaled_travel(int(matrix.durations[leg]), vehicle.speed_factor)
        metres = 0 if matrix.distances is None else int(matrix.distances[leg])
    return Step(
        kind=StepKind.END,
        place=vehicle.end,
        arrival_s=standing.free_at_s + seconds,
        travel_s=seconds,
        distance_m=metres,
    )


def _over_by(step: Step, standing: Standing) -> Step:
    """A planned step, cut so that it is over when its vehicle is free."""
    free_at = standing.free_at_s
    arrival = min(step.arrival_s, free_at)
    start = min(step.start_s, free_at)
    work = min(start + step.setup_s, free_at)
    return replace(
        step,
        arrival_s=arrival,
        waiting_s=start - arrival,
        setup_s=work - start,
        service_s=min(step.end_s, free_at) - work,
        travel_s=min(step.travel_s, standing.travel_s),
        distance_m=min(step.distance_m, standing.distance_m),
        on_time_probability=None,
    )


def _ahead(step: Step, standing: Standing, fixed: Mapping[Id, int]) -> Step:
    """A step to come, with what was travelled before it, at the task's own alternative."""
    own = fixed.get(step.id) if step.kind is StepKind.TASK and step.id is not None else None
    return replace(
        step,
        travel_s=standing.travel_s + step.travel_s,
        distance_m=standing.distance_m + step.distance_m,
        alternative=step.alternative if own is None else own,
    )


def _summary(rest: RestOfDay, day: Problem, left: Summary, tours: Sequence[Tour]) -> Summary:
    tasks = {task.id: task for task in day.tasks}
    done = [tasks[step.id] for own in rest.standings for step in own.done if step.id is not None]
    steps = [step for tour in tours for step in tour.steps]
    return replace(
        left,
        travel_s=sum(tour.travel_s for tour in tours),
        distance_m=sum(tour.distance_m for tour in tours),
        service_s=sum(step.service_s for step in steps),
        setup_s=sum(step.setup_s for step in steps),
        waiting_s=sum(step.waiting_s for step in steps),
        assigned=left.assigned + len(done),
        priority=left.priority + sum(task.priority for task in done),
        prize_collected=left.prize_collected + sum(task.prize for task in done),
    )
