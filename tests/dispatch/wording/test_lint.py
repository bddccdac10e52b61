"""The library's own lint: what ships is in order, and each fault is named."""

from copy import deepcopy
from typing import Any

import pytest
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.wording.catalogue import LANGUAGES, WRITTEN, door, is_enabled, messages
from dispatch.wording.lint import lint, lint_door, lint_messages


def causes(texts: dict[str, Any], *, at_door: bool = False) -> list[str]:
    found = lint_door("en", texts) if at_door else lint_messages("en", texts)
    return [f"{issue.where}: {issue.cause}" for issue in found]


@pytest.mark.fault("K2")
def test_every_text_that_ships_is_in_order() -> None:
    assert lint() == ()
    done = CliRunner().invoke(app, ["wording", "lint"])
    assert (done.exit_code, done.output) == (0, "Every text is in order.\n")


def test_hindi_and_indonesian_are_drafts_that_nobody_is_sent() -> None:
    assert LANGUAGES == ("en", "zh-CN")
    assert set(WRITTEN) - set(LANGUAGES) == {"hi", "id"}
    for language in ("hi", "id"):
        for texts in (messages(language), door(language)):
            assert not is_enabled(texts)
            assert not is_enabled({**texts, "reviewed": {"by": "", "on": "2026-11-01"}})
            assert is_enabled({**texts, "reviewed": {"by": "A. Reader", "on": "2026-11-01"}})


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Your loan, {date} {from}-{until} {link} {reference}", "“loan” (debt)"),
        ("Last chance: {date} {from}-{until} {link} {reference}", "“Last chance” (threat)"),
        ("If you do not answer: {date} {from}-{until} {link} {reference}", "(bluff)"),
        ("You must open. {date} {from}-{until} {link} {reference}", "(false_claim)"),
        ("For {person}: {date} {from}-{until} {link} {reference}", "It names person."),
        ("{date} {from}-{until} {reference}", "other things than English"),
        ("{date} {from}-{until} {link} {reference}" + " and more" * 60, "segments"),
    ],
)
def test_a_message_that_tells_too_much_or_too_long_is_named(said: str, cause: str) -> None:
    texts = deepcopy(messages("en"))
    texts["announcement"]["sms"]["text"] = said
    assert any(cause in one for one in causes(texts)), causes(texts)


def test_what_is_missing_or_too_much_is_named() -> None:
    texts = deepcopy(messages("en"))
    del texts["apology"]["letter"], texts["receipt"]["email"]["subject"]
    texts["greeting"] = {}
    found = causes(texts)
    assert any(one.startswith("en/apology/letter: It is missing") for one in found)
    assert any(one.startswith("en/receipt/email/subject: It is missing") for one in found)
    assert any(one.startswith("en/greeting: Nothing uses it") for one in found)


@pytest.mark.fault("K2")
def test_of_the_lender_nothing_is_said_before_identity_and_never_a_threat() -> None:
    texts = deepcopy(door("en"))
    texts["introduce"] = "We come from {lender} for {person}, {crew}."
    assert any("introduce: It names lender." in one for one in causes(texts, at_door=True))
    texts = deepcopy(door("en"))
    texts["credential"] = "About your loan: {code}"
    assert any("“loan” (debt)" in one for one in causes(texts, at_door=True))
    texts["credential"] = "{code}"
    texts["rights"] = "A visit harms your credit record."
    assert any("rights: It says" in one for one in causes(texts, at_door=True))
    texts["rights"] = "We speak of your loan only with you."
    assert causes(texts, at_door=True) == []
