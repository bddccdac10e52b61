"""The words of the pages: catalogues, and the translator that reads them.

A catalogue is one YAML file a language. Keys are dotted paths; a value is a sentence with
``{named}`` places, or a mapping of plural forms (``one``, ``other``) chosen by ``count``.
Python and the templates hold keys, never sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, get_currency_precision

CATALOGUES = Path(__file__).parent / "catalogues"
LOCALES = ("en", "zh-CN")
FALLBACK_LOCALE = "en"
#: Whose habits of dates and money a language follows.
FORMATS = {"en": "en-GB", "zh-CN": "zh-Hans-CN"}
PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})

type Text = str | dict[str, str]


class MissingWording(LookupError):
    """A page asks for a key which the catalogue of its language does not hold."""


@cache
def catalogue(locale: str) -> Mapping[str, Text]:
    """Read one language's catalogue as dotted keys."""
    tree = yaml.safe_load((CATALOGUES / f"{locale}.yaml").read_text(encoding="utf-8"))
    return dict(_flatten(tree, ""))


def _flatten(node: dict[str, Any], prefix: str) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    for name, value in node.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and not set(value) <= PLURAL_FORMS:
            found += _flatten(value, f"{key}.")
        else:
            found.append((key, value))
    return found


def best_locale(wanted: str | None, accepted: str = "") -> str:
    """Choose a language: the wanted one, else the first accepted one we have, else English.

    `accepted` is an Accept-Language header; its order counts, its weights do not.
    """
    offers = [wanted or "", *(part.split(";")[0].strip() for part in accepted.split(","))]
    for offer in offers:
        for locale in LOCALES:
            if offer and offer.lower().split("-")[0] == locale.lower().split("-")[0]:
                return locale
    return FALLBACK_LOCALE


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language in one time zone; call it with a key and named values."""

    locale: str
    time_zone: str = "UTC"

    def __call__(self, key: str, **values: object) -> str:
        """Say the text of `key` with its places filled."""
        text = catalogue(self.locale).get(key)
        if text is None:
            raise MissingWording(f"{self.locale}: no wording for {key!r}")
        if isinstance(text, dict):
            text = text[self._plural_form(text, values)]
        return Formatter().vformat(text, (), values)

    def has(self, key: str) -> bool:
        """Whether this language holds `key`."""
        return key in catalogue(self.locale)

    def section(self, prefix: str) -> dict[str, str]:
        """The plain sentences under `prefix`, keys shortened: the words a script needs."""
        start = f"{prefix}."
        return {
            key.removeprefix(start): text
            for key, text in catalogue(self.locale).items()
            if key.startswith(start) and isinstance(text, str)
        }

    def in_zone(self, time_zone: str) -> "Translator":
        """The same language, telling times of another IANA zone."""
        return replace(self, time_zone=time_zone)

    def time(self, at: datetime) -> str:
        """Hour and minute of an instant, on the 24-hour clock."""
        return format_time(self._local(at), "HH:mm", locale=self._babel)

    def span(self, from_at: datetime, until_at: datetime) -> str:
        """Two times of one day: ``09:30–11:30``."""
        return f"{self.time(from_at)}–{self.time(until_at)}"

    def day(self, day: date | datetime) -> str:
        """A date in full, with its weekday."""
        return self._date(day, "full")

    def short_day(self, day: date | datetime) -> str:
        """Weekday, day and month, without the year."""
        local = self._local(day) if isinstance(day, datetime) else day
        if self.locale == "zh-CN":
            return format_date(local, "M月d日 EEE", locale=self._babel)
        return format_skeleton(
            "MMMEd", datetime.combine(local, datetime.min.time()), locale=self._babel
        )

    def dated(self, day: date | datetime) -> str:
        """Day, month and year: for what may lie far back or ahead."""
        return self._date(day, "medium")

    def dated_moment(self, at: datetime) -> str:
        """Day, month, year and time of an instant."""
        return f"{self.dated(at)} {self.time(at)}"

    def moment(self, at: datetime) -> str:
        """Short day and time of an instant."""
        return f"{self.short_day(at)} {self.time(at)}"

    def local_iso(self, at: datetime) -> str:
        """Wall-clock time of an instant without offset, for scripts that draw a day."""
        return self._local(at).replace(tzinfo=None).isoformat(timespec="seconds")

    def duration(self, seconds: int) -> str:
        """Hours and minutes, in words short enough for a table."""
        hours, minutes = divmod(round(seconds / 60), 60)
        if hours and minutes:
            return self("unit.hours_minutes", hours=hours, minutes=minutes)
        return self("unit.hours", hours=hours) if hours else self("unit.minutes", minutes=minutes)

    def money(self, minor: int, currency: str) -> str:
        """An amount kept in minor units, as the reader's language writes it."""
        amount = Decimal(minor).scaleb(-get_currency_precision(currency))
        return format_currency(amount, currency, locale=self._babel)

    @property
    def _babel(self) -> Locale:
        return Locale.parse(FORMATS[self.locale], sep="-")

    def _local(self, at: datetime | date) -> datetime:
        if not isinstance(at, datetime) or at.tzinfo is None:
            raise ValueError(f"{at!r} is not an instant: it names no time zone")
        return at.astimezone(ZoneInfo(self.time_zone))

    def _date(self, day: date | datetime, style: str) -> str:
        local = self._local(day).date() if isinstance(day, datetime) else day
        return format_date(local, style, locale=self._babel)

    def _plural_form(self, forms: dict[str, str], values: Mapping[str, object]) -> str:
        count = values.get("count")
        if not isinstance(count, int):
            raise MissingWording("a text with plural forms needs a whole `count`")
        form = self._babel.plural_form(count)
        return form if form in forms else "other"


def translator(locale: str, time_zone: str = "UTC") -> Translator:
    """The translator of a language; an unknown language is an error here, not on the page."""
    if locale not in LOCALES:
        raise MissingWording(f"no catalogue for {locale!r}; there are {', '.join(LOCALES)}")
    return Translator(locale=locale, time_zone=time_zone)
