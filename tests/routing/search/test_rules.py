"""The search keeps each hard rule by itself: what it makes is not mended before it is looked at."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from routing import constraints
from routing.record import record
from tests.routing.search.test_search import climbed
from tests.support.problems import codes
from tests.support.rule_cases import CASES, MORE, UNSTATED

ALL = CASES | MORE | UNSTATED
ALWAYS = {
    "base": "is no rule",
    "form": "a recorded plan always has it",
    "totals": "a recorded plan always has them",
    "promises": "a recorded plan always tells them",
    "presence": "of every plan in this file",
    "clocks": "a plan that no clock can keep is not recorded",
}
"""Modules without a case of their own, and why."""


def found(problem):
    tables, climb = climbed(problem, iterations=200)
    plan = record(tables, climb.routes, "search")
    assert plan is not None
    return plan


def names():
    return {module.name for module in pkgutil.iter_modules(constraints.__path__)}


def test_every_rule_has_a_case():
    assert names() == {*CASES, *UNSTATED, *ALWAYS}


@pytest.mark.parametrize("name", sorted(names() - {"base"}))
def test_every_rule_has_a_test_file_of_its_own(name):
    assert importlib.import_module(f"routing.constraints.{name}").__doc__
    assert (Path(__file__).parents[1] / "constraints" / f"test_{name}.py").is_file()


@pytest.mark.parametrize("case", ALL.values(), ids=ALL.keys())
def test_search_keeps_the_rule(case):
    assert codes(case.bound, found(case.bound)) == set()


@pytest.mark.parametrize("case", ALL.values(), ids=ALL.keys())
def test_search_without_the_rule_makes_what_the_check_rejects(case):
    plan = found(case.free)
    assert codes(case.free, plan) == set()
    assert case.code in codes(case.bound, plan)
