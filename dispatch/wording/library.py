"""The closed library of what is said before identity: templates filled in, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml
from babel.dates import format_date

from dispatch.clock import local_time
from dispatch.wording.guard import ensure_discreet, ensure_plain

LANGUAGES: Final = ("en", "zh-CN")
TEMPLATES: Final = ("announcement", "receipt", "cancellation", "apology")
CHANNELS: Final = ("email", "sms", "phone_desk", "letter")
_LOCALES: Final = {"en": "en", "zh-CN": "zh_Hans_CN"}
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message as it goes out; a text message has no subject."""

    subject: str
    text: str


def language_of(wanted: str | None, otherwise: str) -> str:
    """Return the language to write in: the person's, else the branch's, else English."""
    for name in (wanted, otherwise):
        for known in LANGUAGES:
            if name and (name == known or name.split("-")[0] == known.split("-")[0]):
                return known
    return "en"


def is_written(language: str | None) -> bool:
    """Whether the library has a person's own language, whatever its region."""
    family = (language or "").split("-")[0]
    return family in {known.split("-")[0] for known in LANGUAGES}


def values_of(
    *,
    language: str,
    time_zone: str,
    service_date: date,
    window_from_at: datetime,
    window_until_at: datetime,
    reference: str,
    link: str,
) -> dict[str, str]:
    """Return what the templates name: the date and the window as the place's clocks show them."""
    pattern = _catalogue(language)["date"]
    return {
        "date": format_date(service_date, pattern, locale=_LOCALES[language]),
        "from": f"{local_time(time_zone, window_from_at):%H:%M}",
        "until": f"{local_time(time_zone, window_until_at):%H:%M}",
        "reference": reference,
        "link": link,
    }


def words(template: str, channel: str, language: str, values: Mapping[str, str]) -> Words:
    """Return a template filled in, after the guard has seen the values and the result.

    Raises
    ------
    Refused
        If a value could inject something, or the result would tell a third party too much.
    """
    for name, value in values.items():
        ensure_plain(name, value)
    entry = _catalogue(language)[template][channel]
    filled = {part: _fill(entry.get(part, ""), values) for part in ("subject", "text")}
    for text in filled.values():
        ensure_discreet(text, link=values.get("link", ""))
    return Words(subject=filled["subject"].strip(), text=filled["text"].strip())


def _fill(text: str, values: Mapping[str, str]) -> str:
    # One pass: a value that looks like a name in braces is never filled in again.
    return _NAME.sub(lambda found: values[found.group(1)], text)


@cache
def _catalogue(language: str) -> dict[str, Any]:
    file = resources.files("dispatch.wording").joinpath("texts", f"{language}.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return content
