"""Contradictions: what in a pack, read with the baseline, leaves no lawful visit at all.

A pack that contradicts itself is refused with every problem named: it would not plan wrongly, it
would plan nothing, and nobody could tell why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from dispatch.policy.pack import Pack, Value, effective, strictest
from dispatch.policy.wall import DAY_KEYS, WEEKDAYS, Minutes, parse_week

_PLACES: Final = {
    "residence": "visit.windows.residence",
    "workplace": "visit.windows.workplace",
    "other": "visit.windows.other",
}
_NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Parameters that can't both hold, and why."""

    parameters: tuple[str, ...]
    cause: str


def contradictions(pack: Pack) -> tuple[Contradiction, ...]:
    """Return every contradiction of a pack with itself and the baseline; none: it can be used."""
    law = effective(pack)
    found = [*_of_dates(pack), *_of(law)]
    for name, layer in pack.classes.items():
        known = {(one.parameters, one.cause) for one in found}
        found += [
            replace(one, cause=f"For {name}: {one.cause}")
            for one in _of(_with(law, layer))
            if (one.parameters, one.cause) not in known
        ]
    return tuple(found)


def _with(law: Pack, layer: Mapping[str, Value]) -> Pack:
    values = dict(law.values)
    for name, value in layer.items():
        stricter = strictest(name, [values.get(name), value])
        if stricter is not None:
            values[name] = stricter
    return replace(law, values=values)


def _of(law: Pack) -> Iterator[Contradiction]:
    yield from _of_hours(law)
    yield from _of_notice(law)
    yield from _of_numbers(law)


def _of_dates(pack: Pack) -> Iterator[Contradiction]:
    if pack.valid_until is not None and pack.valid_until < pack.valid_from:
        yield Contradiction(("valid_from", "valid_until"), "The pack ends before it begins.")
    if pack.review_on < pack.valid_from:
        yield Contradiction(
            ("valid_from", "review_on"), "The pack was due for review before it is valid."
        )
    country = (pack.calendar or "").partition("-")[0]
    if country and pack.jurisdiction not in {"*", country} and "-" not in pack.jurisdiction:
        yield Contradiction(
            ("jurisdiction", "calendar"), "The calendar is another country's than the law."
        )


def _of_hours(law: Pack) -> Iterator[Contradiction]:
    places = law["visit.places"]
    if all(word == _NEVER for word in places.values()):
        yield Contradiction(("visit.places",), "No kind of place may be visited.")
    margin = int(law["visit.margin_minutes"])
    for kind, name in _PLACES.items():
        spans = _spans(law, name)
        if places.get(kind, _NEVER) == _NEVER:
            continue
        if not spans:
            yield Contradiction((name,), f"No hour of the week is left for a visit ({kind}).")
        elif max(b - a for a, b in spans) <= 2 * margin + 1:
            yield Contradiction(
                (name, "visit.margin_minutes"), f"The margins take all that is left ({kind})."
            )
    if not _spans(law, "message.windows"):
        yield Contradiction(("message.windows",), "No hour of the week is left to send a notice.")


def _of_notice(law: Pack) -> Iterator[Contradiction]:
    lead, age = (
        timedelta(hours=law["notice.min_hours"]),
        timedelta(days=law["notice.max_age_days"]),
    )
    if lead >= age:
        yield Contradiction(
            ("notice.min_hours", "notice.max_age_days"),
            "A notice is too old before its lead time is over.",
        )


def _of_numbers(law: Pack) -> Iterator[Contradiction]:
    if not law["eligibility.ability"]:
        yield Contradiction(
            ("eligibility.ability",), "No assessed ability to pay permits a visit."
        )
    if any(cap["visits"] == 0 for cap in law["visit.caps"]):
        yield Contradiction(("visit.caps",), "A cap permits no visit at all.")
    if any(cap["most"] == 0 and cap["of"] != "calls" for cap in law.get("contact.caps") or ()):
        yield Contradiction(("contact.caps",), "A cap permits no contact at all.")


def _spans(law: Pack, name: str) -> list[Minutes]:
    week = parse_week(law[name])
    return [span for key in DAY_KEYS if key in WEEKDAYS for span in week[key]]
