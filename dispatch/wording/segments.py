"""Segments: in how many parts a text message travels (3GPP TS 23.038 and 23.040)."""

from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""Each takes two places of the seven-bit alphabet."""
_GSM: Final = (160, 153)
_UCS2: Final = (70, 67)
"""Places of a message that travels alone, and of each part of a longer one."""


def is_gsm(text: str) -> bool:
    """Whether a text fits the seven-bit alphabet; else every character takes sixteen bits."""
    return all(one in _BASIC or one in _EXTENDED for one in text)


def segments(text: str) -> int:
    """Return in how many parts a text message travels."""
    if is_gsm(text):
        return _parts([2 if one in _EXTENDED else 1 for one in text], *_GSM)
    return _parts([len(one.encode("utf-16-le")) // 2 for one in text], *_UCS2)


def _parts(places: list[int], alone: int, each: int) -> int:
    """Return the number of parts; a character of two places is never cut in two."""
    if sum(places) <= alone:
        return 1
    count, used = 1, 0
    for place in places:
        used += place
        if used > each:
            count, used = count + 1, place
    return count
