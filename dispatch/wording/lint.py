"""Lint: every text of the library, in every language, drafts included; asked in `make lint`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_date

from dispatch.wording.catalogue import WRITTEN, door, messages
from dispatch.wording.door import BEFORE_IDENTITY, ORDER, Aside, DoorStep, faults_of
from dispatch.wording.guard import findings
from dispatch.wording.library import CHANNELS, LOCALES, TEMPLATES, fill, names_in
from dispatch.wording.segments import segments

NEUTRAL: Final = frozenset({"date", "from", "until", "reference", "link"})
"""What a message may name: nothing of these tells whom it is to, from whom, or what about."""
AT_THE_DOOR: Final = frozenset({"crew", "person", "code"})
AFTER_IDENTITY: Final = AT_THE_DOOR | {"lender", "purpose"}
MOST_SEGMENTS: Final = 3
LONGEST: Final = {"subject": 78, "email": 1200, "letter": 1200, "phone_desk": 900, "sms": 480}
LONGEST_SAID: Final = 320
"""Characters of one step at the door: longer is a lecture."""
_LINK: Final = "https://appointments.example.org/b/" + "x" * 43
_LONG_DATE: Final = date(2026, 9, 23)
"""A Wednesday in September: the longest date in English."""


@dataclass(frozen=True, slots=True)
class WordingIssue:
    """One thing to mend in the library."""

    where: str
    cause: str
    remedy: str


def lint() -> tuple[WordingIssue, ...]:
    """Return every issue of the library as it ships; none means that it is in order."""
    return tuple(
        issue
        for language in WRITTEN
        for issue in (
            *lint_messages(language, messages(language)),
            *lint_door(language, door(language)),
        )
    )


def lint_messages(language: str, texts: Mapping[str, Any]) -> Iterator[WordingIssue]:
    """Find what is wrong with a language's messages."""
    yield from _standing(language, texts)
    yield from _keys(language, texts, {"date", *TEMPLATES})
    for template in TEMPLATES:
        entries = texts.get(template, {})
        yield from _keys(f"{language}/{template}", entries, set(CHANNELS))
        for channel in CHANNELS:
            where = f"{language}/{template}/{channel}"
            entry = entries.get(channel, {})
            wanted = {"subject", "text"} if channel == "email" else {"text"}
            yield from _keys(where, entry, wanted)
            for part in sorted(wanted & set(entry)):
                model = messages("en")[template][channel][part]
                yield from _message(f"{where}/{part}", entry[part], model, language, texts)


def lint_door(language: str, texts: Mapping[str, Any]) -> Iterator[WordingIssue]:
    """Find what is wrong with what a language says at the door."""
    where = f"{language}/door"
    yield from _standing(where, texts)
    yield from _keys(where, texts, {*ORDER, "aside", "purposes"})
    yield from _keys(f"{where}/aside", texts.get("aside", {}), set(Aside))
    yield from _keys(f"{where}/purposes", texts.get("purposes", {}), set(door("en")["purposes"]))
    asides = texts.get("aside", {})
    said: list[tuple[DoorStep | Aside, str, str]] = [
        *((one, texts[one], door("en")[one]) for one in ORDER if one in texts),
        *((one, asides[one], door("en")["aside"][one]) for one in Aside if one in asides),
    ]
    for step, text, model in said:
        allowed = AT_THE_DOOR if step in BEFORE_IDENTITY else AFTER_IDENTITY
        yield from _names(f"{where}/{step}", text, model, allowed)
        yield from _said(f"{where}/{step}", step, text)
    for name, text in texts.get("purposes", {}).items():
        yield from _said(f"{where}/purposes/{name}", DoorStep.PURPOSE, text)


def _said(where: str, step: DoorStep | Aside, text: str) -> Iterator[WordingIssue]:
    for kind, word in faults_of(step, text):
        yield WordingIssue(where, f"It says “{word}” ({kind}).", "Say it in other words.")
    if len(text) > LONGEST_SAID:
        yield WordingIssue(
            where, f"It is {len(text)} characters long.", f"At most {LONGEST_SAID}."
        )


def _message(
    where: str, text: str, model: str, language: str, texts: Mapping[str, Any]
) -> Iterator[WordingIssue]:
    yield from _names(where, text, model, NEUTRAL)
    for kind, word in findings(text):
        yield WordingIssue(where, f"It says “{word}” ({kind}).", "Say it in other words.")
    said = fill(text, _longest(language, texts)) if names_in(text) <= NEUTRAL else text
    channel, part = where.split("/")[-2:]
    most = LONGEST["subject" if part == "subject" else channel]
    if len(said) > most:
        yield WordingIssue(where, f"It is {len(said)} characters long.", f"At most {most}.")
    if channel == "sms" and segments(said) > MOST_SEGMENTS:
        parts = f"It takes {segments(said)} segments."
        yield WordingIssue(where, parts, f"At most {MOST_SEGMENTS}; leave words out.")


def _names(where: str, text: str, model: str, allowed: frozenset[str]) -> Iterator[WordingIssue]:
    if strange := names_in(text) - allowed:
        yield WordingIssue(
            where, f"It names {', '.join(sorted(strange))}.", "Nothing here may tell that."
        )
    if names_in(text) != names_in(model):
        told = ", ".join(sorted(names_in(model))) or "none"
        yield WordingIssue(where, "It names other things than English does.", f"Name {told}.")


def _keys(where: str, found: Mapping[str, Any], wanted: set[Any]) -> Iterator[WordingIssue]:
    present = {str(one) for one in found} - {"standing", "reviewed"}
    for one in sorted({str(name) for name in wanted} - present):
        yield WordingIssue(f"{where}/{one}", "It is missing.", "Write it.")
    for one in sorted(present - {str(name) for name in wanted}):
        yield WordingIssue(f"{where}/{one}", "Nothing uses it.", "Remove it.")


def _standing(where: str, texts: Mapping[str, Any]) -> Iterator[WordingIssue]:
    standing = texts.get("standing")
    if standing not in {"complete", "machine_draft"}:
        yield WordingIssue(
            where, f"Its standing is {standing}.", "Write complete or machine_draft."
        )
    signed = texts.get("reviewed")
    if signed is not None and set(signed) != {"by", "on"}:
        yield WordingIssue(where, "The review is half signed.", "Write who (by) and when (on).")


def _longest(language: str, texts: Mapping[str, Any]) -> dict[str, str]:
    pattern = texts.get("date", "EEEE d MMMM")
    return {
        "date": format_date(_LONG_DATE, pattern, locale=LOCALES[language]),
        "from": "09:30",
        "until": "11:30",
        "reference": "7K02QX4N",
        "link": _LINK,
    }
