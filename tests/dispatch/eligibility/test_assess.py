"""Reason, ability and willingness: closed lists, on evidence, the newest counts."""

from datetime import timedelta

import pytest

from dispatch.clock import local_date
from dispatch.eligibility.assess import assess
from dispatch.errors import Conflict, Invalid
from dispatch.model import Ability, ArrearsReason, Person, ReasonClass, Willingness
from dispatch.model.arrears import CLASSES
from dispatch.policy.relief import Budget, Relief
from dispatch.store.assessments import assessments_of
from dispatch.store.facts import case_facts
from dispatch.store.relief import relief_of
from dispatch.store.rows import get_any
from tests.support import builders as make

TIGHT = Budget(income=400_000, essentials=300_000)


@pytest.fixture
def desk(database, vault):
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        yield session, branch, make.a_case(session, vault, branch, lender)


def learn(session, vault, case, **given):
    told = {
        "reason": ArrearsReason.JOB_LOSS,
        "ability": Ability.PARTIAL,
        "willingness": Willingness.WILLING_IF_PLAN,
        "actor": "account:test",
        "now": make.NOW,
        **given,
    }
    return assess(session, vault=vault, case=case, **told)


def test_every_reason_has_a_class():
    assert set(CLASSES) == set(ArrearsReason)
    assert CLASSES[ArrearsReason.ILLNESS] is ReasonClass.CANNOT_PAY
    unwilling = {one for one, kind in CLASSES.items() if kind is ReasonClass.WILL_NOT_PAY}
    assert unwilling == {ArrearsReason.DOES_NOT_WISH_TO_PAY}


def test_the_newest_counts_for_the_law_and_the_earlier_stay(desk, vault):
    session, branch, case = desk
    learn(session, vault, case, ability=Ability.NONE_NOW)
    facts = case_facts(session, [case], branch, on=local_date(branch.time_zone, make.NOW))
    assert facts[case.id].ability == Ability.NONE_NOW
    assert [one.ability for one in assessments_of(session, case.id)] == [
        Ability.NONE_NOW,
        Ability.UNKNOWN,
    ]


def test_unwillingness_needs_evidence_and_is_never_inability(desk, vault):
    session, _, case = desk
    unwilling = {"reason": ArrearsReason.DOES_NOT_WISH_TO_PAY, "ability": Ability.ADEQUATE}
    with pytest.raises(Invalid, match="a guess is not enough"):
        learn(session, vault, case, **unwilling, evidence="rude")
    with pytest.raises(Invalid, match="not unwilling"):
        learn(
            session,
            vault,
            case,
            **{**unwilling, "ability": Ability.NONE_NOW},
            evidence="Said so in a letter of 1 March.",
        )
    row = learn(session, vault, case, **unwilling, evidence="Said so in a letter of 1 March.")
    assert row.reason is ArrearsReason.DOES_NOT_WISH_TO_PAY


def test_a_budget_that_leaves_nothing_is_no_adequate_ability(desk, vault):
    session, _, case = desk
    with pytest.raises(Invalid, match="leaves nothing"):
        learn(
            session,
            vault,
            case,
            ability=Ability.ADEQUATE,
            budget=Budget(income=1, essentials=2),
        )


def test_relief_rests_on_the_newest_budget(desk, vault):
    session, _, case = desk
    assert relief_of(session, vault=vault, case=case).budget is None
    learn(session, vault, case, budget=TIGHT)
    learn(session, vault, case, now=make.NOW + timedelta(days=1))
    found = relief_of(session, vault=vault, case=case)
    assert (found.total, found.budget) == (1_219_500, TIGHT)
    first = found.options[0]
    assert first.relief is Relief.INSTALMENTS
    assert first.monthly <= TIGHT.affordable


def test_nothing_new_is_kept_about_who_was_erased(desk, vault):
    session, _, case = desk
    get_any(session, Person, case.person_id).erase(actor="test", now=make.NOW)
    with pytest.raises(Conflict):
        learn(session, vault, case)
    assert relief_of(session, vault=vault, case=case).options == ()
