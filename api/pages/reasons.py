"""Why a visit is left out, in the reader's words: rules, audit and optimiser each have their own."""

from collections.abc import Sequence
from typing import Any, Final

from api.pages.views import Sentence
from api.wording import Translator
from dispatch.policy.explain import explain
from dispatch.policy.rules import Finding

MOST: Final = 4
"""Reasons shown of one visit; the rest repeats them crew by crew."""

_AUDIT: Final = "audit-"


def reasons_of(
    reasons: Sequence[dict[str, Any]], crews: dict[str, str], t: Translator
) -> tuple[tuple[Sentence, ...], Sentence | None]:
    """Return the sentences of a visit's reasons, and a remedy where one is known.

    Parameters
    ----------
    reasons
        As the plan keeps them: `code`, and `args`, `crew` or `detail`.
    crews
        Labels of the crews by id, for reasons that hold for one crew only.
    """
    told: dict[str, Sentence] = {}
    remedy: Sentence | None = None
    codes = {one["code"] for one in reasons}
    for one in reasons:
        cause, advice = _worded(one, t)
        crew = crews.get(str(one.get("crew")))
        if crew and len(codes) > 1:
            cause = Sentence("reason.with_crew", {"crew": crew, "why": _text(cause, t)})
        told.setdefault(_text(cause, t), cause)
        remedy = remedy or advice
    return tuple(told.values())[:MOST], remedy


def _worded(reason: dict[str, Any], t: Translator) -> tuple[Sentence, Sentence | None]:
    code = str(reason["code"])
    if code.startswith(_AUDIT) and t.has(f"fault.{code.removeprefix(_AUDIT)}"):
        return Sentence(f"fault.{code.removeprefix(_AUDIT)}"), None
    if t.has(f"reason.{code}"):
        return Sentence(f"reason.{code}"), None
    args = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in (reason.get("args") or {}).items()
    }
    try:
        cause, remedy = explain(Finding(code=code, parameter="", source=None, args=args), t.locale)
    except KeyError:  # a text that names more than this reason tells, or a code from elsewhere
        return Sentence("reason.other", {"detail": reason.get("detail") or code}), None
    return (
        Sentence("reason.other", {"detail": cause}),
        Sentence("remedy.other", {"detail": remedy}),
    )


def _text(sentence: Sentence, t: Translator) -> str:
    return t(sentence.key, **sentence.values)
