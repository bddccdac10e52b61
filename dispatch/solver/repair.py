"""Plan the rest of a day that is under way: crews go on from where they are, promises stay.

After the notice a visit is its crew's, so nothing changes hands: visits are re-timed and put in
another order within their windows, and what can't be kept any more is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.errors import SolverFailed
from dispatch.gateways.roads import Roads
from dispatch.gateways.travel import Point
from dispatch.solver.child import Talk
from dispatch.solver.day import CrewDay, Day, LeftOut, PlannedDay
from dispatch.solver.from_solution import from_solution
from dispatch.solver.plan import nobody_goes
from dispatch.solver.promise import promises
from dispatch.solver.run import OnProgress, Solver
from dispatch.solver.to_problem import SoftTerms, points_of, to_problem
from routing import (
    Events,
    Hold,
    Problem,
    ReasonCode,
    Solution,
    SolveParams,
    Step,
    StepKind,
    Tour,
    VehicleState,
    check,
    repair,
)

REPAIR_S = 1.0
"""Seconds of a repair: crews are out and wait for it."""

WINDOW_MISSED = "window_missed"
"""Why a promise is lost: its crew can't be there within the window any more."""

STOP_S = 20.0
"""Seconds after which a repair's process is stopped; a slow machine is no reason to have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewOut:
    """A crew in the middle of its day.

    Parameters
    ----------
    been
        The places where it has been, in order.
    made
        How many of its visits are over.
    order, planned
        The visits ahead of it, in order, and when each was planned to begin.
    next_leg_s
        Seconds of travel to the first of them, as planned.
    free_at
        When it can go on from the last place, or from the depot.
    until_at
        When it can't go on, though its shift lasts longer.
    has_left, has_rested
        Whether it has gone anywhere, and taken its break.
    """

    been: tuple[Point, ...]
    made: int
    order: tuple[UUID, ...]
    planned: Mapping[UUID, datetime]
    next_leg_s: int
    free_at: datetime
    until_at: datetime | None = None
    has_left: bool = False
    has_rested: bool = False


def repair_day(
    day: Day,
    out: Mapping[UUID, CrewOut],
    *,
    now: datetime,
    roads: Roads,
    solver: Solver,
    seed: int = 1,
    soft: SoftTerms,
    on_progress: OnProgress | None = None,
) -> PlannedDay:
    """Return the rest of the day as planned anew; what can't be kept comes with its reasons.

    Parameters
    ----------
    day
        The crews that are out, and the visits still to be made.
    out
        Where each of the crews is.

    Raises
    ------
    PlanInputInvalid, SolverFailed
        If the day makes no sense to the solver, or it gave no plan, or one that does not check.
    """
    if not day.crews:
        return nobody_goes(day, roads.data_set)
    rest = replace(day, crews=tuple(_left(crew, out[crew.crew_id]) for crew in day.crews))
    points = points_of(rest) + [
        _position(rest, crew, out[crew.crew_id], now) for crew in rest.crews
    ]
    matrix = roads.matrix(points)
    problem, found = solver.run(
        (
            repaired,
            (
                to_problem(rest, matrix, soft),
                _planned(rest, out),
                _events(rest, out, now),
                SolveParams(seconds=REPAIR_S, seed=seed),
            ),
        ),
        seconds=STOP_S,
        on_progress=on_progress,
    )
    violations = check(problem, found)
    if violations:
        msg = (
            f"The repaired plan breaks a rule of its own ({violations[0].code}: {violations[0].detail}); "
            "nothing was stored. Repair again and report it."
        )
        raise SolverFailed(msg)
    planned = from_solution(rest, matrix, found, promises(rest, problem, found, soft))
    return replace(
        planned,
        routes=tuple(
            replace(route, crew=_whole(day, route.crew), been=out[route.crew.crew_id].been)
            for route in planned.routes
        ),
        left_out=tuple(_told(one) for one in planned.left_out),
    )


def repaired(
    problem: Problem, solution: Solution, events: Events, params: SolveParams, *, talk: Talk
) -> tuple[Problem, Solution]:
    """Repair in the child: the rest of the day as a problem of its own, and its plan."""
    found = repair(problem, solution, events, params, on_progress=talk.progress)
    return found.problem, found.solution


def _left(crew: CrewDay, out: CrewOut) -> CrewDay:
    """The crew with what is left of its day."""
    return replace(
        crew,
        ends_at=min(crew.ends_at, out.until_at or crew.ends_at),
        break_s=0 if out.has_rested else crew.break_s,
        max_visits=max(0, crew.max_visits - out.made),
    )


def _told(one: LeftOut) -> LeftOut:
    """What is outside the shift is outside what is left of it: the window can't be kept any more."""
    return replace(
        one,
        reasons=tuple(
            {**why, "code": WINDOW_MISSED} if why["code"] == ReasonCode.OUTSIDE_SHIFT else why
            for why in one.reasons
        ),
    )


def _whole(day: Day, crew: CrewDay) -> CrewDay:
    return next(one for one in day.crews if one.crew_id == crew.crew_id)


def _position(day: Day, crew: CrewDay, out: CrewOut, now: datetime) -> Point:
    """Where a crew is: at its last place, or as far on the way to the next as the plan had it by now."""
    last = out.been[-1] if out.been else crew.start
    ahead = {visit.visit_id: visit.place for visit in day.visits}
    goal = next((ahead[one] for one in out.order if one in ahead), None)
    if goal is None or out.free_at >= now:
        return last
    way = timedelta(seconds=max(1, out.next_leg_s))
    part = min(1.0, (now - out.free_at) / way)
    return Point(last.lat + part * (goal.lat - last.lat), last.lon + part * (goal.lon - last.lon))


def _planned(day: Day, out: Mapping[UUID, CrewOut]) -> Solution:
    """The published plan, as far as it is still ahead."""
    known = {visit.visit_id for visit in day.visits}
    return Solution(
        tours=tuple(
            Tour(
                vehicle=str(crew.crew_id),
                steps=tuple(_steps(day, out[crew.crew_id], known)),
            )
            for crew in day.crews
        )
    )


def _steps(day: Day, out: CrewOut, known: set[UUID]) -> Sequence[Step]:
    return [
        Step(kind=StepKind.TASK, id=str(one), arrival_s=_second(day, out.planned[one]))
        for one in out.order
        if one in known
    ]


def _events(day: Day, out: Mapping[UUID, CrewOut], now: datetime) -> Events:
    first = len(day.crews) + len(day.visits)
    return Events(
        now_s=_second(day, now),
        vehicles=tuple(
            VehicleState(
                id=str(crew.crew_id),
                at=first + row if out[crew.crew_id].has_left else None,
                free_at_s=max(0, _second(day, max(now, out[crew.crew_id].free_at))),
            )
            for row, crew in enumerate(day.crews)
        ),
        lock=Hold.PROMISED,
    )


def _second(day: Day, at: datetime) -> int:
    """The first full second of the day that is not before an instant."""
    return max(0, -int((day.origin_at - at) // timedelta(seconds=1)))
