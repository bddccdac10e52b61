"""A bug in a rule lets days through that are not lawful; the auditor finds each of them."""

import pytest

from tests.dispatch.audit.bugged import situations, trial
from tests.dispatch.audit.seeded_bugs import BUGS, Bug

DAYS = 1
"""Days a kind of change here; `make audit-mutations` takes more."""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_what_a_bug_lets_through_is_rejected(bug: Bug) -> None:
    through, rejected = trial(bug, DAYS)

    assert through > 0, "the bug makes no difference: the test shows nothing"
    assert rejected == through


def test_what_the_rules_refuse_the_auditor_rejects() -> None:
    assert all(one.is_rejected() for one in situations(DAYS))


def test_no_bug_is_there_twice_and_there_are_enough() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 20
