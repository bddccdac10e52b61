"""One rule file, one test file; and every rule that is written is asked."""

import importlib

import pytest

from dispatch.policy.rules import RULES
from dispatch.policy.rules.base import Rule
from tests.architecture.house import ROOT

FOLDER = ROOT / "dispatch" / "policy" / "rules"
FILES = sorted(one.stem for one in FOLDER.glob("*.py") if one.stem not in {"__init__", "base"})


@pytest.mark.parametrize("name", FILES)
def test_a_rule_file_has_its_test_file(name: str) -> None:
    assert (ROOT / "tests" / "dispatch" / "policy" / "rules" / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", FILES)
def test_every_rule_of_a_file_is_asked(name: str) -> None:
    module = importlib.import_module(f"dispatch.policy.rules.{name}")
    rules = [one for one in vars(module).values() if isinstance(one, Rule)]

    assert rules
    assert all(rule in RULES for rule in rules)


def test_no_test_file_is_left_of_a_rule_that_is_gone() -> None:
    folder = ROOT / "tests" / "dispatch" / "policy" / "rules"

    assert {one.stem.removeprefix("test_") for one in folder.glob("test_*.py")} == set(FILES)
