"""Both catalogues say the same things, and nothing that no page asks for."""

import re
from pathlib import Path
from string import Formatter

import pytest

from api.pages import choices
from api.wording import CATALOGUES, LOCALES, MissingWording, catalogue, translator

API = Path(__file__).parents[3] / "api"
#: Sentences which views bring by key; the engineer who fills a view chooses among them.
VIEW_PREFIXES = (
    "ability.", "amounts.", "appointment.", "change.", "conduct.finding.", "decision.tried.", "fault.", "figures.", "flash.", "ground_fact.", "lock.", "precision.",
    "law.decided", "law.head.", "law.proposed", "law.set", "law.taken_out", "permission.cap_of.", "permission.consent_effect.", "permission.taken_down", "permission.until.", "permission.vouched", "permission.withdrawn", "plan.flag.", "rule_value.", "reason.", "remedy.", "run.why.", "unlocated.", "why.", "script.", "error.", "borrower.state.",
)  # fmt: skip
#: The same in every language: names and signs.
SAME_ALLOWED = re.compile(r"chrome\.(product|osm|language_name\.)|plan\.pack$|\.other$")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def forms(text: str | dict[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def template_sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in (API / "templates").rglob("*.html"))


def test_there_is_one_catalogue_for_each_language() -> None:
    assert {path.stem for path in CATALOGUES.glob("*.yaml")} == set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_each_language_has_every_key(locale: str) -> None:
    assert set(catalogue(locale)) == set(catalogue("en"))


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_is_empty_or_of_another_type(locale: str) -> None:
    odd = {
        key: text
        for key, text in catalogue(locale).items()
        if not all(isinstance(form, str) and form.strip() for form in forms(text))
    }
    assert odd == {}


def test_translations_fill_the_same_places() -> None:
    other = catalogue("zh-CN")
    unequal = [
        key
        for key, text in catalogue("en").items()
        if set().union(*map(fields, forms(text))) != set().union(*map(fields, forms(other[key])))
    ]
    assert unequal == []


def test_chinese_is_chinese() -> None:
    untranslated = [
        key
        for key, text in catalogue("zh-CN").items()
        for form in forms(text)
        if re.search(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", form))
        and not re.search(r"[\u4e00-\u9fff]", form)
        and not SAME_ALLOWED.search(key)
    ]
    assert untranslated == []


def test_english_is_english_and_ascii_but_for_typography() -> None:
    chinese = [
        key
        for key, text in catalogue("en").items()
        if key != "chrome.language_name.zh-CN"
        and any(re.search(r"[\u3000-\u9fff\uff00-\uffef]", form) for form in forms(text))
    ]
    assert chinese == []


def test_every_key_a_template_names_exists() -> None:
    source = template_sources()
    named = set(re.findall(r"\bt\('([\w.-]+)'[,)]", source))
    assert named  # the pattern still meets the way templates are written
    assert named - set(catalogue("en")) == set()


def test_every_text_is_used_by_a_page() -> None:
    source = template_sources() + "\n".join(p.read_text("utf-8") for p in API.rglob("*.py"))
    named = set(re.findall(r"['\"]([a-z_]+(?:\.[\w-]+)+)['\"]", source))
    prefixes = {f"{prefix}" for prefix in re.findall(r"'([a-z_]+\.(?:[\w-]+\.)*)' ~", source)}
    wholes = {found.rsplit(".", 1)[0] + "." for found in named if found.startswith("script.")}
    used = tuple(prefixes | wholes | set(VIEW_PREFIXES) | {"borrower."})
    unused = [key for key in catalogue("en") if key not in named and not key.startswith(used)]
    assert [key for key in unused if not key.startswith("unit.")] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_each_outcome_has_a_label_and_says_what_follows(locale: str) -> None:
    codes = [code for group in choices.OUTCOME_GROUPS for code in group.codes]
    assert len(codes) == len(set(codes))
    worded = {key.split(".")[1] for key in catalogue(locale) if key.startswith("outcome.")}
    assert worded == set(codes)
    t = translator(locale)
    assert all(t(f"outcome.{code}.label") and t(f"outcome.{code}.follows") for code in codes)


@pytest.mark.parametrize("script", ["day", "today"])
def test_words_that_scripts_ask_for_exist(script: str) -> None:
    files = {"day": ("day", "run", "map", "timeline"), "today": ("field", "today", "visit")}[
        script
    ]
    source = "".join((API / "static/js" / f"{name}.js").read_text("utf-8") for name in files)
    asked = set(re.findall(r"\bwords\.(\w+)", source))
    held = translator("en").section(f"script.{script}")
    assert asked
    assert asked - set(held) == set()


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(MissingWording, match=r"no\.such\.key"):
        translator("en")("no.such.key")


def test_a_language_without_a_catalogue_is_an_error() -> None:
    with pytest.raises(MissingWording, match="fr"):
        translator("fr")
