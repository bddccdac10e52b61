"""Reasons on the manager's page: every code that a plan may keep is worded, none breaks the page."""

from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.pages.reasons import MOST, reasons_of
from api.wording import LOCALES, translator
from dispatch.audit.breach import Code
from routing.solution import ReasonCode

TEXTS = resources.files("dispatch.policy").joinpath("texts", "en.yaml")
LAW = sorted(yaml.safe_load(TEXTS.read_text("utf-8")))
PLANNER = ("crew-unavailable", "no-crew-formed", "no-crew-with-skills", "changed-meanwhile")


def told(reasons, locale="en", crews=None):
    t = translator(locale)
    sentences, remedy = reasons_of(reasons, crews or {}, t)
    spoken = [t(one.key, **one.values) for one in sentences]
    return spoken, remedy and t(remedy.key, **remedy.values)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", [*ReasonCode, *PLANNER, *LAW, *(f"audit-{one}" for one in Code)])
def test_every_code_has_words_even_without_its_arguments(code, locale):
    (cause,), _ = told([{"code": str(code), "args": {}, "source": None}], locale)
    assert cause


def test_rule_tells_cause_and_remedy_in_the_readers_language():
    reason = {"code": "remote-first", "args": {"number": 1, "what": "attempts", "least": 3}}
    (cause,), remedy = told([reason])
    assert "1 genuine remote" in cause
    assert "Try again from afar" in remedy
    assert told([reason], "zh-CN")[0][0] != cause


def test_reason_of_every_crew_is_said_once():
    crews = {"a": "A", "b": "B"}
    reasons = [{"code": "outside_shift", "crew": one} for one in crews]
    assert len(told(reasons, crews=crews)[0]) == 1


def test_reasons_that_differ_name_their_crews():
    crews = {"a": "A", "b": "B"}
    reasons = [{"code": "outside_shift", "crew": "a"}, {"code": "no_time_left", "crew": "b"}]
    spoken, _ = told(reasons, crews=crews)
    assert [one[:7] for one in spoken] == ["Crew A:", "Crew B:"]


plain = st.none() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3), max_size=3)
reason = st.fixed_dictionaries(
    {"code": st.text(max_size=12) | st.sampled_from(LAW)},
    optional={
        "args": st.dictionaries(st.sampled_from(["on", "dpd", "least", "number"]), plain),
        "crew": st.text(max_size=3),
        "detail": st.text(max_size=20),
    },
)


@given(st.lists(reason, max_size=8), st.sampled_from(LOCALES))
def test_whatever_a_plan_keeps_is_told_in_few_words(reasons, locale):
    spoken, _ = told(reasons, locale)
    assert len(spoken) <= MOST
    assert len(set(spoken)) == len(spoken)
