"""The door script: one order, identity before content, names as they are."""

import pytest

from dispatch.wording.catalogue import LANGUAGES
from dispatch.wording.door import ORDER, DoorStep, door_script, script_version
from dispatch.wording.guard import findings


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_come_in_their_order_and_tell_of_nothing_before_identity(language: str) -> None:
    script = door_script(
        language,
        crew="A, B",
        person="C",
        code="123456",
        lender="Lending Bank",
        purpose="documents",
    )
    assert [line.step for line in script.steps] == list(ORDER)
    known = [line.step for line in script.steps].index(DoorStep.IDENTITY)
    for at, line in enumerate(script.steps):
        assert line.is_before_identity is (at <= known)
        assert "{" not in line.say
    early = [line.say for line in (*script.steps, *script.asides) if line.is_before_identity]
    assert all(findings(said) == () and "Lending" not in said for said in early)
    assert "Lending Bank" in script.steps[known + 1].say
    assert script.version == script_version(language)


def test_a_purpose_without_words_of_its_own_is_a_talk_about_choices() -> None:
    given = {"crew": "A", "person": "B", "code": "1", "lender": "L"}
    known = door_script("en", purpose="talk_about_options", **given)
    assert door_script("en", purpose="else", **given) == known


def test_languages_have_versions_of_their_own() -> None:
    assert len({script_version(language) for language in LANGUAGES}) == len(LANGUAGES)
