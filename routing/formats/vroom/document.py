"""JSON objects read key by key, with everything wrong noted and nothing skipped in silence."""

import json
from collections.abc import Iterator
from math import inf, isfinite
from typing import Any

import numpy as np

from routing.errors import InvalidProblem, Issue
from routing.formats.vroom.grids import Grids
from routing.problem import Id
from routing.units import MAX_TEXT

_MISSING: Any = object()
_LONGEST_NUMBER = 4000
"""Digits; Python itself refuses to read more than 4,300."""


class Doubled(dict[str, Any]):
    """An object in which some keys stood more than once; `doubled` names them."""

    doubled: tuple[str, ...] = ()


def parse(text: str | bytes) -> Any:
    """Read JSON text.

    Large tables become arrays (see `routing.formats.vroom.grids`).
    NaN, Infinity and numbers beyond any bound are read as floats that are not finite, so that
    who reads the document refuses them where they stand, together with all other faults.

    Raises
    ------
    InvalidProblem
        When the text is not JSON, or nested too deeply.
    """
    try:
        return _loaded(text)
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        cause = "is nested too deeply" if deep else f"is not JSON: {error}"
        raise InvalidProblem([Issue("json", "", cause, "give a JSON file in UTF-8")]) from error


def _loaded(text: str | bytes) -> Any:
    grids = Grids(text.encode() if isinstance(text, str) else text)

    def read(pairs: list[tuple[str, Any]]) -> Any:
        table = grids.restored(pairs)
        return _object(pairs) if table is None else table

    try:
        return json.loads(grids.text, object_pairs_hook=read)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError:  # a number of more digits than Python reads
        return json.loads(grids.text, object_pairs_hook=read, parse_int=_bounded)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    names = [name for name, _ in pairs]
    told = Doubled(value)
    told.doubled = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    return told


def _bounded(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else inf


class Report:
    """Issues and notes found while reading a document."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.notes: list[str] = []

    def add(self, code: str, pointer: str, cause: str, remedy: str) -> None:
        """Note something wrong."""
        self.issues.append(Issue(code, pointer, cause, remedy))

    def raise_if_any(self) -> None:
        """Refuse the document if anything was wrong.

        Raises
        ------
        InvalidProblem
            With every issue.
        """
        if self.issues:
            raise InvalidProblem(self.issues)

    def covers(self, pointer: str) -> bool:
        """Whether something at, above or below a pointer was found wrong already."""
        return any(
            own.pointer == pointer
            or own.pointer.startswith(f"{pointer}/")
            or pointer.startswith(f"{own.pointer}/")
            for own in self.issues
        )


def joined(pointer: str, key: str | int) -> str:
    """JSON pointer to a key below another pointer, escaped as RFC 6901 has it."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


class Fields:
    """The keys of one JSON object; each is taken once, the rest is reported at the end.

    Parameters
    ----------
    value
        What stands in the document; anything but an object is an issue.
    pointer
        JSON pointer to it.
    report
        Where issues go.
    """

    def __init__(self, value: Any, pointer: str, report: Report) -> None:
        self.pointer = pointer
        self.report = report
        self._left: dict[str, Any] = {}
        if isinstance(value, dict):
            self._left = dict(value)
        else:
            report.add("shape", pointer, "is not an object", "give a JSON object")
        for name in value.doubled if isinstance(value, Doubled) else ():
            report.add(
                "duplicate-key", joined(pointer, name), "stands twice", "give each key once"
            )

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def at(self, key: str | int) -> str:
        """JSON pointer to a key."""
        return joined(self.pointer, key)

    def take(self, key: str, default: Any = None) -> Any:
        """The value of a key, whatever it is."""
        return self._left.pop(key, default)

    def whole(self, key: str, default: Any = _MISSING) -> Any:
        """A whole number; `default` where the key is absent, an issue if there is none."""
        value = self._left.pop(key, _MISSING)
        if value is _MISSING and default is not _MISSING:
            return default
        if type(value) is int:
            return value
        cause = "is missing" if value is _MISSING else f"is {shown(value)}, not a whole number"
        self.report.add("number", self.at(key), cause, "give a whole number")
        return 0

    def real(self, key: str, default: float) -> float:
        """A finite number; `default` where the key is absent."""
        value = self._left.pop(key, default)
        found = number(value)
        if found is None:
            self.report.add(
                "number", self.at(key), f"is {shown(value)}, not a number", "give a finite number"
            )
            return default
        return found

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, empty where absent."""
        values = self.items(key)
        for index, value in enumerate(values):
            if type(value) is not int:
                self.report.add(
                    "number",
                    joined(self.at(key), index),
                    f"is {shown(value)}, not a whole number",
                    "give a whole number",
                )
        return tuple(value if type(value) is int else 0 for value in values)

    def identity(self, key: str = "id") -> Id:
        """An id: a whole number or a text. A faulty one is replaced by one that is unique."""
        value = self._left.pop(key, _MISSING)
        if type(value) in (int, str) and (type(value) is int or is_text(value)):
            return value  # type: ignore[no-any-return]
        cause = "is missing" if value is _MISSING else f"is {shown(value)}"
        self.report.add("id", self.at(key), cause, "give a number or a text")
        return f"?{self.at(key)}"

    def flag(self, key: str) -> bool:
        """True or false; false where absent."""
        value = self._left.pop(key, False)
        if type(value) is not bool:
            self.report.add("flag", self.at(key), f"is {shown(value)}", "give true or false")
            return False
        return value

    def text(self, key: str) -> str | None:
        """A text, None where absent."""
        value = self._left.pop(key, None)
        if value is not None and not is_text(value):
            self.report.add(
                "text",
                self.at(key),
                f"is {shown(value)}",
                f"give a text of at most {MAX_TEXT} characters",
            )
            return None
        return value  # type: ignore[no-any-return]

    def items(self, key: str) -> list[Any]:
        """A list, empty where absent."""
        value = self._left.pop(key, [])
        if isinstance(value, list):
            return value
        self.report.add("shape", self.at(key), f"is {shown(value)}", "give a list")
        return []

    def objects(self, key: str) -> Iterator["Fields"]:
        """The objects of a list, whose unknown keys are reported once they were read."""
        pointer = self.at(key)
        for index, value in enumerate(self.items(key)):
            inner = Fields(value, joined(pointer, index), self.report)
            yield inner
            inner.finish()

    def inner(self, key: str) -> "Fields":
        """The object at a key, empty where absent."""
        return Fields(self._left.pop(key, {}), self.at(key), self.report)

    def rest(self) -> list[str]:
        """Names of the keys that nobody took yet."""
        return list(self._left)

    def finish(self) -> None:
        """Note the keys that nobody took."""
        for key, value in self._left.items():
            self.report.notes.append(
                f"{self.at(key)} is not a key of the dialect; it was not used"
            )
            if not _is_json(value):
                self.report.add(
                    "number", self.at(key), "holds NaN or infinity", "give finite numbers"
                )
        self._left = {}


def number(value: Any) -> float | None:
    """A finite number as a float, None for anything else."""
    if type(value) in (int, float) and abs(value) < 1e300 and isfinite(value):  # noqa: PLR2004
        return float(value)
    return None


def is_text(value: Any) -> bool:
    """Whether a value is a text that can be written again."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def shown(value: Any) -> str:
    """The beginning of a value, for a sentence."""
    if isinstance(value, int) and abs(value) > 10**40:
        return "a huge number"
    return json.dumps(value)[:40] if isinstance(value, str) else _outline(value)


def _outline(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, np.ndarray)):
        return "a list" if len(value) else "an empty list"
    return json.dumps(value)[:40]


def _is_json(value: Any) -> bool:
    """Whether every number is finite; unlike any other reader this one meets unknown values."""
    stack = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, float) and not isfinite(top):
            return False
        stack += top.values() if isinstance(top, dict) else top if isinstance(top, list) else ()
    return True
