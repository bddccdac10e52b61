"""The form of a playbook: its schema, and an order of steps that the case's stages permit."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import jsonschema

from dispatch.model.arrears import ArrearsReason
from dispatch.model.case import STAGES, Stage

_FROM_DOOR: Final = {Stage.VISITING, Stage.VISIT_APPROVED}


def form_issues(content: Any) -> list[str]:
    """Return what is wrong with a playbook's content, one sentence each; none: it is sound."""
    validator = jsonschema.Draft202012Validator(_schema())
    issues = [
        f"{'/'.join(str(part) for part in error.absolute_path) or 'playbook'}: {error.message}."
        for error in sorted(validator.iter_errors(content), key=lambda e: str(e.absolute_path))
    ]
    return issues or [*_order(content["stages"]), *_ways(content)]


def _order(steps: list[Mapping[str, Any]]) -> Iterator[str]:
    named = {step["name"]: step for step in steps}
    if len(named) < len(steps):
        yield "stages: two of them have the same name."
    if steps[0]["stage"] not in {Stage.INTAKE, Stage.AUDITED}:
        yield "stages: the first of them takes a case in; begin with the check of its data."
    for step in steps:
        if step["opens"] is not None:
            yield from _opening(step, named.get(step["opens"]), steps)
        if step["stage"] == Stage.ELIGIBLE and step["by"] != "person":
            yield f"stages/{step['name']}: a visit is decided on by a person, never by a duty."
    reached = {steps[0]["name"], *(step["opens"] for step in steps)}
    for name in sorted(set(named) - reached):
        yield f"stages/{name}: nothing opens it."


def _opening(
    step: Mapping[str, Any], following: Mapping[str, Any] | None, steps: list[Mapping[str, Any]]
) -> Iterator[str]:
    if following is None:
        yield f"stages/{step['name']}: it opens {step['opens']!r}, which is no stage here."
    elif not _may_follow(step, following, steps):
        yield f"stages/{step['name']}: from {step['stage']} no case comes to {following['stage']}."


def _may_follow(
    step: Mapping[str, Any], following: Mapping[str, Any], steps: list[Mapping[str, Any]]
) -> bool:
    here, there = Stage(step["stage"]), Stage(following["stage"])
    if here is there:
        return steps.index(dict(following)) > steps.index(dict(step))
    passed = {Stage.AUDITED} if here is Stage.INTAKE else set()  # passed in the same sweep
    return any(there in STAGES[one] for one in {here, *passed})


def _ways(content: Mapping[str, Any]) -> Iterator[str]:
    """A visit comes after remote contact, is decided on, and is not the way of every situation."""
    stages = [step["stage"] for step in content["stages"]]
    for needed in (Stage.REMOTE, Stage.ELIGIBLE):
        if needed not in stages[: _first_at_door(stages)]:
            yield f"stages: a stage of {needed} is missing before the visit."
    for one in content["situations"]:
        unknown = {*one["when"].get("reason", [])} - {*ArrearsReason}
        if unknown:
            yield f"situations/{one['name']}: {min(unknown)} is no reason that is noted of arrears."
        unable = {"partial", "none_now"} & {*one["when"].get("ability", [])}
        if one["way"] == "visit" and unable:
            yield f"situations/{one['name']}: nobody is visited who can't pay ({min(unable)})."


def _first_at_door(stages: list[str]) -> int:
    return next((at for at, one in enumerate(stages) if one in _FROM_DOOR), len(stages))


@cache
def _schema() -> dict[str, Any]:
    text = resources.files("dispatch.policy").joinpath("playbook.schema.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
