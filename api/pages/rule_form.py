"""A rule's value as controls of a form, and back: one control for each thing that may be looser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request

from api.pages.rule_words import code_word, day_word
from api.wording import Translator
from dispatch.errors import Invalid
from dispatch.policy.wall import DAY_KEYS, parse_week, to_text

VALUE: Final = "value"
"""What the names of a rule's controls begin with."""

_MOST_CONTROLS: Final = 60
_JOINTS: Final = re.compile(r"[,;，；、\s]+")
_NUMBER_OF_CAP: Final = ("visits", "most")


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `kind` is text, number, select or checkbox; `label` is worded already."""

    name: str
    kind: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in, by the controls' names; a control may be given more than once."""

    given: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """Return what a control was given; nothing where it was left out."""
        return self.given.get(name, ("",))[0].strip()


async def filled_rule(request: Request) -> Filled:
    """Return the controls of a rule's form that was sent."""
    form = await request.form()
    given: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if name.startswith(VALUE) and isinstance(value, str) and len(given) < _MOST_CONTROLS:
            given[name] = (*given.get(name, ()), value[:200])
    return Filled(given)


def controls_of(parameter: str, raw: Any, t: Translator) -> tuple[Control, ...]:
    """Return the controls for a rule, filled in with what its value says now."""
    if isinstance(raw, bool):
        either = (("true", t("rule_value.yes")), ("false", t("rule_value.no")))
        return (Control(VALUE, "select", "", str(raw).lower(), either),)
    if isinstance(raw, int):
        return (Control(VALUE, "number", "", str(raw)),)
    if _is_week(parameter):
        week = parse_week(raw)
        return tuple(
            Control(f"{VALUE}.{day}", "text", day_word(day, t), ", ".join(to_text(week[day])))
            for day in DAY_KEYS
        )
    if isinstance(raw, Mapping):
        options = _options(parameter, t)
        return tuple(
            Control(f"{VALUE}.{name}", "select", code_word(parameter, name, t), word, options)
            for name, word in raw.items()
        )
    if isinstance(raw, str):
        return (Control(VALUE, "select", "", raw, _options(parameter, t)),)
    return tuple(_control_of_part(parameter, at, one, t) for at, one in enumerate(raw))


def value_of(parameter: str, raw: Any, filled: Filled) -> Any:
    """Return what was filled in, in the pack's own grammar.

    Parameters
    ----------
    raw
        The value that the controls were made from.

    Raises
    ------
    Invalid
        If a number is none. What else can't be right, the rule's own schema finds.
    """
    if isinstance(raw, bool):
        return filled.one(VALUE) == "true"
    if isinstance(raw, int):
        return _number(filled.one(VALUE))
    if _is_week(parameter):
        return {day: _windows(filled.one(f"{VALUE}.{day}")) for day in DAY_KEYS}
    if isinstance(raw, Mapping):
        return {name: filled.one(f"{VALUE}.{name}") for name in raw}
    if isinstance(raw, str):
        return filled.one(VALUE)
    kept = filled.given.get(VALUE, ())
    return [
        {**one, _number_name(one): _number(filled.one(f"{VALUE}.{at}"))}
        if isinstance(one, Mapping)
        else one
        for at, one in enumerate(raw)
        if isinstance(one, Mapping) or str(one) in kept
    ]


def _control_of_part(parameter: str, at: int, one: Any, t: Translator) -> Control:
    if isinstance(one, Mapping):
        name = _number_name(one)
        label = t("permission.cap", of=t(f"permission.cap_of.{one['scope']}"), days=one["days"])
        return Control(f"{VALUE}.{at}", "number", label, str(one[name]))
    return Control(VALUE, "checkbox", code_word(parameter, str(one), t), str(one))


def _options(parameter: str, t: Translator) -> tuple[tuple[str, str], ...]:
    return tuple(t.section(f"rule_value.{parameter}").items())


def _number_name(cap: Mapping[str, Any]) -> str:
    return next(name for name in _NUMBER_OF_CAP if name in cap)


def _is_week(parameter: str) -> bool:
    return ".windows" in parameter


def _windows(text: str) -> Sequence[str]:
    told = re.sub(r"\s*[-–—~至]\s*", "-", text.replace("：", ":"))
    return [part for part in _JOINTS.split(told) if part]


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        msg = "The rule asks for a whole number; write digits only."
        raise Invalid(msg)
    return int(text)
