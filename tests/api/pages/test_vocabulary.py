"""The pages have a word for every code that the trade may hand them."""

from enum import StrEnum

import pytest

from api.pages import choices
from api.wording import LOCALES, catalogue
from dispatch.audit import breach
from dispatch.model.case import Ability, Willingness
from dispatch.model.outcome import Attitude, CheckInKind, OutcomeCode
from dispatch.model.plan import PlanState, RunState
from dispatch.policy.rules import RULES
from routing.solution import ReasonCode


@pytest.mark.parametrize(
    ("codes", "prefix"),
    [
        (PlanState, "plan.state"),
        (RunState, "run.state"),
        (Attitude, "attitude"),
        (Willingness, "willingness"),
        (Ability, "ability"),
        (breach.Code, "fault"),
        (ReasonCode, "reason"),
    ],
)
def test_each_code_has_a_word(codes: type[StrEnum], prefix: str) -> None:
    assert {code for code in codes if f"{prefix}.{code}" not in catalogue("en")} == set()


def test_the_report_offers_every_outcome_code_once() -> None:
    offered = [code for group in choices.OUTCOME_GROUPS for code in group.codes]
    assert sorted(offered) == sorted(OutcomeCode)


def test_the_report_offers_every_attitude_and_willingness() -> None:
    assert set(choices.ATTITUDES) == set(Attitude)
    assert set(choices.WILLINGNESS) == set(Willingness)


def test_the_steps_that_the_phone_marks_are_check_ins() -> None:
    marked = {"arrived", "identity", "left", "asked_to_leave", "duress"}
    assert marked <= set(CheckInKind)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_that_a_decision_may_cite_has_plain_words(locale: str) -> None:
    words = catalogue(locale)
    cited = {parameter for rule in RULES for parameter in rule.parameters}
    assert {one for one in cited if f"decision.rule.{one}" not in words} == set()
