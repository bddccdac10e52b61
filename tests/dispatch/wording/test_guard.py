"""What may never be said: threats, bluffs and false claims, in each language, and nothing humane."""

import pytest

from dispatch.wording.guard import NEVER, Forbidden, findings

CASES = [
    ("en", Forbidden.THREAT, "We will tell your family about it."),
    ("en", Forbidden.THREAT, "This is your last chance."),
    ("en", Forbidden.BLUFF, "We come on behalf of the court."),
    ("en", Forbidden.BLUFF, "Unless you open, legal action starts."),
    ("en", Forbidden.FALSE_CLAIM, "A visit harms your credit record whether or not you repay."),
    ("en", Forbidden.FALSE_CLAIM, "Your score falls with every visit."),
    ("en", Forbidden.FALSE_CLAIM, "Your family must pay for you."),
    ("en", Forbidden.FALSE_CLAIM, "You must let us in."),
    ("zh-CN", Forbidden.THREAT, "否则后果自负"),
    ("zh-CN", Forbidden.BLUFF, "如不开门，我们将采取强制措施"),
    ("zh-CN", Forbidden.FALSE_CLAIM, "上门催收都会对您的信用记录产生负面影响"),
    ("zh-CN", Forbidden.FALSE_CLAIM, "您的征信会因为这次外访受损"),
    ("zh-CN", Forbidden.FALSE_CLAIM, "您的家人有义务偿还"),
    ("zh-CN", Forbidden.FALSE_CLAIM, "您必须开门"),
    ("hi", Forbidden.THREAT, "हम पुलिस को बुलाएँगे"),
    ("hi", Forbidden.FALSE_CLAIM, "मुलाकात से आपका स्कोर गिरेगा"),
    ("hi", Forbidden.DEBT, "आपका कर्ज"),
    ("id", Forbidden.THREAT, "Anda akan ditangkap polisi."),
    ("id", Forbidden.BLUFF, "Kami datang atas nama pengadilan."),
    ("id", Forbidden.FALSE_CLAIM, "Keluarga Anda wajib membayar."),
    ("id", Forbidden.DEBT, "tunggakan Anda"),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for _, kind, text in CASES])
def test_it_is_found_and_named_by_its_kind(kind: Forbidden, text: str) -> None:
    assert kind in {found for found, _ in findings(text)}


def test_each_kind_is_found_in_each_language_of_the_list() -> None:
    found = {(language, kind) for language, kind, _ in CASES}
    for language in ("en", "zh-CN"):
        assert {kind for at, kind in found if at == language} >= NEVER


@pytest.mark.parametrize(
    "text",
    [
        "You may decline; nothing is held against you.",
        "Visits stop now. A specialist gets in touch.",
        "您无需让我们进门，也可以谢绝，绝不会对您产生不利影响。",
        "Nothing has to be decided today.",
    ],
)
def test_what_is_humane_is_no_finding(text: str) -> None:
    assert findings(text, NEVER) == ()


def test_words_are_found_whatever_their_width_and_case() -> None:
    assert findings("ＰＯＬＩＣＥ")
    assert findings("policeman's ball") == ()
