"""Where a crew is: by what it said, else by its plan, as late as it last was."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from dispatch.model import Route, Stop, Visit, VisitState
from dispatch.planning.whereabouts import Underway, underway

NINE = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return NINE + timedelta(hours=hour - 9, minutes=minute)


class Day:
    """Three visits of 25 minutes, on the hour from nine; a rest from half past eleven to noon."""

    def __init__(self) -> None:
        self.route = Route(
            id=uuid4(),
            plan_id=uuid4(),
            crew_id=uuid4(),
            crew_version_id=uuid4(),
            starts_at=at(8, 45),
            ends_at=at(13),
            breaks=[{"from_at": at(11, 30).isoformat(), "until_at": at(12).isoformat()}],
        )
        self.visits = [Visit(id=uuid4(), state=VisitState.RELEASED) for _ in range(3)]
        self.stops = [
            Stop(
                plan_id=self.route.plan_id,
                route_id=self.route.id,
                visit_id=visit.id,
                position=row + 1,
                arrive_at=at(9 + row),
                leave_at=at(9 + row, 25),
                window_from_at=at(9 + row),
                window_until_at=at(10 + row),
            )
            for row, visit in enumerate(self.visits)
        ]

    def at(self, now: datetime, **given) -> Underway:
        known = {one.id: one for one in self.visits}
        return underway(self.route, self.stops, known, now=now, **given)

    def say(self, row: int, state: VisitState, arrived=None, left=None) -> None:
        visit = self.visits[row]
        visit.state, visit.arrived_at, visit.left_at = state, arrived, left


@pytest.fixture
def day() -> Day:
    return Day()


def over(seen: Underway) -> list[tuple[int, datetime, datetime]]:
    return [(one.stop.position, one.arrive_at, one.leave_at) for one in seen.over]


def ahead(seen: Underway) -> list[int]:
    return [stop.position for stop in seen.ahead]


def test_a_crew_that_has_not_left_stands_at_the_depot(day: Day) -> None:
    seen = day.at(at(8))
    assert (over(seen), ahead(seen)) == ([], [1, 2, 3])
    assert (seen.has_left, seen.free_at) == (False, at(8, 45))


def test_a_silent_crew_keeps_to_its_plan(day: Day) -> None:
    seen = day.at(at(10, 10))
    assert over(seen) == [(1, at(9), at(9, 25)), (2, at(10), at(10, 25))]
    assert (ahead(seen), seen.free_at, seen.has_left) == ([3], at(10, 25), True)


def test_a_crew_that_left_late_is_as_late_from_then_on(day: Day) -> None:
    day.say(0, VisitState.REPORTED, at(9, 20), at(9, 45))
    seen = day.at(at(10, 10))
    assert over(seen) == [(1, at(9, 20), at(9, 45))]
    assert (ahead(seen), seen.free_at, seen.late) == ([2, 3], at(9, 45), timedelta(minutes=20))
    assert [one.position for one in (past.stop for past in day.at(at(10, 21)).over)] == [1, 2]


def test_a_crew_known_to_be_at_the_door_is_nowhere_else(day: Day) -> None:
    day.say(0, VisitState.TALK, at(9))
    seen = day.at(at(11))
    assert over(seen) == [(1, at(9), at(11))]
    assert (ahead(seen), seen.free_at) == ([2, 3], at(11))


def test_a_crew_on_its_way_goes_there_next_and_has_not_been_there(day: Day) -> None:
    day.say(2, VisitState.EN_ROUTE)
    seen = day.at(at(10, 30))
    assert (over(seen), ahead(seen)) == ([], [3, 1, 2])


def test_a_crew_that_says_how_late_it_will_be_is_believed(day: Day) -> None:
    day.say(0, VisitState.REPORTED, at(9), at(9, 25))
    day.say(1, VisitState.EN_ROUTE)
    day.stops[1].travel_s = 600
    seen = day.at(at(9, 50), told={day.visits[1].id: timedelta(minutes=40)})
    # It leaves so late that ten minutes later it is there at ten forty.
    assert (ahead(seen), seen.free_at) == ([2, 3], at(10, 30))


def test_what_fell_away_is_neither_over_nor_ahead(day: Day) -> None:
    day.say(1, VisitState.CANCELLED)
    seen = day.at(at(9, 30))
    assert ([row for row, *_ in over(seen)], ahead(seen)) == ([1], [3])


def test_a_break_that_is_being_taken_ends_first(day: Day) -> None:
    assert day.at(at(11, 29)).rests == ()
    seen = day.at(at(11, 40))
    assert (seen.rests, seen.free_at) == (((at(11, 30), at(12)),), at(12))


def test_a_crew_that_comes_early_is_not_ahead_of_its_plan(day: Day) -> None:
    day.say(0, VisitState.REPORTED, at(8, 55), at(9, 5))
    seen = day.at(at(9, 30))
    assert (seen.late, seen.free_at) == (timedelta(), at(9, 5))
