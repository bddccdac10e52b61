"""Steps that are elsewhere are rejected."""

import pytest

from tests.support.problems import a_problem, a_task, codes
from tests.support.rules import plan_of, spoiled

PROBLEM = a_problem([a_task(1, 2), a_task(2, 4)])
PLAN = plan_of(PROBLEM, {"v": [1, 2]})


@pytest.mark.parametrize("index", [0, 1, -1])
@pytest.mark.parametrize("place", [3, 99, -1, None])
def test_step_at_another_place_is_rejected(index, place):
    assert "place" in codes(PROBLEM, spoiled(PLAN, index, place=place))
