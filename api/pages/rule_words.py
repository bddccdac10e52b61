"""Rules in words: what a parameter is called, and what its value says, for people who read law."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.wording import Translator
from dispatch.policy.explain import word_of
from dispatch.policy.wall import DAY_KEYS, HOLIDAY, WEEKDAYS, parse_week, to_text

_SHARED: Final[Mapping[str, str]] = {
    "eligibility.ability": "ability",
    "holds.kinds": "care.hold",
}
"""Parameters whose codes another part of the catalogue words already."""


def rule_name(parameter: str, t: Translator) -> str:
    """Return what a rule is called; its own name where nobody gave it a better one."""
    key = f"decision.rule.{parameter}"
    return t(key) if t.has(key) else parameter


def rule_value(parameter: str, raw: Any, t: Translator) -> str:
    """Return what a rule's value says, as a person would read it out.

    Parameters
    ----------
    raw
        The value in the pack's own grammar; None: the pack is silent.
    """
    if raw is None:
        return t("rule_value.silent")
    if isinstance(raw, bool):
        return t("rule_value.yes" if raw else "rule_value.no")
    if parameter.endswith("windows") or ".windows." in parameter:
        return _week(raw, t)
    if isinstance(raw, Mapping):
        return _grouped(parameter, raw, t)
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        told = [_part(parameter, one, t) for one in raw]
        return t("list.joint").join(told) if told else t("rule_value.none")
    return code_word(parameter, str(raw), t)


def code_word(parameter: str, code: str, t: Translator) -> str:
    """Return the word for one code of a rule's value."""
    for key in (f"rule_value.{parameter}.{code}", f"{_SHARED.get(parameter, '')}.{code}"):
        if t.has(key):
            return t(key)
    return word_of(code, t.locale) or code


def day_word(key: str, t: Translator) -> str:
    """Return the short word for a weekday (mon to sun) or for public holidays."""
    return t(f"rule_value.day.{key}")


def _grouped(parameter: str, raw: Mapping[str, str], t: Translator) -> str:
    """Return what a mapping says, names with the same word told together."""
    told = []
    for value in dict.fromkeys(raw.values()):
        names = [code_word(parameter, name, t) for name, one in raw.items() if one == value]
        word = code_word(parameter, value, t)
        told.append(t("rule_value.pair", value=word, names=t("list.joint").join(names)))
    return t("rule_value.then").join(told)


def _part(parameter: str, one: Any, t: Translator) -> str:
    if not isinstance(one, Mapping):
        return code_word(parameter, str(one), t)
    if one["days"] is None:
        return t(f"rule_value.cap.{one['scope']}_ever", count=one["visits"])
    if "visits" in one:
        return t(f"rule_value.cap.{one['scope']}", count=one["visits"], days=one["days"])
    of = t(f"rule_value.cap.of.{one['of']}")
    return t(f"rule_value.cap.contact_{one['scope']}", count=one["most"], days=one["days"], of=of)


def _week(raw: Mapping[str, Sequence[str]], t: Translator) -> str:
    """Return the windows of a week, days alike told together."""
    week = parse_week(raw)
    runs: list[tuple[str, str, tuple[str, ...]]] = []
    for day in DAY_KEYS:
        hours = tuple(to_text(week[day]))
        follows = bool(runs) and day != HOLIDAY and runs[-1][2] == hours
        if follows:
            runs[-1] = (runs[-1][0], day, hours)
        else:
            runs.append((day, day, hours))
    return t("rule_value.then").join(_run(*run, t) for run in runs)


def _run(first: str, last: str, hours: tuple[str, ...], t: Translator) -> str:
    days = day_word(first, t)
    if last != first:
        is_pair = WEEKDAYS.index(last) - WEEKDAYS.index(first) == 1
        joint = "rule_value.day_pair" if is_pair else "rule_value.day_run"
        days = t(joint, first=days, last=day_word(last, t))
    told = t("list.joint").join(one.replace("-", "–") for one in hours)
    return t("rule_value.on", days=days, hours=told or t("rule_value.closed"))
