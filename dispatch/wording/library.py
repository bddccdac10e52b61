"""The closed library of what is said before identity: templates filled in, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from babel.dates import format_date

from dispatch.clock import local_time
from dispatch.wording.catalogue import LANGUAGES, messages, version_of
from dispatch.wording.guard import ensure_discreet, ensure_plain

TEMPLATES: Final = ("announcement", "receipt", "reminder", "cancellation", "apology")
CHANNELS: Final = ("email", "sms", "phone_desk", "letter")
LOCALES: Final = {"en": "en", "zh-CN": "zh_Hans_CN", "hi": "hi", "id": "id"}
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message as it goes out; a text message has no subject."""

    subject: str
    text: str
    template: str
    """Which text of the library, as template.means.language."""
    template_version: str

    @property
    def hash(self) -> str:
        """SHA-256 of the message as it goes out."""
        return sha256(f"{self.subject}\n\n{self.text}".encode()).hexdigest()


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
    pattern = messages(language)["date"]
    return {
        "date": format_date(service_date, pattern, locale=LOCALES[language]),
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
    entry = messages(language)[template][channel]
    subject, text = entry.get("subject", ""), entry["text"]
    told = Words(
        subject=fill(subject, values).strip(),
        text=fill(text, values).strip(),
        template=f"{template}.{channel}.{language}",
        template_version=version_of(subject, text),
    )
    for said in (told.subject, told.text):
        ensure_discreet(said, link=values.get("link", ""))
    return told


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its names in braces filled in."""
    # One pass: a value that looks like a name in braces is never filled in again.
    return _NAME.sub(lambda found: values[found.group(1)], text)


def names_of(template: str, channel: str, language: str) -> tuple[str, ...]:
    """Return the names in braces of a template's text, in the order of their first appearance."""
    return tuple(dict.fromkeys(_NAME.findall(messages(language)[template][channel]["text"])))


def names_in(text: str) -> frozenset[str]:
    """Return the names in braces of a text."""
    return frozenset(_NAME.findall(text))
