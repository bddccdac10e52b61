"""The pages have a word for every code that the trade may hand them."""

import re
from enum import StrEnum

import pytest

from api.pages import choices
from api.pages.rule_words import rule_value
from api.wording import LOCALES, catalogue, translator
from dispatch.audit import breach
from dispatch.fieldwork.review import Finding
from dispatch.model import (
    ContactChannel,
    FeedbackKind,
    Felt,
    HoldKind,
    PromiseState,
    ReasonClass,
    Stage,
)
from dispatch.model.case import Ability, Willingness
from dispatch.model.outcome import Attitude, CheckInKind, OutcomeCode
from dispatch.model.plan import PlanState, RunState
from dispatch.policy.pack import load_pack, shipped_packs
from dispatch.policy.parameters import PARAMETERS
from dispatch.policy.rules import RULES
from dispatch.reporting.figures import LAST_BUCKET, Advice
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
        (Stage, "figures.stage"),
        (PromiseState, "figures.promise"),
        (ContactChannel, "figures.channel"),
        (ReasonClass, "figures.reason"),
        (Advice, "figures.advice"),
        (Felt, "figures.felt"),
        (FeedbackKind, "conduct.said"),
        (Finding, "conduct.finding"),
        (HoldKind, "care.hold"),
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
    assert {one for one in (*cited, *PARAMETERS) if f"decision.rule.{one}" not in words} == set()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("pack", shipped_packs())
def test_every_value_of_every_shipped_pack_is_told_in_words(pack: str, locale: str) -> None:
    t, told = translator(locale), {}
    found = load_pack(pack)
    for layer in (found.values, *found.classes.values()):
        told |= {name: rule_value(name, value.raw, t) for name, value in layer.items()}
    letters = r"[a-z]_[a-z]" if locale == "en" else r"[A-Za-z]"
    assert {name: words for name, words in told.items() if re.search(letters, words)} == {}


def test_days_with_the_same_hours_are_told_together() -> None:
    week = {
        "mon-fri": ["09:00-12:00", "14:00-19:00"],
        "sat": ["10:00-16:00"],
        "public_holiday": [],
    }
    assert rule_value("visit.windows.residence", week, translator("en")) == (
        "Mon to Fri 09:00–12:00, 14:00–19:00; Sat 10:00–16:00; Sun closed; public holidays closed"
    )
    everyday = {"mon-sun": ["08:00-20:00"], "public_holiday": ["08:00-20:00"]}
    assert rule_value("call.windows", everyday, translator("zh-CN")) == (
        "周一至周日 08:00–20:00；法定节假日 08:00–20:00"
    )


def test_every_age_of_arrears_has_a_word() -> None:
    buckets = {f"M{number}" for number in range(LAST_BUCKET + 1)} | {"unknown"}
    assert {one for one in buckets if f"figures.bucket.{one}" not in catalogue("en")} == set()
