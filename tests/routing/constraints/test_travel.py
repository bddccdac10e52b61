"""Ways take what the matrix says at their time of the day, first in, first out."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from routing.matrix import DayPart, Matrix
from routing.problem import Window
from routing.tables import tables_of
from tests.support.problems import HOUR, a_problem, a_task, codes, line
from tests.support.rules import plan_of

TWO = a_problem([a_task(1, 2, windows=(Window(9 * HOUR, 9 * HOUR),)), a_task(2, 4)])


def with_part(from_s, step):
    part = DayPart(from_s, line(step=step).durations)
    return replace(
        TWO, matrices={"car": Matrix(line().durations, line().distances, None, (part,))}
    )


def test_plan_at_the_travel_times_of_another_hour_is_rejected():
    plan = plan_of(TWO, {"v": [1, 2]})
    assert codes(with_part(9 * HOUR + 1800, 900), plan) == {"travel", "totals"}
    assert codes(with_part(9 * HOUR + 1800 + 1, 900), plan) == {"travel", "totals"}
    assert codes(with_part(18 * HOUR, 900), plan) == set()


def test_leg_takes_the_part_in_which_it_departs():
    slow = with_part(9 * HOUR + 1800, 900)
    plan = plan_of(slow, {"v": [1, 2]})
    assert codes(slow, plan) == set()
    assert [step.travel_s for step in plan.tours[0].steps] == [0, 1200, 3000, 6600]


def test_wait_for_a_quicker_part_counts_as_travel():
    quick = with_part(9 * HOUR + 1800 + 60, 60)
    plan = plan_of(quick, {"v": [1, 2]})
    assert plan.tours[0].tasks[1].travel_s == 1200 + 60 + 120
    assert codes(quick, plan) == set()


@given(
    times=st.lists(st.integers(0, 4000), min_size=4, max_size=4),
    starts=st.lists(st.integers(0, 5000), min_size=3, max_size=3, unique=True),
    depart=st.integers(0, 6000),
)
def test_who_leaves_first_arrives_first(times, starts, depart):
    first, *others = [[[0, time], [time, 0]] for time in times]
    parts = tuple(DayPart(at, table) for at, table in zip(sorted(starts), others, strict=True))
    problem = a_problem([a_task(1, 1)], matrix=Matrix(first, None, None, parts))
    travel = tables_of(problem).crews[0].travel
    arrivals = [at + travel.leg_seconds(0, 1, at) for at in (depart, depart + 1)]
    assert arrivals == sorted(arrivals)
