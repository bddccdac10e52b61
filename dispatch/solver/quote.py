"""Where one more visit could go on a day whose promises stand: gaps, ranked by what they would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.errors import PlanInputInvalid
from dispatch.gateways.travel import Roads
from dispatch.solver.day import Day, VisitDay
from dispatch.solver.to_problem import points_of, to_problem
from routing import InvalidProblem, Solution, Step, StepKind, Tour, quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time between which a crew could ring, without any promise of the day moving.

    Parameters
    ----------
    crew_id
        Who would come.
    earliest_at, latest_at
        Between which instants the stay may begin.
    added_s
        Seconds of travel that it would add.
    """

    crew_id: UUID
    earliest_at: datetime
    latest_at: datetime
    added_s: int


def gaps(
    day: Day, order: Mapping[UUID, Sequence[UUID]], visit: VisitDay, *, roads: Roads
) -> tuple[Gap, ...]:
    """Return the gaps in which a visit fits, the cheapest first.

    Parameters
    ----------
    day
        The crews, and the visits that stay where they are: each one's window is its stay.
    order
        The visits of each crew, in order of time.
    visit
        The visit to place; it is not among the day's own.

    Raises
    ------
    PlanInputInvalid
        If the day makes no sense to the solver.
    """
    if not day.crews:
        return ()
    wider = replace(day, visits=(*day.visits, visit))
    problem = to_problem(wider, roads.matrix(points_of(wider)))
    standing = Solution(
        tours=tuple(
            Tour(
                vehicle=str(crew.crew_id),
                steps=tuple(
                    Step(kind=StepKind.TASK, id=str(visit_id), arrival_s=0)
                    for visit_id in order.get(crew.crew_id, ())
                ),
            )
            for crew in day.crews
        )
    )
    try:
        found = quote(problem, standing, problem.tasks[-1])
    except InvalidProblem as error:
        msg = f"No other time can be worked out for {day.on}: what is on record for the day makes no sense."
        raise PlanInputInvalid(msg, issues=[str(one) for one in error.issues]) from error
    return tuple(
        Gap(
            crew_id=UUID(str(slot.vehicle)),
            earliest_at=day.origin_at + timedelta(seconds=slot.earliest_s),
            latest_at=day.origin_at + timedelta(seconds=slot.latest_s),
            added_s=slot.added_travel_s,
        )
        for slot in found
    )
