"""Lint: what a pack leaves open; asked before a pack is used, and in `make lint`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatch.errors import PackInvalid
from dispatch.policy.contradictions import contradictions
from dispatch.policy.envelope import entries, read_yaml, schema_issues
from dispatch.policy.pack import Mark, read_pack
from dispatch.policy.register import not_a_source

_SWITCHED = frozenset({Mark.KNOWN, Mark.NOT_FOUND})
_FOUNDED = frozenset({Mark.FOUND, Mark.SECOND_HAND})


@dataclass(frozen=True, slots=True)
class PackIssue:
    """One thing to mend in a pack."""

    where: str
    cause: str
    remedy: str


def lint(text: str, *, name: str = "pack", on: date) -> tuple[PackIssue, ...]:
    """Return every issue of a pack's YAML text as of a date; none means that it is in order."""
    try:
        content = read_yaml(text, name=name)
    except PackInvalid as error:
        return (PackIssue(name, error.detail, "Write plain YAML, each key once."),)
    broken = tuple(
        PackIssue(name, issue, "See docs/policy.md for the envelope.")
        for issue in schema_issues(content)
    )
    return broken or (
        *_of_the_pack(content, on),
        *_of_values(content, on),
        *_contradictory(text, name),
    )


def _contradictory(text: str, name: str) -> Iterator[PackIssue]:
    for one in contradictions(read_pack(text, name=name)):
        yield PackIssue(
            ", ".join(one.parameters), one.cause, "Mend one of them; the baseline always binds."
        )


def _of_the_pack(content: Mapping[str, Any], on: date) -> Iterator[PackIssue]:
    until = content["valid_until"]
    if until is not None and date.fromisoformat(until) < on:
        yield PackIssue("valid_until", f"The pack expired on {until}.", "Have counsel renew it.")
    if date.fromisoformat(content["review_on"]) < on:
        due = f"The pack was due for review on {content['review_on']}."
        yield PackIssue("review_on", due, "Have counsel review it and set the next date.")
    for name, source in content["sources"].items():
        if (wrong := not_a_source(source["instrument"])) is not None:
            cause = f"{source['instrument']} is no source: {wrong.why}"
            yield PackIssue(f"sources/{name}", cause, wrong.instead)
    used = {entry["source"] for _, _, entry in entries(content)}
    for source in sorted(set(content["sources"]) - used):
        yield PackIssue(f"sources/{source}", "No value rests on it.", "Cite it, or remove it.")


def _of_values(content: Mapping[str, Any], on: date) -> Iterator[PackIssue]:
    for where, _, entry in entries(content):
        stated = {**content["sources"][entry["source"]], **entry}
        mark = Mark(stated["mark"])
        yield from _of_switch(where, mark, entry.get("switch"), on)
        if mark is Mark.NOT_FOUND and entry["value"] is not None:
            yield PackIssue(
                where, "What was not found has a value.", "Write null; never guess a number."
            )
        if mark is not Mark.NOT_FOUND and entry["value"] is None:
            yield PackIssue(where, "The value is missing.", "Give it, or mark it N.")
        if mark not in _FOUNDED and stated["url"] is not None:
            yield PackIssue(
                where, f"A URL stands beside mark {mark}.", "A URL belongs to F and F2 only."
            )
        if date.fromisoformat(stated["review_on"]) < on:
            due = f"It was due for review on {stated['review_on']}."
            yield PackIssue(where, due, "Check it at its source and set the next date.")


def _of_switch(where: str, mark: Mark, switch: Any, on: date) -> Iterator[PackIssue]:
    if switch is None and mark in _SWITCHED:
        cause = f"A value of mark {mark} has no switch."
        yield PackIssue(where, cause, "Write `switch: off`, or who switched it on and when.")
    if switch is not None and mark not in _SWITCHED:
        yield PackIssue(
            where, f"A value of mark {mark} has a switch.", "It binds anyway; remove the switch."
        )
    if isinstance(switch, dict) and mark is Mark.NOT_FOUND:
        yield PackIssue(
            where, "What was not found is switched on.", "There is no value; write `switch: off`."
        )
    if isinstance(switch, dict) and date.fromisoformat(switch["on"]) > on:
        yield PackIssue(
            where, f"It is switched on from {switch['on']} only.", "Date it when it is done."
        )
