"""Breaks left out, moved or cut short are rejected."""

from dataclasses import replace

from tests.support.problems import HOUR, a_lunch, a_problem, a_task, a_vehicle, codes
from tests.support.rules import plan_of

TASKS = [a_task(1, 2), a_task(2, 4, service_s=2 * HOUR)]


def rested(*breaks):
    return a_problem(TASKS, [a_vehicle(breaks=breaks)])


PLAN = plan_of(rested(a_lunch()), {"v": [1, 2]})


def test_break_that_is_not_taken_is_rejected():
    assert codes(rested(a_lunch(), a_lunch("tea")), PLAN) == {"break"}


def test_break_that_is_not_asked_for_is_rejected():
    assert codes(rested(), PLAN) == {"break"}


def test_break_outside_its_windows_is_rejected():
    assert codes(rested(a_lunch(start=15 * HOUR, end=16 * HOUR)), PLAN) == {"break"}


def test_break_of_another_length_is_rejected():
    assert codes(rested(replace(a_lunch(), duration_s=2701)), PLAN) == {"break"}
