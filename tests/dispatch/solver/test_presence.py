"""Chances of meeting somebody: declared times first, drawn to the mean, priced and never binding."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.solver.presence import (
    DECLARED,
    EVENING_MORE,
    NOTHING_SEEN,
    PRIOR,
    Chance,
    Part,
    Segment,
    declared_on,
    presence_of,
    segment_of,
)
from dispatch.solver.to_problem import PRIZE_PER_VALUE, SoftTerms, to_problem
from dispatch.store.presence import Sight
from routing import SolveParams, Window, check, solve
from tests.support.days import a_day, a_visit, hour, travel

ZONE = "Asia/Shanghai"
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


def seen(hour_of_day: int, is_met: bool, *, on: date = MONDAY, kind: str = "residence") -> Sight:
    at = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(hours=hour_of_day - 8)
    return Sight(person_id=None, at=at, zone=None, place_kind=kind, is_met=is_met)


def test_what_was_seen_little_of_is_drawn_to_the_mean() -> None:
    much = [seen(10, number % 4 == 0) for number in range(400)]
    presence = presence_of([*much, seen(18, True)], ZONE)
    morning = Segment(Part.MORNING, False, "residence")
    evening = Segment(Part.EVENING, False, "residence")
    assert presence.chance(morning) == pytest.approx(0.25, abs=0.01)
    prior = presence.mean + EVENING_MORE
    assert presence.chance(evening) == pytest.approx((1 + PRIOR * prior) / (1 + PRIOR))
    assert presence.mean < presence.chance(evening) < 0.5
    assert NOTHING_SEEN.mean == 0.5
    assert NOTHING_SEEN.chance(evening) > 0.6 > NOTHING_SEEN.chance(morning)


def test_hours_are_those_of_the_place() -> None:
    assert segment_of(seen(16, True), ZONE).part is Part.AFTERNOON
    assert segment_of(replace(seen(16, True), zone="Asia/Tokyo"), ZONE).part is Part.EVENING
    assert segment_of(seen(9, True, on=SATURDAY), ZONE).is_weekend


@given(
    marks=st.lists(st.tuples(st.integers(8, 20), st.booleans()), max_size=60),
    text=st.sampled_from(
        ["", "mon-fri 17:00-19:00", "mon 09:30-12:00; sat 10:00-13:00", "evenings"]
    ),
    on=st.sampled_from([MONDAY, SATURDAY]),
)
def test_a_day_of_chances_has_no_gap_and_none_is_certain(marks, text: str, on: date) -> None:
    day = presence_of([seen(*mark) for mark in marks], ZONE).day(on, ZONE, "residence", text)
    assert day[0].from_at == datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=8)
    assert day[-1].until_at - day[0].from_at == timedelta(days=1)
    assert all(one.until_at == after.from_at for one, after in pairwise(day))
    assert all(0 < one.chance < 1 for one in day)


def test_declared_times_come_before_everything_seen() -> None:
    presence = presence_of([seen(10, True) for _ in range(500)], ZONE)
    day = presence.day(MONDAY, ZONE, "residence", "mon-fri 17:00-19:00")
    best = max(day, key=lambda one: one.chance)
    assert best.chance == DECLARED
    assert best.until_at - best.from_at == timedelta(hours=2)
    assert all(one.chance <= 0.5 for one in day if one is not best)


def test_what_cannot_be_read_declares_nothing() -> None:
    assert declared_on("mon-fri 09:30-12:00; sat 10:00-13:00", SATURDAY) == ((600, 780),)
    assert declared_on("tue,thu 10:00-16:00", MONDAY) == ()
    for text in ("evenings", "mon-fri", "mon 25:00-26:00", ";", "fri-mon 09:00-10:00", None):
        assert declared_on(text, MONDAY) == ()


def likely(first: float, second: float) -> tuple[Chance, ...]:
    return (Chance(hour(0), hour(13), first), Chance(hour(13), hour(24), second))


def test_a_visit_goes_to_the_likelier_hours_unless_the_way_there_costs_more() -> None:
    for chances, is_morning in ((likely(0.8, 0.4), True), (likely(0.4, 0.8), False)):
        day = a_day(crews=1, visits=1)
        day = replace(day, visits=(a_visit(0, chances=chances),))
        problem = to_problem(day, travel(day), SoftTerms())
        plan = solve(problem, SolveParams(iterations=100))
        assert check(problem, plan) == ()
        (step,) = plan.tours[0].tasks
        assert step.alternative == 0
        assert (step.start_s < 13 * 3600) is is_morning
    task = problem.tasks[0]
    assert task.windows == (Window(13 * 3600, 17 * 3600 - 1500),)
    (worse,) = task.alternatives
    assert worse.cost == 50 * PRIZE_PER_VALUE // 2
    assert worse.windows == (Window(9 * 3600, 13 * 3600 - 1),)


def test_unlikely_hours_are_taken_where_the_likely_ones_are_full() -> None:
    evening = likely(0.4, 0.8)
    day = a_day(crews=1, visits=8)
    day = replace(
        day,
        visits=tuple(replace(one, chances=evening, service_s=3000) for one in day.visits),
    )
    problem = to_problem(day, travel(day), SoftTerms())
    plan = solve(problem, SolveParams(iterations=2000))
    steps = plan.tours[0].tasks
    assert len(steps) > 4
    assert {step.alternative for step in steps} == {0, 1}


def test_promised_visits_and_those_of_whom_nothing_is_said_have_their_whole_windows() -> None:
    for given_ in ({"is_required": True, "chances": likely(0.4, 0.8)}, {"chances": ()}):
        day = replace(a_day(), visits=(a_visit(0, **given_),))
        (task,) = to_problem(day, travel(day), SoftTerms()).tasks
        assert task.alternatives == ()
        assert task.windows == (Window(9 * 3600, 17 * 3600 - 1500),)
