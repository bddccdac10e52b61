"""The content guard: nothing tells a third party of a debt, frightens, bluffs or claims what is not so.

What is forbidden stands in `forbidden.yaml`, by kind and language; each text is read for all of them.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from dispatch.errors import Refused

LONGEST: Final = 300
_LINK: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:/[A-Za-z0-9._~\-]+)*/?")


class Forbidden(StrEnum):
    """Why a text may not be said."""

    DEBT = "debt"
    """It tells a third party of a debt; allowed once the person has shown who they are."""
    THREAT = "threat"
    """It frightens: force, shame, harm to the person or those near them."""
    BLUFF = "bluff"
    """It claims a power or a step that nobody has decided."""
    FALSE_CLAIM = "false_claim"
    """It says what is not so, such as that a visit harms a credit record."""


NEVER: Final = frozenset(Forbidden) - {Forbidden.DEBT}
"""What is never said, before identity or after."""


def findings(
    text: str, kinds: Iterable[Forbidden] = tuple(Forbidden)
) -> tuple[tuple[Forbidden, str], ...]:
    """Return what in a text is forbidden, each with its kind, in the order of the kinds."""
    folded = unicodedata.normalize("NFKC", text)
    found = ((kind, hit.group(0)) for kind in kinds for hit in _pattern(kind).finditer(folded))
    return tuple(dict.fromkeys(found))


def forbidden_words(text: str) -> tuple[str, ...]:
    """Return what in a text would tell a third party of a debt."""
    return tuple(word for _, word in findings(text, [Forbidden.DEBT]))


def ensure_discreet(text: str, *, link: str = "") -> None:
    """Refuse a text that must not be said; of the link all but its random end is read too.

    Raises
    ------
    Refused
        With the words that stand in the way.
    """
    plain = text.replace(link, link.rpartition("/")[0]) if link else text
    if found := findings(plain):
        told = ", ".join(dict.fromkeys(word for _, word in found))
        msg = f"The message would tell others too much ({told}); use a template as it is."
        raise Refused(msg)


def ensure_plain(name: str, value: str) -> None:
    """Refuse a value that could be more than words: line breaks, markup, braces, odd addresses.

    Raises
    ------
    Refused
        If the value of the name could inject something.
    """
    is_odd = len(value) > LONGEST or any(
        one in "{}<>&\"'`\\" or unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        for one in value
    )
    if name == "link":
        is_odd = is_odd or (value != "" and _LINK.fullmatch(value) is None)
    elif "/" in value or "@" in value:
        is_odd = True
    if is_odd:
        msg = f"The value of {name} holds something that is no plain text; nothing was written."
        raise Refused(msg)


@cache
def _pattern(kind: Forbidden) -> re.Pattern[str]:
    listed = _listed()[kind]
    words = "|".join(one for text in listed["words"].values() for one in text.split())
    parts = "|".join(one for text in listed["parts"].values() for one in text.split())
    return re.compile(rf"\b(?:{words})\b|{parts}", re.IGNORECASE)


@cache
def _listed() -> dict[str, Any]:
    file = resources.files("dispatch.wording").joinpath("forbidden.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return content
