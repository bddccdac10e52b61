"""The closed library: complete in each language, discreet everywhere, and nothing can be injected."""

import re
from datetime import UTC, date, datetime
from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Refused
from dispatch.policy.pack import effective, load_pack
from dispatch.wording.content import MESSAGE, PAGE, untold
from dispatch.wording.guard import ensure_discreet, forbidden_words
from dispatch.wording.library import (
    CHANNELS,
    LANGUAGES,
    TEMPLATES,
    language_of,
    values_of,
    words,
)

EVERY = [(t, c, lang) for t in TEMPLATES for c in CHANNELS for lang in LANGUAGES]


def catalogue(language: str) -> dict:
    text = resources.files("dispatch.wording").joinpath("texts", f"{language}.yaml").read_text()
    return yaml.safe_load(text)


def values(language: str = "en", **given: str) -> dict[str, str]:
    found = values_of(
        language=language,
        time_zone="Asia/Shanghai",
        service_date=date(2026, 3, 9),
        window_from_at=datetime(2026, 3, 9, 1, 30, tzinfo=UTC),
        window_until_at=datetime(2026, 3, 9, 3, 0, tzinfo=UTC),
        reference="7K02QX4N",
        link="https://visits.example/b/Zm9vYmFy-_0123456789abcd",
    )
    return {**found, **given}


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_language_has_every_template_for_every_channel_and_no_more() -> None:
    for language in LANGUAGES:
        content = catalogue(language)
        assert set(content) == {"standing", "date", *TEMPLATES}
        for template in TEMPLATES:
            assert set(content[template]) == set(CHANNELS)
            for channel in CHANNELS:
                wanted = {"subject", "text"} if channel == "email" else {"text"}
                assert set(content[template][channel]) == wanted


@pytest.mark.parametrize(("template", "channel"), [(t, c) for t in TEMPLATES for c in CHANNELS])
def test_the_languages_say_the_same(template: str, channel: str) -> None:
    said = [
        {part: names_in(text) for part, text in catalogue(language)[template][channel].items()}
        for language in LANGUAGES
    ]
    assert said[0] == said[1]
    assert set().union(*said[0].values()) <= set(values())


@pytest.mark.parametrize(("template", "channel", "language"), EVERY)
def test_nothing_in_a_template_tells_a_third_party_of_a_debt(
    template: str, channel: str, language: str
) -> None:
    for text in catalogue(language)[template][channel].values():
        assert forbidden_words(text) == ()
    told = words(template, channel, language, values(language))
    assert not names_in(told.subject + told.text)
    assert "7K02QX4N" in told.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lock_screen_shows_a_date_and_a_link_and_no_more(language: str) -> None:
    told = words("announcement", "sms", language, values(language))
    assert told.subject == ""
    assert len(told.text) < 200
    assert "09:30" in told.text
    assert "https://visits.example/b/" in told.text


@pytest.mark.parametrize(
    "text",
    [
        "Your debt", "you OWE us", "overdue", "loan", "debt-collection", "Ｌｏａｎ", "pay now",
        "final credit notice", "Lender", "您的欠款", "逾期", "催收", "贷款", "债务", "请还款", "银行",
        "¥100", "$5", "CNY 3", "律师函",
    ],
)  # fmt: skip
def test_words_that_tell_are_found(text: str) -> None:
    assert forbidden_words(text)
    with pytest.raises(Refused):
        ensure_discreet(text)


def test_ordinary_words_are_no_findings() -> None:
    for text in ("payload of ideas", "Dear all", "accountable", "见面时间已定", "banking on you?"):
        found = forbidden_words(text)
        assert found == () or text.startswith("banking")


def test_a_host_that_tells_is_refused_while_the_random_end_of_a_link_may_spell_anything() -> None:
    words("announcement", "sms", "en", values(link="https://visits.example/b/loan-debt"))
    with pytest.raises(Refused):
        words("announcement", "sms", "en", values(link="https://loan.example/b/Zm9v"))


HOSTILE = st.text(min_size=1).filter(
    lambda text: any(one in "{}<>&\"'`\\\r\n\0\u2028\u202e@/" for one in text)
)


@given(name=st.sampled_from(["date", "from", "until", "reference"]), value=HOSTILE)
def test_no_value_injects_a_name_a_line_markup_or_an_address(name: str, value: str) -> None:
    with pytest.raises(Refused):
        words("announcement", "email", "en", values(**{name: value}))


@given(
    st.sampled_from(
        [
            "javascript:alert(1)", "https://a.example/b/x?y=1", "https://a.example/ b", "//a.example",
            "https://u:p@a.example/b/x", "https://a.example/b/x\nBcc: y@z.example", "data:text/html,x",
        ]
    )
)  # fmt: skip
def test_a_link_is_a_plain_address_and_nothing_else(link: str) -> None:
    with pytest.raises(Refused):
        words("announcement", "sms", "en", values(link=link))


def test_the_person_s_language_counts_then_the_branch_s_then_english() -> None:
    assert language_of("zh", "en") == "zh-CN"
    assert language_of("en-GB", "zh-CN") == "en"
    assert language_of("fr", "zh-CN") == "zh-CN"
    assert language_of(None, "xx") == "en"


@pytest.mark.parametrize("pack_id", ["baseline", "cn"])
def test_what_the_packs_ask_of_a_notice_is_told_in_the_message_or_on_its_page(
    pack_id: str,
) -> None:
    assert untold(effective(load_pack(pack_id))["notice.content"]) == ()
    assert untold(["astrology"]) == ("astrology",)
    assert MESSAGE <= PAGE
