"""Lint: what a pack leaves open; asked before a pack is used, and in `make lint`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatch.errors import PackInvalid
from dispatch.policy.envelope import read_yaml, schema_issues
from dispatch.policy.pack import Mark

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
    return broken or (*_of_the_pack(content, on), *_of_values(content, on))


def _of_the_pack(content: Mapping[str, Any], on: date) -> Iterator[PackIssue]:
    until = content["valid_until"]
    if until is not None and until < content["valid_from"]:
        yield PackIssue("valid_until", "The pack ends before it begins.", "Mend the dates.")
    if until is not None and date.fromisoformat(until) < on:
        yield PackIssue("valid_until", f"The pack expired on {until}.", "Have counsel renew it.")
    if date.fromisoformat(content["review_on"]) < on:
        due = f"The pack was due for review on {content['review_on']}."
        yield PackIssue("review_on", due, "Have counsel review it and set the next date.")
    used = {entry["source"] for entry in content["values"].values()}
    for source in sorted(set(content["sources"]) - used):
        yield PackIssue(f"sources/{source}", "No value rests on it.", "Cite it, or remove it.")


def _of_values(content: Mapping[str, Any], on: date) -> Iterator[PackIssue]:
    for name, entry in content["values"].items():
        stated = {**content["sources"][entry["source"]], **entry}
        where, mark = f"values/{name}", Mark(stated["mark"])
        if mark in {Mark.KNOWN, Mark.NOT_FOUND} and "switch" not in entry:
            cause = f"A value of mark {mark} has no switch."
            remedy = "Write `switch: off`, or who switched it on and when."
            yield PackIssue(where, cause, remedy)
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
