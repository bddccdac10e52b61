"""The difference between two packs in words: each part that is said otherwise, before and after."""

from collections.abc import Mapping
from typing import Any, Final

from api.pages.law_views import ChangedPart, DifferenceView
from api.pages.rule_words import rule_name, rule_value
from api.wording import Translator

_CODED: Final[Mapping[str, str]] = {
    "mark": "law.mark",
    "force": "decision.force",
    "relaxable_by": "permission.giver",
}
"""Parts of a rule whose value is a code, and the section of the catalogue that words it."""


def difference_view(told: Mapping[str, Any], t: Translator) -> DifferenceView:
    """Return one difference as it was kept with the proposal.

    Parameters
    ----------
    told
        `parameter`, `product`, `before` and `after` with their parts (None: that pack is silent),
        and `is_switched_on`.
    """
    parameter = str(told["parameter"])
    before, after = told.get("before") or {}, told.get("after") or {}
    names = [
        name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)
    ]
    if not (before and after):
        names = ["value"]  # what is new, or gone, is told by what it says
    head = f"law.head.{parameter}"
    return DifferenceView(
        rule=t(head) if t.has(head) else rule_name(parameter, t),
        product=told.get("product"),
        parts=tuple(
            ChangedPart(
                name,
                _word(parameter, name, before.get(name), t),
                _word(parameter, name, after.get(name), t),
            )
            for name in names
        ),
        is_switched_on=bool(told.get("is_switched_on")),
    )


def _word(parameter: str, part: str, said: Any, t: Translator) -> str:
    if said is None:
        return t("rule_value.silent")
    if part == "value" and not t.has(f"law.head.{parameter}"):
        return rule_value(parameter, said, t)
    if isinstance(said, bool):
        return t("rule_value.yes" if said else "rule_value.no")
    key = f"{_CODED.get(part, '')}.{said}"
    return t(key) if t.has(key) else str(said)
