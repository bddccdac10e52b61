"""Tours without a start, an end or a task are rejected, whatever else they hold."""

from dataclasses import replace

import pytest

from tests.support.problems import a_problem, a_task, codes
from tests.support.rules import plan_of, spoiled

PROBLEM = a_problem([a_task(1, 2), a_task(2, 4)])
PLAN = plan_of(PROBLEM, {"v": [1, 2]})


@pytest.mark.parametrize(
    "kept", [slice(0), slice(1), slice(1, None), slice(3), slice(0, None, 3)], ids=str
)
def test_tour_with_steps_missing_is_rejected(kept):
    (tour,) = PLAN.tours
    cut = replace(PLAN, tours=(replace(tour, steps=tour.steps[kept]),))
    assert "form" in codes(PROBLEM, cut)


def test_end_with_an_alternative_is_rejected():
    assert codes(PROBLEM, spoiled(PLAN, -1, alternative=1)) == {"form"}
