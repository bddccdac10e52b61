"""A report keeps what the talk told: reason, ability, willingness, budget, their own words."""

import pytest

from dispatch.model import Ability, ArrearsReason, OutcomeCode, Person, Willingness
from dispatch.policy.relief import Budget
from dispatch.store.assessments import assessments_of
from dispatch.store.rows import get_any
from tests.support import field as in_field

TOLD = {"ability": Ability.PARTIAL, "willingness": Willingness.WILLING_IF_PLAN}
BUDGET = Budget(income=400_000, essentials=300_000)


@pytest.fixture
def field(database, vault):
    return in_field.a_field(database, vault)


def newest(field, number):
    with field.database.reading() as session:
        case = field.cases[number]
        row = assessments_of(session, case.id)[0]
        return row, field.vault.read(get_any(session, Person, case.person_id), row, "note")


def test_reason_and_budget_are_kept_and_sealed(field):
    field.report(
        OutcomeCode.PLAN_REQUEST,
        reason=ArrearsReason.ILLNESS,
        budget=BUDGET,
        words="My mother is in hospital.",
        **TOLD,
    )
    row, note = newest(field, 0)
    assert row.reason is ArrearsReason.ILLNESS
    assert note == {"evidence": "My mother is in hospital.", "budget": BUDGET.as_told()}
    assert b"hospital" not in row.note_sealed


def test_nobody_is_called_unwilling_without_a_word_of_theirs(field):
    unwilling = {"reason": ArrearsReason.DOES_NOT_WISH_TO_PAY, **TOLD}
    field.report(OutcomeCode.REFUSED_PAY, **unwilling)
    field.report(OutcomeCode.REFUSED_PAY, visit=1, words="I will not pay this.", **unwilling)
    assert newest(field, 0)[0].reason is ArrearsReason.UNKNOWN
    assert newest(field, 1)[0].reason is ArrearsReason.DOES_NOT_WISH_TO_PAY
