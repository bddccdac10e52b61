"""Branch-days as values, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.gateways.travel import Point
from dispatch.solver.day import CrewDay, Day, VisitDay
from dispatch.solver.to_problem import points_of

BRANCH = UUID(int=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
ROADS = EstimateRoads(Estimate(24.0, 1.35))


def hour(number: float) -> datetime:
    """Return an instant of the day."""
    return MIDNIGHT + timedelta(hours=number)


def a_crew(number: int, **given: Any) -> CrewDay:
    """Return a crew of agents 10 x `number` and the next, from 9 to 17 o'clock."""
    return CrewDay(
        **{
            "crew_id": UUID(int=100 + number),
            "version_id": UUID(int=200 + number),
            "name": f"Crew {number}",
            "members": (UUID(int=10 * number), UUID(int=10 * number + 1)),
            "members_hash": "",
            "starts_at": hour(9),
            "ends_at": hour(17),
            "start": Point(30.60, 119.90),
            **given,
        }
    )


def a_visit(number: int, **given: Any) -> VisitDay:
    """Return a visit of 25 minutes, somewhere between 9 and 17 o'clock."""
    return VisitDay(
        **{
            "visit_id": UUID(int=1000 + number),
            "reference": f"V{number}",
            "place": Point(30.60 + number * 0.004, 119.90 + number % 3 * 0.01),
            "service_s": 1500,
            "value": 50,
            "windows": ((hour(9), hour(17)),),
            "crews": None,
            "is_required": False,
            **given,
        }
    )


def a_day(crews: int = 2, visits: int = 6, **of_each_visit: Any) -> Day:
    """Return a day of so many crews and visits."""
    return Day(
        branch_id=BRANCH,
        on=date(2026, 3, 2),
        origin_at=MIDNIGHT,
        crews=tuple(a_crew(number + 1) for number in range(crews)),
        visits=tuple(a_visit(number, **of_each_visit) for number in range(visits)),
    )


def travel(day: Day):
    """Return the day's estimated travel."""
    return ROADS.matrix(points_of(day))
