"""Routing's solution in the trade's words: tours become routes, steps become stops."""

from collections.abc import Mapping
from uuid import UUID

from dispatch.gateways.travel import Matrix
from dispatch.solver.day import (
    CrewDay,
    Day,
    LeftOut,
    PlannedDay,
    PlannedRoute,
    PlannedStop,
    VisitDay,
)
from dispatch.solver.promise import Promise
from routing import Solution, Step, StepKind, Tour


def from_solution(
    day: Day, matrix: Matrix, solution: Solution, promised: Mapping[UUID, Promise]
) -> PlannedDay:
    """Return what the solver made of a day, with what is promised of each stop."""
    crews = {str(crew.crew_id): (row, crew) for row, crew in enumerate(day.crews)}
    visits = {
        str(visit.visit_id): (len(day.crews) + row, visit) for row, visit in enumerate(day.visits)
    }
    routes = tuple(
        _route(day, matrix, tour, crews[str(tour.vehicle)], visits, promised)
        for tour in solution.tours
        if tour.tasks
    )
    return PlannedDay(
        routes=routes,
        left_out=tuple(
            LeftOut(
                visit=visits[str(one.task)][1],
                reasons=tuple(
                    {
                        "code": str(why.code),
                        "crew": why.vehicle,
                        "detail": why.detail,
                        "source": why.source,
                    }
                    for why in one.reasons
                ),
            )
            for one in solution.unassigned
        ),
        objective=solution.summary.objective,
        engine=solution.engine,
        is_estimated=any(stop.is_estimated for route in routes for stop in route.stops),
        roads=matrix.source,
        notes=solution.notes,
    )


def _route(
    day: Day,
    matrix: Matrix,
    tour: Tour,
    crew: tuple[int, CrewDay],
    visits: dict[str, tuple[int, VisitDay]],
    promised: Mapping[UUID, Promise],
) -> PlannedRoute:
    at_row, travelled, driven = crew[0], 0, 0
    stops: list[PlannedStop] = []
    breaks = []
    for step in tour.steps:
        if step.kind is StepKind.BREAK:
            breaks.append((day.at(step.start_s), day.at(step.end_s)))
        if step.kind is not StepKind.TASK:
            continue
        row, visit = visits[str(step.id)]
        is_estimated = bool(matrix.estimated[at_row, row])
        promise = promised[visit.visit_id]
        stops.append(_stop(day, step, visit, promise, travelled, driven, is_estimated))
        at_row, travelled, driven = row, step.travel_s, step.distance_m
    return PlannedRoute(
        crew=crew[1],
        starts_at=day.at(tour.steps[0].start_s),
        ends_at=day.at(tour.steps[-1].arrival_s),
        stops=tuple(stops),
        breaks=tuple(breaks),
        travel_s=tour.travel_s,
        distance_m=tour.distance_m,
    )


def _stop(
    day: Day,
    step: Step,
    visit: VisitDay,
    promise: Promise,
    travelled: int,
    driven: int,
    is_estimated: bool,
) -> PlannedStop:
    return PlannedStop(
        visit=visit,
        arrive_at=day.at(step.start_s),
        leave_at=day.at(step.end_s),
        travel_s=step.travel_s - travelled,
        distance_m=step.distance_m - driven,
        wait_s=step.waiting_s,
        is_estimated=is_estimated,
        window_from_at=promise.from_at,
        window_until_at=promise.until_at,
        on_time=promise.on_time,
    )
