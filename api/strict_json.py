"""Strict JSON: refuses what databases, browsers and other parsers would read differently.

Python's parser takes NaN, numbers that become infinite, repeated names (the last wins) and lone
surrogates; each of them has stored what no later answer could deliver.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

DEEPEST = 64
_LONGEST_NUMBER = 40
_GREATEST = 2**63 - 1


class NotStrict(ValueError):
    """The text is no JSON that may come in; the message says why, without repeating it."""


def parse(content: bytes) -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    NotStrict
        If the text is not UTF-8 or not JSON, names a key twice, holds a number that is not finite
        or beyond 64 bits, a character that is none (NUL, half a pair), or is nested too deep.
    """
    try:
        text = content.decode("utf-8")
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_bounded,
            object_pairs_hook=_single,
        )
    except NotStrict:
        raise
    except UnicodeDecodeError as error:
        msg = "The body is not UTF-8; send it in that encoding."
        raise NotStrict(msg) from error
    except RecursionError as error:
        raise NotStrict(_too_deep()) from error
    except ValueError as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        msg = f"The body is not JSON{place}; check commas, quotes and brackets."
        raise NotStrict(msg) from error
    _require_plain(value, has_escapes="\\u" in text)
    return value


def _require_plain(value: Any, *, has_escapes: bool) -> None:
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        if has_escapes:
            for text in _texts(level):
                _require_characters(text)
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise NotStrict(_too_deep())


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _texts(level: list[Any]) -> Iterator[str]:
    for value in level:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value


def _require_characters(text: str) -> None:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        msg = "A text holds a character that is none (NUL or half a surrogate pair); leave it out."
        raise NotStrict(msg)


def _too_deep() -> str:
    return f"The body is nested deeper than {DEEPEST} levels; send it flatter."


def _no_constant(name: str) -> Any:
    msg = f"{name} is no JSON number; send a finite number or null."
    raise NotStrict(msg)


def _finite(text: str) -> float:
    value = float(text) if len(text) <= 10 * _LONGEST_NUMBER else math.inf
    if not math.isfinite(value):
        msg = "A number is too great to be kept; send a finite one."
        raise NotStrict(msg)
    return value


def _bounded(text: str) -> int:
    value = int(text) if len(text) <= _LONGEST_NUMBER else _GREATEST + 1
    if abs(value) > _GREATEST:
        msg = "A whole number goes beyond 64 bits; send a smaller one."
        raise NotStrict(msg)
    return value


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        msg = "An object names the same key twice; name it once."
        raise NotStrict(msg)
    return value
