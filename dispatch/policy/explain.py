"""Explain: a finding's cause and remedy in the reader's language."""

from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from dispatch.policy.rules import Finding

LANGUAGES: Final = ("en", "zh-CN")
_JOINTS: Final = {"en": ", ", "zh-CN": "、"}


def explain(finding: Finding, language: str = "en") -> tuple[str, str]:
    """Return cause and remedy of a finding; English where the language is not there."""
    language = language if language in LANGUAGES else "en"
    texts, words = _catalogue(language), _words()[language]

    def worded(value: Any) -> str:
        if isinstance(value, tuple):
            return _JOINTS[language].join(worded(part) for part in value)
        return words.get(str(value), str(value))

    entry = texts[finding.code]
    args = {name: worded(value) for name, value in finding.args.items()}
    return entry["cause"].format(**args), entry["remedy"].format(**args)


def word_of(code: str, language: str = "en") -> str | None:
    """Return the word for a code that rules use, such as a paper of the crew; None: there is none."""
    return _words()[language if language in LANGUAGES else "en"].get(code)


def named(parameter: str, language: str = "en") -> str:
    """Return a rule by the name that people use of it, such as *hours of visits*."""
    words = _words()[language if language in LANGUAGES else "en"]
    parts = parameter.split(".")
    for length in range(len(parts), 0, -1):
        if (key := "rule." + ".".join(parts[:length])) in words:
            return words[key]
    return words["rule"]


@cache
def _catalogue(language: str) -> dict[str, dict[str, str]]:
    return _read(f"{language}.yaml")


@cache
def _words() -> dict[str, dict[str, str]]:
    return _read("words.yaml")


def _read(file: str) -> dict[str, dict[str, str]]:
    text = resources.files("dispatch.policy").joinpath("texts", file).read_text("utf-8")
    content: dict[str, dict[str, str]] = yaml.safe_load(text)
    return content
