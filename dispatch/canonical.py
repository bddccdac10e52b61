"""Canonical JSON (RFC 8785): one value, one text, so that its hash can be computed again anywhere.

Keys are sorted by their UTF-16 code units, numbers are written as ECMAScript writes them, nothing
is escaped that need not be.
"""

import json
import math
from typing import Any, Final

LARGEST_WHOLE: Final = 2**53 - 1
"""Whole numbers beyond it are not exact in every reader of JSON."""

_PLAIN = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

_FIXED_ABOVE, _FIXED_BELOW = -7, 21  # exponents between which ECMAScript writes no `e`


def canonical(value: Any) -> str:
    """Return a value as canonical JSON.

    Raises
    ------
    ValueError
        If a number is not finite or not exact, a text holds half a character, or a key is no text.
    """
    text = _PLAIN(value) if _is_simple(value) else _written(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        msg = "a text holds half a character (a lone surrogate); it has no canonical form"
        raise ValueError(msg) from error
    return text


def _is_simple(value: Any) -> bool:
    """Whether the standard library's encoder writes the value canonically."""
    match value:
        case None | bool() | str():
            return True
        case int():
            return -LARGEST_WHOLE <= value <= LARGEST_WHOLE
        case dict():
            return all(
                isinstance(key, str) and key.isascii() and _is_simple(part)
                for key, part in value.items()
            )
        case list() | tuple():
            return all(map(_is_simple, value))
        case _:
            return False


def _written(value: Any) -> str:
    match value:
        case None | bool() | str():
            return _PLAIN(value)
        case int():
            if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
                msg = f"{value} is no number that every reader holds exactly; write it as text"
                raise ValueError(msg)
            return str(int(value))
        case float():
            return _number(value)
        case dict():
            return "{" + ",".join(map(_member, sorted(value.items(), key=_utf16))) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_written, value)) + "]"
        case _:
            msg = f"{type(value).__name__} has no canonical form"
            raise ValueError(msg)


def _utf16(item: tuple[Any, Any]) -> bytes:
    if not isinstance(item[0], str):
        msg = f"the key {item[0]!r} is no text"
        raise ValueError(msg)  # noqa: TRY004  one kind of error for whatever has no form
    return item[0].encode("utf-16-be", "surrogatepass")


def _member(item: tuple[str, Any]) -> str:
    return f"{_PLAIN(item[0])}:{_written(item[1])}"


def _number(value: float) -> str:
    """Return a number as ECMAScript's Number::toString writes it (RFC 8785, 3.2.2.3)."""
    if not math.isfinite(value):
        msg = f"{value} is no number of JSON"
        raise ValueError(msg)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = int(power or 0) - len(fraction) + len(digits)  # where it stands among the digits
    digits = digits.rstrip("0")
    if len(digits) <= point <= _FIXED_BELOW:
        return sign + digits.ljust(point, "0")
    if 0 < point <= _FIXED_BELOW:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _FIXED_ABOVE < point - 1 < 0:
        return f"{sign}0.{'0' * -point}{digits}"
    exponent = f"{point - 1:+d}"
    return sign + digits[0] + (f".{digits[1:]}" if digits[1:] else "") + f"e{exponent}"
