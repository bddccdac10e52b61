"""Approval: a human, before now, and a ground in writing."""

from datetime import timedelta

import pytest

from tests.dispatch.audit.lawful_day import NOW, a_visit
from tests.dispatch.policy.test_rules import codes


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"approved_at": NOW}, set()),
        ({"approved_at": NOW + timedelta(seconds=1)}, {"approval-missing"}),
        ({"approved_at": None}, {"approval-missing"}),
        ({"approved_by": None}, {"approval-missing"}),
        ({"is_approver_human": False}, {"approval-missing"}),
        ({"is_approver_human": None}, {"approval-missing"}),
        ({"ground": ""}, {"ground-missing"}),
        ({"ground": " \n"}, {"ground-missing"}),
        ({"approved_by": None, "ground": None}, {"approval-missing"}),
    ],
)
def test_approval(changes: dict[str, object], found: set[str]) -> None:
    assert codes(a_visit(**changes)) == found
